import Kernels
import Testing
import TestSupport

/// Serialised: the instruction set is the process's.
@Suite("Numeric harness", .serialized)
struct NumericHarnessTests {
    @Test("Every kernel agrees with its reference, on every instruction set and team", arguments: KernelCase.all)
    func agreement(_ row: KernelCase) {
        row.forEachInstructionSet { instructionSet in
            for members in [1, 3] {
                var generator = SeededGenerator(seed: 11)
                let kernel = row.prepare(&generator, ThreadTeam(count: members))
                kernel.call()
                let found = largestDifference(kernel.output(), kernel.expected())
                #expect(
                    found <= row.tolerance,
                    "\(row.name) on \(instructionSet), \(members) threads: off by \(found), may be \(row.tolerance): \(row.argument)"
                )
            }
        }
    }

    @Test("A kernel's result does not depend on what its output held", arguments: KernelCase.all)
    func repeatable(_ row: KernelCase) {
        var generator = SeededGenerator(seed: 12)
        let kernel = row.prepare(&generator, ThreadTeam(count: 2))
        kernel.call()
        let first = kernel.output()
        kernel.call()
        #expect(kernel.output() == first)
    }

    @Test(
        "Every gradient agrees with central differences of its reference, and repeats", arguments: KernelCase.training)
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
                #expect(isSame, "\(row.name) on \(instructionSet): not the same again")
                let differences = wanted ?? gradient.differences(of: cotangent.rows)
                wanted = differences
                for (argument, (rows, differences)) in zip(gradient.arguments, zip(found, differences)) {
                    let off = differences.largestDifference(from: rows)
                    #expect(
                        off <= gradient.tolerance,
                        "\(row.name) by \(argument.name) on \(instructionSet), \(members) threads: off by \(off), may be \(gradient.tolerance)"
                    )
                }
            }
        }
    }
}
