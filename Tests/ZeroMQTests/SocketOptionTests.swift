import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct SocketOptionTests {
    @Test(arguments: SocketKind.allCases)
    func `a new socket has safe settings`(_ kind: SocketKind) throws {
        let socket = try Socket(context: Context(), kind: kind)
        let publishes = kind == .publisher || kind == .xpublisher
        #expect(try socket.get(.sendHighWaterMark) == (publishes ? 100 : 10_000))
        #expect(try socket.get(.receiveHighWaterMark) == 10_000)
        #expect(try socket.get(.maximumFrameBytes) == 16 << 20)
        #expect(try socket.get(.linger) == .zero)
        #expect(try socket.get(.reconnectInterval) == .milliseconds(100))
        #expect(try socket.get(.reconnectIntervalMaximum) == .seconds(5))
        #expect(try socket.get(.handshakeInterval) == .seconds(5))
        #expect(try socket.get(.ipv6))
        #expect(try !socket.get(.immediate))
        #expect(try socket.lastEndpoint == "")
    }

    @Test func `tcp endpoints turn heartbeats on unless they are set`() throws {
        let context = try Context()
        let socket = try Socket(context: context, kind: .router)
        #expect(try socket.get(.heartbeatInterval) == .zero)
        try socket.bind("tcp://127.0.0.1:*")
        #expect(try socket.get(.heartbeatInterval) == .seconds(2))
        #expect(try socket.get(.heartbeatTimeout) == .seconds(6))
        #expect(try socket.get(.heartbeatTimeToLive) == .seconds(6))
        let slower = try Socket(context: context, kind: .router)
        try slower.set(.heartbeatInterval, to: .seconds(30))
        try slower.bind("tcp://127.0.0.1:*")
        #expect(try slower.get(.heartbeatInterval) == .seconds(30))
    }

    @Test func `options keep what they are set to`() throws {
        let socket = try Socket(context: Context(), kind: .dealer)
        try roundTrip(.sendHighWaterMark, [1, 77, 1_000_000], socket)
        try roundTrip(.receiveHighWaterMark, [1, 77, 1_000_000], socket)
        try roundTrip(.backlog, [1, 4096], socket)
        try roundTrip(.maximumFrameBytes, [276, 1 << 30], socket)
        try roundTrip(.linger, [.zero, .milliseconds(1), .seconds(30)], socket)
        try roundTrip(.reconnectInterval, [.milliseconds(1), .seconds(9)], socket)
        try roundTrip(.reconnectIntervalMaximum, [.zero, .seconds(9)], socket)
        try roundTrip(.handshakeInterval, [.milliseconds(1), .seconds(9)], socket)
        try roundTrip(.heartbeatInterval, [.zero, .milliseconds(500)], socket)
        try roundTrip(.heartbeatTimeout, [.zero, .milliseconds(1500)], socket)
        try roundTrip(.heartbeatTimeToLive, [.zero, .milliseconds(1500)], socket)
    }

    private func roundTrip<Value: Equatable>(
        _ option: SocketOption<Value>, _ values: [Value], _ socket: borrowing Socket
    ) throws {
        for value in values {
            try socket.set(option, to: value)
            #expect(try socket.get(option) == value)
        }
    }

    @Test func `part of a millisecond counts as a whole one`() throws {
        let socket = try Socket(context: Context(), kind: .dealer)
        try socket.set(.reconnectInterval, to: .microseconds(1001))
        #expect(try socket.get(.reconnectInterval) == .milliseconds(2))
    }

    @Test func `values that would remove a limit are refused`() throws {
        let socket = try Socket(context: Context(), kind: .dealer)
        try expectRefusal(.sendHighWaterMark, [0, -1, 1_000_001], socket)
        try expectRefusal(.receiveHighWaterMark, [0, -1], socket)
        try expectRefusal(.maximumFrameBytes, [-1, 0, 275, 1 << 30 + 1], socket)
        try expectRefusal(.linger, [.milliseconds(-1), .seconds(31)], socket)
        try expectRefusal(.handshakeInterval, [.zero], socket)
    }

    private func expectRefusal<Value>(
        _ option: SocketOption<Value>, _ values: [Value], _ socket: borrowing Socket
    ) throws {
        for value in values {
            let error = try failure { () throws(ZMQError) in try socket.set(option, to: value) }
            #expect(error.code == .invalidArgument)
            #expect("\(error)".contains("expected"))
        }
    }

    @Test func `an option of another kind of socket is refused`() throws {
        let socket = try Socket(context: Context(), kind: .dealer)
        let error = try failure { () throws(ZMQError) in
            try socket.set(.welcomeMessage, to: "hello".frame)
        }
        #expect(error.code == .invalidArgument)
        #expect("\(error)".contains("welcome message") && "\(error)".contains("dealer"))
        let subscribing = try failure { () throws(ZMQError) in try socket.subscribe([]) }
        #expect(subscribing.code == .invalidArgument)
    }
}
