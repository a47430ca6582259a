import FoundationEssentials
import TestSupport
import Testing

@testable import ClusterCore

/// Whole clusters under random faults, seed by seed.
struct ClusterSimulationTests {
    /// The seeds of this run: `SWIFTLET_SEED` and those after it, `SWIFTLET_SIMULATIONS` in all; without
    /// the second one alone, without the first 300 from a random one on.
    private static let seeds: (first: UInt64, count: UInt64) = {
        let environment = ProcessInfo.processInfo.environment
        let first = environment[SeededRandom.seedVariable].flatMap { UInt64($0) }
        let count = environment["SWIFTLET_SIMULATIONS"].flatMap { UInt64($0) }
        return (
            first ?? UInt64.random(in: 0 ... .max / 2), count ?? (first == nil ? 300 : 1)
        )
    }()
    /// Seeds are dealt out to this many test cases, which run side by side.
    private static let parts: UInt64 = 3

    @Test(arguments: 0..<parts)
    func `every item gets one answer, the right one of the shards it names, and nothing is kept`(
        part: UInt64
    ) {
        let (first, count) = Self.seeds
        var (tally, simulations) = (SimulationOracle.Tally(), 0)
        defer {
            print(
                "\(simulations) simulations: \(tally.complete) complete answers, "
                    + "\(tally.partial) partial, \(tally.cancelled) cancelled, "
                    + "\(tally.inPieces) in pieces, "
                    + "\(tally.restarts) restarts; "
                    + "seeds from \(first &+ part), every \(Self.parts)th")
        }
        for number in stride(from: part, to: count, by: Int(Self.parts)) {
            let seed = first &+ number
            let simulation = ClusterSimulation(seed: seed)
            let isQuiet = simulation.run()
            let oracle = SimulationOracle(simulation: simulation)
            let faults = isQuiet ? oracle.faults : ["not quiet after \(simulation.steps) steps"]
            tally += oracle.tally
            simulations += 1
            guard !faults.isEmpty else { continue }
            print(simulation.trace.joined(separator: "\n"))
            Issue.record("\(faults.prefix(5)); rerun with \(SeededRandom.seedVariable)=\(seed)")
            return
        }
    }

    @Test func `the same seed gives the same simulation twice, step by step`() {
        for seed in Self.seeds.first..<Self.seeds.first + min(Self.seeds.count, 8) {
            let (one, two) = (ClusterSimulation(seed: seed), ClusterSimulation(seed: seed))
            #expect(one.run() == two.run())
            let different = zip(one.trace, two.trace).first { $0 != $1 }
            if let different {
                Issue.record("seed \(seed): '\(different.0)', then '\(different.1)'")
            }
            #expect(one.steps == two.steps && one.now == two.now)
            #expect(one.random.next() == two.random.next())
        }
    }

    @Test func `each kind of fault, and operators, are in some simulations of any hundred`() {
        let simulations = (0..<100).map { ClusterSimulation(seed: $0) }
        let mixes = simulations.map(\.faultMix)
        for fault in SimulatedFault.allCases {
            #expect(mixes.count { $0.contains(fault) } >= 10, "\(fault)")
        }
        let operated = simulations.count { $0.clients.contains { !$0.plannedRequests.isEmpty } }
        #expect(operated >= 10)
        #expect(simulations.count(where: \.hasCancellations) >= 30)
        #expect(simulations.count { $0.supervisor != nil } >= 25)
        #expect(simulations.count(where: \.isCrashingOnly) >= 5)
        #expect(simulations.count { $0.chunkBytes != nil } >= 30)
        #expect(simulations.count { $0.corpora.corpora.count == 2 } >= 50)
        #expect(mixes.count(where: \.isEmpty) == 25)
    }
}
