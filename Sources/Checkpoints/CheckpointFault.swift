import ExactText
import Faults
import Files
import JSONReading

/// What can be wrong with model files.
public enum CheckpointFault: Fault, Equatable {
  case index(file: String, IndexProblem)
  case json(file: String, JSONProblem)
  case noTensor(name: String, file: String, closest: String?)
  case notFinite(file: String, tensor: String, nan: Int, infinite: Int, elements: Int)
  case noFolder(path: String, closest: String?)
  /// No folder, and no repository of the cache.
  case neither(name: String, cache: String)
  /// Nothing that can be loaded matches a pattern.
  case noMatch(pattern: String, place: String, remedy: String?)
  /// A file that exists and is no model.
  case notAModel(file: String)
  case adapter(file: String)
  case incomplete(folder: String, missing: [String], found: [String], hint: String?)
  case embeddedMissing(name: String, places: [String])
  case repository(RepositoryProblem)

  public var code: String {
    switch self {
    case .index: "checkpoint-index"
    case .json: "model-file-json"
    case .noTensor: "no-tensor"
    case .notFinite: "weights-not-finite"
    case .noFolder, .neither, .noMatch, .notAModel: "no-model"
    case .adapter: "model-is-adapter"
    case .incomplete: "model-incomplete"
    case .embeddedMissing: "embedded-model-missing"
    case .repository: "hub-cache"
    }
  }

  public var message: String {
    switch self {
    case .index(let file, let problem): "\(file): \(problem.sentence)"
    case .json(let file, let problem): "\(file)\(problem.sentence)"
    case .noTensor(let name, let file, _): "no tensor \(quoted(name)) in \(file)"
    case .notFinite(let file, let tensor, let nan, let infinite, let elements):
      "\(file): tensor \(quoted(tensor)) has \(nan) NaN and \(infinite) infinite of \(elements) elements"
    case .noFolder(let path, _): "no model at \(path)"
    case .neither(let name, let cache): "no model at \(name), and no hf:\(name) in the cache \(cache)"
    case .noMatch(let pattern, let place, _): "no model matches \(quoted(pattern)): looked at \(place)"
    case .notAModel(let file): "expected a folder or a file .safetensors or .bin of weights, found \(file)"
    case .adapter(let file): "\(file) holds no model"
    case .incomplete(let folder, let missing, let found, _):
      "\(folder) is not a model folder: expected \(missing.joined(separator: " and ")), "
        + "found \(found.isEmpty ? "nothing" : found.joined(separator: ", "))"
    case .embeddedMissing(let name, let places):
      "the embedded model \(quoted(name)) is not installed: looked at \(places.joined(separator: ", "))"
    case .repository(let problem): problem.sentence
    }
  }

  public var remedy: String? {
    switch self {
    case .noTensor(_, _, let closest?): "did you mean \(quoted(closest))?"
    case .noFolder(_, let closest?): "did you mean \(closest)?"
    case .neither(let name, _): "nothing is downloaded by this program; fetch it with: hf download \(name)"
    case .noMatch(_, _, let remedy): remedy
    case .notAModel(let file):
      WeightsFormat.first(in: [lastComponent(file)]) ?? "name the folder of the model: \(parentFolder(file))"
    case .adapter(let file): FolderHint.adapterHint(lastComponent(file))
    case .incomplete(_, _, _, let hint): hint
    case .repository(let problem): problem.remedy
    default: nil
    }
  }
}
