import WireProtocol

/// The replicas of one shard, what their answers have taught, and the choice among them.
///
/// `Replica`s stand in the order in which they joined. Belongs to one broker; knows nothing of
/// sessions: whoever asks for a choice says which replicas could take the task, and their load.
struct ReplicaSet: Sendable {
    private(set) var replicas: [Replica] = []
    /// Where the search for the next of equal replicas starts.
    private var rotation = 0
    private var loads = LoadQuantile()

    /// One replica, as the shard's tasks have shown it.
    struct Replica: Sendable {
        let worker: WorkerKey
        /// Its place in each of the two smooth round robins: by weight, and by weight and success.
        var credit = (weight: 0.0, health: 0.0)
        var latency = LatencyAtLoad()
        /// Of its answers, the share that did not fail; the last ones count most, and the first one
        /// after a silence alone.
        var success = 1.0
        /// Tasks of this shard in flight there.
        var tasks = 0

        /// Whether most of what it answered lately has failed.
        func isFailing(at now: MonotonicInstant) -> Bool {
            success < 0.5 && latency.isKnown(at: now)
        }
    }

    /// What an answer that says "failed" counts as, so that failing fast does not look like
    /// being fast.
    static let failurePenalty = Duration.seconds(1)
    private static let outcomeShare = 0.125
    /// Latencies up to this times the least count as equal to it: those replicas take turns.
    private static let sameLatency = 1.125

    var count: Int { replicas.count }
    var workers: some Sequence<WorkerKey> { replicas.lazy.map(\.worker) }

    mutating func add(_ worker: WorkerKey) {
        replicas.append(Replica(worker: worker))
    }

    mutating func remove(_ worker: WorkerKey) {
        replicas.removeAll { $0.worker == worker }
    }

    /// A task was sent to a replica.
    mutating func sent(to worker: WorkerKey) {
        guard let position = position(of: worker) else { return }
        replicas[position].tasks += 1
    }

    /// A task of a replica was answered, whatever the answer, or will not be.
    mutating func ended(at worker: WorkerKey) {
        guard let position = position(of: worker) else { return }
        replicas[position].tasks -= 1
    }

    /// Enters what an answer says of its replica.
    mutating func learn(
        of worker: WorkerKey, latency: Duration, load: Double, failed: Bool,
        at now: MonotonicInstant
    ) {
        guard let position = position(of: worker) else { return }
        let isFirst = !replicas[position].latency.isKnown(at: now)
        let counted = failed ? max(latency, Self.failurePenalty) : latency
        replicas[position].latency.add(counted, load: load, at: now)
        let outcome = failed ? 0.0 : 1.0
        let share = isFirst ? 1 : Self.outcomeShare
        replicas[position].success += (outcome - replicas[position].success) * share
    }

    /// Enters that a replica has not answered for so long, which says nothing of its success.
    mutating func waited(
        for worker: WorkerKey, atLeast latency: Duration, load: Double, at now: MonotonicInstant
    ) {
        guard let position = position(of: worker) else { return }
        replicas[position].latency.add(latency, load: load, at: now)
    }

    private func position(of worker: WorkerKey) -> Int? {
        replicas.firstIndex { $0.worker == worker }
    }
}

// The choice.
extension ReplicaSet {
    /// The replica for a task. O(replicas).
    ///
    /// - Parameter load: that of a replica; nil if it cannot take the task.
    /// - Returns: nil if none can.
    mutating func choose(
        _ strategy: LoadBalancing, at now: MonotonicInstant, load: (WorkerKey) -> ReplicaLoad?
    ) -> WorkerKey? {
        if replicas.count == 1 { return only(strategy, load(replicas[0].worker)) }
        let candidates = replicas.map { load($0.worker) }
        // Sound ones come first, and of these the near ones.
        let isSound = candidates.contains { $0?.isSound == true }
        let isNear = candidates.contains { $0?.isSound == isSound && $0?.isNear == true }
        // In turn, from where the last choice was made on.
        let order = candidates.indices.map { (rotation + $0) % candidates.count }
        let open = order.compactMap { position -> Candidate? in
            guard let load = candidates[position], load.isSound == isSound,
                load.isNear == isNear
            else { return nil }
            return Candidate(position: position, load: load)
        }
        guard let first = open.first else { return nil }
        let chosen =
            switch strategy {
            case .roundRobin: first.position
            case .weightedRoundRobin: nextByWeight(open)
            case .healthBased: nextByHealth(open)
            case .leastConnections: Self.least(open, by: \.load.relative)
            case .adaptive: fastest(open, now)
            }
        rotation = (chosen + 1) % candidates.count
        return replicas[chosen].worker
    }

