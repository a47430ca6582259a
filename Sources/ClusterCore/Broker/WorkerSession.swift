import DequeModule
import OrderedCollections
import WireMessages
import WireProtocol

/// What the broker knows of one connected worker. A reference that never leaves its broker.
final class WorkerSession {
    let key: WorkerKey
    let peer: PeerID
    let name: String
    let pool: String
    let process: WorkerProcess
    /// Processes of its name that it has replaced, of which some may still live: the last few.
    var replaced: Deque<UInt64> = []
    let slots: Int
    /// Where it is; empty if it does not say.
    let zone: String
    /// The weight it asked for, else its number of search threads.
    let announcedWeight: Double
    let shards: ServedShards

    var standing: WorkerStanding
    var lastHeard: MonotonicInstant
    /// How many times the usual interval it was told to PING at; as much longer it may be silent.
    var pace = 1
    /// Whether most of what it did has failed, in this session and those of its process before.
    var breaker = CircuitBreaker()
    /// When it said last how it is.
    var gradedAt = MonotonicInstant(nanoseconds: 0)
    /// Tasks sent and not answered, re-sent and cancelled ones included: what counts for credit.
    var inFlight = InFlightTasks()
    /// Its messages under construction in this turn.
    var outgoing: [OutgoingCall] = []
    /// Fetches waiting for room at this worker.
    var waitingFetches: Deque<PendingTask> = []
    /// The part that it has alone, or is kept free for: it gets nothing else meanwhile.
    var keptFor: ItemPart? { didSet { standing.isKept = keptFor != nil } }
    /// Parts that it had when its connection was lost.
    var openCases: [ItemPart] = []
    var tasksDone: UInt64 = 0
    var tasksFailed: UInt64 = 0

    init(
        key: WorkerKey, peer: PeerID, hello: WireHello, window: Int, shards: ServedShards,
        now: MonotonicInstant
    ) {
        self.key = key
        self.peer = peer
        name = hello.name
        pool = hello.pool
        process = WorkerProcess(hello)
        slots = max(1, Int(hello.slots))
        zone = hello.zone
        announcedWeight = hello.weight > 0 ? hello.weight : Double(slots)
        standing = WorkerStanding(weight: announcedWeight, window: window)
        self.shards = shards
        lastHeard = now
    }

    var incarnation: UInt64 { process.incarnation }
    var pid: UInt32 { process.pid }
    var host: String { process.host }

    /// Whether it has no task: fetches that wait have not been sent.
    var hasNothingSent: Bool { inFlight.count == waitingFetches.count }

    /// Whether its shards count as served: it is eligible and does not fail most of its tasks.
    var isServing: Bool { standing.isEligible && !breaker.isTripped }
    /// What keeps it from getting tasks, in words.
    var obstacle: String {
        standing.obstacle ?? (breaker.isTripped ? "fails most of its tasks" : "is ready")
    }

    /// How loaded it is, if it may get a search task now; nil otherwise.
    func openLoad(seenFrom here: String, at now: MonotonicInstant) -> ReplicaLoad? {
        let (standing, tasks) = (standing, inFlight.count)
        guard standing.isEligible, standing.hasRoom(with: tasks, at: now),
            breaker.allowsTask(at: now)
        else { return nil }
        return load(standing, tasks, seenFrom: here)
    }

    /// It returns from where it got no tasks: it may hold a few at first.
    func startSoftly() { standing.softWindow = slots }

    /// It has answered: one that has returned may hold a task more.
    func noteAnswer() {
        standing.noteAnswer()
    }

    /// How loaded it is, for the choice among replicas. Without a zone of one's own, all are near.
    func load(seenFrom here: String) -> ReplicaLoad {
        load(standing, inFlight.count, seenFrom: here)
    }

    private func load(
        _ standing: WorkerStanding, _ tasks: Int, seenFrom here: String
    ) -> ReplicaLoad {
        ReplicaLoad(
            tasks: tasks + standing.tasksElsewhere, weight: standing.weight, threads: slots,
            isNear: here.isEmpty || here == zone, isSound: standing.grade != .degraded)
    }

    /// The worker said how many tasks it has, whoever sent them.
    func noteTasks(running: UInt32, queued: UInt32) {
        standing.tasksElsewhere = max(0, Int(running) + Int(queued) - inFlight.count)
    }
}

/// What stays known of a worker's name when its session ends, for `status`.
struct WorkerRecord {
    var timesLost: UInt32 = 0
    var lastSession: WorkerKey?
    /// How the last session ended; nil while one lives.
    var ended: Ending?
    /// The indexes that its sessions have served, which are known as long as it is.
    var indexes: Set<IndexHandle> = []
    /// Why its last HELLO was refused; empty if it was not.
    var refusal = ""
    /// An operator wants it to get no tasks, in this session and those after it.
    var isInactive = false
    /// The weight an operator gave it; nil for its own.
    var weight: Double?
    /// An operator wants it forgotten when it has ended.
    var isRemoved = false
    var isSetByOperator: Bool { isInactive || weight != nil }
    /// The last report, and when it came.
    var health: (report: WireHealth, at: MonotonicInstant)?

    /// The last session, after its end.
    struct Ending {
        let state: WireNodeState
        let process: WorkerProcess
        let pool: String
        let tasksDone: UInt64
        let tasksFailed: UInt64
        /// Goes on in a later session of the process.
        let breaker: CircuitBreaker
        let at: MonotonicInstant
    }
}
