import ArgumentParser

/// Where and how a run is tracked.
struct TrackingOptions: ParsableArguments {
    @Option(
        name: .customLong("tracking-uri"),
        help: ArgumentHelp(
            "MLflow server (http or https), or a folder for mlflow ui (default: MLFLOW_TRACKING_URI, else mlruns in --out). Credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
            valueName: "uri"))
    var trackingURI: String?

    @Option(
        help:
            "Name of the experiment (default: MLFLOW_EXPERIMENT_NAME, else pubmed-rct-classification, text-classification or multi-label-text-classification by task)."
    )
    var experiment: String?

    @Option(help: "Name of the run (default: MLFLOW_RUN_NAME, else the name of the model).")
    var runName: String?

    @Option(help: "Register the checkpoint as a version of this model.")
    var register: String?

    @Option(help: "Alias to move to the registered version. Repeat it for several aliases.")
    var alias: [String] = []

    @Option(help: "Wait up to N seconds at the end for pending uploads; rubricator-train sync sends the rest.")
    var trackingWait = 60.0

    @Flag(name: .customLong("no-tracking"), help: "Do not track the run.")
    var isOff = false

    func validate() throws {
        if !(trackingWait >= 0) {
            throw ValidationError("--tracking-wait is \(trackingWait); expected at least 0 seconds.")
        }
        if !alias.isEmpty, register == nil {
            throw ValidationError("--alias names a version of a registered model; pass --register NAME as well.")
        }
        if let register, register.isEmpty || register.contains(where: { "/:.\"'".contains($0) }) {
            throw ValidationError(
                "--register is \(register.debugDescription); expected a name without / : . \" and '.")
        }
        for alias in alias {
            guard !alias.isEmpty, alias.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) }),
                alias.lowercased() != "latest", alias.wholeMatch(of: /[vV]\d+/) == nil
            else {
                throw ValidationError(
                    "--alias is \(alias.debugDescription); expected letters, digits, _ and -, but not \"latest\" or a version such as \"v1\"."
                )
            }
        }
    }
}
