import FoundationEssentials
import Glibc
import Synchronization
import Testing
import ZeroMQ

/// Tasks on a loop's own thread.
@Suite(.timeLimit(.minutes(10)))
struct LoopExecutorTests {
    private let record = Record()

    /// A loop without sockets or timers: only a wake makes it turn before the test's time is over.
    private func startIdle(
        onCommand: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> SocketLoop<RecordingHandler> {
        let record = record
        return try SocketLoop.start(name: "tasks", context: Context(), inboxCapacity: 100) { _ in
            RecordingHandler(record: record, onCommand: onCommand, wait: .seconds(3_600))
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

    @Test func `a task that is resumed by the loop goes on there`() async throws {
        let waiting = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])
        let loop = try startIdle { number in
            waiting.withLock { $0.removeValue(forKey: number) }?.resume()
        }
        let names = await withTaskExecutorPreference(loop.executor) {
            var names: Set<String> = []
            for number in 1...1_000 {
                await withCheckedContinuation { continuation in
                    waiting.withLock { $0[number] = continuation }
                    #expect(loop.inbox.post(number))
                }
                names.insert(threadName)
            }
            return names
        }
        #expect(loop.inbox.post(0))
        await end(of: loop)
        #expect(record.now.commands == Array(1...1_000) + [0])
        #expect(names == ["tasks"])
    }

    @Test func `a loop that has ended gives its tasks to the global pool`() async throws {
        let loop = try startIdle()
        let names = await withTaskExecutorPreference(loop.executor) {
            var names = [threadName]
            #expect(loop.inbox.post(0))
            await end(of: loop)
            names.append(threadName)
            await Task.yield()
            return names
        }
        #expect(names[0] == "tasks")
        #expect(names[1] != "tasks")
        #expect(record.now.isFinished)
    }

    @Test func `a task that goes on and on holds up neither sockets nor commands`() async throws {
        let directory = try TestDirectory()
        let context = try Context()
        let (record, endpoint) = (record, directory.endpoint())
        let loop = try SocketLoop.start(name: "tasks", context: context, inboxCapacity: 100) {
            sockets in
            _ = try sockets.open(.router) { (socket) throws(ZMQError) in
                try socket.bind(endpoint)
            }
            return RecordingHandler(record: record, wait: .seconds(3_600))
        }
        let restless = Task(executorPreference: loop.executor) {
            while !Task.isCancelled { await Task.yield() }
        }
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(endpoint)
        for number in 1...100 {
            let message = [Frame("\(number)".utf8), "echo".frame]
            try deliver(message, on: dealer)
            #expect(try next(dealer) == message)
            #expect(loop.inbox.post(number))
        }
        restless.cancel()
        #expect(loop.inbox.post(0))
        await end(of: loop)
        #expect(record.now.commands == Array(1...100) + [0])
        await restless.value
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

    /// Of the calling thread.
    private var threadName: String {
        let text = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        return text?.split(separator: "\n").first.map(String.init) ?? ""
    }

    private func end(of loop: SocketLoop<RecordingHandler>) async {
        await withCheckedContinuation { continuation in
            loop.onExit { continuation.resume() }
        }
    }
}
