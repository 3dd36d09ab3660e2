public import Corpora
internal import Plots
import Runs
import Training

/// A comparison with its runs and test data, as it is written to `comparison.json`, `comparison.md` and two charts.
public struct ComparisonRecord: Encodable {
    /// A run of a system.
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
    /// Processor time of labelling with each system, in microseconds per abstract or text.
    let costs: [Double]
    let comparison: Comparison

    /// Creates a record.
    ///
    /// - Parameters:
    ///   - comparison: The comparison.
    ///   - costs: The processor time of labelling with each system, in microseconds per abstract or text.
    ///   - models: The compared models.
    ///   - test: The test data.
    public init(_ comparison: Comparison, costs: [Double], models: [any ComparedModel], test: LabelledCorpus) {
        self.test = Test(summary: test.summary, sha256: test.sha256)
        runs = models.map {
            Run(
                system: $0.system, name: $0.run.name, settings: $0.run.settings, directory: $0.run.directory.path)
        }
        self.costs = costs
        self.comparison = comparison
    }

    /// Returns the content of every file of the comparison, by file name.
    private func files() throws -> [(name: String, bytes: [UInt8])] {
        let document = ComparisonTable(comparison, costs: costs).markdown(self)
        return [
            ("comparison.json", try RecordJSON.encode(self)), ("comparison.md", Array(document.utf8)),
            ("comparison.png", try comparison.chart.png()), ("comparison.svg", try comparison.chart.svg()),
            ("cost.png", try comparison.chart(costs: costs).png()),
            ("cost.svg", try comparison.chart(costs: costs).svg()),
        ]
    }

    /// Writes the files of the comparison.
    ///
    /// - Parameter directory: The path of an existing directory.
    /// - Returns: The files with their names.
    /// - Throws: An error if a file cannot be created or written.
    @discardableResult
    public func write(toDirectory directory: String) throws -> [(name: String, bytes: [UInt8])] {
        let directory = RunDirectory(path: directory)
        let files = try files()
        for (name, bytes) in files { try directory.write(bytes, named: name) }
        return files
    }
}
