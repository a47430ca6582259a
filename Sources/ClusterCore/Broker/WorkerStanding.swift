import WireMessages
import WireProtocol

/// What decides whether a worker gets tasks, and how many. One value, since all of it is looked at for
/// every task.
struct WorkerStanding {
    /// Its share of the tasks, compared with other replicas'; above 0.
    var weight: Double
    /// Tasks the worker takes at once, as it said last, cut to the broker's limit.
    var window: Int
    /// Silent for three ping intervals: gets no new tasks; undone by any message.
    var isSuspected = false
    /// One part has it for itself, or waits until it is free.
    var isKept = false
    /// Its connection is gone: suspected, which nothing it sent before undoes.
    var isUnreachable = false
    /// Said DRAIN: gets no new tasks and will leave.
    var isDraining = false
    /// Said BUSY: gets no tasks until then.
    var busyUntil: MonotonicInstant?
    /// Of one that has returned, from an earlier session or from being inactive, the tasks it may hold at
    /// first, one more with every answer; else without bound.
    var softWindow = Int.max
    /// What it says of itself; `unknown` before its first report.
    var grade = WireHealthGrade.unknown
    /// False while an operator wants it to get no tasks; its health never changes that.
    var isActive = true
    /// Tasks of other brokers that it had when it answered last.
    var tasksElsewhere = 0

    init(weight: Double, window: Int) {
        self.weight = weight
        self.window = window
    }

    /// Whether it may be given new tasks at all.
    var isEligible: Bool { isActive && !isSuspected && !isDraining && grade != .unhealthy }

    /// What makes it ineligible, in words; nil if nothing does.
    var obstacle: String? {
        if !isActive { return "is inactive" }
        if isDraining { return "is draining" }
        if isSuspected { return isUnreachable ? "is unreachable" : "is silent" }
        return grade == .unhealthy ? "is unhealthy" : nil
    }

    /// Whether it has room for another search task beside those it has.
    func hasRoom(with tasks: Int, at now: MonotonicInstant) -> Bool {
        !isKept && hasRoomIfKept(with: tasks, at: now)
    }

    /// The same for what it is kept for.
    func hasRoomIfKept(with tasks: Int, at now: MonotonicInstant) -> Bool {
        tasks < min(window, softWindow) && (busyUntil.map { $0 <= now } ?? true)
    }

    /// It has answered.
    mutating func noteAnswer() {
        if softWindow < window { softWindow += 1 }
    }
}
