import SearchIndex
import TestSupport
import WireProtocol

@testable import ClusterCore

/// A tiny index with a scoring of its own: what every answer of a simulation is compared with.
struct SimulatedCorpus {
    static let words = ["red", "green", "blue", "old", "new", "big"]
    static let schema = #"{"fields":[{"name":"text","kind":"text"}]}"#
    let name: String
    let shardCount: Int
    /// The words of each document; a document's number is its order key. Other indexes have documents
    /// of the same ids.
    let documents: [[String]]

    init(name: String, shardCount: Int, documentCount: Int, random: inout SeededRandom) {
        self.name = name
        self.shardCount = shardCount
        documents = (0..<documentCount).map { _ in
            (0..<Int.random(in: 1...5, using: &random)).map { _ in
                Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
            }
        }
    }

    func documentCount(ofShard shard: Int) -> UInt64 {
        UInt64(documents.indices.count { $0 % shardCount == shard })
    }

    func source(_ number: Int) -> [UInt8] {
        let text = documents[number].joined(separator: " ")
        return Array(#"{"id":"d\#(number)","in":"\#(name)","text":"\#(text)"}"#.utf8)
    }

    /// All hits of a shard, best first, or worst first.
    func search(_ query: Query, shard: Int, lowestFirst: Bool = false) -> [RankedHit] {
        let numbers = stride(from: shard, to: documents.count, by: shardCount)
        let hits = numbers.compactMap { number in
            score(query, documents[number]).map {
                RankedHit(
                    score: $0, orderKey: OrderKey(UInt64(number)),
                    id: Array("d\(number)".utf8)[...])
            }
        }
        return hits.sorted { lowestFirst ? $0.precedesAscending($1) : $0.precedes($1) }
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
            let all = self.search(
                search.query, shard: Int(job.shard.shard), lowestFirst: search.lowest)
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
                    hits: found.map { FoundHit($0) },
                    total: TotalHits(count: UInt64(all.count), isExact: true),
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
        index.name = name
        index.buildID = "b"
        index.shardCount = UInt32(shardCount)
        index.schema = Self.schema
        index.statistics.documents = UInt64(documents.count)
        return index
    }
}
