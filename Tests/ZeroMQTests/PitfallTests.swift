import FoundationEssentials
import Glibc
import Testing
import ZeroMQ

/// What libzmq does to those who use it plainly, and that this layer does not.
@Suite(.timeLimit(.minutes(10)))
struct PitfallTests {
    /// Binds a router with short queues, connects the dealer, and returns its routing id.
    private func introduce(
        _ router: borrowing Socket, to dealer: borrowing Socket, at endpoint: String
    ) throws -> Frame {
        try router.set(.sendHighWaterMark, to: 10)
        try router.bind(endpoint)
        try dealer.set(.receiveHighWaterMark, to: 10)
        try dealer.connect(endpoint)
        try deliver(["hello".frame], on: dealer)
        return try #require(try next(router).first)
    }

    @Test func `a router tells that a peer is unknown`() throws {
        let router = try Socket(context: Context(), kind: .router)
        try router.bind("inproc://router")
        #expect(try router.send(["nobody".frame, "text".frame]) == .unreachable)
    }

    @Test func `a router tells that a peer's queue is full and delivers what it took`() throws {
        let context = try Context()
        let dealer = try Socket(context: context, kind: .dealer)
        let router = try Socket(context: context, kind: .router)
        let peer = try introduce(router, to: dealer, at: "inproc://full")
        var taken = 0
        try eventually("a full queue") {
            guard try router.send([peer, Frame("\(taken)".utf8)]) == .sent else { return true }
            taken += 1
            return false
        }
        #expect(taken >= 10)
        for number in 0..<taken { #expect(try next(dealer) == [Frame("\(number)".utf8)]) }
        #expect(try dealer.receive() == nil)
    }

    @Test func `receiving makes a full queue of a dead peer unreachable`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let router = try Socket(context: context, kind: .router)
        let peer: Frame
        do {
            let dealer = try Socket(context: context, kind: .dealer)
            peer = try introduce(router, to: dealer, at: directory.endpoint())
            let bytes = Frame(repeating: 0, count: 100_000)
            try eventually("a full queue") { try router.send([peer, bytes]) == .wouldBlock }
        }
        try eventually("an unreachable peer") {
            _ = try router.receive()
            let outcome = try router.send([peer, "text".frame])
            if outcome == .wouldBlock { _ = try router.wait(for: .readable, atMost: moment) }
            return outcome == .unreachable
        }
    }

    @Test func `a dealer whose peer goes while it reads a message of several frames lives on`()
        throws
    {
        // With IMMEDIATE, libzmq aborts the process here: a hundred frames on it notices the loss, and
        // drops the rest of a message whose first frames are read.
        let directory = try TestDirectory()
        let context = try Context()
        for _ in 0..<50 {
            let dealer = try Socket(context: context, kind: .dealer)
            try dealer.set(.receiveHighWaterMark, to: 1_000)
            do {
                let router = try Socket(context: Context(), kind: .router)
                try router.bind(directory.endpoint())
                try dealer.connect(directory.endpoint())
                try deliver(["hello".frame], on: dealer)
                let peer = try #require(try next(router).first)
                let message = [peer] + Array(repeating: "frame".frame, count: 7)
                for _ in 0..<500 { _ = try router.send(message) }
                #expect(try next(dealer).count == 7)
            }
            while let frames = try dealer.receive() { #expect(frames.count == 7) }
        }
    }

    @Test func `a socket goes on receiving after an endpoint was released`() throws {
        // The release watches the socket's events for a moment. A watch that nobody reads stops
        // the socket after some thousand connections.
        let directory = try TestDirectory()
        let context = try Context()
        let router = try Socket(context: context, kind: .router)
        try router.bind(directory.endpoint("kept"))
        try router.bind(directory.endpoint("released"))
        #expect(try router.unbind(directory.endpoint("released")))
        for number in 0..<500 {
            let dealer = try Socket(context: context, kind: .dealer)
            try dealer.connect(directory.endpoint("kept"))
            try deliver([Frame("\(number)".utf8)], on: dealer)
            #expect(try next(router).last == Frame("\(number)".utf8))
        }
    }

    @Test func `a socket stays readable until it is empty`() throws {
        let context = try Context()
        let receiver = try Socket(context: context, kind: .pair)
        try receiver.bind("inproc://level")
        let sender = try Socket(context: context, kind: .pair)
        try sender.connect("inproc://level")
        for number in UInt8(0)..<3 { try deliver([[number]], on: sender) }
        for number in UInt8(0)..<3 {
            #expect(try receiver.wait(for: .readable, atMost: patience))
            #expect(try sender.send([[number + 3]]) == .sent)
            #expect(try receiver.receive() == [[number]])
        }
        for _ in 0..<3 {
            #expect(try receiver.wait(for: .readable, atMost: .zero))
            _ = try receiver.receive()
        }
        #expect(try !receiver.wait(for: .readable, atMost: .zero))
    }

    @Test func `no descriptor is left open in a spawned program`() throws {
        let directory = try TestDirectory()
        let router = try Socket(context: Context(), kind: .router)
        try router.bind(directory.endpoint())
        let inbox = try LoopInbox<Int>(capacity: 1)
        var locks = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(name)")
            guard let target, let descriptor = Int32(name) else { continue }
            let isLock = target.hasPrefix(directory.path)
            guard isLock || target.contains("eventfd") else { continue }
            let flags = fcntl(descriptor, F_GETFD)
            // Another test may have closed it meanwhile.
            #expect(flags == -1 || flags & FD_CLOEXEC != 0, "\(target)")
            locks += isLock ? 1 : 0
        }
        #expect(locks == 1)
        #expect(inbox.post(1))
    }

