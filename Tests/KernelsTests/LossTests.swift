import Kernels
import TestSupport
import Testing

@Suite("Losses")
struct LossTests {
    @Test("Cross-entropy and its gradient agree with PyTorch")
    func crossEntropy() throws {
        let golden = try TrainingGolden.file.get()
        #expect(golden.crossEntropy.count == 2)
        for row in golden.crossEntropy {
            let found = softmaxCrossEntropy(golden.logits, target: row.target, smoothing: row.smoothing)
            #expect(abs(found.loss - row.loss) < 1e-12)
            #expect(largestDifference([found.gradient], [row.gradient]) < 1e-12)
        }
    }

    @Test("Binary cross-entropy and its gradient agree with PyTorch")
    func binary() throws {
        let golden = try TrainingGolden.file.get()
        let row = golden.binaryCrossEntropy
        let found = binaryCrossEntropy(golden.logits, targets: row.targets)
        #expect(abs(found.loss - row.loss) < 1e-12)
        #expect(largestDifference([found.gradient], [row.gradient]) < 1e-12)
    }

    @Test("Very large and very small logits give a finite loss and gradient", arguments: [-1e4, -50, 0, 50, 1e4])
    func large(logit: Double) {
        for target in 0..<2 {
            let single = softmaxCrossEntropy([logit, 1], target: target, smoothing: 0.1)
            let several = binaryCrossEntropy([logit, 1], targets: [target == 0, target == 1])
            for (loss, gradient) in [single, several] {
                #expect(loss.isFinite && loss >= 0 && gradient.allSatisfy { abs($0) <= 1 })
            }
        }
    }
}
