import DequeModule
import WireProtocol

@testable import ClusterCore

/// A broker's keeping of windows, judged by its messages alone.
///
/// It counts what goes over the wire as `docs/protocol.md` says it (6.4 and 7.2) and knows nothing of
/// the broker's own account, which it therefore checks.
struct WireAudit {
    /// What a worker has been sent.
    private struct WorkerAccount {
        let name: String
        let incarnation: UInt64
        /// Until then it counts as unhealthy, unless it says something else.
        var unhealthyUntil = MonotonicInstant(nanoseconds: 0)
        var window = 0
        /// Tasks not answered.
        var tasks: Set<UInt64> = []
        /// Those of them that were cancelled, and when.
        var cancelled: [UInt64: MonotonicInstant] = [:]

        mutating func answered(_ task: UInt64) {
            tasks.remove(task)
            cancelled[task] = nil
        }
    }

    /// What a client has been sent.
    private struct ClientAccount {
        let session: UInt64
        let window: Int
        /// Messages not acknowledged, oldest first: whether each is the first RESULT of its item. A
        /// FAILED may be of an item that was never started, which the window does not bound; and all
        /// RESULTs of an item that was started are sent.
        var messages: Deque<Bool> = []
        /// Items of whose answer a part has been sent.
        var openItems: Set<ItemNumber> = []
        /// Items whose final answer has been sent: none may get another.
        var endedItems: Set<ItemNumber> = []
        var results = 0
    }

    private struct ItemNumber: Hashable {
        let request: UInt64
        let index: UInt32
    }

    private let epoch: UInt64
    private var workers: [PeerID: WorkerAccount] = [:]
    private var clients: [PeerID: ClientAccount] = [:]
    /// The newest report of each worker's process.
    private var lastReports: [UInt64: UInt64] = [:]
    private(set) var violations: [String] = []
    /// How long a worker may take to answer a task that is cancelled; nil where faults excuse anything.
    var patience: Duration?
    /// Sent to workers and to clients so far.
    private(set) var tasksSent = 0
    private(set) var resultsSent = 0
    private(set) var answersInPieces = 0

    init(epoch: UInt64) {
        self.epoch = epoch
    }

    /// A message of a peer is about to be handed to the broker.
    mutating func received(_ frames: [Frame], from peer: PeerID) {
        guard let message = try? WireMessage.decode(frames) else { return }
        switch peer.link {
        case .worker: try? fromWorker(message, peer)
        case .client: try? fromClient(message, peer)
        }
    }

    /// The broker sends a message.
    mutating func sent(_ frames: [Frame], to peer: PeerID, at now: MonotonicInstant) {
        guard let header = frames.first.flatMap({ try? Header.decode($0) }) else { return }
        switch header.command {
        case .call, .fetch: toWorker(header, frames, peer, now)
        case .cancel: cancelled(frames, peer, now)
        case .result: answered(header, isResult: true, peer)
        case .results: answeredTogether(header, frames, peer)
        case .failed where peer.link == .client && header.index != Header.noItem:
            answered(header, isResult: false, peer)
        default: break
        }
    }

    mutating func takeViolations() -> [String] {
        defer { violations = [] }
        return violations
    }
}

// MARK: Workers

extension WireAudit {
    private mutating func fromWorker(_ message: WireMessage, _ peer: PeerID) throws(WireError) {
        if message.header.command == .hello {
            let hello: WireHello = try message.meta()
            workers[peer] = WorkerAccount(
                name: hello.name, incarnation: hello.incarnation,
                window: min(max(1, Int(hello.window)), 256))
            return
        }
        guard message.header.epoch == epoch else { return }
        switch message.header.command {
        case .ping:
            let ping: WirePing = try message.meta()
            setWindow(ping.window, of: peer)
        case .reply:
            let reply: WireReplyMeta = try message.meta()
            setWindow(reply.window, of: peer)
            for task in reply.tasks { workers[peer]?.answered(task.task) }
        case .fetched:
            let fetched: WireFetchedMeta = try message.meta()
            for task in fetched.tasks { workers[peer]?.answered(task.task) }
        case .callFailed:
            let failed: WireCallFailed = try message.meta()
            setWindow(failed.window, of: peer)
            for task in failed.tasks { workers[peer]?.answered(task.task) }
        case .goodbye:
            // What had crossed it is given to others, and nothing more may be sent.
            workers[peer] = nil
        default: break
        }
    }

    private mutating func setWindow(_ window: UInt32, of peer: PeerID) {
        if window > 0 { workers[peer]?.window = min(Int(window), 256) }
    }

    private mutating func toWorker(
        _ header: Header, _ frames: [Frame], _ peer: PeerID, _ now: MonotonicInstant
    ) {
        guard let message = try? WireMessage.decode(frames), let account = workers[peer] else {
            return violations.append("\(header.command.name) to a worker that never said HELLO")
        }
        let isCall = header.command == .call
        if isCall, account.unhealthyUntil > now {
            violations.append("CALL to '\(account.name)', which is unhealthy")
        }
        let calls = (try? message.meta() as WireCallMeta)?.tasks.map(\.task) ?? []
        let fetches = (try? message.meta() as WireFetchMeta)?.tasks.map(\.task) ?? []
        let tasks = isCall ? calls : fetches
        let known = account.tasks.count
        tasksSent += tasks.count
        workers[peer]?.tasks.formUnion(tasks)
        let allowed = isCall ? account.window : account.window + 64
        guard known + tasks.count > allowed else { return }
        violations.append(
            "\(header.command.name) of \(tasks.count) tasks to a worker that has \(known); its "
                + "window is \(account.window)")
    }
}

