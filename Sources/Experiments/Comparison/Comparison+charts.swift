internal import Evaluation
internal import Plots

extension Comparison {
    /// Every system's differences from the first by the averages.
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
            xTitle: "difference, with its \(decimal(confidence * 100, digits: 0))% interval", rows: rows)
    }

    /// Every system's macro F1 beside what its labelling takes.
    ///
    /// - Parameter costs: Of all processors, in microseconds an abstract or text.
    /// - Returns: A mark for each.
    func chart(costs: [Double]) -> ScatterChart {
        let quality = figures.first { $0.metric == "macro_f1" }?.results ?? []
        return ScatterChart(
            title: "Quality and cost", xTitle: "processor time per \(clusterKind), in ms", yTitle: "macro F1",
            items: zip(quality, costs).map { result, cost in
                ScatterChart.Item(name: result.system, x: cost / 1e3, y: result.estimate.value)
            })
    }
}
