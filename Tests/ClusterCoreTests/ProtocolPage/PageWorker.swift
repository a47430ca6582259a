import SearchIndex
import TestSupport
import WireMessages
import WireProtocol

@testable import ClusterCore

/// A worker of the page, at the page's broker.
final class PageWorker {
    var node: WorkerNode
    let peer: PeerID
    private let page: PageBroker
    private let link = BrokerLink(position: 0)
    private var jobs: [WorkerJob] = []
    private var outbox: [WireMessage] = []
    private(set) var published: [[Frame]] = []

    init(_ page: PageBroker, _ settings: WorkerSettings) {
        self.page = page
        peer = page.newPeer(.worker)
        node = WorkerNode(settings: settings, now: page.now, random: SeededRandom(seed: 1))
    }

    /// Ends a turn of the worker; its messages wait to be taken.
    func endTurn() {
        node.endTurn(at: page.now)
        for action in node.takeActions() {
            switch action {
            case .send(let frames, _):
                if let message = try? WireMessage.decode(frames) { outbox.append(message) }
            case .run(let job): jobs.append(job)
            case .publish(let frames): published.append(frames)
            default: break
            }
        }
    }

    /// Takes its next message, which an example may show, and gives it to the broker.
    func say(_ command: Command, as name: String? = nil, endsTurn: Bool = true) throws {
        guard let place = outbox.firstIndex(where: { $0.header.command == command }) else {
            throw Page.Missing(name: "a \(command.name) of a worker")
        }
        let message = outbox.remove(at: place)
        if let name { page.record(name, message) }
        page.deliver(message.encoded(), from: peer, endsTurn: endsTurn)
    }

    /// Takes all that the broker has sent it.
    func hear() {
        for message in page.takeAll(to: peer) { hear(message) }
    }

    func hear(_ message: WireMessage) {
        node.receive(message.encoded(), on: link, at: page.now)
        endTurn()
    }

    /// Its jobs in hand that are not taken yet.
    func takeJobs() -> [WorkerJob] {
        defer { jobs = [] }
        return jobs
    }

    /// Ends a job after some microseconds of a thread.
    func finish(_ job: WorkerJob, _ outcome: JobOutcome, microseconds: Int) {
        node.finished(job.id, outcome, elapsed: .microseconds(microseconds), at: page.now)
    }

    /// Ends a search.
    func finish(
        _ job: WorkerJob, _ hits: [FoundHit], total: UInt64, documents: [FormedHit] = [],
        microseconds: Int
    ) {
        let covered: [UInt64] = [15_750, 15_751, 15_748, 15_751]
        let answer = ShardAnswer(
            hits: hits, total: TotalHits(count: total, isExact: true),
            coveredDocuments: covered[Int(job.shard.shard)],
            documents: documents)
        finish(job, .hits(answer), microseconds: microseconds)
    }
}

extension PageBroker {
    /// The worker w1, which serves two shards of four of the index `packages`; welcomed.
    func firstWorker() throws -> PageWorker {
        try joined(
            Self.worker("w1", pid: 812, incarnation: 7_007, [(0, 15_750), (2, 15_748)]),
            hello: "hello-worker", welcome: "welcome-worker")
    }

    /// The worker w2, which serves the other two.
    func secondWorker(slots: Int = 2) throws -> PageWorker {
        var settings = Self.worker(
            "w2", pid: 813, incarnation: 7_008, [(1, 15_751), (3, 15_751)])
        settings.slots = slots
        return try joined(settings)
    }

    /// The worker w1 of another cluster, whose index `notes` has one shard.
    func onlyWorker() throws -> PageWorker {
        var settings = Self.worker("w1", pid: 812, incarnation: 7_007, [(0, 15_750)])
        settings.indexes[0].name = "notes"
        settings.indexes[0].buildID = "77aa"
        settings.indexes[0].shardCount = 1
        settings.indexes[0].statistics.documents = 15_750
        return try joined(settings)
    }

    private func joined(
        _ settings: WorkerSettings, hello: String? = nil, welcome: String? = nil
    ) throws -> PageWorker {
        let worker = PageWorker(self, settings)
        worker.endTurn()
        if isJSON, let hello {
            try deliver(hello, from: worker.peer)
        } else {
            try worker.say(.hello, as: hello)
        }
        let message = try take(.welcome, to: worker.peer)
        if let welcome { record(welcome, message) }
        worker.hear(message)
        return worker
    }

    private static func worker(
        _ name: String, pid: UInt32, incarnation: UInt64,
        _ shards: [(number: UInt32, documents: UInt64)]
    ) -> WorkerSettings {
        var index = WireServedIndex()
        index.name = "packages"
        index.buildID = "5f0c"
        index.shardCount = 4
        index.schema = schema
        index.statistics.documents = 63_000
        var tokens = WireFieldStatistics()
        tokens.field = "summary"
        tokens.tokens = 410_000
        index.statistics.fields = [tokens]
        index.shards = shards.map { number, documents in
            var shard = WireServedShard()
            shard.shard = number
            shard.generation = 1
            shard.liveDocuments = documents
            return shard
        }
        return WorkerSettings(
            name: name, pool: "main", incarnation: incarnation, pid: pid, host: "node-a", slots: 2,
            indexes: [index], brokerCount: 1)
    }

    private static let schema = """
        {"fields":[{"name":"summary","kind":"text"},{"name":"name","kind":"keyword"},\
        {"name":"section","kind":"keyword","column":true},\
        {"name":"size","kind":"integer","column":true}]}
        """
}

extension FoundHit {
    /// A hit of the page.
    init(_ id: String, _ score: Float = 0, key: UInt64, values: [FieldValue?] = []) {
        self.init(
            RankedHit(score: score, orderKey: OrderKey(key), id: Array(id.utf8)[...]),
            values: values)
    }
}
