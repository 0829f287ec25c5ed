import SystemCalls

extension KernelSelection {
  /// Starts this program anew with the right kernels named, where that helps. Call it first of all.
  ///
  /// The library reads the variable while it is loaded, before the program's first line. Where a restart fails (no /proc),
  /// the program goes on with the library's own choice: slower, not wrong.
  public static func restartWithFasterKernels() {
    let present = getenv(variable).map { String(cString: $0) }
    guard let coreType = coreTypeToSelect(environment: present.map { [variable: $0] } ?? [:]) else { return }
    setenv(variable, coreType, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    unsetenv(variable)
  }
}
