import FoundationEssentials
import Glibc
import Synchronization
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct SocketLoopTests {
    private let record = Record()

    /// A loop with a router at `endpoint`.
    private func startRouter(
        _ context: Context, at endpoint: String, busyPoll: BusyPoll? = nil
    ) throws -> SocketLoop<RecordingHandler> {
        let record = record
        return try SocketLoop.start(name: "router", context: context, inboxCapacity: 100) {
            sockets in
            _ = try sockets.open(.router) { (socket) throws(ZMQError) in
                try socket.bind(endpoint)
            }
            return RecordingHandler(record: record, busyPoll: busyPoll)
        }
    }

    /// A loop without sockets.
    private func startIdle(
        _ context: Context, wait: Duration = .seconds(60), inboxCapacity: Int = 100,
        onCommand: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> SocketLoop<RecordingHandler> {
        let record = record
        return try SocketLoop.start(
            name: "idle", context: context, inboxCapacity: inboxCapacity
        ) { _ in
            RecordingHandler(record: record, onCommand: onCommand, wait: wait)
        }
    }

    @Test func `a loop answers messages and ends on stop`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let loop = try startRouter(context, at: directory.endpoint())
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(directory.endpoint())
        for number in 0..<100 {
            let message = [Frame("\(number)".utf8), "echo".frame]
            try deliver(message, on: dealer)
            #expect(try next(dealer) == message)
        }
        #expect(loop.inbox.post(0))
        loop.join()
        #expect(record.now.messages.count == 100)
        #expect(record.now.isFinished)
        // Everything ran on one thread, and not on this one.
        #expect(record.now.threads.count == 1)
        #expect(!record.now.threads.contains(pthread_self()))
        // Its sockets are closed.
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/socket"))
        #expect(!loop.inbox.post(1))
    }

    @Test(arguments: [1, 200, 100_000])
    func `a loop that stays awake for its input misses none`(microseconds: Int) throws {
        let directory = try TestDirectory()
        let context = try Context()
        let poll = BusyPoll(atMost: .microseconds(microseconds), for: .requests)
        let loop = try startRouter(context, at: directory.endpoint(), busyPoll: poll)
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(directory.endpoint())
        for number in 1...200 {
            let message = [Frame("\(number)".utf8), "echo".frame]
            #expect(loop.inbox.post(number))
            try deliver(message, on: dealer)
            #expect(try next(dealer) == message)
        }
        #expect(loop.inbox.post(0))
        loop.join()
        #expect(record.now.commands == Array(1...200) + [0])
    }

    @Test func `a message is not missed whose sign another call has taken away`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let (record, endpoint) = (record, directory.endpoint())
        let router = try Socket(context: context, kind: .router)
        try router.bind(endpoint)
        let loop = try SocketLoop.start(name: "dealer", context: context, inboxCapacity: 100) {
            sockets in
            let dealer = try sockets.open(.dealer) { (socket) throws(ZMQError) in
                try socket.connect(endpoint)
            }
            return UsingHandler(record: record, socket: dealer)
        }
        let hello = try next(router)
        for number in 1...50 {
            // The loop sees the message come while it handles the command, not by its wait; sent
            // before, it could be taken together with the message of the round before.
            #expect(loop.inbox.post(number))
            try eventually("the command") { record.now.commands.count == number }
            try deliver([hello[0], Frame("\(number)".utf8)], on: router)
            #expect(try next(router).last == Frame("\(number)".utf8), "it sends within the command")
            try eventually("the message") {
                record.now.messages.count == number
            }
        }
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `a command wakes a loop that waits`() throws {
        let loop = try startIdle(Context())
        for number in [5, 4, 3, 0] { #expect(loop.inbox.post(number)) }
        loop.join()
        #expect(record.now.commands == [5, 4, 3, 0])
    }

    @Test func `commands posted before the start are handled`() throws {
        let inbox = try LoopInbox<Int>(capacity: 3)
        #expect(inbox.post(1) && inbox.post(2) && inbox.post(0))
        #expect(!inbox.post(4))
        let record = record
        let loop = try SocketLoop.start(name: "late", context: Context(), inbox: inbox) { _ in
            RecordingHandler(record: record)
        }
        loop.join()
        #expect(record.now.commands == [1, 2, 0])
    }

    @Test func `a full inbox refuses and a burst costs few turns`() throws {
        let gate = Gate()
        let loop = try startIdle(Context(), inboxCapacity: 50) { if $0 == 1 { gate.hold() } }
        #expect(loop.inbox.post(1))
        try gate.waitUntilHeld()
        let turnsBefore = record.now.turns
        var accepted = 0
        for _ in 0..<80 where loop.inbox.post(2) { accepted += 1 }
        #expect(accepted == 50)
        gate.open()
        try eventually("room in the inbox") { loop.inbox.post(0) }
        loop.join()
        #expect(record.now.commands == [1] + [Int](repeating: 2, count: 50) + [0])
        // The turn that was held, one for the burst, one for the stop, and one empty wake each.
        #expect(record.now.turns - turnsBefore <= 6)
    }

    @Test func `what was posted is handled even when the loop stops before`() throws {
        let gate = Gate()
        let loop = try startIdle(Context()) { if $0 == 0 { gate.hold() } }
        #expect(loop.inbox.post(0))
        try gate.waitUntilHeld()
        #expect(loop.inbox.post(7))
        gate.open()
        loop.join()
        #expect(record.now.commands == [0, 7])
    }

    @Test func `every posted command is handled once by many threads' count`() async throws {
        let loop = try startIdle(Context(), inboxCapacity: 16)
        let accepted = await withTaskGroup(of: Int.self) { group in
            for task in 1...4 {
                group.addTask {
                    var accepted = 0
                    for _ in 0..<5000 where loop.inbox.post(task) { accepted += 1 }
                    return accepted
                }
            }
            return await group.reduce(0, +)
        }
        try eventually("room in the inbox") { loop.inbox.post(0) }
        await withCheckedContinuation { done in loop.onExit { done.resume() } }
        #expect(record.now.commands.count == accepted + 1)
    }

    @Test func `an error while starting is thrown by start and frees the sockets`() throws {
        struct Refusal: Error {}
        let directory = try TestDirectory()
        let context = try Context()
        let endpoint = directory.endpoint()
        #expect(throws: Refusal.self) {
            _ = try SocketLoop<RecordingHandler>.start(
                name: "refused", context: context, inboxCapacity: 1
            ) { sockets in
                _ = try sockets.open(.router) { (socket) throws(ZMQError) in
                    try socket.bind(endpoint)
                }
                throw Refusal()
            }
        }
        let socket = try Socket(context: context, kind: .router)
        try socket.bind(endpoint)
    }

    @Test func `one bad message does not end the loop`() throws {
        let context = try Context()
        let loop = try startRouter(context, at: "inproc://bad")
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect("inproc://bad")
        try deliver([Frame](repeating: [1], count: 3000), on: dealer)
        try deliver(["echo".frame], on: dealer)
        #expect(try next(dealer) == ["echo".frame])
        #expect(record.now.errors.map(\.code) == [.tooManyFrames])
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `a handler may close the socket it is reading from`() throws {
        let context = try Context()
        let loop = try startRouter(context, at: "inproc://close")
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect("inproc://close")
        try deliver(["close".frame], on: dealer)
        try eventually("the message") { !record.now.messages.isEmpty }
        #expect(loop.inbox.post(0))
        loop.join()
        #expect(record.now.errors.isEmpty)
    }

    @Test func `turns come without input as often as the handler asks`() throws {
        let loop = try startIdle(Context(), wait: .milliseconds(1))
        try eventually("turns") { record.now.turns > 20 }
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `terminating the context ends a loop`() throws {
        let context = try Context()
        let loop = try startRouter(context, at: "inproc://end")
        context.terminate()
        loop.join()
        #expect(record.now.isFinished)
        #expect(!loop.inbox.post(1))
    }

    @Test func `onExit runs once before and at once after the end`() throws {
        let loop = try startIdle(Context())
        let count = Atomic<Int>(0)
        loop.onExit { count.add(1, ordering: .relaxed) }
        #expect(loop.inbox.post(0))
        loop.join()
        #expect(count.load(ordering: .relaxed) == 1)
        loop.onExit { count.add(1, ordering: .relaxed) }
        #expect(count.load(ordering: .relaxed) == 2)
        loop.join()
    }

    @Test func `an ended loop holds its context no more, so lingering messages have left`() throws {
        var held = [try Context()]
        weak let seen = held[0]
        let loop = try startIdle(held.removeLast())
        let isReleased = Atomic<Bool>(false)
        loop.onExit { isReleased.store(seen == nil, ordering: .relaxed) }
        #expect(seen != nil)
        #expect(loop.inbox.post(0))
        loop.join()
        #expect(isReleased.load(ordering: .relaxed) == true)
    }

    @Test func `a closed socket's handle is refused and never given again`() throws {
        let record = record
        let loop = try SocketLoop.start(name: "handles", context: Context(), inboxCapacity: 1) {
            sockets in
            let first = try sockets.open(.pair) { (_) throws(ZMQError) in }
            sockets.close(first)
            sockets.close(first)
            let second = try sockets.open(.pair) { (_) throws(ZMQError) in }
            #expect(first != second)
            #expect(!sockets.isOpen(first) && sockets.isOpen(second))
            let error = #expect(throws: ZMQError.self) { try sockets.send([[1]], on: first) }
            #expect(error?.code == .notASocket)
            return RecordingHandler(record: record)
        }
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `the thread has the name of the loop and takes no signals`() throws {
        let record = record
        let status = Mutex("")
        let loop = try SocketLoop.start(
            name: "a name of twenty-two", context: Context(), inboxCapacity: 1
        ) { _ in
            let text = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
            status.withLock { $0 = text }
            return RecordingHandler(record: record)
        }
        #expect(loop.inbox.post(0))
        loop.join()
        let lines = status.withLock { $0 }.split(separator: "\n")
        #expect(lines.contains("Name:\ta name of twent"))
        let blocked = try #require(lines.first { $0.hasPrefix("SigBlk:") }?.split(separator: "\t"))
        let mask = try #require(UInt64(blocked[1], radix: 16))
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGPIPE] {
            #expect(mask & 1 << UInt64(signal - 1) != 0, "signal \(signal)")
        }
        #expect(mask & 1 << UInt64(SIGSEGV - 1) == 0)
    }
}

/// Holds a loop's thread at a known place until the test lets it go on.
final class Gate: Sendable {
    private let held = Mutex(false)
    private let opened = Mutex(false)

    func hold() {
        held.withLock { $0 = true }
        let deadline = ContinuousClock.now + patience
        while !opened.withLock({ $0 }), ContinuousClock.now < deadline { sched_yield() }
    }

    func waitUntilHeld() throws {
        try eventually("the loop at the gate") {
            sched_yield()
            return held.withLock { $0 }
        }
    }

    func open() {
        opened.withLock { $0 = true }
    }
}

/// At each command uses its socket until a message can be received, without receiving it, and sends.
private struct UsingHandler: SocketLoopHandler {
    let record: Record
    let socket: SocketHandle
    private var isGreeted = false
    private var mustStop = false

    init(record: Record, socket: SocketHandle) {
        self.record = record
        self.socket = socket
    }

    mutating func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.messages.append(frames) }
    }

    mutating func handle(_ command: Int, in sockets: inout LoopSockets) {
        mustStop = command == 0
        record.add { $0.commands.append(command) }
        _ = try? sockets.withSocket(socket) { (socket) throws(ZMQError) in
            try socket.wait(for: .readable, atMost: command == 0 ? .zero : patience)
        }
        _ = try? sockets.send([Frame("\(command)".utf8)], on: socket)
    }

    mutating func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        record.add { $0.errors.append(error) }
    }

    mutating func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        if !isGreeted { isGreeted = (try? sockets.send(["hello".frame], on: socket)) == .sent }
        return mustStop ? .stop : .wait(atMost: .seconds(60))
    }

    mutating func finish(in sockets: inout LoopSockets) {}
}
