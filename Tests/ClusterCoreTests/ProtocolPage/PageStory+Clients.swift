import SearchIndex
import WireMessages
import WireProtocol

@testable import ClusterCore

extension PageStory {
    /// What a client is answered, and what workers do for it.
    static let clientStories = [
        PageStory("a session, and two queries of which one is answered", session),
        PageStory("answers that come together", together),
        PageStory("a SUBMIT that is too much", busy),
    ]

    @Sendable private static func session(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let workers = [try page.firstWorker(), try page.secondWorker()]
        try page.recordEvent("event-broker")
        let client = try page.client()
        try page.deliver("ping", from: client)
        try page.record("pong", .pong, to: client)
        let stranger = page.newPeer(.client)
        try page.deliver("ping", from: stranger)
        try page.record("unknown-peer", .unknownPeer, to: stranger)

        page.numbers(after: 898)
        try page.deliver("submit", from: client)
        page.pause(.milliseconds(2))
        try page.record("accepted", .accepted, to: client)
        try search(page, workers)
        try fetch(page, workers)
        try page.record("result", .result, to: client)

        // The second item's third shard loses its only worker.
        page.broker.sendFailed(to: workers[0].peer, blocked: false, at: page.now)
        page.pause(.milliseconds(1_800))
        try page.record("failed", .failed, to: client)
        try page.record("done", .done, to: client)
        try page.deliver("status", from: client)
        try page.record("status-reply", .statusReply, to: client)
        return page.sent
    }

    /// Both workers search for both items, as far as their windows reach, then all but one shard's.
    private static func search(_ page: PageBroker, _ workers: [PageWorker]) throws {
        workers[0].hear(try page.record("call", .call, to: workers[0].peer))
        workers[1].hear()
        page.pause(.microseconds(900))
        let first = workers[0].takeJobs()
        workers[0].finish(
            first[0], [FoundHit("rabbitmq-server", 10.25, key: 51_003)], total: 60,
            microseconds: 310)
        workers[0].finish(
            first[1], [FoundHit("libczmq4", 9, key: 812)], total: 50, microseconds: 280)
        workers[0].finish(first[2], [], total: 0, microseconds: 95)
        workers[0].endTurn()
        try workers[0].say(.reply, as: "reply")
        let second = workers[1].takeJobs()
        workers[1].finish(second[0], [], total: 41, microseconds: 210)
        workers[1].finish(
            second[1], [FoundHit("libzmq5", 11.5, key: 20_417)], total: 30, microseconds: 305)
        workers[1].finish(second[2], [], total: 0, microseconds: 80)
        workers[1].endTurn()
        try workers[1].say(.reply)
    }

    /// The documents of the first item; then the second item's last shard of the second worker.
    private static func fetch(_ page: PageBroker, _ workers: [PageWorker]) throws {
        workers[0].hear(try page.record("fetch", .fetch, to: workers[0].peer))
        for job in workers[0].takeJobs() {
            let document = #"{"id":"rabbitmq-server","summary":"AMQP server"}"#
            workers[0].finish(
                job, .documents([FormedHit(document: Array(document.utf8))]), microseconds: 40)
        }
        workers[0].endTurn()
        workers[1].hear()
        for job in workers[1].takeJobs() {
            guard case .fetch = job.kind else {
                workers[1].finish(job, [], total: 0, microseconds: 75)
                continue
            }
            let document = #"{"id":"libzmq5","summary":"message queue library"}"#
            workers[1].finish(
                job, .documents([FormedHit(document: Array(document.utf8))]), microseconds: 45)
        }
        workers[1].endTurn()
        page.pause(.microseconds(400))
        try workers[0].say(.fetched, as: "fetched")
        try workers[1].say(.fetched)
        try workers[1].say(.reply)
    }

    @Sendable private static func together(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let workers = [try page.firstWorker(), try page.secondWorker(slots: 8)]
        let client = try page.client()
        try page.deliver("submit-together", from: client)
        workers[1].hear()
        page.pause(.microseconds(940))
        // The first worker has room for three tasks at a time, the second one for all of them.
        for _ in 0..<2 {
            workers[0].hear()
            for job in workers[0].takeJobs() where !job.asks("zeromq") {
                let hits =
                    job.shard.shard == 0 && job.asks("queue")
                    ? [FoundHit("rabbitmq-server", 10.25, key: 51_003)] : []
                let total: UInt64 = job.asks("queue") ? 55 : 0
                workers[0].finish(job, hits, total: total, microseconds: 100)
            }
            workers[0].endTurn()
            try workers[0].say(.reply)
        }
        for job in workers[1].takeJobs() where !job.asks("zeromq") {
            let hits =
                job.shard.shard == 3 && job.asks("queue")
                ? [FoundHit("libzmq5", 11.5, key: 20_417)] : []
            let total: UInt64 = job.asks("queue") ? job.shard.shard == 3 ? 30 : 41 : 0
            workers[1].finish(job, hits, total: total, microseconds: 100)
        }
        workers[1].endTurn()
        try workers[1].say(.reply)
        try page.record("results", .results, to: client)
        return page.sent
    }

    @Sendable private static func busy(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let client = try page.client()
        for (request, count) in [1_000, 1_000, 1_000, 1_000, 96].enumerated() {
            var item = WireItem()
            item.text = "queue"
            let items = Array(repeating: WireCodec.protobuf.encodeOwn(item), count: count)
            let header = Header(.submit, id: UInt64(100 + request), epoch: Page.session)
            let meta = WireCodec.protobuf.encodeOwn(WireSubmit())
            page.deliver(
                WireMessage(header, frames: [meta] + items).encoded(), from: client)
        }
        var message = try Page.message("submit", isJSON: isJSON)
        message.header.id = 2
        page.deliver(message.encoded(), from: client)
        try page.record("failed-busy", .failed, to: client)
        return page.sent
    }
}

extension WorkerJob {
    /// Whether it searches for one word.
    fileprivate func asks(_ word: String) -> Bool {
        guard case .search(let search) = kind, case .term(let term) = search.query else {
            return false
        }
        return term.term == Array(word.utf8)
    }
}
