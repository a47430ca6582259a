import FoundationEssentials
import SearchIndex
import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// Whole clusters under random faults, seed by seed.
struct ClusterSimulationTests {
    /// What may end an item when workers, brokers or connections fail.
    static let excusable: Set<WireErrorCode> = [
        .deadline, .noWorkers, .workerLost, .poison, .busy, .notFound,
    ]

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
    func `every item gets one answer, and it is the right one of the shards it names`(
        part: UInt64
    ) {
        let (first, count) = Self.seeds
        var (complete, partial, simulations) = (0, 0, 0)
        defer {
            print(
                "\(simulations) simulations: \(complete) complete answers, \(partial) partial; "
                    + "seeds from \(first &+ part), every \(Self.parts)th")
        }
        for number in stride(from: part, to: count, by: Int(Self.parts)) {
            let seed = first &+ number
            let simulation = ClusterSimulation(seed: seed)
            let isQuiet = simulation.run()
            var faults = isQuiet ? [] : ["not quiet after \(simulation.steps) steps"]
            faults += ClusterSimulationTests.check(simulation)
            let answers = ClusterSimulationTests.answers(simulation)
            complete += answers.complete
            partial += answers.partial
            simulations += 1
            guard !faults.isEmpty else { continue }
            print(simulation.trace.joined(separator: "\n"))
            Issue.record("\(faults.prefix(5)); rerun with \(SeededRandom.seedVariable)=\(seed)")
            return
        }
    }

    /// How many answers lack nothing, and how many lack something.
    static func answers(_ simulation: ClusterSimulation) -> (complete: Int, partial: Int) {
        let answers = simulation.clients.flatMap { $0.batches.values.joined().flatMap(\.answers) }
        let found = answers.compactMap { try? $0.get().meta.coverage.isComplete }
        return (found.count { $0 }, found.count { !$0 })
    }

    /// What is wrong with the outcome of a simulation; empty if nothing is.
    static func check(_ simulation: ClusterSimulation) -> [String] {
        var wrong: [String] = []
        for client in simulation.clients {
            for (ticket, batch) in client.batches {
                if !client.done.contains(ticket) {
                    wrong.append("\(client.name)/\(ticket): no end")
                }
                for (position, asked) in batch.enumerated() {
                    let reason = check(asked, simulation)
                    if let reason {
                        wrong.append("\(client.name)/\(ticket)/\(position): \(reason)")
                    }
                }
            }
        }
        for broker in simulation.brokers where !broker.machine.isIdle {
            wrong.append("\(broker.name) holds something")
        }
        for worker in simulation.workers where worker.machine?.jobs.isEmpty == false {
            wrong.append("\(worker.name) holds jobs")
        }
        return wrong
    }

    private static func check(
        _ asked: SimulatedClient.Asked, _ simulation: ClusterSimulation
    ) -> String? {
        guard asked.answers.count == 1 else { return "\(asked.answers.count) answers" }
        switch asked.answers[0] {
        case .failure(let failure):
            if let coverage = failure.coverage, !coverage.isBalanced { return "ledger" }
            let isExcused = simulation.hasFaults && excusable.contains(failure.code)
            return isExcused ? nil : "\(failure.code.name): \(failure.message)"
        case .success(let answer):
            return compare(answer, asked, simulation.corpus)
        }
    }

    /// Whether an answer may be of these shards only.
    private static func isEnough(
        _ shards: [Int], _ asked: SimulatedClient.Asked, _ corpus: SimulatedCorpus
    ) -> Bool {
        guard let least = asked.minimumCoverage, !shards.isEmpty else { return false }
        let covered = shards.reduce(0) { $0 + corpus.documentCount(ofShard: $1) }
        return Double(covered) >= least * Double(corpus.documents.count)
    }

    private static func compare(
        _ answer: ItemAnswer, _ asked: SimulatedClient.Asked, _ corpus: SimulatedCorpus
    ) -> String? {
        let coverage = answer.meta.coverage
        let answered = coverage.reports.filter { $0.state == .ok }.map { Int($0.shard) }
        guard coverage.isBalanced, Int(coverage.shards) == corpus.shardCount,
            answered.count == Int(coverage.ok), Set(answered).count == answered.count,
            coverage.isComplete || isEnough(answered, asked, corpus)
        else { return "an answer of shards \(answered)" }
        guard let schema = try? Schema(json: Array(corpus.served.schema.utf8)),
            let query = try? QueryParser(schema: schema, defaultOperator: .or).parse(asked.text)
        else { return "the query does not parse" }
        let expected = corpus.search(query, shards: answered, k: asked.offset + asked.limit)
        let hits = expected.hits.dropFirst(asked.offset)
        guard answer.hits.map(\.id) == hits.map({ String(decoding: $0.id, as: UTF8.self) }),
            answer.hits.map(\.score) == hits.map(\.score), answer.meta.totalHits == expected.total
        else { return "other hits: \(answer.hits.map(\.id)), \(hits.map(\.id))" }
        let documents =
            asked.wantsDocuments ? hits.map { corpus.source(Int($0.orderKey.rawValue)) } : []
        guard (answer.meta.totalRelation == .exact) == coverage.isComplete else {
            return "relation"
        }
        guard answer.documents.map({ Array($0) }) == documents else { return "other documents" }
        return nil
    }
}
