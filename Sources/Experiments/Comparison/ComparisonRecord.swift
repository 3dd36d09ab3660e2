internal import Plots
public import Training

/// A comparison with what it was made of, as `comparison.json` and `comparison.md` tell it and two charts show it.
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
    /// What each system's labelling takes of all processors, in microseconds an abstract or text.
    let costs: [Double]
    let comparison: Comparison

    /// A record.
    ///
    /// - Parameters:
    ///   - comparison: The figures.
    ///   - costs: What each system's labelling takes of all processors, in microseconds an abstract or text.
    ///   - models: What was compared.
    ///   - test: What it was measured on.
    public init(_ comparison: Comparison, costs: [Double], models: [any ComparedModel], test: LabelledCorpus) {
        self.test = Test(summary: test.summary, sha256: test.sha256)
        runs = models.map {
            Run(
                system: $0.system, name: $0.run.name, settings: $0.run.settings, directory: $0.run.directory.path)
        }
        self.costs = costs
        self.comparison = comparison
    }

    /// Every file that tells or shows it, by its name.
    private func files() throws -> [(name: String, bytes: [UInt8])] {
        let document = ComparisonTable(comparison, costs: costs).markdown(self)
        return [
            ("comparison.json", try RecordJSON.encode(self)), ("comparison.md", Array(document.utf8)),
            ("comparison.png", try comparison.chart.png()), ("comparison.svg", try comparison.chart.svg()),
            ("cost.png", try comparison.chart(costs: costs).png()),
            ("cost.svg", try comparison.chart(costs: costs).svg()),
        ]
    }

    /// Writes every file that tells or shows it.
    ///
    /// - Parameter directory: An existing one.
    /// - Returns: The files, by their names.
    /// - Throws: An error of the file that cannot be made or written.
    @discardableResult
    public func write(toDirectory directory: String) throws -> [(name: String, bytes: [UInt8])] {
        let directory = RunDirectory(path: directory)
        let files = try files()
        for (name, bytes) in files { try directory.write(bytes, named: name) }
        return files
    }
}
