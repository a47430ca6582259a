import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct PublisherTests {
    @Test(arguments: Transport.allCases)
    func `an xpublisher sees subscriptions and their end`(_ transport: Transport) throws {
        let directory = try TestDirectory()
        let context = try Context()
        let publisher = try Socket(context: context, kind: .xpublisher)
        try publisher.bind(transport.address(in: directory))
        let subscriber = try Socket(context: context, kind: .subscriber)
        try subscriber.connect(try publisher.lastEndpoint)
        try subscriber.subscribe("h.".frame)
        #expect(try next(publisher) == [[1] + "h.".frame])
        try deliver(["x.other".frame, "no".frame], on: publisher)
        try deliver(["h.worker".frame, "yes".frame], on: publisher)
        #expect(try next(subscriber) == ["h.worker".frame, "yes".frame])
        try subscriber.unsubscribe("h.".frame)
        #expect(try next(publisher) == [[0] + "h.".frame])
    }

    @Test func `a welcome message reaches a subscriber that came late`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let publisher = try Socket(context: context, kind: .xpublisher)
        try publisher.set(.welcomeMessage, to: "welcome".frame)
        try publisher.bind(directory.endpoint())
        try deliver(["missed".frame], on: publisher)
        let subscriber = try Socket(context: context, kind: .subscriber)
        try subscriber.subscribe([])
        try subscriber.connect(directory.endpoint())
        // A socket notices a new connection only in its own calls, as a loop makes them.
        #expect(try next(publisher) == [[1]])
        #expect(try next(subscriber) == ["welcome".frame])
    }

    @Test func `every subscription can be reported`() throws {
        let context = try Context()
        let publisher = try Socket(context: context, kind: .xpublisher)
        try publisher.set(.reportsEverySubscription, to: true)
        try publisher.bind("inproc://every")
        let first = try Socket(context: context, kind: .subscriber)
        try first.connect("inproc://every")
        try first.subscribe("t".frame)
        let second = try Socket(context: context, kind: .subscriber)
        try second.connect("inproc://every")
        try second.subscribe("t".frame)
        #expect(try next(publisher) == [[1] + "t".frame])
        #expect(try next(publisher) == [[1] + "t".frame])
    }

    @Test func `a publisher drops for a slow subscriber and never blocks`() throws {
        let directory = try TestDirectory()
        let context = try Context()
        let subscriber = try Socket(context: context, kind: .subscriber)
        try subscriber.set(.receiveHighWaterMark, to: 1)
        try subscriber.subscribe([])
        try subscriber.bind(directory.endpoint())
        let publisher = try Socket(context: context, kind: .xpublisher)
        try publisher.connect(directory.endpoint())
        // A socket notices a new connection only in its own calls, as a loop makes them.
        try eventually("the subscription") {
            _ = try subscriber.receive()
            _ = try publisher.wait(for: .readable, atMost: moment)
            return try publisher.receive() == [[1]]
        }
        let large = Frame(repeating: 1, count: 10_000)
        for number in 0..<1000 {
            #expect(try publisher.send([Frame("\(number)".utf8), large]) == .sent)
        }
        // Whole messages are dropped, never frames of one.
        #expect(try next(subscriber) == ["0".frame, large])
        #expect(try next(subscriber).count == 2)
    }
}
