import SearchIndex
import Testing
import WireProtocol

@testable import ClusterCore

/// more_like_this: first its terms are asked of the shards that know them, then a plain query.
struct BrokerLikeTests {
    private static let home = ShardNumber.shard(ofID: Array("doc".utf8), shardCount: 3).rawValue

    /// A broker with one worker a shard of three, and a client.
    private func bench() -> (bench: BrokerHarness, workers: [PeerID], client: PeerID) {
        let bench = BrokerHarness()
        let workers = (0..<3).map { bench.worker("w\($0)", of: 3, shards: [$0]) }
        return (bench, workers, bench.client())
    }

    private func submit(_ query: Query, _ bench: BrokerHarness, _ client: PeerID) {
        var settings = WireSubmit()
        settings.documents = .none
        var item = WireItem()
        item.query = query.wire
        let header = Header(.submit, id: 1, epoch: 7)
        bench.deliver(header, settings, body: [header.codec.encodeOwn(item)], from: client)
    }

    private static func terms(_ terms: [(term: String, weight: Float)]?) -> WireLikeTerms {
        var wire = WireLikeTerms()
        wire.isAbsent = terms == nil
        wire.terms = (terms ?? []).map {
            LikeTerm(field: "text", fieldOrder: 0, term: Array($0.term.utf8), weight: $0.weight)
                .wire
        }
        return wire
    }

    private static let likeDocument = Query.moreLikeThis(
        MoreLikeThisQuery(like: .document(id: Array("doc".utf8))))

    @Test func `the shard of the document is asked for its terms, then every shard for hits`()
        throws
    {
        let (bench, workers, client) = bench()
        submit(Self.likeDocument, bench, client)
        for (number, worker) in workers.enumerated() where number != Int(Self.home) {
            #expect(try bench.tasks(worker).isEmpty)
        }
        let owner = workers[Int(Self.home)]
        let first = try #require(try bench.tasks(owner).first)
        #expect(first.task.kind == .likeTerms)
        bench.reply([first.number], from: owner) {
            $0.likeTerms = [Self.terms([("b", 2), ("a", 3)])]
        }
        for (number, worker) in workers.enumerated() {
            let task = try #require(try bench.tasks(worker).first)
            #expect(task.task.kind == .search)
            let query = try Query(wire: task.query)
            let expected = ["a", "b"].map {
                Query.term(TermQuery(field: "text", term: Array($0.utf8)))
            }
            #expect(query == .boolean(BooleanQuery(should: expected)))
            bench.reply(
                [task.number], [TestHit(id: "d\(number)", key: UInt64(number))], from: worker)
        }
        let result: WireHits = try #require(bench.take(client, .result).first).body(0)
        #expect(result.hits.map(\.id) == ["d0", "d1", "d2"])
        #expect(bench.isEmpty)
    }

    @Test func `the terms of a text are those of all shards, each once, the best first`() throws {
        let (bench, workers, client) = bench()
        var like = MoreLikeThisQuery(like: .text(Array("a b c d".utf8)))
        like.maximumQueryTerms = 3
        submit(.constantScore(ConstantScoreQuery(query: .moreLikeThis(like))), bench, client)
        let answers: [[(term: String, weight: Float)]] = [
            [("a", 4), ("b", 1)], [("c", 2), ("b", 1)], [("d", 3), ("a", 4)],
        ]
        for (worker, answer) in zip(workers, answers) {
            let task = try #require(try bench.tasks(worker).first)
            bench.reply([task.number], from: worker) { $0.likeTerms = [Self.terms(answer)] }
        }
        let task = try #require(try bench.tasks(workers[1]).first)
        let query = try Query(wire: task.query)
        let expected = ["a", "d", "c"].map {
            Query.term(TermQuery(field: "text", term: Array($0.utf8)))
        }
        #expect(
            query
                == .constantScore(
                    ConstantScoreQuery(query: .boolean(BooleanQuery(should: expected)))))
        bench.cancel(1, from: client)
        #expect(try bench.failures(client).map(\.code) == [.cancelled])
    }

    @Test func `a document that its shard does not have is NOT_FOUND`() throws {
        let (bench, workers, client) = bench()
        submit(Self.likeDocument, bench, client)
        let worker = workers[Int(Self.home)]
        bench.reply([try #require(try bench.tasks(worker).first).number], from: worker) {
            $0.likeTerms = [Self.terms(nil)]
        }
        let failure = try #require(try bench.failures(client).first)
        #expect(failure.code == .notFound && failure.message.contains("\"doc\""))
        #expect(bench.isEmpty)
    }

    @Test(arguments: [0, 2])
    func `terms of another number of nodes fail the item`(count: Int) throws {
        let (bench, workers, client) = bench()
        submit(Self.likeDocument, bench, client)
        let worker = workers[Int(Self.home)]
        bench.reply([try #require(try bench.tasks(worker).first).number], from: worker) {
            $0.likeTerms = Array(repeating: Self.terms([]), count: count)
        }
        #expect(try bench.failures(client).map(\.code) == [.internal])
        #expect(bench.isEmpty)
    }

    @Test func `a worker lost before it named the terms is replaced`() throws {
        let (bench, workers, client) = bench()
        let spare = bench.worker("spare", of: 3, shards: [Self.home])
        submit(Self.likeDocument, bench, client)
        let asked = try [workers[Int(Self.home)], spare].first {
            try !bench.tasks($0).isEmpty
        }
        let lost = try #require(asked)
        bench.unreachable(lost)
        let other = lost == spare ? workers[Int(Self.home)] : spare
        let task = try #require(try bench.tasks(other).first)
        #expect(task.task.kind == .likeTerms)
        bench.reply([task.number], from: other) { $0.likeTerms = [Self.terms([])] }
        for worker in Set(workers + [spare]) where worker != lost {
            let tasks = try bench.tasks(worker)
            for task in tasks {
                #expect(task.task.kind == .search)
                #expect(try Query(wire: task.query) == .matchNone)
            }
            bench.reply(tasks.map(\.number), from: worker)
        }
        #expect(try bench.done(client).map(\.completed) == [1])
        #expect(bench.isEmpty)
    }

    @Test func `an explanation is asked of the document's shard alone`() throws {
        let (bench, workers, client) = bench()
        var item = WireItem()
        item.text = "a"
        item.explain = "doc"
        let header = Header(.submit, id: 1, epoch: 7)
        bench.deliver(
            header, WireSubmit(), body: [header.codec.encodeOwn(item)], from: client)
        for (number, worker) in workers.enumerated() where number != Int(Self.home) {
            #expect(try bench.tasks(worker).isEmpty)
        }
        let worker = workers[Int(Self.home)]
        let task = try #require(try bench.tasks(worker).first)
        #expect((task.task.kind, task.task.options.documentID) == (.explain, "doc"))
        let explanation = Explanation(.score(1.5), "why", [Explanation(.count(7), "N")])
        bench.reply([task.number], from: worker) { $0.explanation = explanation.wire }
        let meta: WireResultMeta = try #require(bench.take(client, .result).first).meta()
        #expect(Explanation(wire: meta.explanation) == explanation)
        #expect(bench.isEmpty)
    }
}
