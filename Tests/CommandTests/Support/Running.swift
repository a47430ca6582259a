import Foundation
import Glibc
import Testing

/// A process of a test; its output goes to files, so that it never waits for a reader.
final class Running: Sendable {
    /// How a process ended.
    struct End: Sendable {
        /// The exit code, or 128 and the signal that ended it.
        let status: Int32
        let output: String
        let errors: String
    }

    let process: Int32
    private let exits: AsyncStream<Int32>
    private let files: ScratchFolder

    /// - Parameter input: a file for the standard input; nil for none.
    init(_ program: String, _ arguments: [String], input: String? = nil) throws {
        let files = try ScratchFolder()
        let child = Process()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = arguments
        child.standardInput = try Self.open(
            input ?? "/dev/null", FileHandle.init(forReadingAtPath:))
        for name in ["output", "errors"] { try files.write(name, "") }
        child.standardOutput = try Self.open(files("output"), FileHandle.init(forWritingAtPath:))
        child.standardError = try Self.open(files("errors"), FileHandle.init(forWritingAtPath:))
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        child.terminationHandler = {
            let wasKilled = $0.terminationReason == .uncaughtSignal
            continuation.yield($0.terminationStatus + (wasKilled ? 128 : 0))
        }
        try child.run()
        process = child.processIdentifier
        exits = stream
        self.files = files
    }

    /// Waits for the end; the suite's time limit ends a wait in vain. Called once.
    func end() async throws -> End {
        for await status in exits {
            return End(status: status, output: try text("output"), errors: try text("errors"))
        }
        throw Unended()
    }

    /// What it has written so far.
    var outputSoFar: String {
        get throws { try text("output") }
    }

    /// Sends a signal; a process that has ended already takes none.
    func send(_ signal: Int32) {
        _ = kill(process, signal)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try files.bytes(name), as: UTF8.self)
    }

    private static func open(
        _ path: String, _ open: (String) -> FileHandle?
    ) throws -> FileHandle {
        try #require(open(path), "cannot open \(path)")
    }

    struct Unended: Error {}
}

/// Runs a program to its end. After the deadline it is killed and the status is 124 or 137.
func run(
    _ program: String, _ arguments: [String], input: String? = nil, deadlineSeconds: Int = 40
) async throws -> Running.End {
    try await Running(
        "/usr/bin/timeout", ["--kill-after=5", "\(deadlineSeconds)", program] + arguments,
        input: input
    ).end()
}

/// Runs a script of Python with the system's interpreter.
func python(_ script: String, _ arguments: [String]) async throws -> Running.End {
    try await run("/usr/bin/python3", ["-c", script] + arguments)
}

/// Runs `swiftlet` to its end.
func swiftlet(
    _ arguments: String..., input: String? = nil, deadlineSeconds: Int = 40
) async throws -> Running.End {
    try await run(
        Executable.path, arguments, input: input, deadlineSeconds: deadlineSeconds)
}

/// The executable under test.
enum Executable {
    /// `swiftlet` in the folder of the test program, where the same build put it.
    static var path: String {
        get throws {
            let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            let path = tests.deletingLastPathComponent().appendingPathComponent("swiftlet").path
            try #require(
                FileManager.default.isExecutableFile(atPath: path),
                "there is no \(path): build it first, with `swift build --build-tests`")
            return path
        }
    }
}
