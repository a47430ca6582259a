import ClusterCore
import ClusterRuntime
import Glibc
import Subprocess
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SystemCallTests {
    @Test func `the monotonic clock never goes back`() {
        var before = MonotonicClock.now
        for _ in 0..<1000 {
            let now = MonotonicClock.now
            #expect(now >= before)
            before = now
        }
    }

    @Test func `a process knows its memory, its number and its host`() async throws {
        let resident = try #require(ProcessCalls.residentBytes())
        #expect(resident > 1 << 20)
        #expect(resident % 4096 == 0)
        let uname = try await run(
            .path("/bin/uname"), arguments: ["-n"], output: .string(limit: 1024))
        #expect(ProcessCalls.hostName + "\n" == uname.standardOutput)
        #expect(ProcessCalls.currentProcess.rawValue == getpid())
    }

    @Test func `a life line tells of its end exactly when the write end is closed`() async throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe(options: [.closeOnExec])
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        try LifeLine.watch(readEnd) {
            continuation.yield()
            continuation.finish()
        }
        // Bytes are not the end.
        try FileCalls.write([1, 2, 3], to: writeEnd)
        try writeEnd.close()
        var count = 0
        for await _ in ends { count += 1 }
        #expect(count == 1)
        try readEnd.close()
    }

    @Test func `folders are made with those above them, for their owner only`() async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path.appending("a/b")
        try FileCalls.makeFolder(folder)
        try FileCalls.makeFolder(folder)
        let stat = try await run(
            .path("/usr/bin/stat"), arguments: ["-c", "%a", folder.string],
            output: .string(limit: 64))
        #expect(stat.standardOutput == "700\n")
    }

    @Test func `a file in the way of a folder is an error`() throws {
        let scratch = try ScratchFolder()
        let file = scratch.path.appending("file")
        try FileDescriptor.open(
            file, .writeOnly, options: [.create], permissions: .ownerReadWrite
        ).close()
        #expect(throws: Errno.notDirectory) { try FileCalls.makeFolder(file) }
    }

    @Test func `a lock file has one holder at a time, which it names`() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path.appending("supervisor.lock")
        do {
            let lock = try LockFile(path)
            let error = #expect(throws: LockFileError.self) { _ = try LockFile(path) }
            #expect(error?.cause == .held(by: ProcessCalls.currentProcess))
            _ = consume lock
        }
        _ = try LockFile(path)
    }

    @Test func `a lock file in a missing folder is an error that names it`() {
        let error = #expect(throws: LockFileError.self) { _ = try LockFile("/nowhere/lock") }
        #expect(error?.description.contains("/nowhere/lock") == true)
    }

    @Test func `a thread of its own gives its result or its error`() async throws {
        #expect(try await SystemThread.result(name: "answer") { 42 } == 42)
        await #expect(throws: Errno.ioError) {
            try await SystemThread.result(name: "error") { throw Errno.ioError }
        }
    }
}
