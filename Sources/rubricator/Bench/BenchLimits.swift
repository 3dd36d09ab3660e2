import Corpora
import Evaluation
import Kernels
import Model

/// The highest rate of matrix multiplications on this machine, on all threads.
struct BenchLimits: CustomStringConvertible {
    /// Operations per second of OpenBLAS in float32, for the two matrix multiplications of the feed-forward layer on the rows of a
    /// long abstract; `nil` where OpenBLAS is not installed.
    let sgemm: Double?
    /// Operations per second of each precision's innermost loop with operands in the first-level cache.
    let innerLoops: [(precision: ProductPrecision, rate: Double)]

    init(_ configuration: Configuration, _ precision: ProductPrecision, team: ThreadTeam) {
        let (width, intermediate) = (configuration.width, configuration.intermediateWidth)
        if let there = ProductLimit.sgemm(rows: 400, inner: width, outer: intermediate, team: team),
            let back = ProductLimit.sgemm(rows: 400, inner: intermediate, outer: width, team: team)
        {
            sgemm = 2 / (1 / there + 1 / back)
        } else {
            sgemm = nil
        }
        innerLoops = ProductPrecision.allCases
            .filter { [.float32, precision].contains($0) || NarrowProduct.isFast($0) }
            .map { ($0, ProductLimit.innerLoop($0, team: team)) }
    }

    func innerLoop(_ precision: ProductPrecision) -> Double {
        innerLoops.first { $0.precision == precision }?.rate ?? .nan
    }

    var description: String {
        var table = TextTable(["highest rate, all threads", "GOP/s"])
        if let sgemm { table.add(["sgemm of OpenBLAS", giga(sgemm)]) }
        for (precision, rate) in innerLoops {
            table.add(["\(precision) on \(precision.instructionSet), operands in cache", giga(rate)])
        }
        return table.description
    }
}

func giga(_ rate: Double) -> String { decimal(rate / 1e9, digits: 0) }
