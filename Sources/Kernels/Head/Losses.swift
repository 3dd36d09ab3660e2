import Glibc

/// Computes the cross-entropy of softmax(x) with a smoothed target, as `torch.nn.CrossEntropyLoss(label_smoothing:)`
/// for one row.
///
/// The target gives each class a probability of smoothing / C, and the true class 1 - smoothing in addition (Szegedy et
/// al. 2016, §7).
///
/// - Parameters:
///   - logits: x, `[C]`.
///   - target: Index of the true class.
///   - smoothing: Label smoothing, in 0 … 1.
/// - Returns: The loss, and its gradient with respect to x, `[C]`.
public func softmaxCrossEntropy(
    _ logits: [Double], target: Int, smoothing: Double
) -> (loss: Double, gradient: [Double]) {
    precondition(logits.indices.contains(target))
    let peak = logits[logits.indices.reduce(target) { logits[$1] > logits[$0] ? $1 : $0 }]
    let logTotal = peak + log(logits.reduce(0) { $0 + exp($1 - peak) })
    let spread = smoothing / Double(logits.count)
    var loss = 0.0
    var gradient: [Double] = []
    gradient.reserveCapacity(logits.count)
    for (index, logit) in logits.enumerated() {
        let wanted = (index == target ? 1 - smoothing : 0) + spread
        if wanted > 0 { loss += wanted * (logTotal - logit) }
        gradient.append(exp(logit - logTotal) - wanted)
    }
    return (loss, gradient)
}

/// Computes the cross-entropy of each label's σ(x) with its target, averaged over the labels, as
/// `torch.nn.BCEWithLogitsLoss` for one row.
///
/// - Parameters:
///   - logits: x, `[C]`.
///   - targets: Whether each label applies, `[C]`.
/// - Returns: The loss, and its gradient with respect to x, `[C]`.
public func binaryCrossEntropy(_ logits: [Double], targets: [Bool]) -> (loss: Double, gradient: [Double]) {
    precondition(logits.count == targets.count && !logits.isEmpty)
    let share = 1 / Double(logits.count)
    // -log σ(x) = log(1 + exp(-x)). The exponent is never positive, so exp cannot overflow.
    let losses = zip(logits, targets).map { x, isSet in max(x, 0) - (isSet ? x : 0) + log1p(exp(-abs(x))) }
    let gradient = zip(sigmoid(logits), targets).map { ($0 - ($1 ? 1 : 0)) * share }
    return (losses.reduce(0, +) * share, gradient)
}
