/// The combinations of values that a search may try.
public struct SearchSpace: Sendable, Equatable {
    /// Dimensions, one for each searched setting.
    public let dimensions: [SearchDimension]

    /// Creates a space.
    ///
    /// - Parameter dimensions: One or more dimensions with different settings.
    /// - Throws: ``ExperimentError/plan(_:)`` if there are no dimensions, or two with the same setting.
    public init(_ dimensions: [SearchDimension]) throws(ExperimentError) {
        guard !dimensions.isEmpty else {
            throw .plan("there is nothing to search; add --search, as in --search \"learning-rate=log:1e-5..3e-4\".")
        }
        for (index, dimension) in dimensions.enumerated()
        where dimensions[..<index].contains(where: { $0.option == dimension.option }) {
            throw .plan("--search names \(dimension.option) twice; remove one of them.")
        }
        self.dimensions = dimensions
    }

    /// Creates a space from ranges in the syntax of ``SearchDimension``.
    ///
    /// - Parameter searches: One or more ranges for different settings.
    /// - Throws: ``ExperimentError/plan(_:)`` with the invalid range.
    public init(_ searches: [String]) throws(ExperimentError) {
        var dimensions: [SearchDimension] = []
        for search in searches { dimensions.append(try SearchDimension(search)) }
        try self.init(dimensions)
    }

    /// Returns the settings at a point, `[dimensions]` with coordinates in 0..<1.
    func settings(at point: [Double]) -> [Setting] {
        zip(dimensions, point).map { Setting(option: $0.option, value: $0.value(at: $1)) }
    }

    /// Returns a point drawn uniformly.
    func point(using generator: inout some RandomNumberGenerator) -> [Double] {
        dimensions.map { _ in Double.random(in: 0..<1, using: &generator) }
    }

    /// Returns the coordinates of settings for the model of their quality.
    package func coordinates(of settings: [Setting]) -> [Double] {
        zip(dimensions, settings).flatMap { $0.coordinates(of: $1.value) }
    }

    /// Number of combinations; `nil` if there are too many to exhaust.
    var count: Int? {
        var count = 1
        for dimension in dimensions {
            guard let values = dimension.count else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: values)
            if overflow { return nil }
            count = product
        }
        return count
    }
}
