import Kernels
import Testing

@Suite("Losses")
struct LossTests {
    private static let logits = [0.5, -1.25, 2, 0]

    @Test(
        "Cross entropy and its gradient are PyTorch 2's",
        arguments: [
            (
                0, 3.5844986126036624,
                [0.15969355003210825, -0.9722494220673196, 0.7156968377823844, 0.09685903425282705]
            ),
            (
                0.1, 3.4282486126036624,
                [0.13469355003210826, -0.8972494220673196, 0.6906968377823843, 0.07185903425282705]
            ),
        ])
    func crossEntropy(smoothing: Double, loss: Double, gradient: [Double]) {
        let found = softmaxCrossEntropy(Self.logits, target: 1, smoothing: smoothing)
        #expect(abs(found.loss - loss) < 1e-12)
        #expect(zip(found.gradient, gradient).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("Binary cross entropy and its gradient are PyTorch 2's")
    func binary() {
        let found = binaryCrossEntropy(Self.logits, targets: [true, false, false, true])
        let gradient = [-0.09438516719953635, 0.05567503470632721, 0.22019926949447058, -0.125]
        #expect(abs(found.loss - 0.8865203142820994) < 1e-12)
        #expect(zip(found.gradient, gradient).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("Logits of any size give a finite loss and gradient", arguments: [-1e4, -50, 0, 50, 1e4])
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
