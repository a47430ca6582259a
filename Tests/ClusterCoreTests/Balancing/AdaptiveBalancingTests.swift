import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// The adaptive strategy against replicas that are slow, fail fast, or recover.
struct AdaptiveBalancingTests {
    /// Half of what two replicas of 2 ms a task can do.
    private static let interval = Duration.milliseconds(2)

    private static func run(
        _ strategy: LoadBalancing, _ name: String, seconds: Int = 20,
        _ behaviours: [@Sendable (Duration) -> BalancingBench.Behaviour]
    ) -> [[Int]] {
        var bench = BalancingBench(behaviours, random: SeededRandom.forTest(name))
        return bench.run(strategy, seconds: seconds, meanInterval: interval)
    }

    private static func share(of replica: Int, in sent: some Collection<[Int]>) -> Double {
        let all = sent.reduce(0) { $0 + $1.reduce(0, +) }
        return Double(sent.reduce(0) { $0 + $1[replica] }) / Double(all)
    }

    @Test func `equal replicas get equal shares`() {
        let sent = Self.run(
            .adaptive, "equal replicas",
            [{ _ in .init(service: .milliseconds(2)) }, { _ in .init(service: .milliseconds(2)) }])
        #expect((0.4...0.6).contains(Self.share(of: 0, in: sent)))
    }

    @Test func `a slow replica gets little, but round robin gives it half`() {
        let behaviours: [@Sendable (Duration) -> BalancingBench.Behaviour] = [
            { _ in .init(service: .milliseconds(20)) },
            { _ in .init(service: .microseconds(1500)) },
        ]
        let adaptive = Self.run(.adaptive, "a slow replica", behaviours)
        #expect(Self.share(of: 0, in: adaptive) < 0.1)
        let inTurn = Self.run(.roundRobin, "a slow replica in turn", behaviours)
        #expect(abs(Self.share(of: 0, in: inTurn) - 0.5) < 0.001)
    }

    @Test func `a replica that fails at once draws no herd`() {
        let sent = Self.run(
            .adaptive, "a failing replica",
            [
                { _ in .init(service: .microseconds(50), fails: true) },
                { _ in .init(service: .microseconds(1500)) },
            ])
        #expect(Self.share(of: 0, in: sent) < 0.05)
    }

    @Test func `without failures counted, least connections would be drawn to it`() {
        let sent = Self.run(
            .leastConnections, "a failing replica, least connections",
            [
                { _ in .init(service: .microseconds(50), fails: true) },
                { _ in .init(service: .microseconds(1500)) },
            ])
        #expect(Self.share(of: 0, in: sent) > 0.5)
    }

    @Test func `a replica that recovers has its share again soon`() {
        let sent = Self.run(
            .adaptive, "a recovering replica", seconds: 30,
            [
                { .init(service: .milliseconds($0 < .seconds(10) ? 50 : 2)) },
                { _ in .init(service: .milliseconds(2)) },
            ])
        #expect(Self.share(of: 0, in: sent[2..<10]) < 0.1)
        let recovery = Int(LatencyAtLoad.lifetime.components.seconds) + 1
        #expect((0.35...0.65).contains(Self.share(of: 0, in: sent[(10 + recovery)...])))
    }

    @Test func `a replica that joins gets one task until it has answered`() {
        var replicas = ReplicaSet()
        let now = MonotonicInstant(nanoseconds: 1_000_000_000)
        for number in 0..<2 { replicas.add(WorkerKey(number: UInt64(number))) }
        replicas.learn(
            of: WorkerKey(number: 0), latency: .milliseconds(1), load: 0, failed: false, at: now)
        let idle = ReplicaLoad(tasks: 0, weight: 1, isNear: true)
        #expect(replicas.choose(.adaptive, among: [idle, idle], at: now)?.number == 1)
        replicas.sent(to: WorkerKey(number: 1))
        let busy = ReplicaLoad(tasks: 1, weight: 1, isNear: true)
        for _ in 0..<20 {
            #expect(replicas.choose(.adaptive, among: [idle, busy], at: now)?.number == 0)
        }
    }
}
