import ArgumentParser

/// Where a run is tracked.
struct TrackingOptions: ParsableArguments {
    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "An MLflow server, http(s)://…, or a folder that mlflow ui opens (default: MLFLOW_TRACKING_URI, else mlruns in --out). MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, are sent along.",
            valueName: "uri"))
    var trackingURI: String?

    @Option(help: "The experiment's name (default: MLFLOW_EXPERIMENT_NAME, else pubmed-rct-classification).")
    var experiment: String?

    @Option(help: "The run's name (default: MLFLOW_RUN_NAME, else the model's name).")
    var runName: String?

    @Option(help: "Register the checkpoint as a version of this model.")
    var register: String?

    @Option(help: "Point this alias at the registered version; may be repeated.")
    var alias: [String] = []

    @Option(help: "Seconds to wait at the end until everything is sent; rubricator-train sync sends the rest.")
    var trackingWait = 60.0

    @Flag(name: .customLong("no-tracking"), help: "Track nothing.")
    var isOff = false

    func validate() throws {
        if !(trackingWait >= 0) { throw ValidationError("--tracking-wait must not be below 0.") }
        if !alias.isEmpty, register == nil { throw ValidationError("--alias needs --register.") }
        if let register, register.isEmpty || register.contains(where: { "/:.\"'".contains($0) }) {
            throw ValidationError(
                "--register is \(register.debugDescription); a registered model's name has none of / : . \" '.")
        }
        for alias in alias {
            guard !alias.isEmpty, alias.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) }),
                alias.lowercased() != "latest", alias.wholeMatch(of: /[vV]\d+/) == nil
            else {
                throw ValidationError(
                    "--alias is \(alias.debugDescription); expected letters, digits, _ and -, but not latest nor such as v1."
                )
            }
        }
    }
}
