import ExactText
import Faults
import Files
import Foundation
import JSONReading
import Language

/// The folder that tells Jupyter how to start a kernel.
/// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
struct KernelFolder {
  let path: String

  private static let names = ["kernel.json", "kernel.py"]

  /// - Parameter data: where Jupyter has its data.
  init(in data: String) { path = "\(data)/kernels/ipsh" }

  /// - Throws: ``JupyterFault``.
  func install() throws {
    try checkOurs()
    let specification = try specification
    try working {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try AtomicFile.write(PackageResources.kernel_py, to: "\(path)/kernel.py")
      try AtomicFile.write(Array(specification.utf8), to: "\(path)/kernel.json")
    }
  }

  /// - Throws: ``JupyterFault``.
  func remove() throws {
    guard FileManager.default.fileExists(atPath: path) else { throw JupyterFault.notInstalled(path: path) }
    try checkOurs()
    try working { try FileManager.default.removeItem(atPath: path) }
  }

  /// Whoever has put other files there keeps them; Python puts the compiled form of ours beside it.
  private func checkOurs() throws {
    let present = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard present.allSatisfy({ Self.names.contains($0) || $0 == "__pycache__" }) else {
      throw JupyterFault.notOurs(path: path)
    }
  }

  private func working(_ body: () throws -> Void) throws {
    do { try body() } catch let fault as any Fault { throw fault } catch let error as SystemError {
      throw JupyterFault.failed(path: path, reason: error.reason)
    } catch { throw JupyterFault.failed(path: path, reason: error.localizedDescription) }
  }

  /// Jupyter puts its own Python in the place of `python3`.
  private var specification: String {
    get throws {
      try """
      {
        "argv": ["python3", "{resource_dir}/kernel.py", "-f", "{connection_file}"],
        "display_name": "ipsh",
        "language": "ipsh",
        "interrupt_mode": "signal",
        "metadata": {"ipsh": {"program": \(jsonString(program)), "version": \(jsonString(Release.version))}}
      }

      """
    }
  }

  /// This very program, also when it was started through a link.
  private var program: String {
    get throws {
      guard let path = executablePath() else { throw JupyterFault.unknownProgram }
      return path
    }
  }
}
