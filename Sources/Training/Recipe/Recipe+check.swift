public import Runs
import Kernels
import Model

extension Recipe {
    /// Checks every setting on its own and against the task.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` naming the option, what was expected and what was found.
    public func check() throws(TrainingError) {
        func range(
            _ option: String, _ value: Double, _ limits: ClosedRange<Double>, above: Bool = false, below: Bool = false
        ) throws(TrainingError) {
            let inside =
                limits.contains(value) && !(above && value == limits.lowerBound)
                && !(below && value == limits.upperBound)
            guard inside else {
                throw .recipe(
                    "\(option) is \(value); expected a number \(above ? "above" : "from") \(limits.lowerBound) \(below ? "to below" : "to") \(limits.upperBound)."
                )
            }
        }
        func count(_ option: String, _ value: Int?, _ limits: ClosedRange<Int>) throws(TrainingError) {
            guard let value, !limits.contains(value) else { return }
            throw .recipe(
                "\(option) is \(value); expected a whole number from \(limits.lowerBound) to \(limits.upperBound).")
        }
        try range("--learning-rate", learningRate, 0...1, above: true)
        try range("--head-learning-rate", headLearningRate, 0...1, above: true)
        try range("--layer-decay", layerDecay, 0...1, above: true)
        try range("--weight-decay", weightDecay, 0...1)
        try range("--warm-up", warmUp, 0...1)
        try range("--epochs", epochs, 0...10_000, above: true)
        try range("--clip", clip, 0...1e6, above: true)
        try range("--hidden-dropout", Double(dropout.hidden), 0...1, below: true)
        try range("--attention-dropout", Double(dropout.attention), 0...1, below: true)
        try range("--head-dropout", Double(dropout.head), 0...1, below: true)
        try range("--masked-pieces", maskedPieces, 0...1, below: true)
        try range("--masked-numbers", maskedNumbers, 0...1)
        try range("--shortened", shortened, 0...1)
        try range("--omitted-sections", omittedSections, 0...1, below: true)
        try range("--exact-share", exactShare, 0...1)
        try range("--taught-share", taughtShare, 0...1)
        try range("--label-smoothing", labelSmoothing, 0...1, below: true)
        try range("--averaging", averaging, 0...1, below: true)
        try count("--tokens-per-batch", tokensPerBatch, 3...10_000_000)
        try count("--batch-size", batchSize, 1...1_000_000)
        try count("--accumulation", accumulation, 1...100_000)
        try count("--max-length", maxLength, 3...65_536)
        try count("--threads", threads, 1...1_024)
        if precision == .int8 {
            throw .recipe("--precision is int8; expected float32 or bfloat16, as gradients vanish in bytes.")
        }
        try dataPlan.check()
        try checkTask()
    }

    /// How the run draws and divides its data.
    var dataPlan: DataPlan {
        DataPlan(
            task: task, sample: sample, downsample: downsample, developmentShare: developmentShare, seed: seed)
    }

    private func checkTask() throws(TrainingError) {
        let isSequence = task == .sequenceLabelling
        if !isSequence, shortened > 0 {
            throw .recipe("--shortened is \(shortened); expected 0, as only whole abstracts can be shortened.")
        }
        if !isSequence, exactShare < 1 {
            throw .recipe("--exact-share is \(exactShare); expected 1, as only a CRF's likelihood has parts.")
        }
        if labelSmoothing > 0, isSequence || task == .multiLabelText {
            throw .recipe(
                "--label-smoothing is \(labelSmoothing); expected 0 for \(task.rawValue), as it is defined for one label a text."
            )
        }
    }
}
