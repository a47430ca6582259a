import TestSupport
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct SocketMessagesTests {
    @Test(arguments: Transport.allCases)
    func `multipart messages arrive whole and in order`(_ transport: Transport) throws {
        var random = SeededRandom.forTest("multipart messages over \(transport)")
        let directory = try TestDirectory()
        let context = try Context()
        let router = try Socket(context: context, kind: .router)
        try router.bind(transport.address(in: directory))
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect(try router.lastEndpoint)

        // Sizes around the library's own limits: 33 bytes in the message, 255 in a short header.
        let sizes = [0, 1, 32, 33, 34, 254, 255, 256, 8192, 70_000]
        for _ in 0..<50 {
            let frames = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                Frame(
                    repeating: .random(in: 0...255, using: &random),
                    count: sizes.randomElement(using: &random) ?? 0)
            }
            try deliver(frames, on: dealer)
            let received = try next(router)
            #expect(Array(received.dropFirst()) == frames)
            try deliver(received, on: router)
            #expect(try next(dealer) == frames)
        }
        #expect(try router.receive() == nil)
        #expect(try dealer.receive() == nil)
    }

    @Test func `a message needs a frame and a router's message two`() throws {
        let context = try Context()
        let dealer = try Socket(context: context, kind: .dealer)
        let none = try failure { () throws(ZMQError) in _ = try dealer.send([]) }
        #expect(none.code == .invalidArgument)
        let router = try Socket(context: context, kind: .router)
        let onlyPeer = try failure { () throws(ZMQError) in _ = try router.send(["peer".frame]) }
        #expect(onlyPeer.code == .invalidArgument)
        #expect("\(onlyPeer)".contains("2 frames"))
    }

    @Test func `a frame over the limit is refused before it is sent`() throws {
        let context = try Context()
        let receiver = try Socket(context: context, kind: .dealer)
        try receiver.bind("inproc://limit")
        let sender = try Socket(context: context, kind: .dealer)
        try sender.set(.maximumFrameBytes, to: 1000)
        try sender.connect("inproc://limit")
        let error = try failure { () throws(ZMQError) in
            _ = try sender.send(["head".frame, Frame(repeating: 1, count: 1001)])
        }
        #expect(error.code == .messageTooLarge)
        #expect("\(error)".contains("1001 bytes") && "\(error)".contains("1000 bytes"))
        // Nothing of the refused message was sent.
        try deliver([Frame(repeating: 2, count: 1000)], on: sender)
        #expect(try next(receiver) == [Frame(repeating: 2, count: 1000)])
    }

    @Test func `an oversized frame from a peer never arrives and others still do`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let router = try Socket(context: context, kind: .router)
        try router.set(.maximumFrameBytes, to: 1000)
        try router.bind(directory.endpoint())
        let careless = try Socket(context: context, kind: .dealer)
        try careless.connect(directory.endpoint())
        try deliver([Frame(repeating: 1, count: 5000)], on: careless)
        let careful = try Socket(context: context, kind: .dealer)
        try careful.connect(directory.endpoint())
        try deliver(["small".frame], on: careful)
        #expect(try next(router).last == "small".frame)
        #expect(try !router.wait(for: .readable, atMost: moment))
    }

    @Test(arguments: [
        (MessageLimits.frames, true), (MessageLimits.frames + 1, false), (5000, false),
    ])
    func `a message has at most 1024 frames`(_ count: Int, _ isAccepted: Bool) throws {
        let context = try Context()
        let receiver = try Socket(context: context, kind: .pair)
        try receiver.bind("inproc://frames")
        let sender = try Socket(context: context, kind: .pair)
        try sender.connect("inproc://frames")
        try deliver([Frame](repeating: [7], count: count), on: sender)
        try deliver(["next".frame], on: sender)
        _ = try receiver.wait(for: .readable, atMost: patience)
        if isAccepted {
            #expect(try receiver.receive()?.count == count)
        } else {
            let error = try failure { () throws(ZMQError) in _ = try receiver.receive() }
            #expect(error.code == .tooManyFrames)
            #expect(error.peer == nil)
        }
        #expect(try next(receiver) == ["next".frame])
    }

    @Test func `a router's refusal names the peer`() throws {
        let context = try Context()
        let router = try Socket(context: context, kind: .router)
        try router.bind("inproc://frames")
        let dealer = try Socket(context: context, kind: .dealer)
        try dealer.connect("inproc://frames")
        try deliver(["hello".frame], on: dealer)
        let peer = try #require(try next(router).first)
        try deliver([Frame](repeating: [], count: 2000), on: dealer)
        _ = try router.wait(for: .readable, atMost: patience)
        let error = try failure { () throws(ZMQError) in _ = try router.receive() }
        #expect(error.peer == peer)
    }

    @Test func `a message has at most 64 MiB`() throws {
        let context = try Context()
        let receiver = try Socket(context: context, kind: .pair)
        try receiver.bind("inproc://bytes")
        let sender = try Socket(context: context, kind: .pair)
        try sender.connect("inproc://bytes")
        let large = Frame(repeating: 9, count: MessageLimits.bytes / 4)
        try deliver([large, large, large, large], on: sender)
        #expect(try next(receiver).count == 4)
        try deliver([large, large, large, large, [1]], on: sender)
        try deliver(["next".frame], on: sender)
        _ = try receiver.wait(for: .readable, atMost: patience)
        let error = try failure { () throws(ZMQError) in _ = try receiver.receive() }
        #expect(error.code == .messageTooLarge)
        #expect(try next(receiver) == ["next".frame])
    }
}
