public import Training

/// A comparison with what it was made of, as `comparison.json` and `comparison.md` tell it.
public struct ComparisonRecord: Encodable {
    /// One of the systems' runs.
    struct Run: Encodable {
        let system: String
        let name: String
        let settings: [Setting]
        let directory: String
    }

    /// The test data.
    struct Test: Encodable {
        let summary: String
        let sha256: String
    }

    let test: Test
    let runs: [Run]
    let comparison: Comparison

    /// A record.
    ///
    /// - Parameters:
    ///   - comparison: The figures.
    ///   - models: What was compared.
    ///   - test: What it was measured on.
    public init(_ comparison: Comparison, models: [any ComparedModel], test: LabelledCorpus) {
        self.test = Test(summary: test.summary, sha256: test.sha256)
        runs = models.map {
            Run(
                system: $0.system, name: $0.run.name, settings: $0.run.settings, directory: $0.run.directory.path)
        }
        self.comparison = comparison
    }

    /// Writes `comparison.json` and `comparison.md`; the place for whatever else is made of a comparison, such as a chart.
    ///
    /// - Parameter directory: An existing one.
    /// - Throws: An error of the file that cannot be written.
    public func write(toDirectory directory: String) throws {
        let directory = RunDirectory(path: directory)
        try directory.write(try RecordJSON.encode(self), to: "\(directory.path)/comparison.json")
        let document = ComparisonTable(comparison).markdown(self)
        try directory.write(Array(document.utf8), to: "\(directory.path)/comparison.md")
    }
}
