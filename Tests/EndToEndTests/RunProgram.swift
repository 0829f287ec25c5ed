import PseudoTerminals

/// Runs ipsh without a terminal until it ends; `stdin` is all that it can read.
func runProgram(
  arguments: [String], stdin: String = "",
  environment: [String: String] = PseudoTerminal.plainEnvironment, directory: String? = nil
) throws -> ProgramResult {
  try runProgram(
    executable: builtProgram("ipsh"), arguments: arguments, stdin: stdin, environment: environment,
    directory: directory)
}
