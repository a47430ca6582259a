import Glibc
import Synchronization
import Testing
import ZeroMQ

/// Tasks on a loop's own thread.
@Suite(.timeLimit(.minutes(10)))
struct LoopExecutorTests {
    private let record = Record()

    /// A loop without sockets or timers: only a wake makes it turn.
    private func startIdle(
        onCommand: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> SocketLoop<RecordingHandler> {
        let record = record
        return try SocketLoop.start(name: "tasks", context: Context(), inboxCapacity: 100) { _ in
            RecordingHandler(record: record, onCommand: onCommand)
        }
    }

    @Test func `tasks run on the loop's thread, and what they post is handled`() async throws {
        let loop = try startIdle()
        let threads = await withTaskExecutorPreference(loop.executor) {
            var threads: Set<UInt> = []
            for number in 1...100 {
                threads.insert(UInt(pthread_self()))
                #expect(loop.inbox.post(number))
                await Task.yield()
            }
            return threads
        }
        #expect(loop.inbox.post(0))
        await end(of: loop)
        #expect(threads == record.now.threads)
        #expect(threads.count == 1)
        #expect(record.now.commands == Array(1...100) + [0])
    }

    @Test func `a task that is resumed by the loop goes on there without a wake`() async throws {
        let waiting = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])
        let loop = try startIdle { number in
            waiting.withLock { $0.removeValue(forKey: number) }?.resume()
        }
        await withTaskExecutorPreference(loop.executor) {
            for number in 1...1_000 {
                await withCheckedContinuation { continuation in
                    waiting.withLock { $0[number] = continuation }
                    #expect(loop.inbox.post(number))
                }
            }
        }
        #expect(loop.inbox.post(0))
        await end(of: loop)
        #expect(record.now.commands == Array(1...1_000) + [0])
        #expect(record.now.threads.count == 1)
    }

    @Test func `a loop that has ended gives its tasks to the global pool`() async throws {
        let loop = try startIdle()
        await withTaskExecutorPreference(loop.executor) {
            let thread = UInt(pthread_self())
            #expect(loop.inbox.post(0))
            await end(of: loop)
            #expect(UInt(pthread_self()) != thread)
            await Task.yield()
        }
        #expect(record.now.isFinished)
    }

    @Test func `more tasks than wait at one time run elsewhere, and none is lost`() async throws {
        let gate = Gate()
        let loop = try startIdle { if $0 == 1 { gate.hold() } }
        #expect(loop.inbox.post(1))
        try gate.waitUntilHeld()
        let count = 5_000
        let ranHere = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask(executorPreference: loop.executor) {
                    record.now.threads.contains(UInt(pthread_self()))
                }
            }
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(loop.inbox.post(0))
        await end(of: loop)
        #expect(ranHere.count == count)
        #expect(ranHere.count { $0 } == 4_096, "the loop was held while all were added")
    }

    private func end(of loop: SocketLoop<RecordingHandler>) async {
        await withCheckedContinuation { continuation in
            loop.onExit { continuation.resume() }
        }
    }
}
