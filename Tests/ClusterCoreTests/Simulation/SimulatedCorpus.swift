import SearchIndex
import TestSupport
import WireProtocol

@testable import ClusterCore

/// A tiny corpus with a scoring of its own: what every answer of a simulation is compared with.
struct SimulatedCorpus {
    static let words = ["red", "green", "blue", "old", "new", "big"]
    static let documentCount = 60
    let shardCount: Int
    /// The words of each document; a document's number is its order key.
    let documents: [[String]]

    init(shardCount: Int, random: inout SeededRandom) {
        self.shardCount = shardCount
        documents = (0..<Self.documentCount).map { _ in
            (0..<Int.random(in: 1...5, using: &random)).map { _ in
                Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
            }
        }
    }

    func documentCount(ofShard shard: Int) -> UInt64 {
        UInt64(documents.indices.count { $0 % shardCount == shard })
    }

    func source(_ number: Int) -> [UInt8] {
        Array(#"{"id":"d\#(number)","text":"\#(documents[number].joined(separator: " "))"}"#.utf8)
    }

    /// The best hits of some shards.
    func search(
        _ query: Query, shards: some Collection<Int>, k: Int
    ) -> (hits: [RankedHit], total: UInt64) {
        var hits: [RankedHit] = []
        for number in documents.indices where shards.contains(number % shardCount) {
            guard let score = score(query, documents[number]) else { continue }
            hits.append(
                RankedHit(
                    score: score, orderKey: OrderKey(UInt64(number)),
                    id: Array("d\(number)".utf8)[...]))
        }
        hits.sort { $0.precedes($1) }
        return (Array(hits.prefix(k)), UInt64(hits.count))
    }

    /// All hits of some shards in the order of a strategy, found the slow way.
    func merged(
        _ query: Query, shards: [Int], by strategy: MergeStrategy
    ) -> (hits: [RankedHit], total: UInt64) {
        let all = search(query, shards: shards, k: .max)
        let lists = shards.sorted().map { search(query, shards: CollectionOfOne($0), k: .max).hits }
        let hits =
            switch strategy {
            case .scoreDescending, .reciprocalRankFusion: all.hits
            case .scoreAscending: all.hits.sorted { $0.precedesAscending($1) }
            case .nodeOrder: Array(lists.joined())
            case .roundRobin:
                all.hits.indices.flatMap { rank in
                    lists.compactMap { $0.indices.contains(rank) ? $0[rank] : nil }
                }
            }
        return (hits, all.total)
    }

    /// Nil if the document does not match.
    private func score(_ query: Query, _ words: [String]) -> Float? {
        switch query {
        case .term(let term):
            let count = words.count { Array($0.utf8) == term.term }
            return count == 0 ? nil : Float(count) * term.boost
        case .boolean(let query):
            let must = query.must.map { score($0, words) }
            guard !must.contains(nil), query.mustNot.allSatisfy({ score($0, words) == nil }) else {
                return nil
            }
            let should = query.should.compactMap { score($0, words) }
            guard !must.isEmpty || !should.isEmpty else { return nil }
            return must.reduce(0) { $0 + ($1 ?? 0) } + should.reduce(0, +)
        case .matchAll(let boost): return boost
        default: return nil
        }
    }

    /// Does a job as a search thread would.
    func run(_ job: WorkerJob) -> JobOutcome {
        switch job.kind {
        case .search(let search):
            let (all, total) = merged(
                search.query, shards: [Int(job.shard.shard)],
                by: search.lowest ? .scoreAscending : .scoreDescending)
            let hits = all.prefix(search.k)
            // As an engine does: what others have found better is not looked for.
            let floor = search.floor?.value ?? -.infinity
            let found = hits.filter { $0.score >= floor }
            if search.k > 0, found.count == search.k, let last = found.last {
                search.floor?.raise(to: last.score)
            }
            let wanted = search.documentsFrom.map { found.dropFirst($0) } ?? []
            return .hits(
                ShardAnswer(
                    hits: found.map { FoundHit($0) }, total: TotalHits(count: total, isExact: true),
                    coveredDocuments: documentCount(ofShard: Int(job.shard.shard)),
                    documents: wanted.map {
                        FormedHit(document: source(Int($0.orderKey.rawValue)))
                    }))
        case .likeTerms, .explain: return .failed(.unsupported, "not in this corpus")
        case .fetch(let fetch):
            return .documents(
                fetch.keys.map { FormedHit(document: source(Int($0.rawValue))) })
        }
    }

    var served: WireServedIndex {
        var index = WireServedIndex()
        index.name = "i"
        index.buildID = "b"
        index.shardCount = UInt32(shardCount)
        index.schema = #"{"fields":[{"name":"text","kind":"text"}]}"#
        index.statistics.documents = UInt64(documents.count)
        return index
    }
}
