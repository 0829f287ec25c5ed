import ExactText
import Files

/// What to do about a folder from which no model loads: by what is there instead.
struct FolderHint {
  let folder: String
  private let names: [String]

  init(folder: String) {
    self.folder = folder
    names = namesInFolder(folder)
  }

  /// One line; nil when nothing there tells.
  var text: String? {
    if let repository = names.first(where: { $0.hasPrefix("models--") }) {
      let name = repository.dropFirst("models--".count).split(separator: "--").joined(separator: "/")
      return "this is a cache of Hugging Face; its models are called hf:\(name)"
    }
    if let model = modelBelow(folder, depth: 2) { return "a model lies below: \(model)" }
    if let adapter = Self.adapterFiles.first(where: names.contains) { return Self.adapterHint(adapter) }
    let hints = [configurationHint, weightsHint].compactMap(\.self)
    return hints.isEmpty ? nil : hints.joined(separator: "; ")
  }

  private var configurationHint: String? {
    guard !names.contains("config.json") else { return nil }
    return names.contains("bert_config.json")
      ? "config.json is missing, and bert_config.json, its form in the original code, is there: copy it to config.json"
      : nil
  }

  private var weightsHint: String? {
    if let index = missingIndex { return index }
    if let file = names.first(where: { $0.hasSuffix(".safetensors") })
      ?? names.first(where: WeightsFormat.isRead)
    {
      return names.contains("config.json")
        ? "to load that file with this configuration, name the file itself: .../\(file)" : nil
    }
    return WeightsFormat.first(in: names)
  }

  /// Shards say nothing of each other.
  private var missingIndex: String? {
    let forms = [("model-", ".safetensors"), ("pytorch_model-", ".bin")]
    for (start, end) in forms {
      guard let shard = names.first(where: { $0.hasPrefix(start + "00") && $0.hasSuffix(end) }) else {
        continue
      }
      let index = String(start.dropLast()) + end + ".index.json"
      return "\(shard) is one of several files, and \(index), which lists them, is missing"
    }
    return nil
  }

  /// The first folder below that holds a configuration and weights, as the snapshot in a repository of the cache or the
  /// encoder of a sentence-transformers folder does.
  private func modelBelow(_ folder: String, depth: Int) -> String? {
    guard depth > 0 else { return nil }
    let folders = namesInFolder(folder).prefix(64).map { "\(folder)/\($0)" }.filter(isFolder)
    return folders.first(where: Self.holdsModel)
      ?? folders.lazy.compactMap { modelBelow($0, depth: depth - 1) }.first
  }

  /// Whether a configuration lies beside weights.
  static func holdsModel(_ folder: String) -> Bool {
    isFile("\(folder)/config.json")
      && ModelFolder.weightFiles.contains { isFile("\(folder)/\($0)") }
  }

  /// As PEFT names them.
  static let adapterFiles = ["adapter_model.safetensors", "adapter_model.bin", "adapter_config.json"]

  static func adapterHint(_ file: String) -> String {
    "\(file) belongs to an adapter, which changes another model and is none: "
      + "merge it into that model with merge_and_unload() of PEFT and save the result"
  }
}

/// A format of weights that is not read, and how files that are read are called.
struct WeightsFormat {
  let suffixes: [String]
  let name: String
  let remedy: String

  private static let saved =
    "save the model with save_pretrained(folder), or its state_dict() as pytorch_model.bin with torch.save"
  private static let converted =
    "convert it with transformers 4: from_pretrained(folder, from_tf=True or from_flax=True).save_pretrained(folder)"
  private static let derived = "get the model that it was made from"

  private static let all = [
    WeightsFormat(
      suffixes: [".pt", ".pth", ".ckpt"], name: "PyTorch's", remedy: saved),
    WeightsFormat(suffixes: [".h5", ".keras"], name: "Keras's", remedy: converted),
    WeightsFormat(suffixes: [".msgpack"], name: "Flax's", remedy: converted),
    WeightsFormat(
      suffixes: [".ckpt.index", ".ckpt.meta", "saved_model.pb"], name: "TensorFlow's", remedy: converted),
    WeightsFormat(suffixes: [".onnx"], name: "ONNX's", remedy: derived),
    WeightsFormat(suffixes: [".gguf", ".ggml"], name: "llama.cpp's", remedy: derived),
    WeightsFormat(suffixes: [".tflite"], name: "TensorFlow Lite's", remedy: derived),
    WeightsFormat(suffixes: [".mlmodel", ".mlpackage"], name: "Core ML's", remedy: derived),
  ]

  /// States of a training run, which lie beside models and are none.
  private static let others = ["training_args", "optimizer", "scheduler", "rng_state", "scaler"]

  /// Whether a file is called as weights that are read.
  static func isRead(_ path: String) -> Bool {
    let name = lastComponent(path)
    return [".safetensors", ".bin"].contains { name.hasSuffix($0) } && !others.contains { name.hasPrefix($0) }
  }

  /// What to do about the first of the files that holds weights, by the order of the formats; nil if none does.
  static func first(in names: [String]) -> String? {
    let candidates = names.filter { name in !others.contains { name.hasPrefix($0) } }
    for format in all {
      if let file = candidates.first(where: { file in format.suffixes.contains { file.hasSuffix($0) } }) {
        return
          "\(file) is in \(format.name) format, only safetensors and .bin files are read: \(format.remedy)"
      }
    }
    return nil
  }
}
