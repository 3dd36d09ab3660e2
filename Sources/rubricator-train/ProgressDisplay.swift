import Console
import Evaluation
import Training

/// Shows the progress of a run: one redrawn line on a terminal, a plain line every few seconds elsewhere.
final class ProgressDisplay: RunDisplay {
    private let isInteractive: Bool
    private let interval: Duration
    private let clock = ContinuousClock()
    private var lastShown: ContinuousClock.Instant?
    private var isLineOpen = false

    /// The shortest time between two drawings of a terminal's line.
    private static let redrawing = Duration.milliseconds(100)

    /// Creates a display.
    ///
    /// - Parameter interval: Seconds between two plain lines.
    init(interval: Double) {
        isInteractive = Terminal.isInteractive(.error)
        self.interval = .seconds(interval)
    }

    func show(_ event: TrainingEvent) {
        switch event {
        case .asked(let teacher, let teachers, let abstracts, let all):
            line("teacher \(teacher) of \(teachers): \(abstracts) of \(all) abstracts", isLast: abstracts == all)
        case .began(let summary): began(summary)
        case .step(let progress): step(progress)
        case .evaluated(let record, let isBest): evaluated(record, isBest: isBest)
        case .saved: break
        case .notSaved(let reason): note("warning: \(reason) Training continues.")
        }
    }

    func warn(_ sentence: String) { note("warning: \(sentence)") }

    func finish() {
        if isLineOpen { Terminal.show("\n") }
        isLineOpen = false
    }

    /// Shows a line: redrawn on a terminal, at intervals elsewhere.
    func line(_ text: String, isLast: Bool) {
        let now = clock.now
        if let lastShown, !isLast, now - lastShown < (isInteractive ? Self.redrawing : interval) { return }
        lastShown = now
        Terminal.show(isInteractive ? "\r\u{1B}[K" + text : text + "\n")
        isLineOpen = isInteractive
    }

    private func note(_ line: String) {
        if isLineOpen { Terminal.show("\r\u{1B}[K") }
        isLineOpen = false
        Terminal.show(line + "\n")
    }

    private func began(_ summary: TrainingSummary) {
        let available = summary.availableMemory.map { " of \($0 / 1_000_000) available" } ?? ""
        note(
            "\(summary.parameters) parameters, \(summary.steps) steps in \(summary.stepsOfEpochs.count) epochs, up to \(summary.memory.total / 1_000_000) MB of memory\(available)"
        )
        if summary.stepsTaken > 0 {
            note("resuming after step \(summary.stepsTaken)")
        } else if !summary.initialised.isEmpty {
            note(
                "initialised at random, as the base checkpoint lacks them: \(summary.initialised.joined(separator: ", "))"
            )
        }
    }

    private func evaluated(_ record: EpochRecord, isBest: Bool) {
        var line =
            "epoch \(record.epoch): training loss \(fourDigits(record.trainingLoss)), development micro F1 \(fourDigits(record.development.microF1)), macro F1 \(fourDigits(record.development.macroF1))"
        if let masked = record.developmentWithMaskedNumbers {
            line += "; with numbers as @ \(fourDigits(masked.microF1)), \(fourDigits(masked.macroF1))"
        }
        note(line + (isBest ? "; the best so far" : ""))
    }

    private func step(_ progress: StepProgress) {
        let now = clock.now
        if let lastShown, progress.step < progress.steps,
            now - lastShown < (isInteractive ? Self.redrawing : interval)
        {
            return
        }
        lastShown = now
        let facts =
            "epoch \(progress.epoch), step \(progress.step)/\(progress.steps), loss \(fourDigits(progress.recentLoss)), rate \(scientific(progress.learningRate)), \(Int(progress.tokensPerSecond)) tokens/s, \(duration(progress.secondsLeft)) left"
        guard isInteractive else {
            Terminal.show(facts + "\n")
            return
        }
        let bar = bar(
            Double(progress.step) / Double(progress.steps), width: min(30, Terminal.width(.error) - facts.count - 4))
        Terminal.show("\r\u{1B}[K" + String((bar + facts).prefix(Terminal.width(.error) - 1)))
        isLineOpen = true
    }

    private func bar(_ share: Double, width: Int) -> String {
        guard width >= 5 else { return "" }
        let filled = min(width, Int(share * Double(width)))
        return "[" + String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled) + "] "
    }
}

/// A duration such as 1:02:03 or 2:03.
func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3_600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":\(two(whole % 60))"
}

/// A small number with three digits, such as 3.25e-05.
func scientific(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 1 {
        mantissa *= 10
        exponent -= 1
    }
    return "\((mantissa * 100).rounded() / 100)e\(exponent)"
}
