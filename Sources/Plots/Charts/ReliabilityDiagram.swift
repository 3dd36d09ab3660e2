public import Evaluation

/// A reliability diagram: the accuracy at each confidence beside that of a perfectly calibrated model, above a histogram
/// of the confidences (Guo et al. 2017, figure 1).
public struct ReliabilityDiagram: Chart {
    private let name: String
    /// The measured calibration.
    public var calibration: Calibration

    /// Creates a diagram.
    ///
    /// - Parameters:
    ///   - title: The beginning of the title; the expected calibration error is appended.
    ///   - calibration: The measured calibration.
    public init(title: String, calibration: Calibration) {
        name = title
        self.calibration = calibration
    }

    /// Title, drawn above the chart.
    public var title: String {
        hasData ? "\(name): expected calibration error \(fourDigits(calibration.expectedError))" : name
    }

    /// A description of the chart in sentences.
    public var summary: String {
        guard hasData else { return "No data." }
        let bins = bins.map { bin in
            "\(percentage(bin.accuracy)) correct at a mean confidence of \(percentage(bin.confidence)) (\(formatted(bin.count)))"
        }
        return "Of \(formatted(calibration.total)) predictions: " + bins.joined(separator: ", ") + "."
    }

    private var bins: [Calibration.Bin] { calibration.bins.filter { $0.count > 0 } }
    private var hasData: Bool { calibration.total > 0 && calibration.expectedError.isFinite }

    /// Draws the chart, or "no data" if there is nothing to draw.
    public func draw(on canvas: inout Canvas) {
        var area = canvas.drawTitle(title)
        guard hasData,
            let unit = Scale([0, 1], .amounts(fromZero: true), count: 5),
            let counts = Scale(calibration.bins.map { Double($0.count) }, .amounts(fromZero: true), count: 2)
        else { return canvas.sayNoData(in: area) }
        let legend = Legend([
            Legend.Entry(name: "accuracy", fill: .blue),
            Legend.Entry(name: "gap to the mean confidence", fill: Self.gap),
            Legend.Entry(name: "mean confidence", stroke: Stroke(colour: .vermilion, width: 2.5)),
            Legend.Entry(name: "perfectly calibrated", stroke: Self.diagonal),
        ])
        area = area.inset(top: legend.drawRows(on: &canvas, in: area) + 8)
        let width = min(area.width, 1.5 * area.height)
        area = Rectangle(left: area.middle.x - width / 2, top: area.top, width: width, height: area.height)
        let lower = max(90, 0.3 * area.height)
        // Align the left edges of both frames, whichever has the wider tick labels.
        let widest = max(
            unit.ticks.labels.map { canvas.width(of: $0, .tick) }.max() ?? 0,
            counts.ticks.labels.map { canvas.width(of: $0, .tick) }.max() ?? 0)
        func left(_ scale: Scale) -> Double {
            widest - (scale.ticks.labels.map { canvas.width(of: $0, .tick) }.max() ?? 0)
        }
        let above = Axes(
            on: canvas, in: area.inset(left: left(unit), bottom: lower), x: unit, y: unit, xTitle: "",
            yTitle: "accuracy")
        let below = Axes(
            on: canvas, in: area.inset(left: left(counts), top: area.height - lower + 6), x: unit, y: counts,
            xTitle: "confidence", yTitle: "count")
        above.draw(on: &canvas)
        below.draw(on: &canvas)
        drawBins(on: &canvas, above, below)
    }

    private static let gap = Colour.vermilion.with(opacity: 0.35)
    private static let diagonal = Stroke(colour: .ink, width: 1.3, dashes: [5, 4])

    private func drawBins(on canvas: inout Canvas, _ above: Axes, _ below: Axes) {
        let count = Double(calibration.bins.count)
        func column(_ index: Int, from low: Double, to high: Double, in axes: Axes) -> Rectangle? {
            guard let start = axes.place(Point(x: Double(index) / count, y: max(low, high))),
                let end = axes.place(Point(x: Double(index + 1) / count, y: min(low, high)))
            else { return nil }
            return Rectangle(left: start.x + 1, top: start.y, width: end.x - start.x - 2, height: end.y - start.y)
        }
        for (index, bin) in calibration.bins.enumerated() where bin.count > 0 {
            if let share = column(index, from: 0, to: bin.accuracy, in: above) {
                canvas.rectangle(share, fill: .blue)
            }
            if let gap = column(index, from: bin.accuracy, to: bin.confidence, in: above) {
                canvas.rectangle(gap, fill: .paper)
                canvas.rectangle(gap, fill: Self.gap)
            }
            for (height, colour) in [(bin.accuracy, Colour.blue), (bin.confidence, .vermilion)] {
                guard let level = column(index, from: height, to: height, in: above) else { continue }
                canvas.line(
                    from: Point(x: level.left, y: level.top), to: Point(x: level.right, y: level.top),
                    Stroke(colour: colour, width: 2.5))
            }
            if let number = column(index, from: 0, to: Double(bin.count), in: below) {
                canvas.rectangle(number, fill: .faint)
            }
        }
        if let start = above.place(Point(x: 0, y: 0)), let end = above.place(Point(x: 1, y: 1)) {
            canvas.line(from: start, to: end, Self.diagonal)
        }
    }
}