    /// The only replica, if it can take the task: there is nothing to weigh, but its load is learned.
    private mutating func only(_ strategy: LoadBalancing, _ load: ReplicaLoad?) -> WorkerKey? {
        guard let load else { return nil }
        if strategy == .adaptive { loads.add(load.perThread) }
        return replicas[0].worker
    }

    /// A replica that could take the task.
    private struct Candidate {
        let position: Int
        let load: ReplicaLoad
    }

    /// The first of those with the least value.
    private static func least(
        _ open: [Candidate], by value: (Candidate) -> Double
    ) -> Int {
        open.min { value($0) < value($1) }?.position ?? 0
    }

    /// Smooth weighted round robin, as in nginx: everyone earns its weight, the richest is chosen and
    /// pays what all earned. Over any run of choices each gets its share to within one.
    private mutating func nextByWeight(_ open: [Candidate]) -> Int {
        for candidate in open {
            replicas[candidate.position].credit.weight += candidate.load.weight
        }
        let chosen = Self.least(open) { -replicas[$0.position].credit.weight }
        replicas[chosen].credit.weight -= open.reduce(0) { $0 + $1.load.weight }
        return chosen
    }

    /// The same with weights times the share of tasks that succeeded, which never gets so small that
    /// a replica could not show that it has recovered.
    private mutating func nextByHealth(_ open: [Candidate]) -> Int {
        var sum = 0.0
        for candidate in open {
            let earned = candidate.load.weight * max(replicas[candidate.position].success, 0.02)
            replicas[candidate.position].credit.health += earned
            sum += earned
        }
        let chosen = Self.least(open) { -replicas[$0.position].credit.health }
        replicas[chosen].credit.health -= sum
        return chosen
    }

    /// The hot-cold rule of Prequal (Wydrowski et al., "Load is not what you should balance",
    /// NSDI 2024, section 4.1): of the replicas that are not hot the one with the least latency at
    /// its load; if all are hot, the one with the least load.
    ///
    /// Changed: there are no probes; what the broker's own tasks and the replies' counts of others'
    /// show takes their place. A replica with a free thread is never hot. One whose latency is not
    /// known, or no longer, gets one task at a time, before all others, until it has answered. One
    /// that fails most of its tasks is held to be hotter than all that do not.
    private mutating func fastest(_ open: [Candidate], _ now: MonotonicInstant) -> Int {
        let threshold = loads.value
        for candidate in open { loads.add(candidate.load.perThread) }
        let sound = open.filter { !replicas[$0.position].isFailing(at: now) }
        let usable = sound.isEmpty ? open : sound
        let cold = usable.filter { $0.load.hasFreeThread || $0.load.perThread <= threshold }
        guard !cold.isEmpty else { return Self.least(usable, by: \.load.relative) }
        let expected = cold.map { candidate -> Double in
            let replica = replicas[candidate.position]
            let known = replica.latency.estimate(load: candidate.load.perThread, at: now)
            return known ?? (replica.tasks == 0 ? 0 : .infinity)
        }
        guard let least = expected.min(), least < .infinity else {
            return Self.least(cold, by: \.load.relative)
        }
        let position = expected.firstIndex { $0 <= least * Self.sameLatency } ?? 0
        return cold[position].position
    }
}
