import SearchIndex
import WireMessages
import WireProtocol

@testable import ClusterCore

extension PageStory {
    /// What brokers and workers say to each other for searches of other kinds, and besides.
    static let workerStories = [
        PageStory("a sorted search with fragments", sorted),
        PageStory("an explanation, and the terms of a document", kinds),
        PageStory("a trace, and documents that come with the hits", oneShard),
        PageStory("tasks that are cancelled, and a worker that leaves", leaving),
    ]

    @Sendable private static func sorted(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let (worker, other) = (try page.firstWorker(), try page.secondWorker())
        let client = try page.client()
        page.numbers(after: 949)
        try page.deliver("submit-sorted", from: client)
        worker.hear(try page.record("call-sorted", .call, to: worker.peer))
        other.hear()
        page.pause(.milliseconds(250))
        worker.endTurn()
        try worker.say(.ping, as: "ping-worker")
        if isJSON { try page.deliver("ping-worker", from: worker.peer) }
        try page.record("pong-worker", .pong, to: worker.peer)
        page.recordPublished("health", worker.published[worker.published.count - 1])
        if isJSON { try page.record("pong-worker", .pong, to: worker.peer) }

        let jobs = worker.takeJobs()
        worker.finish(
            jobs[0], [FoundHit("python3-zmq", key: 51_003, values: [nil, .integer(12)])], total: 60,
            microseconds: 390)
        worker.finish(
            jobs[1],
            [FoundHit("libczmq4", key: 812, values: [.text(Array("net".utf8)), .integer(-7)])],
            total: 50, microseconds: 410)
        worker.endTurn()
        try worker.say(.reply, as: "reply-sorted")
        for job in other.takeJobs() { other.finish(job, [], total: 35, microseconds: 300) }
        other.endTurn()
        try other.say(.reply)
        worker.hear(try page.record("fetch-fragments", .fetch, to: worker.peer))
        try sendFragments(worker, page)
        try page.record("result-sorted", .result, to: client)
        return page.sent
    }

    private static func sendFragments(_ worker: PageWorker, _ page: PageBroker) throws {
        for job in worker.takeJobs() {
            let isFirst = job.shard.shard == 2
            let name = isFirst ? "libczmq4" : "python3-zmq"
            let snippets =
                isFirst
                ? [FieldSnippets(field: "summary", fragments: ["message <em>queue</em>"])] : []
            let formed = FormedHit(
                document: Array(#"{"name":"\#(name)"}"#.utf8), snippets: snippets)
            worker.finish(job, .documents([formed]), microseconds: 60)
        }
        worker.endTurn()
        page.pause(.microseconds(500))
        try worker.say(.fetched, as: "fetched-fragments")
    }

    @Sendable private static func kinds(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let workers = [try page.firstWorker(), try page.secondWorker()]
        let client = try page.client()
        page.numbers(after: 969)
        try page.deliver("submit-explain", from: client)
        // The first worker serves the shard that has the document.
        let worker = workers[0]
        worker.hear(try page.record("call-kinds", .call, to: worker.peer))
        page.pause(.microseconds(610))
        let jobs = worker.takeJobs()
        worker.finish(jobs[0], .explanation(explanation), microseconds: 230)
        let term = LikeTerm(
            field: "summary", fieldOrder: 0, term: Array("queue".utf8), weight: 6.5)
        worker.finish(jobs[1], .likeTerms([[term]]), microseconds: 120)
        worker.endTurn()
        try worker.say(.reply, as: "reply-kinds")
        try page.record("result-explained", .result, to: client)
        return page.sent
    }

    private static let explanation = Explanation(
        .score(1.5), "term summary:queue: weight * frequency / (frequency + norm)",
        [Explanation(.count(2), "frequency, occurrences in the document")])

    @Sendable private static func oneShard(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let worker = try page.onlyWorker()
        let client = try page.client()
        page.numbers(after: 978)
        try page.deliver("submit-traced", from: client)
        worker.hear(try page.record("call-traced", .call, to: worker.peer))
        page.pause(.microseconds(860))
        for job in worker.takeJobs() {
            worker.finish(job, [], total: 0, microseconds: 600)
        }
        worker.endTurn()
        try worker.say(.reply)
        try page.record("result-traced", .result, to: client)

        page.numbers(after: 989)
        var submit = try Page.message("submit", isJSON: false)
        submit.header.id = 9
        var settings: WireSubmit = try submit.meta()
        settings.indexes = ["notes"]
        submit.frames[0] = WireCodec.protobuf.encodeOwn(settings)
        submit.frames.removeLast()
        page.deliver(submit.encoded(), from: client)
        worker.hear(try page.record("call-documents", .call, to: worker.peer))
        let documents = ["libzmq5", "python3-zmq"].map { #"{"id":"\#($0)"}"# }
        for job in worker.takeJobs() {
            worker.finish(
                job,
                [
                    FoundHit("libzmq5", 11.5, key: 20_417),
                    FoundHit("python3-zmq", 10.25, key: 51_003),
                ],
                total: 181, documents: documents.map { FormedHit(document: Array($0.utf8)) },
                microseconds: 310)
        }
        worker.endTurn()
        try worker.say(.reply, as: "reply-documents")
        return page.sent
    }

    @Sendable private static func leaving(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        // A broker that has just started waits for supervisors.
        page.pause(.seconds(3))
        let worker = try page.firstWorker()
        let client = try page.client()
        page.numbers(after: 898)
        try page.deliver("submit", from: client)
        worker.hear()
        try page.deliver("cancel", from: client)
        worker.hear(try page.record("cancel-worker", .cancel, to: worker.peer))
        for job in worker.takeJobs() {
            let failure = ItemFailure(SearchError.cancelled)
            worker.finish(job, .failed(failure.code, failure.message), microseconds: 50)
        }
        worker.endTurn()
        try worker.say(.callFailed, as: "call-failed")
        try page.deliver("admin-drain", from: client)
        worker.hear(try page.record("drain-order", .drain, to: worker.peer))
        try worker.say(.drain, as: "drain")
        try worker.say(.goodbye, as: "goodbye-worker")
        return page.sent
    }
}
