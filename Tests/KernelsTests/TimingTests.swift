import Glibc
import Kernels
import TestSupport
import Testing

extension NumericHarnessTests {
    /// Measures how long the kernels take at the shapes of the shipped encoder. It asserts nothing.
    @Suite(
        "Kernel timing",
        .enabled(if: unsafe getenv("RUBRICATOR_TIMING") != nil, "set RUBRICATOR_TIMING to the number of threads"))
    struct TimingTests {
        @Test("Prints the time of every kernel", arguments: KernelCase.timed)
        func time(_ row: KernelCase) {
            let threads = unsafe getenv("RUBRICATOR_TIMING").flatMap { unsafe Int(String(cString: $0)) } ?? 2
            var generator = SeededGenerator(seed: 21)
            let kernel = row.prepare(&generator, ThreadTeam(count: threads))
            print(row.name)
            report("forward", operations: row.operations, bytes: row.bytes, kernel.call)
            if let gradient = kernel.gradient {
                let result = kernel.output()
                let cotangent = Shared(rows: result.count, columns: result[0].count, from: &generator)
                report("backward", operations: gradient.operations, bytes: gradient.bytes) {
                    gradient.backward(cotangent)
                }
            }
        }

        /// Prints the shortest time of several calls, because other processes can only slow a call down.
        private func report(_ direction: String, operations: Int, bytes: Int, _ call: () -> Void) {
            let clock = ContinuousClock()
            var shortest = Duration.seconds(1000)
            for _ in 0..<9 { shortest = min(shortest, clock.measure(call)) }
            let seconds = shortest / .seconds(1)
            let (amount, unit) = bytes > 0 ? (bytes, "GB/s") : (operations, "GFLOP/s")
            print("    \(direction): \(tenths(seconds * 1e3)) ms, \(tenths(Double(amount) / seconds / 1e9)) \(unit)")
        }

        private func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    }
}

extension KernelCase {
    static let timed: [KernelCase] =
        GemmBackend.float32.flatMap { backend in
            [(384, 1152), (384, 384), (384, 1536), (1536, 384)].map {
                trainedLinear(6000, $0, $1, backend: backend, accumulating: false)
            }
        } + [
            residualNorm(rows: 6000, width: 384, dropout: Dropout(probability: 0.1, key: 1)),
            activate(rows: 6000, width: 1536, .gelu), activate(rows: 6000, width: 1536, .geluTanh),
            trainedEmbed(
                rows: 6000, vocabulary: 3000, positions: 512, width: 384, Dropout(probability: 0.1, key: 2)),
            dropOut(rows: 6000, width: 384, Dropout(probability: 0.1, key: 3)),
            adamW(rows: 30522, width: 384),
            recurrence(lengths: Array((1...128).reversed()), width: 128),
            attention(
                AttentionCase(lengths: Array(repeating: 380, count: 16), heads: 12, headWidth: 32, probability: 0.1)),
        ]

    static func adamW(rows: Int, width: Int) -> KernelCase {
        let step = AdamWStep(
            rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, correction1: 0.1, correction2: 0.001,
            gradientScale: 1)
        return KernelCase(
            name: "AdamW of [\(rows), \(width)]", tolerance: 0, argument: "", operations: 0, bytes: 28 * rows * width
        ) { generator, team in
            let x = Shared(rows: rows, columns: width, from: &generator)
            let gradient = Shared(rows: rows, columns: width, from: &generator)
            let moments = (0..<2).map { _ in Shared(rows: rows, columns: width) }
            return PreparedKernel(
                call: {
                    Kernels.adamW(
                        &x.matrix, gradient: gradient.matrix, first: &moments[0].matrix, second: &moments[1].matrix,
                        step, team: team)
                },
                output: { x.rows }, expected: { x.rows })
        }
    }
}
