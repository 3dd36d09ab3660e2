internal import Evaluation
internal import Plots

extension Comparison {
    /// A forest plot of the differences of each system from the first in the average metrics.
    var chart: ForestPlot {
        let averages = distinctFigures.filter { $0.label == nil }
        let rows = averages.flatMap { figure in
            figure.results.compactMap { result in
                result.difference.map { difference in
                    ForestPlot.Row(
                        name: "\(result.system): \(title(of: figure))",
                        difference: difference.estimate.value, low: difference.estimate.lower,
                        high: difference.estimate.upper)
                }
            }
        }
        return ForestPlot(
            title: "Difference from \(systems.first ?? "")",
            xTitle: "difference, with \(decimal(confidence * 100, digits: 0))% interval", rows: rows)
    }

    /// Returns a scatter chart of the macro F1 and cost of each system.
    ///
    /// - Parameter costs: The processor time of labelling with each system, in microseconds per abstract or text.
    /// - Returns: A chart with one point for each system.
    func chart(costs: [Double]) -> ScatterChart {
        let quality = figures.first { $0.metric == "macro_f1" }?.results ?? []
        return ScatterChart(
            title: "Quality and cost", xTitle: "processor time per \(clusterKind), in ms", yTitle: "macro F1",
            items: zip(quality, costs).map { result, cost in
                ScatterChart.Item(name: result.system, x: cost / 1e3, y: result.estimate.value)
            })
    }
}
