import SearchIndex

@testable import ClusterCore

/// The indexes of a simulation: one, or two with different numbers of shards.
struct SimulatedCorpora {
    let corpora: [SimulatedCorpus]

    /// A hit and where it is.
    struct Found {
        let hit: RankedHit
        let part: Part
    }

    /// One shard of one index.
    struct Part {
        let corpus: SimulatedCorpus
        let shard: Int
    }

    var shardCount: Int { corpora.reduce(0) { $0 + $1.shardCount } }

    subscript(name: String) -> SimulatedCorpus {
        guard let corpus = corpora.first(where: { $0.name == name }) else {
            preconditionFailure("no index is named \(name)")
        }
        return corpus
    }

    /// What may be asked: each index alone, all in every order, and all without naming them.
    var choices: [[String]] {
        let names = corpora.map(\.name)
        return names.count == 1 ? [names, []] : names.map { [$0] } + [names, names.reversed(), []]
    }

    /// All hits of some shards in the order of a strategy, found the slow way.
    ///
    /// - Parameter parts: in the order of the indexes asked, and of their shards.
    static func merged(_ query: Query, _ parts: [Part], by strategy: MergeStrategy) -> [Found] {
        let lists = parts.map { part in
            part.corpus.search(query, shard: part.shard).map { Found(hit: $0, part: part) }
        }
        switch strategy {
        case .scoreDescending: return sorted(lists) { $0.precedes($1) }
        case .reciprocalRankFusion: return fused(lists)
        case .scoreAscending: return sorted(lists) { $0.precedesAscending($1) }
        case .nodeOrder: return Array(lists.joined())
        case .roundRobin:
            let longest = lists.map(\.count).max() ?? 0
            return (0..<longest).flatMap { rank in
                lists.compactMap { $0.indices.contains(rank) ? $0[rank] : nil }
            }
        }
    }

    /// How many documents match. Those of one id in several indexes are one to fusion, so that the total of
    /// the largest index is all that is certain.
    static func total(
        _ query: Query, _ parts: [Part], by strategy: MergeStrategy
    ) -> TotalHits {
        var totals: [String: Int] = [:]
        for part in parts {
            totals[part.corpus.name, default: 0] +=
                part.corpus.search(query, shard: part.shard).count
        }
        let sum = totals.values.reduce(0, +)
        guard strategy == .reciprocalRankFusion else {
            return TotalHits(count: UInt64(sum), isExact: true)
        }
        let largest = totals.values.max() ?? 0
        return TotalHits(count: UInt64(largest), isExact: largest == sum)
    }

    /// The hits of different ids by the sum of 1 / (60 + rank) over the indexes' lists, each as the first
    /// index has it. The indexes are small enough for all of their hits to count.
    private static func fused(_ lists: [[Found]]) -> [Found] {
        var names: [String] = []
        for found in lists.joined() where !names.contains(found.part.corpus.name) {
            names.append(found.part.corpus.name)
        }
        let ranked = names.map { name in
            sorted(lists.map { $0.filter { $0.part.corpus.name == name } }) { $0.precedes($1) }
        }
        var ids: Set<ArraySlice<UInt8>> = []
        let hits = ranked.joined().filter { ids.insert($0.hit.id).inserted }.map { found in
            let ranks = ranked.compactMap { list in
                list.firstIndex { $0.hit.id == found.hit.id }
            }
            let score = ranks.reduce(Float(0)) { $0 + 1 / (60 + Float($1 + 1)) }
            return Found(
                hit: RankedHit(score: score, orderKey: found.hit.orderKey, id: found.hit.id),
                part: found.part)
        }
        // The hits stand by index and rank already.
        return hits.enumerated().sorted { left, right in
            left.element.hit.score != right.element.hit.score
                ? left.element.hit.score > right.element.hit.score : left.offset < right.offset
        }.map(\.element)
    }

    /// Equal hits of two indexes come in the order of these.
    private static func sorted(
        _ lists: [[Found]], by precedes: (RankedHit, RankedHit) -> Bool
    ) -> [Found] {
        lists.joined().enumerated().sorted { left, right in
            if precedes(left.element.hit, right.element.hit) { return true }
            if precedes(right.element.hit, left.element.hit) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
