/// Every combination of values that a search may try.
public struct SearchSpace: Sendable, Equatable {
    /// One for each setting.
    public let dimensions: [SearchDimension]

    /// A space.
    ///
    /// - Parameter dimensions: One or more, of different settings.
    /// - Throws: ``ExperimentError/plan(_:)`` where there are none, or a setting is named twice.
    public init(_ dimensions: [SearchDimension]) throws(ExperimentError) {
        guard !dimensions.isEmpty else {
            throw .plan("there is nothing to search; give --search, as in --search \"learning-rate=log:1e-5..3e-4\".")
        }
        for (index, dimension) in dimensions.enumerated()
        where dimensions[..<index].contains(where: { $0.option == dimension.option }) {
            throw .plan("--search names \(dimension.option) twice; leave one out.")
        }
        self.dimensions = dimensions
    }

    /// Reads ranges as ``SearchDimension`` does.
    ///
    /// - Parameter searches: One or more, of different settings.
    /// - Throws: ``ExperimentError/plan(_:)`` naming the range at fault.
    public init(_ searches: [String]) throws(ExperimentError) {
        var dimensions: [SearchDimension] = []
        for search in searches { dimensions.append(try SearchDimension(search)) }
        try self.init(dimensions)
    }

    /// The settings at a point, `[dimensions]` from 0 to below 1.
    func settings(at point: [Double]) -> [Setting] {
        zip(dimensions, point).map { Setting(option: $0.option, value: $0.value(at: $1)) }
    }

    /// A point drawn evenly.
    func point(using generator: inout some RandomNumberGenerator) -> [Double] {
        dimensions.map { _ in Double.random(in: 0..<1, using: &generator) }
    }

    /// Where settings lie, for a model of how good they are.
    package func coordinates(of settings: [Setting]) -> [Double] {
        zip(dimensions, settings).flatMap { $0.coordinates(of: $1.value) }
    }

    /// How many combinations there are; `nil` where they do not run out.
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
