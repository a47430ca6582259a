import Testing
import ZeroMQ

/// How much a loop reads before it ends a turn.
@Suite(.timeLimit(.minutes(10)))
struct SocketLoopTurnTests {
    private let record = Record()

    @Test func `a flood is read in bounded turns`() throws {
        let context = try Context()
        let gate = Gate()
        let record = record
        let loop = try SocketLoop.start(name: "flood", context: context, inboxCapacity: 2) {
            sockets in
            _ = try sockets.open(.pair) { (socket) throws(ZMQError) in
                try socket.bind("inproc://flood")
            }
            return RecordingHandler(record: record, onCommand: { if $0 == 1 { gate.hold() } })
        }
        let sender = try Socket(context: context, kind: .pair)
        try sender.connect("inproc://flood")
        #expect(loop.inbox.post(1))
        try gate.waitUntilHeld()
        let turnsBefore = record.now.turns
        for _ in 0..<2560 { #expect(try sender.send([[1]]) == .sent) }
        gate.open()
        try eventually("all messages") { record.now.messages.count == 2560 }
        #expect(record.now.turns - turnsBefore >= 9)
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `a handler that has enough ends its turn, and the next begins with another socket`()
        throws
    {
        let context = try Context()
        let (gate, record) = (Gate(), record)
        let names = ["inproc://enough-1", "inproc://enough-2"]
        let loop = try SocketLoop.start(name: "enough", context: context, inboxCapacity: 2) {
            sockets in
            for name in names {
                _ = try sockets.open(.pair) { (socket) throws(ZMQError) in try socket.bind(name) }
            }
            return RecordingHandler(
                record: record, onCommand: { if $0 == 1 { gate.hold() } }, enough: 3)
        }
        let first = try Socket(context: context, kind: .pair)
        try first.connect(names[0])
        let second = try Socket(context: context, kind: .pair)
        try second.connect(names[1])
        #expect(loop.inbox.post(1))
        try gate.waitUntilHeld()
        let turnsBefore = record.now.turns
        for _ in 0..<30 {
            #expect(try first.send([[1]]) == .sent)
            #expect(try second.send([[2]]) == .sent)
        }
        gate.open()
        try eventually("all messages") { record.now.messages.count == 60 }
        let order = record.now.messages.map { $0[0][0] }
        #expect(order.prefix(12) == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
        #expect(record.now.turns - turnsBefore >= 20)
        #expect(loop.inbox.post(0))
        loop.join()
    }

    @Test func `two sockets that fill turns by turns do not keep a third from being read`() throws {
        let record = record
        let loop = try SocketLoop.start(name: "fill", context: Context(), inboxCapacity: 2) {
            sockets in
            var ends: [(SocketHandle, SocketHandle)] = []
            for name in ["inproc://fill-1", "inproc://fill-2", "inproc://fill-3"] {
                let reader = try sockets.open(.pair) { (socket) throws(ZMQError) in
                    try socket.bind(name)
                }
                let writer = try sockets.open(.pair) { (socket) throws(ZMQError) in
                    try socket.connect(name)
                }
                ends.append((reader, writer))
            }
            // One message each for the first and the third; whoever of the first two reads one writes
            // one for the other, which is empty until then.
            _ = try sockets.send([[1]], on: ends[0].1)
            _ = try sockets.send([[3]], on: ends[2].1)
            return FillingHandler(record: record, readers: ends.map(\.0), writers: ends.map(\.1))
        }
        loop.join()
        #expect(record.now.messages.prefix(3).contains([[3]]), "\(record.now.messages)")
        #expect(record.now.messages.count == FillingHandler.last)
    }
}
