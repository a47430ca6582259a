import ClusterCore
import WireMessages
import WireProtocol

/// What `bench broker` submits.
struct BrokerLoad: Sendable {
    let index: MadeUpIndex
    let clients: Int
    /// Items of one SUBMIT.
    let batch: Int
    /// SUBMITs of one client that are under way.
    let inFlight: Int

    /// Different queries; they come round again.
    static let queries = 1_000
}

/// One client of `bench broker` as a pure state machine: it submits, checks every answer and takes
/// the times, at less cost than the real client, which would be the slowest part of the bench.
struct LoadClient {
    /// A SUBMIT that is not answered in full. A reference, looked up once for an answer.
    private final class Submission {
        let sentAt: MonotonicInstant
        var isOpen: [Bool]
        var openCount: Int

        init(of items: Int, sentAt: MonotonicInstant) {
            self.sentAt = sentAt
            isOpen = Array(repeating: true, count: items)
            openCount = items
        }
    }

    private static let window: UInt32 = 1_024

    private let load: BrokerLoad
    private let settings: Frame
    private let queries: [Frame]
    private let expectedHits: Frame
    private var connection: BrokerConnection
    private var session: UInt64 = 0
    private var lastRequest: UInt64 = 0
    private var submissions: [UInt64: Submission] = [:]
    private var consumed: UInt32 = 0

    /// What was measured since it was last taken.
    var tally = LoadTally()

    init(_ load: BrokerLoad, now: MonotonicInstant) throws {
        self.load = load
        connection = BrokerConnection(now: now)
        expectedHits = try load.index.expectedHits()
        var submit = WireSubmit()
        submit.indexes = [load.index.name]
        submit.limit = UInt32(MadeUpIndex.hitsOfAShard)
        submit.documents = .none
        // As the Swift client does.
        submit.withoutDone = true
        submit.resultsTogether = true
        submit.itemsTogether = true
        settings = try WireCodec.protobuf.encode(submit)
        queries = try (0..<BrokerLoad.queries).map { number in
            var item = WireItem()
            item.text = "word\(number)"
            return try WireCodec.protobuf.encode(item)
        }
    }

    /// Whether another SUBMIT may be sent now.
    var hasRoom: Bool { connection.isJoined && submissions.count < load.inFlight }

    var nextDeadline: MonotonicInstant { connection.nextDeadline }

    /// A SUBMIT of the usual number of items, or of fewer.
    mutating func submit(_ items: Int, at now: MonotonicInstant) -> [Frame] {
        lastRequest += 1
        submissions[lastRequest] = Submission(of: items, sentAt: now)
        let first = Int(lastRequest) * load.batch
        var body = ProtobufWriter(capacity: 0)
        for number in first..<first + items {
            let query = queries[number % queries.count]
            body.append(1, present: query)
            tally.itemsBytes += query.count
        }
        let message = WireMessage(
            Header(.submit, id: lastRequest, epoch: session, budgetMilliseconds: 30_000),
            frames: [settings, body.frame])
        tally.bytesSent += message.byteCount
        connection.sent(at: now)
        return message.encoded()
    }

    /// What else is to be sent now: HELLO, PING, CREDIT.
    mutating func messages(at now: MonotonicInstant) throws -> [[Frame]] {
        var messages: [WireMessage] = []
        var generator = SystemRandomNumberGenerator()
        switch connection.step(at: now, using: &generator) {
        case .sendHello: messages.append(try hello())
        case .sendPing:
            messages.append(try WireMessage(Header(.ping, epoch: session), meta: WirePing()))
        case .reconnect: throw CommandFailure(.unavailable, "the broker is silent")
        case nil: break
        }
        if consumed >= Self.window / 2 {
            var credit = WireCredit()
            credit.results = consumed
            consumed = 0
            messages.append(try WireMessage(Header(.credit, epoch: session), meta: credit))
            tally.bytesSent += messages.last?.byteCount ?? 0
            connection.sent(at: now)
        }
        return messages.map { $0.encoded() }
    }

    private mutating func hello() throws -> WireMessage {
        session = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
        var hello = WireHello()
        hello.role = .client
        hello.name = "bench"
        hello.versions.min = UInt32(Header.version)
        hello.versions.max = UInt32(Header.version)
        hello.resultWindow = Self.window
        return try WireMessage(Header(.hello, epoch: session), meta: hello)
    }

