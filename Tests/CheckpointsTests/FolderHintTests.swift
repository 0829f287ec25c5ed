import ScratchFolders
import Testing

@testable import Checkpoints

/// What a folder from which no model loads says about itself.
@Suite struct FolderHintTests {
  private func remedy(_ files: [String], path: String = "m") throws -> String? {
    let scratch = try Scratch()
    for file in files { try scratch.write("{}", to: "m/\(file)") }
    return fault(in: scratch) {
      _ = try ModelFolder(path: ModelLocator.folder(for: "\(scratch.path)/\(path)", environment: [:]))
    }?.remedy
  }

  @Test(
    arguments: [
      (
        ["bert_config.json", "model.safetensors", "vocab.txt"],
        "config.json is missing, and bert_config.json, its form in the original code, is there: copy it to config.json"
      ),
      (
        ["bert_config.json", "bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001"],
        "config.json is missing, and bert_config.json, its form in the original code, is there: copy it to config.json; "
          + "bert_model.ckpt.index is in TensorFlow's format, only safetensors and .bin files are read: convert it with transformers 4: "
          + "from_pretrained(folder, from_tf=True or from_flax=True).save_pretrained(folder)"
      ),
      (
        ["config.json", "last.ckpt", "training_args.bin"],
        "last.ckpt is in PyTorch's format, only safetensors and .bin files are read: save the model with "
          + "save_pretrained(folder), or its state_dict() as pytorch_model.bin with torch.save"
      ),
      (
        ["config.json", "pytorch_model-00001-of-00002.bin"],
        "pytorch_model-00001-of-00002.bin is one of several files, and pytorch_model.bin.index.json, which lists them, is missing"
      ),
      (
        ["config.json", "model-00002-of-00002.safetensors"],
        "model-00002-of-00002.safetensors is one of several files, and model.safetensors.index.json, which lists them, is missing"
      ),
      (
        ["config.json", "weights.bin"],
        "to load that file with this configuration, name the file itself: .../weights.bin"
      ),
      (
        ["config.json", "tf_model.h5"],
        "tf_model.h5 is in Keras's format, only safetensors and .bin files are read: convert it with transformers 4: "
          + "from_pretrained(folder, from_tf=True or from_flax=True).save_pretrained(folder)"
      ),
      (
        ["config.json", "flax_model.msgpack"],
        "flax_model.msgpack is in Flax's format, only safetensors and .bin files are read: convert it with transformers 4: "
          + "from_pretrained(folder, from_tf=True or from_flax=True).save_pretrained(folder)"
      ),
      (
        ["config.json", "model.onnx"],
        "model.onnx is in ONNX's format, only safetensors and .bin files are read: get the model that it was made from"
      ),
      (
        ["bert.gguf"],
        "bert.gguf is in llama.cpp's format, only safetensors and .bin files are read: get the model that it was made from"
      ),
      (
        ["config.json", "adapter_model.safetensors", "adapter_config.json"],
        "adapter_model.safetensors belongs to an adapter, which changes another model and is none: "
          + "merge it into that model with merge_and_unload() of PEFT and save the result"
      ),
      (
        ["modules.json", "0_Transformer/config.json", "0_Transformer/model.safetensors"],
        "a model lies below: DIR/m/0_Transformer"
      ),
      (
        ["refs/main", "snapshots/c0ffee/config.json", "snapshots/c0ffee/model.safetensors.index.json"],
        "a model lies below: DIR/m/snapshots/c0ffee"
      ),
      (
        [
          "models--org--small/snapshots/c0ffee/config.json",
          "models--org--small/snapshots/c0ffee/model.safetensors", "version.txt",
        ],
        "this is a cache of Hugging Face; its models are called hf:org/small"
      ),
      (["config.json", "optimizer.pt", "training_args.bin"], nil), (["vocab.txt"], nil),
      (["model.safetensors", "vocab.txt"], nil),
    ] as [([String], String?)])
  func foldersSayWhatIsThere(_ files: [String], _ expected: String?) throws {
    #expect(try remedy(files) == expected)
  }

  @Test func filesSayWhatTheyAre() throws {
    let scratch = try Scratch()
    for file in ["model.pt", "config.json", "adapter_model.safetensors"] {
      try scratch.write("{}", to: "m/\(file)")
    }
    func found(_ file: String) -> (message: String, remedy: String?)? {
      fault(in: scratch) {
        _ = try ModelFolder(path: ModelLocator.folder(for: "\(scratch.path)/m/\(file)", environment: [:]))
      }
    }
    let pickle = found("model.pt")
    #expect(
      pickle?.message == "expected a folder or a file .safetensors or .bin of weights, found DIR/m/model.pt")
    #expect(pickle?.remedy?.hasPrefix("model.pt is in PyTorch's format") == true)
    let config = found("config.json")
    #expect(
      config?.message
        == "expected a folder or a file .safetensors or .bin of weights, found DIR/m/config.json")
    #expect(config?.remedy == "name the folder of the model: DIR/m")
    let adapter = found("adapter_model.safetensors")
    #expect(adapter?.message == "DIR/m/adapter_model.safetensors holds no model")
    #expect(adapter?.remedy?.contains("merge_and_unload()") == true)
  }
}
