import Glibc
import Runs
internal import Training

/// One searched setting of the recipe and the values it may take.
public struct SearchDimension: Sendable, Equatable {
    /// The possible values.
    enum Values: Sendable, Equatable {
        case numbers(ClosedRange<Double>, isLogarithmic: Bool)
        case counts(ClosedRange<Int>, isLogarithmic: Bool)
        case choices([String])
    }

    /// Option, such as `--learning-rate`.
    public let option: String
    let values: Values

    /// Settings that are not searched: they change the task, how trials are compared, or only the random numbers.
    private static let notSearched = ["--task", "--best-by", "--dev-share", "--seed"]

    /// Parses a range such as `learning-rate=log:1e-5..3e-4`.
    ///
    /// - Parameter text: The option with or without dashes, then `=` and `LOWEST..HIGHEST`, `log:LOWEST..HIGHEST` for a
    ///   logarithmic scale, or `choice:A,B,C`. A flag or an option with fixed choices may stand alone, for all its values.
    ///   Epochs and counts are drawn as whole numbers.
    /// - Throws: ``ExperimentError/plan(_:)`` if the option or its range is not valid.
    public init(_ text: String) throws(ExperimentError) {
        func problem(_ sentence: String) -> ExperimentError { .plan("--search \"\(text)\": \(sentence)") }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].hasPrefix("--") ? String(parts[0]) : "--\(parts[0])"
        guard let setting = RecipeSetting.named(name), !Self.notSearched.contains(name) else {
            let known = RecipeSetting.all.map(\.option).filter { !Self.notSearched.contains($0) }
            throw problem("\(name) cannot be searched; the searchable settings are \(known.joined(separator: ", ")).")
        }
        option = name
        guard parts.count == 2 else {
            switch setting.kind {
            case .flag: values = .choices(["false", "true"])
            case .choice(let names): values = .choices(names)
            case .number, .count: throw problem("expected values, as in \"\(name.dropFirst(2))=0.1..0.5\".")
            }
            return
        }
        let spelled = parts[1]
        if spelled.hasPrefix("choice:") {
            values = .choices(try Self.choices(spelled.dropFirst(7), setting, problem))
            return
        }
        let isLogarithmic = spelled.hasPrefix("log:")
        let ends = String(isLogarithmic ? spelled.dropFirst(4) : spelled).split(separator: "..")
        guard setting.kind == .number || setting.kind == .count else {
            throw problem("expected \"choice:\" and values separated by commas, because \(name) is \(setting.kind).")
        }
        let isWhole = setting.kind == .count || name == "--epochs"
        guard ends.count == 2, let lowest = Double(ends[0]), let highest = Double(ends[1]), lowest.isFinite,
            highest.isFinite
        else {
            throw problem("expected LOWEST..HIGHEST, log:LOWEST..HIGHEST or choice:A,B,C.")
        }
        guard lowest < highest else {
            throw problem("\(ends[0]) is not below \(ends[1]); expected the lower value first.")
        }
        guard !isLogarithmic || lowest > 0 else {
            throw problem("a logarithmic range must begin above 0; found \(ends[0]).")
        }
        if isWhole {
            guard let lowest = Int(ends[0]), let highest = Int(ends[1]) else {
                throw problem(
                    "the range of \(name) must begin and end with whole numbers; list other values after \"choice:\".")
            }
            values = .counts(lowest...highest, isLogarithmic: isLogarithmic)
        } else {
            values = .numbers(lowest...highest, isLogarithmic: isLogarithmic)
        }
    }

    private static func choices(
        _ text: Substring, _ setting: RecipeSetting, _ problem: (String) -> ExperimentError
    ) throws(ExperimentError) -> [String] {
        let choices = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard choices.count > 1, Set(choices).count == choices.count else {
            throw problem("expected two or more different values separated by commas.")
        }
        var recipe = Recipe(task: .sentence)
        for choice in choices {
            do {
                try recipe.set(setting.option, to: choice)
            } catch {
                throw problem("\(error)")
            }
        }
        return choices
    }

    /// Returns the value at a position in the range, as written on the command line.
    ///
    /// - Parameter place: The position, in 0..<1; uniform positions give the intended distribution of values.
    /// - Returns: The value, such as `0.0003162`.
    package func value(at place: Double) -> String {
        func scaled(_ lowest: Double, _ highest: Double, _ isLogarithmic: Bool) -> Double {
            isLogarithmic ? exp(log(lowest) + place * log(highest / lowest)) : lowest + place * (highest - lowest)
        }
        switch values {
        case .choices(let choices): return choices[min(choices.count - 1, Int(place * Double(choices.count)))]
        case .counts(let range, let isLogarithmic):
            let value = scaled(Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5, isLogarithmic)
            return "\(min(range.upperBound, max(range.lowerBound, Int(value.rounded()))))"
        case .numbers(let range, let isLogarithmic):
            // Four significant digits are precise enough for a search and short enough to type.
            let value = scaled(range.lowerBound, range.upperBound, isLogarithmic).rounded(toDigits: 4)
            return "\(min(range.upperBound, max(range.lowerBound, value)))"
        }
    }

    /// Number of coordinates of a value: one, or for more than two choices one for each choice.
    var coordinateCount: Int {
        if case .choices(let choices) = values, choices.count > 2 { choices.count } else { 1 }
    }

    /// Returns the coordinates of a value, each from 0 to 1.
    package func coordinates(of value: String) -> [Double] {
        func place(_ lowest: Double, _ highest: Double, _ isLogarithmic: Bool) -> Double {
            // A value from a journal may lie outside the range; it gets the position of the lower end.
            let value = Double(value).flatMap { (lowest...highest).contains($0) ? $0 : nil } ?? lowest
            return isLogarithmic ? log(value / lowest) / log(highest / lowest) : (value - lowest) / (highest - lowest)
        }
        switch values {
        case .choices(let choices):
            let index = choices.firstIndex(of: value) ?? 0
            return choices.count > 2 ? choices.indices.map { $0 == index ? 1 : 0 } : [Double(index)]
        case .counts(let range, let isLogarithmic):
            return [place(Double(range.lowerBound), Double(range.upperBound), isLogarithmic)]
        case .numbers(let range, let isLogarithmic):
            return [place(range.lowerBound, range.upperBound, isLogarithmic)]
        }
    }

    /// The values with which a recipe is checked before anything is trained.
    var extremes: [String] {
        switch values {
        case .choices(let choices): choices
        case .counts(let range, _): ["\(range.lowerBound)", "\(range.upperBound)"]
        case .numbers(let range, _): ["\(range.lowerBound)", "\(range.upperBound)"]
        }
    }

    /// Number of different values; `nil` if there are too many to exhaust.
    var count: Int? {
        switch values {
        case .choices(let choices): choices.count
        case .counts(let range, _): range.count
        case .numbers: nil
        }
    }
}

extension Double {
    /// Returns the nearest number with the given number of significant digits.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        guard self != 0, isFinite else { return self }
        let scale = pow(10, Double(digits - 1) - floor(log10(magnitude)))
        // Convert through text, because dividing the scaled number would leave rounding errors.
        let mantissa = Int((self * scale).rounded())
        let exponent = Int(floor(log10(magnitude))) - digits + 1
        return Double("\(mantissa)e\(exponent)") ?? self
    }
}
