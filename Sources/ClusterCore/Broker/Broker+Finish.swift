import SearchIndex
import WireMessages
import WireProtocol

/// From the answers of shards to the answer of an item, and its end.
extension Broker {
    /// All shards have answered: merges their hits and gets the documents of the winners.
    mutating func merge(
        _ item: PendingItem, _ asked: ItemSettings, _ now: MonotonicInstant
    ) {
        item.searchedAt = now
        if let failure = shortfall(of: item, asked) { return fail(item, failure, now) }
        let merged = merged(item, asked)
        var assembly = Assembly(hits: merged, sources: [])
        guard asked.needsSource, !merged.isEmpty else { return finish(item, assembly, now) }
        if asked.sendsDocumentsWithHits(of: item), let sources = item.parts[0].answer?.sources {
            guard sources.count == merged.count else {
                return fail(
                    item,
                    ItemFailure(
                        .internal,
                        "worker '\(item.parts[0].answer?.workerName ?? "?")' sent "
                            + "\(sources.count) documents for \(merged.count) hits"), now)
            }
            assembly.sources = sources
            assembly.sourceBytes = sources.reduce(0) { $0 + $1.byteCount }
            return finish(item, assembly, now)
        }
        item.phase = .fetching
        assembly.sources = Array(repeating: nil, count: merged.count)
        for (position, hit) in merged.enumerated() {
            assembly.missing[hit.source, default: .init()].positions.append(position)
        }
        item.assembly = assembly
        for part in assembly.missing.keys.sorted() {
            guard fetch(part, of: item, now) else { return }
        }
    }

    /// The hits of the answer, by their places in the answers of the parts.
    private func merged(_ item: PendingItem, _ asked: ItemSettings) -> [MergedHit] {
        if item.parts.count == 1, asked.merge != .reciprocalRankFusion {
            // The list of one shard is the merged list, whatever its order.
            let count = item.parts[0].answer?.hits.count ?? 0
            let first = min(asked.offset, count)
            return (first..<min(first + asked.limit, count))
                .map { MergedHit(source: 0, index: $0) }
        }
        let lists = item.parts.map { $0.answer?.hits ?? ShardHits() }
        return HitMerger.merge(
            counts: lists.map(\.count), indexes: item.parts.map(\.query), by: asked.merge,
            offset: asked.offset, limit: asked.limit, id: { lists[$0.source][$0.index].ranked.id }
        ) { left, right in
            lists[left.source].precedes(
                left.index, right.index, of: lists[right.source], by: asked.sort,
                lowestFirst: asked.merge == .scoreAscending)
        }
    }

    /// The hits of an answer that are behind the place that was asked.
    func wantedHits(of answer: ShardHits, _ part: Int, _ item: PendingItem) -> ShardHits {
        guard let asked = item.settings, let after = asked.after else { return answer }
        let name = map[item.parts[part].shard.index].name
        guard asked.place(in: name, of: item)?.includesPlace == true else { return answer }
        let first = item.parts.first { map[$0.shard.index].name == after.index }
        let isLater = item.parts[part].query > first?.query ?? -1
        return answer.filter { $0.isBehind(after, ofLaterIndex: isLater) }
    }

    mutating func finish(_ item: PendingItem, _ assembly: Assembly, _ now: MonotonicInstant) {
        guard assembly.sourceBytes <= settings.maxDocumentBytes else {
            return fail(
                item,
                ItemFailure(
                    .tooLarge,
                    "the documents of this answer have \(assembly.sourceBytes) bytes; the limit "
                        + "is \(settings.maxDocumentBytes): ask for fewer hits, or for ids only"),
                now)
        }
        if answerTogether(item, assembly, now) { return }
        conclude(item, result(of: item, assembly, now), now)
    }

    /// Ends an item with FAILED. Does nothing if it has ended already.
    ///
    /// - Parameter part: the part whose failure this is, for the ledger.
    mutating func fail(
        _ item: PendingItem, _ failure: ItemFailure, _ now: MonotonicInstant, part: Int? = nil
    ) {
        guard !item.hasEnded else { return }
        if failure.code == .deadline {
            for task in item.parts.lazy.flatMap(\.tasks) where task.isInFlight {
                noteExpiry(of: task, now)
                learnOfLateness(of: task, now)
            }
        }
        conclude(item, self.failure(of: item, failure, part), now)
    }
}
