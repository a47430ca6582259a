import SearchIndex
import WireMessages
import WireProtocol

/// Queries that end the workers they are given to: who is held to be guilty, and what becomes of it.
///
/// Of the tasks that a worker had when its process ended any may be the reason. So what ends in company
/// speaks against all of them, but only up to one below `maxWorkerDeaths`; the last time must be one at
/// which the part was alone (docs/decisions/0026). A query that is found guilty is refused for a while.
extension Broker {
    /// Notes that a worker had a task when it ended, or when its connection was lost.
    ///
    /// - Returns: true if that makes the task's part poison.
    mutating func accuse(_ task: PendingTask, _ end: WorkerEnd) -> Bool {
        guard let part = task.pendingItem?.parts[task.part], wasDelivered(task, end) else {
            return false
        }
        switch end {
        case .left, .cutOff: return false
        case .died:
            hasAccusations = true
            part.noteDeath(isAlone: task.isSolitary, limit: settings.maxWorkerDeaths)
            part.lateAt = nil
            return part.workerDeaths >= settings.maxWorkerDeaths
        case .unreachable:
            hasAccusations = true
            part.openCases += 1
            part.lateAt = nil
            task.worker.openCases.append(part)
            return false
        }
    }

    /// Whether a worker may have had a task: a fetch may have waited, and what was sent in the turn in which
    /// the connection turned out to be gone has not arrived.
    private func wasDelivered(_ task: PendingTask, _ end: WorkerEnd) -> Bool {
        guard let leftAt = task.leftAt else { return false }
        return end != .unreachable || leftAt != lastTurn
    }

    /// Whether a task stays with an unreachable worker until it is known what has become of it: another
    /// worker would be lost meanwhile if the task is to blame.
    func isHeld(_ task: PendingTask, _ end: WorkerEnd) -> Bool {
        end == .unreachable && task.isWanted && task.isTried && wasDelivered(task, end)
    }

    /// The session of a worker that was unreachable has ended: now it is known whether its process has.
    func closeCases(of worker: WorkerSession, _ end: WorkerEnd) {
        for part in worker.openCases {
            part.openCases -= 1
            if end == .died { part.noteDeath(isAlone: false, limit: settings.maxWorkerDeaths) }
        }
        worker.openCases = []
    }

    /// A part was alone at the last of too many workers that ended: its query is set aside.
    mutating func condemn(
        _ part: Int, of item: PendingItem, last worker: WorkerSession, _ now: MonotonicInstant
    ) {
        let deaths = item.parts[part].workerDeaths
        poison.add(fingerprint(ofQuery: item.parts[part].query, of: item), at: now)
        counters.queriesPoisoned += 1
        let trace = item.settings?.trace.map { ", traceparent \($0.parent)" } ?? ""
        log(
            .warning,
            "poison: \(deaths) workers were lost while they worked on a query of client "
                + "'\(item.client.name)', last '\(worker.name)', which had nothing else; it is refused for "
                + "\(PoisonList.patience.wholeMilliseconds / 60_000) minutes\(trace): \(item.logText)"
        )
        failAlike(
            part, of: item,
            "\(deaths) workers were lost while they worked on this query, last '\(worker.name)'",
            now)
        // Others may have asked the same meanwhile.
        for other in items.values.sorted(by: { $0.id < $1.id }) where !other.queries.isEmpty {
            refusePoison(in: other, now)
        }
    }

    /// Whether what a part asks has been found to be poison lately. Hashes only while anything has.
    mutating func isPoison(_ part: Int, of item: PendingItem, _ now: MonotonicInstant) -> Bool {
        guard !poison.isEmpty else { return false }
        return poison.contains(
            fingerprint(ofQuery: item.parts[part].query, of: item), at: now)
    }

    /// Makes the parts of a stage ready, but for those of queries that are poison.
    mutating func makeReadyUnlessPoison(_ item: PendingItem, _ now: MonotonicInstant) {
        refusePoison(in: item, now)
        for part in item.parts.indices where !item.parts[part].hasEnded {
            makeReady(part, of: item, now)
        }
    }

    /// Refuses the queries of an item's stage which are poison.
    private mutating func refusePoison(in item: PendingItem, _ now: MonotonicInstant) {
        for query in item.queryFrames.indices {
            guard let part = item.parts.firstIndex(where: { $0.query == query && !$0.hasEnded }),
                isPoison(part, of: item, now)
            else { continue }
            refusePoison(part, of: item, now)
        }
    }

    mutating func refusePoison(_ part: Int, of item: PendingItem, _ now: MonotonicInstant) {
        counters.poisonRefused += 1
        failAlike(
            part, of: item,
            "workers were lost while they worked on this query, less than "
                + "\(PoisonList.patience.wholeMilliseconds / 60_000) minutes ago; it is not tried again "
                + "before", now)
    }

    /// Fails an item with POISON; if its answer may lack shards, all those where the query is under way.
    private mutating func failAlike(
        _ part: Int, of item: PendingItem, _ why: String, _ now: MonotonicInstant
    ) {
        let failure = ItemFailure(.poison, why)
        guard item.mayLackParts else { return fail(item, failure, now, part: part) }
        let query = item.parts[part].query
        let alike = item.parts.indices.filter {
            item.parts[$0].query == query && item.isUnderWay($0)
        }
        giveUp(alike.map { ($0, failure) }, of: item, now)
    }

    /// What workers are asked with a query, as one number: the query as its index understands it, that
    /// index's build, and what is to be done with the documents, but not how many hits are wanted.
    private func fingerprint(ofQuery query: Int, of item: PendingItem) -> UInt64 {
        let index = map[item.queries[query].index]
        var described = [
            item.queryFrames[query], Array(index.name.utf8), Array(index.buildID.utf8),
        ]
        if let form = item.settings?.form, form.needsSource {
            described.append(WireCodec.protobuf.encodeOwn(form.wire))
        }
        var hash = ContentHash(seed: settings.hashSeed)
        switch item.stage {
        case .rewriting: hash.add(1)
        case .searching: hash.add(2)
        case .explaining: hash.add(3)
        }
        for octets in described { hash.add(octets.span) }
        return hash.value
    }
}

extension PendingItem {
    /// Its query in a line for operators.
    var logText: String {
        switch source {
        case .text(let text)?: "'\(String(decoding: text, as: UTF8.self).asLogText)'"
        case .tree?: "a query tree"
        case nil: "an item that cannot be read"
        }
    }
}
