/// The version of the programs, as shown in responses, tracked runs and `--version`.
public let version = "0.1.0"
