import ClusterCore
import SearchIndex
import SystemPackage

extension ShardHost {
    /// Looks whether every shard still answers: its files are there, and a stored query, the document
    /// that every query would give first, comes back with its source.
    ///
    /// Blocks; for a thread of its own.
    func probe() -> ProbeFindings {
        var findings = ProbeFindings()
        let start = MonotonicClock.now
        for (key, searcher) in searchers.sorted(by: { $0.key.shard < $1.key.shard }) {
            // Those of searches: others would take their tables away.
            guard let statistics = statistics[key.index] else { continue }
            if let problem = Self.problem(with: searcher, statistics) {
                findings.failures.append("shard \(key.index)/\(key.shard): \(problem)")
            }
        }
        findings.duration = start.duration(to: MonotonicClock.now)
        findings.disk = try? FileCalls.space(at: FilePath(dataFolder))
        return findings
    }

    private static func problem(
        with searcher: ShardSearcher, _ statistics: CollectionStatistics
    ) -> String? {
        for segment in searcher.shard.segments
        where !FileCalls.exists(FilePath(segment.path)) {
            return "\(segment.path) is not there any more"
        }
        do {
            let found = try searcher.search(
                .matchAll(boost: 1), k: 1, statistics: statistics, totals: .none)
            guard let hit = found.hits.first else { return nil }
            return try searcher.shard.document(hit.orderKey) == nil
                ? "its first document cannot be found" : nil
        } catch {
            return "\(error)"
        }
    }
}
