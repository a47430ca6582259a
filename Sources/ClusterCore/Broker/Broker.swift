import DequeModule
import OrderedCollections
import SearchIndex
import Synchronization
import WireMessages
package import WireProtocol

/// The coordinator as a pure state machine: messages and instants in, actions out.
///
/// It admits items, splits each into one task a shard, chooses a replica for every task, merges the
/// answers, fetches the winners' documents and accounts for every shard asked. It owns no socket,
/// clock or thread; a shell feeds it and carries its actions out, and a simulator can do the same.
///
/// Use: any number of `receive` calls, then `endTurn`, then `takeActions`, in one thread.
/// Memory is bounded by `BrokerSettings`; once its answer is sent, of an item
/// is kept only the answer that equal items of its batch still need, of 64 requests their ends, and of each
/// client how it asked last.
package struct Broker: ~Copyable {
    private let address = PassedByAddress()
    let settings: BrokerSettings
    let startedAt: MonotonicInstant
    /// What operators can change.
    var configuration: OperatorSettings
    /// Second tasks for late ones: at most a twentieth of all tasks, 32 at once.
    var hedgeBudget = TokenBucket(share: 0.05, burst: 32)
    /// Tasks tried again after a worker was BUSY: at most a tenth of all tasks, 100 at once.
    var retryBudget = TokenBucket(share: 0.1, burst: 100)

    var peers: [PeerID: Session] = [:]
    var workers = NumberTable<WorkerKey, WorkerSession>()
    var clients = NumberTable<ClientKey, ClientSession>()
    var supervisors: [PeerID: SupervisorSession] = [:]
    /// What supervisors have been told and not answered.
    var orders: [PendingOrder] = []
    /// What waits for the first supervisor to join.
    var earlyOrders: [EarlyOrder] = []
    /// By worker name; the oldest ended ones are forgotten beyond `settings.maxSessions`.
    var records: OrderedDictionary<String, WorkerRecord> = [:]
    var map = ShardMap()
    /// The names of the indexes that the last item asked, and which they are: an index keeps its handle.
    var namedLast: (names: [String], handles: [IndexHandle]) = ([], [])

    var items = NumberTable<ItemID, PendingItem>()
    var tasks = NumberTable<TaskID, PendingTask>()
    var timers = TimerQueue()
    var queuedBytes = 0
    /// Started items that wait for an index nobody has announced.
    var parked: OrderedSet<ItemID> = []
    /// Clients with waiting items, in the order of their turns.
    var turns: Deque<ClientSession> = []
    /// Requests whose ACCEPTED may be still to be sent, the earliest first.
    var accepting: Deque<(request: RequestState, client: ClientSession, due: MonotonicInstant)> = []
    /// Sees to it that clients get equal shares.
    var rounds = FairRounds()
    /// Shards with parts in their queue.
    var readyShards: OrderedSet<ShardRef> = []
    /// Whether somebody has subscribed to events in this turn.
    var hasNewSubscriber = false
    /// Whether anything may speak against a part of a pending item: else none is looked at.
    var hasAccusations = false
    /// Parts that wait for a worker of their own.
    var accused: [AccusedPart] = []
    /// Queries that are not tried again for a while.
    var poison = PoisonList()
    /// Items whose tasks may be late; looked at in this turn once waiting work has been handed out.
    var lateItems: [PendingItem] = []
    /// Workers with fetches waiting for room.
    var fetchingWorkers: OrderedSet<WorkerKey> = []
    /// Clients with answers that are sent together at the end of this turn.
    var clientsWithResults: [ClientSession] = []
    /// CALL and FETCH messages under construction in this turn.
    var outgoing: [OutgoingCall] = []
    /// Tasks to cancel, by worker, in this turn.
    var cancellations: OrderedDictionary<WorkerKey, [UInt64]> = [:]

    var counters = BrokerCounters()
    let times = BrokerTimes()
    var actions: [BrokerAction] = []
    var lastNumber: UInt64 = 0
    /// The number of the last event.
    var lastEvent: UInt64 = 0
    /// Slow queries told of in the present second.
    var slowQueries: (since: MonotonicInstant, count: Int)
    /// Items submitted and tasks answered in this turn.
    var turnLoad = 0
    var lastTurn: MonotonicInstant
    /// Everybody's silence is looked at ten times in a ping interval, not with every message.
    var nextLivenessCheck: MonotonicInstant

    /// Which kind of session a connection has.
    enum Session: Sendable {
        case client(ClientKey)
        case worker(WorkerKey)
        case supervisor
    }

    /// A broker that knows nobody yet.
    package init(settings: BrokerSettings, now: MonotonicInstant) {
        self.settings = settings
        startedAt = now
        configuration = settings.configuration
        lastTurn = now
        slowQueries = (now, 0)
        nextLivenessCheck = now
    }

    /// Takes one message from a peer. Never fails: a bad one is answered or dropped, and counted.
    package mutating func receive(_ frames: [Frame], from peer: PeerID, at now: MonotonicInstant) {
        let message: WireMessage
        do {
            message = try WireMessage.decode(frames)
        } catch {
            counters.malformedMessages += 1
            if let header = frames.first.flatMap(Header.refusal(of:)) {
                refuse(peer, header, ItemFailure(error.code, "\(error)"))
            }
            return
        }
        guard message.header.command != .failed else {
            // A FAILED is never answered, so that two peers cannot bounce one for ever.
            return receiveFailed(message, peer, now)
        }
        do {
            if message.header.command != .submit { try message.checkLimits() }
            switch peer.link {
            case .client: try receiveFromClient(message, peer, now)
            case .worker: try receiveFromWorker(message, peer, now)
            }
        } catch {
            counters.malformedMessages += 1
            refuse(peer, message.header.answer(.failed), ItemFailure(error.code, "\(error)"))
        }
    }

    /// Whether workers and clients should be sent what is theirs before more is read: with all that has
    /// come taken in one turn, they would have nothing to do meanwhile, and the broker nothing after.
    package var hasEnoughForTurn: Bool { turnLoad >= Self.enoughForTurn }

    /// Whether items or answers of workers have come in this turn, so that others are likely to be near.
    package var hasWorkInTurn: Bool { turnLoad > 0 }

    /// Whether workers have tasks of it.
    package var awaitsAnswers: Bool { !tasks.isEmpty }

    /// As many as the messages of a busy client have items: the work at a turn's end is then small beside
    /// that for them.
    private static let enoughForTurn = 64

    /// Ends a turn: looks at the timers, hands out work, completes messages.
    ///
    /// Cost: linear in the work handed out, and ten times in a ping interval in the sessions.
    package mutating func endTurn(at now: MonotonicInstant) {
        turnLoad = 0
        forgiveOwnPause(at: now)
        welcomeSubscribers(now)
        if nextLivenessCheck <= now {
            nextLivenessCheck = now + settings.workerPingInterval * workerPace / 10
            checkLiveness(at: now)
        }
        while let entry = timers.popDue(at: now) {
            timerFired(entry, now)
        }
        startWaitingItems(now)
        // First, since fetches that are no longer wanted make room.
        assignFetches(now)
        assignAccused(now)
        assignReadyParts(now)
        hedgeLateItems(now)
        flushOutgoing(now)
        flushResults()
        acceptDue(at: now)
        timers.dropFirst { items[$0] == nil }
        lastTurn = now
    }

    /// When `endTurn` must be called at the latest, even if nothing arrives.
    package var nextDeadline: MonotonicInstant {
        [timers.next, accepting.first?.due].compactMap(\.self).reduce(nextLivenessCheck, min)
    }

    /// Takes what is to be done, in order.
    package mutating func takeActions() -> [BrokerAction] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// The shell could not send: the peer is gone, or does not read.
    ///
    /// Either way a worker's tasks go to other replicas. The session ends, but that of an unreachable
    /// worker waits for its last words.
    package mutating func sendFailed(
        to peer: PeerID, blocked: Bool, at now: MonotonicInstant
    ) {
        if blocked { counters.blockedSends += 1 } else { counters.unroutableSends += 1 }
        if !blocked, case .worker(let key)? = peers[peer] { return disconnected(key, now) }
        endSession(of: peer, why: blocked ? "does not read its messages" : "is unreachable", now)
    }

    /// Ends whatever session a connection has; a worker's process is not thought to have ended.
    mutating func endSession(of peer: PeerID, why: String, _ now: MonotonicInstant) {
        switch peers[peer] {
        case .client(let key): removeClient(key, why: why)
        case .worker(let key): loseWorker(key, why: why, .cutOff, now)
        case .supervisor:
            supervisors[peer] = nil
            peers[peer] = nil
        case nil: break
        }
    }

    /// A number that this broker has not given out before.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    mutating func log(_ level: LogLevel, _ text: String) {
        actions.append(.log(level, text))
    }

    /// Sends a message of ours; encoding our own values cannot fail.
    mutating func send(
        _ header: Header, _ meta: some WireBody, body: [Frame] = [], to peer: PeerID
    ) {
        send(header, meta: header.codec.encodeOwn(meta), body: body, to: peer)
    }

    /// Sends a message whose meta is encoded already.
    mutating func send(_ header: Header, meta: Frame, body: [Frame] = [], to peer: PeerID) {
        let message = WireMessage(header, frames: [meta] + body)
        actions.append(.send(message.encoded(), to: peer))
    }

    /// Answers with FAILED outside any item.
    mutating func refuse(_ peer: PeerID, _ header: Header, _ failure: ItemFailure) {
        var header = header
        header.flags.insert(.final)
        header.index = Header.noItem
        send(header, failure.wire, to: peer)
    }
}

/// A part of a large value that makes the compiler hand its address to functions which only read it.
///
/// Without it such a value, whose members can all be held in registers, is copied for each call: a thousand
/// octets of the broker, ten times for each item (docs/decisions/0023). An atomic has an address as long as it
/// lives, and so has what contains it.
struct PassedByAddress: ~Copyable {
    private let anchor = Atomic(false)
}