    @Test func `terminating wakes those who wait and fails what comes later`() throws {
        let context = try Context()
        let other = try Socket(context: context, kind: .pair)
        context.terminate()
        context.terminate()
        let waiting = try failure { () throws(ZMQError) in
            _ = try other.wait(for: .readable, atMost: patience)
        }
        #expect(waiting.code == .contextTerminated)
        let receiving = try failure { () throws(ZMQError) in _ = try other.receive() }
        #expect(receiving.code == .contextTerminated)
        let opening = try failure { () throws(ZMQError) in
            _ = try Socket(context: context, kind: .dealer)
        }
        #expect(opening.code == .contextTerminated)
    }

    @Test(arguments: Transport.allCases)
    func `closing with undelivered messages ends at once`(_ transport: Transport) throws {
        // With the library's own default this test would not return.
        let directory = try TestDirectory()
        let context = try Context()
        let receiver = try Socket(context: context, kind: .pair)
        try receiver.bind(transport.address(in: directory))
        let sender = try Socket(context: context, kind: .pair)
        try sender.connect(try receiver.lastEndpoint)
        for _ in 0..<100 { _ = try sender.send([Frame(repeating: 1, count: 100_000)]) }
        context.terminate()
    }

    @Test func `a signal does not end a wait`() throws {
        signal(SIGUSR2) { _ in }
        let context = try Context()
        let receiver = try Socket(context: context, kind: .pair)
        try receiver.bind("inproc://signal")
        let thread = pthread_self()
        let loop = try SocketLoop.start(name: "signals", context: context, inboxCapacity: 1) {
            sockets in
            try Interrupter(thread: thread, sockets: &sockets)
        }
        #expect(try receiver.wait(for: .readable, atMost: patience))
        #expect(try receiver.receive() == ["after".frame])
        loop.join()
    }

    /// Sends a thread some signals, then a message to the socket it waits at.
    private struct Interrupter: SocketLoopHandler {
        let thread: pthread_t
        let sender: SocketHandle
        var turns = 0

        init(thread: pthread_t, sockets: inout LoopSockets) throws {
            self.thread = thread
            sender = try sockets.open(.pair) { (socket) throws(ZMQError) in
                try socket.connect("inproc://signal")
            }
        }

        mutating func receive(
            _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
        ) {}
        mutating func handle(_ command: Int, in sockets: inout LoopSockets) {}
        mutating func receiveFailed(
            _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
        ) {}
        mutating func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
            turns += 1
            guard turns > 10 else {
                pthread_kill(thread, SIGUSR2)
                return .wait(atMost: .milliseconds(5))
            }
            let outcome = try? sockets.send(["after".frame], on: sender)
            return outcome == .sent ? .stop : .wait(atMost: .milliseconds(1))
        }
        mutating func finish(in sockets: inout LoopSockets) {
            // Closing would discard what the other side has not read.
            try? sockets.withSocket(sender) { (socket) throws(ZMQError) in
                try socket.set(.linger, to: .seconds(10))
            }
        }
    }
}
