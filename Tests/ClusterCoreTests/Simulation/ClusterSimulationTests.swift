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

    @Test func `every item gets one answer, and a complete one is the right one`() {
        let text = ProcessInfo.processInfo.environment[SeededRandom.seedVariable]
        let first = text.flatMap { UInt64($0) }
        let base = first ?? UInt64.random(in: 0 ... .max / 2)
        var complete = 0
        defer { print("\(complete) complete answers; first seed \(base)") }
        for seed in base..<base + (first == nil ? 100 : 1) {
            let simulation = ClusterSimulation(seed: seed)
            let isQuiet = simulation.run()
            var faults = isQuiet ? [] : ["not quiet after \(simulation.steps) steps"]
            faults += ClusterSimulationTests.check(simulation)
            complete += ClusterSimulationTests.completeAnswers(simulation)
            guard !faults.isEmpty else { continue }
            print(simulation.trace.joined(separator: "\n"))
            Issue.record("\(faults.prefix(5)); rerun with \(SeededRandom.seedVariable)=\(seed)")
            return
        }
    }

    static func completeAnswers(_ simulation: ClusterSimulation) -> Int {
        let answers = simulation.clients.flatMap { $0.batches.values.joined().flatMap(\.answers) }
        return answers.count { if case .success = $0 { true } else { false } }
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

    private static func compare(
        _ answer: ItemAnswer, _ asked: SimulatedClient.Asked, _ corpus: SimulatedCorpus
    ) -> String? {
        guard answer.meta.coverage.isComplete,
            Int(answer.meta.coverage.shards) == corpus.shardCount
        else { return "an answer of \(answer.meta.coverage.ok) shards" }
        guard let schema = try? Schema(json: Array(corpus.served.schema.utf8)),
            let query = try? QueryParser(schema: schema, defaultOperator: .or).parse(asked.text)
        else { return "the query does not parse" }
        let expected = corpus.search(query, shard: nil, k: asked.offset + asked.limit)
        let hits = expected.hits.dropFirst(asked.offset)
        guard answer.hits.map(\.id) == hits.map({ String(decoding: $0.id, as: UTF8.self) }),
            answer.hits.map(\.score) == hits.map(\.score), answer.meta.totalHits == expected.total
        else { return "other hits: \(answer.hits.map(\.id)), \(hits.map(\.id))" }
        let documents =
            asked.wantsDocuments ? hits.map { corpus.source(Int($0.orderKey.rawValue)) } : []
        guard answer.documents.map({ Array($0) }) == documents else { return "other documents" }
        return nil
    }
}
