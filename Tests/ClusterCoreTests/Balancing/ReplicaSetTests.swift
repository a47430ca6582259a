import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// Which replica each strategy chooses.
struct ReplicaSetTests {
    private static let now = MonotonicInstant(nanoseconds: 1_000_000_000)

    private static func replicas(_ count: Int) -> ReplicaSet {
        var replicas = ReplicaSet()
        for number in 0..<count { replicas.add(WorkerKey(number: UInt64(number))) }
        return replicas
    }

    private static func load(
        _ tasks: Int = 0, weight: Double = 1, isNear: Bool = true
    ) -> ReplicaLoad {
        ReplicaLoad(tasks: tasks, weight: weight, isNear: isNear)
    }

    /// The numbers of the replicas chosen, one choice after the other.
    private static func choices(
        _ count: Int, _ strategy: LoadBalancing, of replicas: inout ReplicaSet,
        _ loads: [ReplicaLoad?]
    ) -> [UInt64] {
        (0..<count).compactMap { _ in replicas.choose(strategy, among: loads, at: now)?.number }
    }

    @Test func `round robin takes one after the other, whatever their load`() {
        var replicas = Self.replicas(3)
        let loads = [Self.load(9), Self.load(), Self.load(weight: 7)]
        #expect(
            Self.choices(7, .roundRobin, of: &replicas, loads) == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test func `round robin passes over those that cannot take the task`() {
        var replicas = Self.replicas(3)
        #expect(
            Self.choices(4, .roundRobin, of: &replicas, [Self.load(), nil, Self.load()])
                == [0, 2, 0, 2])
    }

    @Test func `weights 5, 1 and 1 are spread as evenly as they can be`() {
        var replicas = Self.replicas(3)
        let loads = [5, 1, 1].map { Self.load(weight: $0) }
        let chosen = Self.choices(14, .weightedRoundRobin, of: &replicas, loads)
        for run in [chosen.prefix(7), chosen.suffix(7)] {
            #expect([0, 1, 2].map { number in run.count { $0 == number } } == [5, 1, 1])
        }
        let longest = chosen.split { $0 != 0 }.map(\.count).max()
        #expect(longest ?? 0 <= 4)
    }

    @Test func `any run of weighted choices gives everyone its share to within one`() {
        var random = SeededRandom.forTest("weighted choices")
        for _ in 0..<50 {
            let weights = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Double(Int.random(in: 1...20, using: &random))
            }
            var replicas = Self.replicas(weights.count)
            let loads = weights.map { Self.load(weight: $0) }
            let count = Int.random(in: 1...300, using: &random)
            let chosen = Self.choices(count, .weightedRoundRobin, of: &replicas, loads)
            for (number, weight) in weights.enumerated() {
                let share = Double(count) * weight / weights.reduce(0, +)
                let got = Double(chosen.count { $0 == UInt64(number) })
                let distance = abs(got - share)
                #expect(distance <= Double(weights.count), "\(weights), \(count)")
            }
        }
    }

    @Test func `least connections takes the fewest tasks for the weight, equal ones in turn`() {
        var replicas = Self.replicas(3)
        #expect(
            Self.choices(
                2, .leastConnections, of: &replicas, [Self.load(3), Self.load(2), Self.load(4)])
                == [1, 1])
        #expect(
            Self.choices(
                1, .leastConnections, of: &replicas,
                [Self.load(3), Self.load(2), Self.load(4, weight: 4)]) == [2])
        #expect(
            Self.choices(
                4, .leastConnections, of: &replicas, [Self.load(), Self.load(), Self.load()])
                == [0, 1, 2, 0])
    }

    @Test func `health based gives a failing replica little, and its share back afterwards`() {
        var replicas = Self.replicas(2)
        let loads = [Self.load(), Self.load()]
        for _ in 0..<100 { Self.answer(0, failed: true, in: &replicas) }
        let whileFailing = Self.choices(100, .healthBased, of: &replicas, loads)
        let few = whileFailing.count { $0 == 0 }
        #expect((1...4).contains(few), "it is tried now and then: \(few)")
        for _ in 0..<100 { Self.answer(0, failed: false, in: &replicas) }
        let after = Self.choices(100, .healthBased, of: &replicas, loads)
        #expect((48...52).contains(after.count { $0 == 0 }))
    }

    private static func answer(_ number: UInt64, failed: Bool, in replicas: inout ReplicaSet) {
        replicas.learn(
            of: WorkerKey(number: number), latency: .milliseconds(1), load: 0, failed: failed,
            at: now)
    }

    @Test(arguments: LoadBalancing.allCases)
    func `a replica of another zone gets tasks only when no near one can take them`(
        _ strategy: LoadBalancing
    ) {
        var replicas = Self.replicas(3)
        let far = Self.load(weight: 100, isNear: false)
        let near = Self.load(9)
        #expect(
            Self.choices(5, strategy, of: &replicas, [far, near, nil]) == [1, 1, 1, 1, 1])
        #expect(Self.choices(2, strategy, of: &replicas, [far, nil, nil]) == [0, 0])
    }

    @Test(arguments: LoadBalancing.allCases)
    func `without a replica that can take the task there is none`(_ strategy: LoadBalancing) {
        var replicas = Self.replicas(2)
        #expect(replicas.choose(strategy, among: [nil, nil], at: Self.now) == nil)
        var empty = ReplicaSet()
        #expect(empty.choose(strategy, among: [], at: Self.now) == nil)
    }

    @Test func `what a replica knew of itself ends with it`() {
        var replicas = Self.replicas(2)
        replicas.remove(WorkerKey(number: 0))
        replicas.sent(to: WorkerKey(number: 0))
        replicas.ended(at: WorkerKey(number: 0))
        Self.answer(0, failed: true, in: &replicas)
        #expect(replicas.replicas.map(\.worker.number) == [1])
        #expect(Self.choices(2, .roundRobin, of: &replicas, [Self.load()]) == [1, 1])
    }
}
