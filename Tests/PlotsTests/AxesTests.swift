@testable import Plots
import Testing

@Suite("Ticks, scales and lines")
struct AxesTests {
    @Test(
        "Ticks are multiples of 1, 2 or 5 times a power of ten",
        arguments: [
            (0.0...1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (0.812...0.913, 5, ["0.82", "0.84", "0.86", "0.88", "0.90"]),
            (1...2_400, 6, ["500", "1,000", "1,500", "2,000"]),
            (-0.1...0.04, 6, ["−0.10", "−0.08", "−0.06", "−0.04", "−0.02", "0.00", "0.02", "0.04"]),
            (0...1e-4, 5, ["0", "2e-5", "4e-5", "6e-5", "8e-5", "1e-4"]),
            (0...3e6, 3, ["0", "1e6", "2e6", "3e6"]),
            (0...0.9123, 1, ["0"]),
        ])
    func linear(_ range: ClosedRange<Double>, _ count: Int, _ expected: [String]) {
        #expect(Ticks(linear: range, count: count).labels == expected)
    }

    @Test("An axis of whole numbers has no ticks between them")
    func whole() {
        #expect(Ticks(linear: 1...3, count: 8, areWhole: true).labels == ["1", "2", "3"])
    }

    @Test("Ticks that reach out enclose the range")
    func reachingOut() {
        let ticks = Ticks(linear: 0.812...0.913, count: 5, reachOut: true)
        #expect(ticks.labels == ["0.80", "0.82", "0.84", "0.86", "0.88", "0.90", "0.92"])
    }

    @Test(
        "Logarithmic ticks are powers of ten, with 2 and 5 times each if they fit",
        arguments: [
            (0.09...2.5, 8, ["0.1", "0.2", "0.5", "1", "2"]),
            (0.05...700, 6, ["0.1", "1", "10", "100"]),
            (1e-8...1e8, 6, ["1e-6", "0.001", "1", "1,000", "1e6"]),
        ])
    func logarithmic(_ range: ClosedRange<Double>, _ count: Int, _ expected: [String]) {
        #expect(Ticks(logarithmic: range, count: count).labels == expected)
    }

    @Test(
        "A scale covers every value it was created from",
        arguments: [
            [0.3, 0.9], [5, 5], [0, 0], [-3, -3], [1e-140, 2e-140], [-1e140, 1e140], [1, 1 + 1e-15],
            [.nan, 2, .infinity],
        ] as [[Double]])
    func scales(_ values: [Double]) throws {
        for kind in [Scale.Kind.run(areWhole: false), .amounts(fromZero: true), .amounts(fromZero: false), .places] {
            let scale = try #require(Scale(values, kind, count: 6))
            for value in values where value.isFinite {
                let share = try #require(scale.share(value))
                #expect((-1e-9...1 + 1e-9).contains(share))
            }
            #expect(scale.ticks.values.count <= 30)
        }
    }

    @Test("A logarithmic scale has no position for values that are not above 0")
    func logarithmicScale() throws {
        let scale = try #require(Scale([0, -1, 1, 100], .logarithmic, count: 5))
        #expect(scale.share(0) == nil)
        let (low, middle, high) = (scale.share(1), scale.share(10), scale.share(100))
        #expect(abs(try #require(middle) - 0.5) < 1e-12)
        #expect(abs(try #require(low) + (try #require(high)) - 1) < 1e-12)
        #expect(Scale([0.0, -2], .logarithmic, count: 5) == nil)
    }

    @Test("The moving average matches a manual computation and is not biased towards zero at its start")
    func average() {
        var average = ExponentialAverage(decay: 0.5)
        #expect(average.add(4) == 4)
        // (0.25 · 4 + 0.5 · 1) / 0.75
        #expect(average.add(1) == 2)
        #expect(average.add(.nan) == 2)
        #expect(ExponentialAverage.smoothed([Point(x: 1, y: 7), Point(x: 2, y: 7)]).map(\.y) == [7, 7])
    }

    @Test("An outline keeps a line's ends and extremes and few other points")
    func outlines() {
        let straight = (0...1_000).map { Point(x: Double($0) / 10, y: Double($0) / 10) }
        #expect(outline(straight) == [straight[0], straight[1_000]])
        var spiked = (0...100_000).map { Point(x: Double($0) / 200, y: 100 + 0.01 * Double($0 % 2)) }
        spiked[51_234].y = 3
        let kept = outline(spiked)
        #expect(kept.contains(spiked[51_234]))
        #expect(kept.count < 20)
        #expect(outline([]).isEmpty)
    }

    @Test("Styles differ by dashes and marker, not only by colour")
    func styles() {
        let described = (0..<20).map { "\(SeriesStyle($0).dashes) \(SeriesStyle($0).marker)" }
        #expect(Set(described).count == 20)
    }
}
