import ClusterCore
import ClusterRuntime
import Foundation
import Subprocess
import SystemPackage
import Testing

/// A folder of one test, removed with it.
final class ScratchFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("swiftlet-\(UUID().uuidString)")
        try FileCalls.makeFolder(path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Makes a named pipe: opening it waits for the other side, so it serves as a signal between
    /// a test and its child processes without sleeping.
    func makeFIFO(_ name: String) async throws -> FilePath {
        let fifo = path.appending(name)
        let made = try await run(
            .path("/usr/bin/mkfifo"), arguments: [fifo.string], output: .discarded)
        try #require(made.terminationStatus.isSuccess)
        return fifo
    }

    /// Everything that is written to a named pipe until no process holds its write end; fails
    /// after 30 s.
    static func readAll(_ fifo: FilePath) async throws -> String {
        let read = try await run(
            .path("/usr/bin/timeout"), arguments: ["30", "/bin/cat", fifo.string],
            output: .string(limit: 65536))
        try #require(read.terminationStatus.isSuccess, "nothing came through \(fifo) in time")
        return read.standardOutput
    }

    /// The text of a file.
    static func text(_ file: FilePath) throws -> String {
        String(decoding: try FileCalls.readPrefix(of: file, atMostBytes: 1 << 20), as: UTF8.self)
    }
}

/// Shells as the children of a test, with their events in order.
struct ShellChildren {
    let processes: ChildProcesses
    let log: ChildLog
    let name: ChildName
    private let events: AsyncStream<ChildProcesses.Event>

    init(in folder: ScratchFolder, executable: FilePath = "/bin/sh", logLimitBytes: Int64 = 1 << 20)
        throws
    {
        let (stream, continuation) = AsyncStream.makeStream(of: ChildProcesses.Event.self)
        log = ChildLog(folder: folder.path, limitBytes: logLimitBytes)
        name = try #require(ChildName("child"))
        processes = ChildProcesses(executable: executable, log: log) { continuation.yield($0) }
        events = stream
    }

    /// The next event; the suite's time limit ends a wait in vain.
    func next() async throws -> ChildProcesses.Event {
        for await event in events { return event }
        throw Unexpected()
    }

    /// Starts a shell with a script and returns its process.
    func start(_ script: String, as other: ChildName? = nil) async throws -> ProcessID {
        processes.start(other ?? name, arguments: ["-c", script])
        guard case .started(_, let process) = try await next() else {
            throw Unexpected()
        }
        return process
    }

    struct Unexpected: Error {}
}
