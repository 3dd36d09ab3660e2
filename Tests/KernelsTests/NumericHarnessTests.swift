import Kernels
import Testing
import TestSupport

/// Serialised: the instruction set is the process's.
@Suite("Numeric harness", .serialized)
struct NumericHarnessTests {
    @Test("Every kernel agrees with its reference, on every instruction set and team", arguments: KernelCase.all)
    func agreement(_ row: KernelCase) {
        defer { _ = Arithmetic.select(Arithmetic.instructionSets[0]) }
        for instructionSet in Arithmetic.instructionSets {
            #expect(Arithmetic.select(instructionSet))
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
}
