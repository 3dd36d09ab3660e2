/// The programs' version, as answers, trackers and `--version` give it.
public let version = "0.1.0"
