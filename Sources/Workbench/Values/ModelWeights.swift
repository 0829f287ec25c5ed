import Transformers
import Checkpoints
import Faults
import Files
import Synchronization

/// The weights of a model: in its files, and in memory from when they are asked for until they are freed.
///
/// A model is freed when another takes its name, before that one is read, so that only one of them is in memory, whatever still
/// holds the first. What holds it can go on with it, since it is read again then: after a load that fails the session has the
/// model that it had.
final class ModelWeights: Sendable {
  private struct Network {
    let transformer: Transformer
    /// No value of a script holds weights.
    let uncounted: UncountedMemory
  }

  private let folder: ModelFolder
  private let configuration: TransformerConfiguration
  private let network = Mutex<Network?>(nil)

  init(of folder: ModelFolder, _ configuration: TransformerConfiguration) {
    (self.folder, self.configuration) = (folder, configuration)
  }

  /// Reads them unless they are in memory.
  ///
  /// - Throws: a fault of the folder, also when its files were written to since they were opened; ``Interrupted``.
  var transformer: Transformer {
    get throws {
      try network.withLock { network in
        if let network { return network.transformer }
        try ProcessMemory.require(folder.checkpoint.floatBytes)
        let (transformer, uncounted) = try UncountedMemory.measuring {
          try folder.locating { try Transformer(configuration: configuration, weights: folder.checkpoint) }
        }
        network = Network(transformer: transformer, uncounted: uncounted)
        return transformer
      }
    }
  }

  var areInMemory: Bool { network.withLock { $0 != nil } }

  /// Until they are asked for again. What computes with them keeps them as long as it does.
  func free() {
    network.withLock { $0 = nil }
    // The allocator keeps what lies between the tokens of a vocabulary: the next model would not always fit into it.
    ProcessMemory.giveBack()
  }
}

extension ModelFolder {
  /// Runs `body`; faults of a part say which folder it came from, unless they name its file.
  func locating<R>(_ body: () throws -> R) throws -> R {
    do { return try body() } catch let fault as any Fault
      where !(fault is CheckpointFault || fault is FileFault)
    {
      throw FolderFault(folder: path, fault: fault)
    }
  }
}

/// A part of a model folder that does not fit.
private struct FolderFault: Fault {
  let folder: String
  let fault: any Fault

  var code: String { fault.code }
  var message: String { "\(folder): \(fault.message)" }
  var remedy: String? { fault.remedy }
}
