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
        case .scoreDescending, .reciprocalRankFusion:
            return sorted(lists) { $0.precedes($1) }
        case .scoreAscending: return sorted(lists) { $0.precedesAscending($1) }
        case .nodeOrder: return Array(lists.joined())
        case .roundRobin:
            let longest = lists.map(\.count).max() ?? 0
            return (0..<longest).flatMap { rank in
                lists.compactMap { $0.indices.contains(rank) ? $0[rank] : nil }
            }
        }
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
