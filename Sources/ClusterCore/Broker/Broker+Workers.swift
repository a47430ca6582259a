import DequeModule
import OrderedCollections
import WireMessages
import WireProtocol

/// The workers' link: joining; supervisors too.
extension Broker {
    mutating func receiveFromWorker(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        if message.header.command == .hello {
            return try workerHello(message, peer, now)
        }
        guard let session = peers[peer] else { return answerUnknown(message, peer) }
        guard isOfThisEpoch(message.header) else {
            counters.staleReplies += 1
            return answerUnknown(message, peer)
        }
        switch session {
        case .worker(let key):
            heard(from: key, now)
            try handle(message, from: key, peer, now)
        case .supervisor:
            supervisors[peer]?.lastHeard = now
            try handleSupervisor(message, peer, now)
        case .client:
            preconditionFailure("a client's session on the workers' link")
        }
    }

    /// A peer that leaves before WELCOME has reached it does not know the epoch.
    private func isOfThisEpoch(_ header: Header) -> Bool {
        header.epoch == settings.epoch || (header.command == .goodbye && header.epoch == 0)
    }

    private mutating func handle(
        _ message: WireMessage, from key: WorkerKey, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        switch message.header.command {
        case .reply: try reply(message, key, now)
        case .callFailed: try callFailed(message, key, now)
        case .fetched: try fetched(message, key, now)
        case .ping:
            let ping: WirePing = try message.meta()
            setWindow(key, ping.window)
            workers[key]?.noteTasks(running: ping.running, queued: ping.queued)
            workers[key]?.pace = workerPace
            send(message.header.answer(.pong), pongToWorkers, to: peer)
        case .credit:
            let credit: WireCredit = try message.meta()
            setWindow(key, credit.window)
        case .drain: drain(key, now)
        case .goodbye:
            let goodbye: WireGoodbye = try message.meta()
            leave(key, reason: goodbye.reason, now)
        default:
            refuse(
                peer, message.header.answer(.failed),
                ItemFailure(
                    .unsupported,
                    "\(message.header.command) is not a command that a worker sends"))
        }
    }

    private mutating func workerHello(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        let hello: WireHello = try message.meta()
        endSession(of: peer, why: "said hello again", now)
        do throws(ItemFailure) {
            if let failure = refusal(of: hello, expected: [.worker, .supervisor]) { throw failure }
            guard workers.count + supervisors.count < settings.maxSessions else {
                throw tooManySessions
            }
            if hello.role == .supervisor {
                addSupervisor(hello, peer, now)
            } else {
                try addWorker(hello, peer, now)
            }
        } catch {
            let name = hello.name.utf8.count <= 255 ? hello.name : ""
            announce(
                .nodeRefused, node: name, .warning, "refused '\(name)': \(error.message)", now)
            if hello.role == .worker, !name.isEmpty {
                record(name) { $0.refusal = error.message }
            }
            return refuse(peer, message.header.answer(.failed), error)
        }
        let isSupervisor = hello.role == .supervisor
        let pace = isSupervisor ? 1 : workerPace
        let body = welcome(
            pingInterval: settings.workerPingInterval * pace,
            isSupervisor ? settings.supervisorExpiry : settings.workerExpiry * pace)
        var header = message.header.answer(.welcome)
        header.epoch = settings.epoch
        send(header, body, to: peer)
        if hello.role == .worker { startParkedItems(now) }
    }

