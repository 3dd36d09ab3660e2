import ArgumentParser

/// A length of time as people write it: `2h`, `90m`, `45s` or `1h30m`.
struct TimeBudget: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        let units: [Character: Double] = ["h": 3_600, "m": 60, "s": 1]
        var (seconds, number) = (0.0, "")
        var smallest = Double.infinity
        for character in argument {
            guard let unit = units[character] else {
                number.append(character)
                continue
            }
            guard let count = Double(number), count >= 0, count.isFinite, unit < smallest else { return nil }
            seconds += count * unit
            (number, smallest) = ("", unit)
        }
        guard number.isEmpty, seconds > 0 else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "\(Int(seconds))s" }
}
