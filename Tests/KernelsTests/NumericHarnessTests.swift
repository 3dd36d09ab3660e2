import Kernels
import TestSupport
import Testing

/// Serialised, because the instruction set is a setting of the whole process.
@Suite("Numeric harness", .serialized)
struct NumericHarnessTests {
    @Test(
        "Every kernel agrees with its reference on every instruction set and with every team",
        arguments: KernelCase.selected
    )
    func agreement(_ row: KernelCase) {
        row.forEachInstructionSet { instructionSet in
            for members in [1, 3] {
                var generator = SeededGenerator(seed: 11)
                let kernel = row.prepare(&generator, ThreadTeam(count: members))
                kernel.call()
                let found = largestDifference(kernel.output(), kernel.expected())
                #expect(
                    found <= row.tolerance,
                    "\(row.name) on \(instructionSet), \(members) threads: the error is \(found), allowed is \(row.tolerance): \(row.argument)"
                )
            }
        }
    }

    @Test("A kernel's result does not depend on the previous contents of its output", arguments: KernelCase.selected)
    func repeatable(_ row: KernelCase) {
        var generator = SeededGenerator(seed: 12)
        let kernel = row.prepare(&generator, ThreadTeam(count: 2))
        kernel.call()
        let first = kernel.output()
        kernel.call()
        #expect(kernel.output() == first)
    }

    @Test(
        "Every gradient agrees with central differences of its reference and is reproducible",
        arguments: KernelCase.selectedTraining)
    func gradient(_ row: KernelCase) throws {
        var wanted: [CentralDifferences]?
        try row.forEachInstructionSet { instructionSet in
            for members in [1, 3] {
                var generator = SeededGenerator(seed: 13)
                let kernel = row.prepare(&generator, ThreadTeam(count: members))
                let gradient = try #require(kernel.gradient)
                kernel.call()
                let result = kernel.output()
                let cotangent = Shared(rows: result.count, columns: result[0].count, from: &generator)
                gradient.backward(cotangent)
                let found = gradient.gradients()
                kernel.call()
                gradient.backward(cotangent)
                let isSame = gradient.gradients() == found
                #expect(isSame, "\(row.name) on \(instructionSet): the second call gave another gradient")
                let differences = wanted ?? gradient.differences(of: cotangent.rows)
                wanted = differences
                for (argument, (rows, differences)) in zip(gradient.arguments, zip(found, differences)) {
                    let off = differences.largestDifference(from: rows)
                    #expect(
                        off <= gradient.tolerance,
                        "\(row.name), gradient of \(argument.name) on \(instructionSet), \(members) threads: the error is \(off), allowed is \(gradient.tolerance)"
                    )
                }
            }
        }
    }
}