    private mutating func addWorker(
        _ hello: WireHello, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(ItemFailure) {
        try Self.check(hello)
        let replaced = try replaceSessions(named: hello, now)
        let entries = try entries(announced: hello.indexes)
        for (_, entry) in entries { retireOtherBuild(than: entry, now) }

        let key = WorkerKey(number: nextNumber())
        let worker = WorkerSession(
            key: key, peer: peer, hello: hello,
            window: min(max(1, Int(hello.window)), settings.maxWindow),
            shards: ServedShards(map.add(key, serving: entries)), now: now)
        worker.replaced = replaced
        workers[key] = worker
        worker.pace = workerPace
        peers[peer] = .worker(key)
        recall(worker, serving: entries.compactMap { map.handle(named: $0.entry.name) })
        served(by: worker)
        watchForLateness(ofShardsOf: worker, now)
        announce(
            .nodeJoined, node: hello.name, .info,
            "worker '\(hello.name)' joined with \(worker.shards.count) shards", now)
    }

    private static func check(_ hello: WireHello) throws(ItemFailure) {
        guard !hello.name.isEmpty else {
            throw ItemFailure(.badRequest, "HELLO: a worker needs a name")
        }
        guard hello.zone.utf8.count <= 255 else {
            throw ItemFailure(.badRequest, "HELLO: the zone is longer than 255 bytes")
        }
        guard hello.weight == 0 || NodeWeight.range.contains(hello.weight) else {
            throw ItemFailure(
                .badRequest, "HELLO: weight \(hello.weight); expected \(NodeWeight.expected)")
        }
    }

    /// The indexes that a worker announces, each checked and named once.
    private func entries(
        announced indexes: [WireServedIndex]
    ) throws(ItemFailure) -> [(announced: WireServedIndex, entry: ServedIndex)] {
        guard map.newNames(in: indexes) + map.count <= settings.maxIndexes else {
            throw ItemFailure(
                .busy,
                "this broker knows \(map.count) indexes; the worker's "
                    + "\(indexes.count) are over its limit of \(settings.maxIndexes)")
        }
        var entries: [(announced: WireServedIndex, entry: ServedIndex)] = []
        var names: Set<String> = []
        for served in indexes {
            guard names.insert(served.name).inserted else {
                throw ItemFailure(.badRequest, "HELLO names index '\(served.name)' twice")
            }
            entries.append((served, try map.check(served, settings: settings)))
        }
        return entries
    }

    /// What operators want of the worker's name holds for this session, and what the one before has shown
    /// of its process.
    private mutating func recall(_ worker: WorkerSession, serving indexes: [IndexHandle]) {
        if let record = records[worker.name] {
            worker.standing.isActive = !record.isInactive
            if record.ended != nil { worker.startSoftly() }
            if let ended = record.ended, ended.process == worker.process {
                worker.breaker = ended.breaker
            }
            worker.standing.weight = record.weight ?? worker.standing.weight
        }
        record(worker.name) {
            $0.lastSession = worker.key
            $0.indexes.formUnion(indexes)
            $0.isRemoved = false
            $0.ended = nil
            $0.refusal = ""
        }
    }

    /// Ends the session of the name that a HELLO is under: a new process replaces the old one, whose
    /// end may not have been noticed yet, or the same one begins anew.
    ///
    /// - Returns: the processes that were replaced. One that still lives must not come back, or the two
    ///   would take each other's tasks for ever.
    private mutating func replaceSessions(
        named hello: WireHello, _ now: MonotonicInstant
    ) throws(ItemFailure) -> Deque<UInt64> {
        guard let worker = workers.values.first(where: { $0.name == hello.name }) else { return [] }
        guard !worker.replaced.contains(hello.incarnation) else {
            throw ItemFailure(
                .badRequest,
                "HELLO: a later process, \(worker.pid) on '\(worker.host)', has joined under the name "
                    + "'\(hello.name)'; give every worker a name of its own")
        }
        var replaced = worker.replaced
        if worker.incarnation != hello.incarnation { replaced.append(worker.incarnation) }
        if replaced.count > Self.replacedProcesses { replaced.removeFirst() }
        if worker.process == WorkerProcess(hello) {
            loseWorker(worker.key, why: "said hello on a new connection", .cutOff, now)
        } else {
            loseWorker(worker.key, why: "was replaced by a new process of its name", .died, now)
        }
        return replaced
    }

    /// Remembered of each name.
    private static let replacedProcesses = 16

    /// Items that have parts in a build that is about to be replaced cannot be completed.
    private mutating func retireOtherBuild(than entry: ServedIndex, _ now: MonotonicInstant) {
        guard let handle = map.handle(named: entry.name), map[handle].buildID != entry.buildID
        else { return }
        abandonItems(
            on: handle, "index '\(entry.name)' was replaced by build \(entry.buildID)", now)
        announce(
            .indexReplaced, .info, "index '\(entry.name)' is now build \(entry.buildID)", now)
    }

    /// Fails the items that ask an index as it will not be any more.
    mutating func abandonItems(on handle: IndexHandle, _ why: String, _ now: MonotonicInstant) {
        // One that has ended, or waits for its turn, asks nothing.
        let affected = items.values.filter { $0.queries.contains { $0.index == handle } }
        for item in affected.sorted(by: { $0.id < $1.id }) {
            fail(
                item, ItemFailure(.workerLost, "\(why) during the search; search again"), now)
        }
        for shard in map[handle].shards.indices {
            readyShards.remove(ShardRef(index: handle, shard: UInt32(shard)))
        }
    }

    /// Changes what is remembered of a worker's name, within the limit.
    mutating func record(_ name: String, _ change: (inout WorkerRecord) -> Void) {
        if records[name] == nil, records.count >= settings.maxSessions,
            let oldest = oldestRecord()
        {
            records.remove(at: oldest)
        }
        change(&records[name, default: WorkerRecord()])
    }

    /// The oldest that may be forgotten: what operators said is kept as long as possible.
    private func oldestRecord() -> Int? {
        let ended = records.elements.indices.filter { !isLive(records.elements[$0].value) }
        return ended.first { !records.elements[$0].value.isSetByOperator } ?? ended.first
    }

    private func isLive(_ record: WorkerRecord) -> Bool {
        record.lastSession.map { workers[$0] != nil } ?? false
    }
}
