import TestSupport
import Testing

@testable import SearchIndex

/// What each strategy makes of the lists of shards, and the lists of lowest scores.
@Suite(.timeLimit(.minutes(5)))
struct MergeStrategyTests {
    private typealias List = ShardList<RankedHit>

    private func hits(_ ids: String) -> [RankedHit] {
        ids.enumerated().map { rank, id in
            RankedHit(
                score: Float(100 - rank), orderKey: OrderKey(UInt64(id.asciiValue ?? 0)),
                id: Array("\(id)".utf8)[...])
        }
    }

    private func merged(
        _ lists: [List], by strategy: MergeStrategy, offset: Int = 0, limit: Int = 100
    ) -> [MergedHit] {
        HitMerger.merge(
            lists, by: strategy, offset: offset, limit: limit, id: \.id
        ) { strategy == .scoreAscending ? $0.precedesAscending($1) : $0.precedes($1) }
    }

    private func ids(_ merged: [MergedHit], _ lists: [List]) -> String {
        merged.map { String(decoding: lists[$0.source].hits[$0.index].id, as: UTF8.self) }.joined()
    }

    @Test func `node order is one shard after the other, offset and limit in the whole`() {
        let lists = ["abc", "", "de", "fgh"].map { List(hits: hits($0), index: 0) }
        #expect(ids(merged(lists, by: .nodeOrder), lists) == "abcdefgh")
        #expect(ids(merged(lists, by: .nodeOrder, offset: 2, limit: 4), lists) == "cdef")
        #expect(merged(lists, by: .nodeOrder, offset: 8).isEmpty)
    }

    @Test func `round robin takes one of each shard in turn, as long as it has any`() {
        let lists = ["abc", "", "de", "fghi"].map { List(hits: hits($0), index: 0) }
        #expect(ids(merged(lists, by: .roundRobin), lists) == "adfbegchi")
        #expect(ids(merged(lists, by: .roundRobin, offset: 1, limit: 3), lists) == "dfb")
    }

    @Test func `pages of every strategy, one behind the other, are the whole list`() {
        var random = SeededRandom.forTest("pages of strategies")
        for strategy in MergeStrategy.allCases {
            for _ in 0..<50 {
                let lists = (0..<Int.random(in: 0...5, using: &random)).map { number in
                    let count = Int.random(in: 0...9, using: &random)
                    let hits = (0..<count).map { _ in
                        let key = UInt64.random(in: 0...20, using: &random)
                        return RankedHit(
                            score: Float(Int.random(in: 0...3, using: &random)),
                            orderKey: OrderKey(key), id: Array("\(number)-\(key)".utf8)[...])
                    }
                    let isAscending = strategy == .scoreAscending
                    return List(
                        hits: hits.sorted {
                            isAscending ? $0.precedesAscending($1) : $0.precedes($1)
                        }, index: number / 2)
                }
                let whole = merged(lists, by: strategy)
                let size = Int.random(in: 1...4, using: &random)
                let pages = stride(from: 0, to: whole.count, by: size).flatMap {
                    merged(lists, by: strategy, offset: $0, limit: size)
                }
                #expect(pages == whole)
                #expect(Set(whole).count == whole.count)
            }
        }
    }

    @Test func `fusion adds up the ranks of an id over the indexes, not over the shards of one`() {
        // Index 0 in two shards: a 1, c 2, b 3, d 4 by score; index 1: b 1, e 2, a 3.
        let shards = [hits("ab"), hits("cd")]
        let lowered = shards[1].map {
            RankedHit(score: $0.score - 0.5, orderKey: $0.orderKey, id: $0.id)
        }
        let lists = [
            List(hits: shards[0], index: 0), List(hits: lowered, index: 0),
            List(hits: hits("bea"), index: 1),
        ]
        let fused = merged(lists, by: .reciprocalRankFusion)
        #expect(ids(fused, lists) == "abced")
        let scores = fused.compactMap(\.fusedScore)
        #expect(scores[0] == 1 / Float(61) + 1 / Float(63))
        #expect(scores[1] == 1 / Float(63) + 1 / Float(61))
        #expect(scores[2] == 1 / Float(62) && scores[3] == 1 / Float(62))
        // The hit is that of the first index which has the document.
        #expect(fused[1].source == 0)
    }

    @Test func `fusion is the same for any number of shards, also beyond its depth`() {
        var random = SeededRandom.forTest("fusion and shards")
        let all = (0..<2).map { _ in
            (0..<400).shuffled(using: &random).prefix(300).enumerated().map { rank, number in
                RankedHit(
                    score: Float(1_000 - rank), orderKey: OrderKey(UInt64(rank)),
                    id: Array("d\(number)".utf8)[...])
            }
        }
        func page(shards: Int) -> [String] {
            let depth = MergeStrategy.reciprocalRankFusion.depth(for: 60)
            let lists = all.enumerated().flatMap { index, hits in
                (0..<shards).map { shard in
                    let own = hits.enumerated().filter { $0.offset % shards == shard }
                    return List(hits: Array(own.map(\.element).prefix(depth)), index: index)
                }
            }
            return merged(lists, by: .reciprocalRankFusion, offset: 20, limit: 40).map {
                String(decoding: lists[$0.source].hits[$0.index].id, as: UTF8.self)
            }
        }
        #expect(page(shards: 1).count == 40)
        for shards in [2, 3, 7] { #expect(page(shards: shards) == page(shards: 1)) }
    }

    @Test func `the lowest scores are those of a full sort, for any sharding`() throws {
        var random = SeededRandom.forTest("lowest scores")
        let words = ["a", "b", "c", "d", "e"]
        let lines = (0..<400).map { number in
            let text = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                words[Int.random(in: 0..<5, using: &random)]
            }.joined(separator: " ")
            return Array(#"{"id":"d\#(number)","t":"\#(text)"}"#.utf8)
        }
        let schema = try Schema(fields: [.text("t")])
        for (shards, perSegment) in [(1, 1_000), (1, 70), (3, 50)] {
            let index = try ScratchIndex(
                lines, schema: schema, shards: shards, perSegment: perSegment
            ).index
            for text in ["a", "a b", "+a +b", "\"a b\"", "a -b", "*", "nothing"] {
                let query = try index.parse(text)
                let all = try index.search(query, limit: 1_000).hits.map(\.hit)
                let expected = all.sorted { $0.precedesAscending($1) }
                for k in [0, 1, 7, 1_000] {
                    let lists = try index.shards.map { shard in
                        let found = try shard.searchLowest(
                            query, k: k, statistics: index.description.statistics)
                        #expect(found.total.isExact && found.hits.count <= k)
                        return List(hits: found.hits, index: 0)
                    }
                    let places = merged(lists, by: .scoreAscending, limit: k)
                    #expect(
                        places.map { lists[$0.source].hits[$0.index] }
                            == Array(expected.prefix(k)), "\(text), \(k) of \(shards) shards")
                }
            }
        }
    }
}
