import TestSupport
import WireProtocol

@testable import ClusterCore

/// Replicas with one queue each, fed at random times by one chooser, on a virtual clock.
struct BalancingBench {
    /// What a replica does with a task that it begins at an instant.
    struct Behaviour {
        var service: Duration
        var fails = false
    }

    private struct Answer {
        let at: MonotonicInstant
        let replica: Int
        let sentAt: MonotonicInstant
        let load: Double
        let failed: Bool
    }

    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)
    private let behaviours: [@Sendable (Duration) -> Behaviour]
    private var replicas = ReplicaSet()
    private var random: SeededRandom
    private var freeAt: [MonotonicInstant]
    private var inFlight: [Int]
    private var waiting: [Answer] = []

    /// - Parameter behaviours: of each replica, by the time since the start.
    init(_ behaviours: [@Sendable (Duration) -> Behaviour], random: SeededRandom) {
        self.behaviours = behaviours
        self.random = random
        for number in behaviours.indices { replicas.add(WorkerKey(number: UInt64(number))) }
        freeAt = Array(repeating: Self.start, count: behaviours.count)
        inFlight = Array(repeating: 0, count: behaviours.count)
    }

    /// Sends tasks at random intervals with the given mean.
    ///
    /// - Returns: for each second since the start, how many tasks each replica got.
    mutating func run(
        _ strategy: LoadBalancing, seconds: Int, meanInterval: Duration
    ) -> [[Int]] {
        var sent = Array(
            repeating: Array(repeating: 0, count: behaviours.count), count: seconds)
        var now = Self.start
        while Self.start.duration(to: now) < .seconds(seconds) {
            takeAnswers(until: now)
            let loads = inFlight.map { ReplicaLoad(tasks: $0, weight: 1, isNear: true) }
            guard let key = replicas.choose(strategy, among: loads, at: now) else { return sent }
            let second = Int(Self.start.duration(to: now).components.seconds)
            sent[second][Int(key.number)] += 1
            send(to: key, now)
            now = now + meanInterval * Double.random(in: 0..<2, using: &random)
        }
        return sent
    }

    private mutating func send(to key: WorkerKey, _ now: MonotonicInstant) {
        let number = Int(key.number)
        let begin = max(now, freeAt[number])
        let behaviour = behaviours[number](Self.start.duration(to: begin))
        let end = begin + behaviour.service
        freeAt[number] = end
        waiting.append(
            Answer(
                at: end, replica: number, sentAt: now, load: Double(inFlight[number]),
                failed: behaviour.fails))
        inFlight[number] += 1
        replicas.sent(to: key)
    }

    private mutating func takeAnswers(until now: MonotonicInstant) {
        let due = waiting.filter { $0.at <= now }.sorted { $0.at < $1.at }
        waiting.removeAll { $0.at <= now }
        for answer in due {
            let key = WorkerKey(number: UInt64(answer.replica))
            inFlight[answer.replica] -= 1
            replicas.ended(at: key)
            replicas.learn(
                of: key, latency: answer.sentAt.duration(to: answer.at), load: answer.load,
                failed: answer.failed, at: answer.at)
        }
    }
}
