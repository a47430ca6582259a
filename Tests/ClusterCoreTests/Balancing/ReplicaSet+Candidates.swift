@testable import ClusterCore

extension ReplicaSet {
    /// The choice where each replica, in their order, has a load or cannot take the task.
    mutating func choose(
        _ strategy: LoadBalancing, among candidates: [ReplicaLoad?], at now: MonotonicInstant
    ) -> WorkerKey? {
        let loads = Dictionary(uniqueKeysWithValues: zip(workers, candidates))
        return choose(strategy, at: now) { loads[$0] ?? nil }
    }
}
