import Foundation

/// A program of this package, run as a user would run it.
struct Program {
    /// The outcome of a finished program.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
        var lines: [Substring] { output.split(separator: "\n") }
    }

    private let executable: URL

    /// Creates a program.
    ///
    /// - Parameter name: The name of an executable product, which is built beside the tests.
    init(_ name: String) {
        executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], input: String = "") throws -> Outcome {
        let process = Process()
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = executable
        process.arguments = arguments
        (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, errors)
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        // The errors fit in the buffer of their pipe, so it can be read after the output.
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        let complained = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self))
    }

    /// Starts the program and leaves it running, with its errors written to a file.
    func start(_ arguments: [String], environment: [String: String] = [:], errors: URL) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if !FileManager.default.fileExists(atPath: errors.path()) {
            _ = FileManager.default.createFile(atPath: errors.path(), contents: nil)
        }
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return process
    }
}