// MARK: Health

extension WireAudit {
    /// A report of a worker's health is about to be handed to the broker. It counts for ten of its
    /// intervals.
    mutating func receivedHealth(_ frames: [Frame], at now: MonotonicInstant) {
        guard let message = try? WireMessage.decode(Array(frames.dropFirst())),
            let health: WireHealth = try? message.meta(),
            health.sequence > lastReports[health.incarnation] ?? 0
        else { return }
        lastReports[health.incarnation] = health.sequence
        for (peer, account) in workers
        where account.name == health.name && account.incarnation == health.incarnation {
            workers[peer]?.unhealthyUntil =
                health.grade == .unhealthy ? now + ProtocolLimits.healthInterval * 10 : now
        }
    }
}

// MARK: Cancelled work

extension WireAudit {
    private mutating func cancelled(_ frames: [Frame], _ peer: PeerID, _ now: MonotonicInstant) {
        guard let body = try? WireMessage.decode(frames).meta() as WireCancel else { return }
        // What was answered, or not even sent, in the same turn may be among them.
        for task in body.tasks where workers[peer]?.tasks.contains(task) == true {
            guard workers[peer]?.cancelled.updateValue(now, forKey: task) != nil else { continue }
            violations.append("a second CANCEL of task \(task)")
        }
    }

    /// Whether some worker was told to stop a task, and has not answered it.
    func isCancelled(_ task: UInt64) -> Bool {
        workers.values.contains { $0.cancelled[task] != nil }
    }

    /// Sees to it that no worker keeps what it was told to stop.
    mutating func checkCancellations(at now: MonotonicInstant) {
        guard let patience else { return }
        for (peer, account) in workers {
            for (task, instant) in account.cancelled where instant + patience < now {
                violations.append("task \(task) is still in flight, cancelled at \(instant)")
                workers[peer]?.cancelled[task] = nil
            }
        }
    }
}

// MARK: Clients

extension WireAudit {
    private mutating func fromClient(_ message: WireMessage, _ peer: PeerID) throws(WireError) {
        switch message.header.command {
        case .hello where clients[peer]?.session != message.header.epoch:
            let hello: WireHello = try message.meta()
            let window = hello.resultWindow == 0 ? 64 : min(Int(hello.resultWindow), 4_096)
            clients[peer] = ClientAccount(session: message.header.epoch, window: window)
        case .credit where clients[peer]?.session == message.header.epoch:
            let credit: WireCredit = try message.meta()
            let count = clients[peer]?.messages.count ?? 0
            for _ in 0..<min(Int(clamping: credit.results), count) {
                if clients[peer]?.messages.popFirst() == true { clients[peer]?.results -= 1 }
            }
        default: break
        }
    }

    private mutating func answered(_ header: Header, isResult: Bool, _ peer: PeerID) {
        guard isSession(header, peer) else { return }
        toClient(
            ItemNumber(request: header.id, index: header.index), isResult: isResult,
            isFinal: header.flags.contains(.final), peer)
    }

    /// Each answer of a RESULTS counts as a whole RESULT.
    private mutating func answeredTogether(_ header: Header, _ frames: [Frame], _ peer: PeerID) {
        guard isSession(header, peer) else { return }
        guard let answers = try? WireMessage.decode(frames).answers() else {
            return violations.append("RESULTS that cannot be read")
        }
        for answer in answers {
            toClient(
                ItemNumber(request: answer.request, index: answer.index), isResult: true,
                isFinal: true, peer)
        }
    }

    private mutating func isSession(_ header: Header, _ peer: PeerID) -> Bool {
        if clients[peer]?.session == header.epoch { return true }
        violations.append("\(header.command.name) about another session")
        return false
    }

    private mutating func toClient(
        _ item: ItemNumber, isResult: Bool, isFinal: Bool, _ peer: PeerID
    ) {
        guard let account = clients[peer] else { return }
        if account.endedItems.contains(item) {
            violations.append("item \(item.index) of request \(item.request) is answered again")
        }
        let isFirst = isResult && !account.openItems.contains(item)
        clients[peer]?.messages.append(isFirst)
        if isResult { resultsSent += 1 }
        if isFinal {
            clients[peer]?.openItems.remove(item)
            clients[peer]?.endedItems.insert(item)
        } else {
            clients[peer]?.openItems.insert(item)
            if isFirst { answersInPieces += 1 }
        }
        guard isFirst else { return }
        clients[peer]?.results += 1
        guard account.results + 1 > account.window else { return }
        violations.append(
            "RESULTs of \(account.results + 1) items not acknowledged; the client's window is "
                + "\(account.window)")
    }
}
