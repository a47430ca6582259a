import SearchIndex
import WireMessages
import WireProtocol

/// Items whose answers may lack shards: which shards are given up, and whether the rest is enough.
extension Broker {
    /// When the shards that have not answered are given up.
    func searchDeadline(
        _ asked: ItemSettings?, _ now: MonotonicInstant, _ deadline: MonotonicInstant
    ) -> MonotonicInstant {
        guard let asked, asked.partial != nil else { return deadline }
        let reserve = asked.needsSource ? settings.partialReserve : settings.mergeReserve
        let budget = now.duration(to: deadline)
        return now + (budget - min(reserve, budget / 4))
    }

    /// A shard has no answer: the item fails with it, unless its answer may lack the shard.
    mutating func failPart(
        _ part: Int, of item: PendingItem, _ failure: ItemFailure, _ now: MonotonicInstant
    ) {
        guard !item.hasEnded, item.mayLackParts, failure.code.isOfOneShard else {
            return fail(item, failure, now, part: part)
        }
        giveUp([(part, failure)], of: item, now)
    }

    /// The time for searching is over.
    mutating func giveUpUnanswered(of item: PendingItem, _ now: MonotonicInstant) {
        guard item.mayLackParts, item.phase == .searching else { return }
        giveUpLate(item.parts.indices.filter { !item.parts[$0].hasEnded }, of: item, now)
    }

    /// Ends parts for which no time is left.
    mutating func giveUpLate(_ parts: [Int], of item: PendingItem, _ now: MonotonicInstant) {
        for task in parts.lazy.flatMap({ item.parts[$0].tasks }) where task.isInFlight {
            noteExpiry(of: task, now)
        }
        let budget = item.arrivedAt.duration(to: now).wholeMilliseconds
        let late = ItemFailure(.deadline, "no answer in \(budget) ms")
        let failed = parts.map { part in
            (part, hasEligibleReplica(item.parts[part].shard) ? late : unserved(item.parts[part]))
        }
        giveUp(failed, of: item, now)
    }

    /// Ends parts without an answer, and the search if they were the last.
    ///
    /// While documents are fetched, a shard that cannot give its own is given up as well; then the
    /// hits of the others are merged anew, so that the answer is theirs exactly.
    mutating func giveUp(
        _ failed: [(part: Int, failure: ItemFailure)], of item: PendingItem,
        _ now: MonotonicInstant
    ) {
        if item.phase == .fetching {
            abandonFetches(of: item)
            item.assembly = nil
            item.phase = .searching
        }
        for (part, failure) in failed {
            for task in item.parts[part].tasks {
                learnOfLateness(of: task, now)
                abandon(task)
            }
            if !item.parts[part].hasEnded { item.unanswered -= 1 }
            item.parts[part].failure = failure
            item.parts[part].tasks = []
            item.parts[part].answer = nil
            item.parts[part].state = .givenUp
        }
        if item.unanswered == 0 { endStage(of: item, now) }
    }

    /// Why what the shards have answered is not enough; nil when it is.
    ///
    /// The cause is the first shard without an answer, else the first one with a part of it.
    func shortfall(of item: PendingItem, _ asked: ItemSettings) -> ItemFailure? {
        guard let partial = asked.partial,
            let cause = item.parts.lazy.compactMap(\.failure).first
                ?? item.parts.lazy.compactMap(\.answer?.shortcoming).first
        else { return nil }
        let all = liveDocuments(of: item)
        let covered = item.parts.reduce(UInt64(0)) {
            $0.addingClamped($1.answer?.coveredDocuments ?? 0)
        }
        let answered = item.parts.count { $0.answer != nil }
        let isEnough = all == 0 || Double(covered) / Double(all) >= partial.minimumCoverage
        guard answered == 0 || !isEnough else { return nil }
        return ItemFailure(
            cause.code,
            "\(answered) of \(item.parts.count) shards answered, with \(covered) of \(all) "
                + "documents; min_coverage is \(partial.minimumCoverage); first cause: "
                + cause.message)
    }

    /// The live documents of the item's shards; where no worker has ever announced a shard, all
    /// documents of its index, so that what is covered is never overstated.
    private func liveDocuments(of item: PendingItem) -> UInt64 {
        Set(item.parts.map(\.shard.index)).reduce(UInt64(0)) { sum, handle in
            let index = map[handle]
            let live = index.shards.reduce(UInt64(0)) { $0.addingClamped($1.liveDocuments) }
            let isKnown = index.shards.allSatisfy(\.isAnnounced)
            return sum.addingClamped(isKnown ? live : max(live, index.documents))
        }
    }
}

extension UInt64 {
    /// The sum, or the largest number if it is larger: peers may say any numbers.
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