    /// A message could not be sent: before the session that is no matter, it is sent again.
    mutating func sendBlocked(at now: MonotonicInstant) throws {
        guard submissions.isEmpty else {
            throw CommandFailure(.unavailable, "the broker does not take messages any more")
        }
        connection.blocked(at: now)
    }

    /// Takes a message of the broker.
    ///
    /// - Throws: for anything but the right answers to what was asked.
    mutating func receive(_ frames: [Frame], at now: MonotonicInstant) throws {
        let message = try WireMessage.decode(frames)
        connection.heard(at: now)
        switch message.header.command {
        case .welcome:
            let welcome: WireWelcome = try message.meta()
            connection.welcomed(epoch: welcome.epoch, pingMilliseconds: welcome.pingMs)
        case .results: try answered(message, now)
        case .accepted: tally.bytesReceived += message.byteCount
        case .pong: break
        case .failed:
            let failed: WireFailed = try message.meta()
            throw CommandFailure(.unavailable, "\(failed.code.name): \(failed.message)")
        default:
            throw CommandFailure(.partial, "the broker sent \(message.header.command.name)")
        }
    }

    private mutating func answered(_ message: WireMessage, _ now: MonotonicInstant) throws {
        tally.bytesReceived += message.byteCount
        var answers = ProtobufReader(message.frames.first ?? [])
        while !answers.isAtEnd {
            guard let answer = answers.nextInList().flatMap(Answer.init) else {
                let results: WireResults = try message.meta()
                throw CommandFailure(.partial, "an answer has more than was asked: \(results)")
            }
            try answered(answer, now)
        }
    }

    private mutating func answered(_ answer: Answer, _ now: MonotonicInstant) throws {
        let item = Int(answer.index)
        guard let submission = submissions[answer.request],
            submission.isOpen.indices.contains(item), submission.isOpen[item]
        else { throw CommandFailure(.partial, "an answer is to nothing that is open") }
        try check(answer)
        consumed += 1
        tally.add(answer, after: submission.sentAt.duration(to: now))
        submission.isOpen[item] = false
        submission.openCount -= 1
        if submission.openCount == 0 { submissions[answer.request] = nil }
    }

    /// The hits of every answer are compared; coverage and total of the first item of each SUBMIT.
    private func check(_ answer: Answer) throws {
        guard answer.hits == expectedHits[...] else {
            let hits = try WireCodec.protobuf.decode(WireHits.self, from: Frame(answer.hits))
            throw CommandFailure(.partial, "a wrong answer: \(hits)")
        }
        guard answer.index == 0 else { return }
        let meta = try WireCodec.protobuf.decode(WireResultMeta.self, from: Frame(answer.meta))
        let shards = UInt32(load.index.shards)
        guard meta.coverage.shards == shards, meta.coverage.ok == shards,
            meta.totalHits == UInt64(shards) * UInt64(MadeUpIndex.hitsOfAShard)
        else { throw CommandFailure(.partial, "a wrong coverage or total: \(meta)") }
    }
}

extension LoadClient {
    /// An answer of RESULTS, its meta and hits as they came.
    struct Answer {
        private(set) var request: UInt64 = 0
        private(set) var index: UInt32 = 0
        private(set) var meta: ArraySlice<UInt8> = []
        private(set) var hits: ArraySlice<UInt8> = []

        /// Nil for a message with anything else.
        init?(_ reader: ProtobufReader) {
            var reader = reader
            while let field = reader.nextField() {
                switch field {
                case 1: request = reader.number() ?? 0
                case 2: index = reader.number32() ?? 0
                case 3: meta = reader.octets() ?? []
                case 4: hits = reader.octets() ?? []
                default: return nil
                }
            }
            guard reader.isAtEnd else { return nil }
        }
    }
}

/// Times and bytes of answered items.
struct LoadTally: Sendable {
    /// From sending the SUBMIT to receiving the answer, in microseconds.
    private(set) var times: [Double] = []
    /// Of whole messages.
    var bytesSent = 0
    var bytesReceived = 0
    /// Of the items alone.
    var itemsBytes = 0
    /// Of the metas of the answers, and of their hits.
    private(set) var metaBytes = 0
    private(set) var hitsBytes = 0

    mutating func add(_ answer: LoadClient.Answer, after time: Duration) {
        times.append(time / .microseconds(1))
        metaBytes += answer.meta.count
        hitsBytes += answer.hits.count
    }

    mutating func add(_ other: LoadTally) {
        times += other.times
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        itemsBytes += other.itemsBytes
        metaBytes += other.metaBytes
        hitsBytes += other.hitsBytes
    }
}
