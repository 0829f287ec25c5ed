import SystemCalls

extension KernelSelection {
  /// Starts this program anew with the right kernels named, where that helps. Call it first of all.
  ///
  /// The library reads the variable while it is loaded, before the program's first line. Where a restart fails (no /proc),
  /// the program goes on with the library's own choice: slower, not wrong.
  ///
  /// - Parameter needed: whether something else has changed that counts from the next start on.
  public static func restartWithFasterKernels(orIf needed: Bool = false) {
    let present = getenv(variable).map { String(cString: $0) }
    let coreType = coreTypeToSelect(environment: present.map { [variable: $0] } ?? [:])
    guard needed || coreType != nil else { return }
    if let coreType { setenv(variable, coreType, 1) }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    if coreType != nil { unsetenv(variable) }
  }
}
