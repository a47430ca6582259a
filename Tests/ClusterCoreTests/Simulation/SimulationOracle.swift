import SearchIndex
import WireProtocol

@testable import ClusterCore

/// What is wrong with the outcome of a simulation: the promises of `docs/protocol.md`, one by one.
struct SimulationOracle {
    let simulation: ClusterSimulation

    /// What may end an item when workers, brokers or connections fail.
    private static let excusable: Set<WireErrorCode> = [
        .deadline, .noWorkers, .workerLost, .poison, .busy, .notFound,
    ]

    /// Empty if nothing is wrong.
    var faults: [String] {
        simulation.violations + simulation.clients.flatMap { faults(of: $0) } + leaks + strangers
    }

    /// How items ended.
    struct Tally {
        /// Answers that lack nothing.
        var complete = 0
        /// Answers that lack something.
        var partial = 0
        var cancelled = 0

        static func += (left: inout Tally, right: Tally) {
            left.complete += right.complete
            left.partial += right.partial
            left.cancelled += right.cancelled
        }
    }

    var tally: Tally {
        var tally = Tally()
        for answer in simulation.clients.lazy.flatMap(\.batches.values).joined().flatMap(\.answers)
        {
            switch answer {
            case .success(let answer):
                if answer.meta.coverage.isComplete {
                    tally.complete += 1
                } else {
                    tally.partial += 1
                }
            case .failure(let failure): if failure.code == .cancelled { tally.cancelled += 1 }
            }
        }
        return tally
    }

    /// What is still held although all work has ended.
    private var leaks: [String] {
        var wrong: [String] = []
        for broker in simulation.brokers where !broker.machine.isIdle {
            wrong.append("\(broker.name) holds something: \(broker.machine.summary)")
        }
        for worker in simulation.workers where worker.machine?.jobs.isEmpty == false {
            wrong.append("\(worker.name) holds jobs")
        }
        return wrong
    }

    /// Every worker is joined again with every broker, every client that is left with its broker, and
    /// nobody else has a session.
    private var strangers: [String] {
        var wrong: [String] = []
        for (position, broker) in simulation.brokers.enumerated() {
            let workers = broker.machine.workers.values.map(\.name).sorted()
            if workers != simulation.workers.map(\.name) {
                wrong.append("\(broker.name) has workers \(workers)")
            }
            let clients = broker.machine.clients.values.map(\.name).sorted()
            let expected = simulation.clients.filter {
                $0.departure == nil && $0.machine.currentBroker == position
            }
            if clients != expected.map(\.name) {
                wrong.append("\(broker.name) has clients \(clients)")
            }
        }
        return wrong
    }

    private func faults(of client: SimulatedClient) -> [String] {
        guard client.departure != .vanished else { return [] }
        var wrong: [String] = []
        for (ticket, count) in client.replies where count != 1 {
            wrong.append("\(client.name): \(count) replies to request \(ticket)")
        }
        for (ticket, batch) in client.batches {
            let name = "\(client.name)/\(ticket)"
            if !client.done.contains(ticket) { wrong.append("\(name): no end") }
            // What is submitted again after a fault begins anew.
            let order = client.answerOrder[ticket] ?? []
            if batch.first?.isInOrder == true, !simulation.hasFaults, order != order.sorted() {
                wrong.append("\(name): answers in the order \(order)")
            }
            for (position, asked) in batch.enumerated() {
                guard let reason = fault(of: asked, hasLeft: client.departure != nil) else {
                    continue
                }
                wrong.append("\(name)/\(position): \(reason)")
            }
        }
        return wrong
    }

    private func fault(of asked: SimulatedClient.Asked, hasLeft: Bool) -> String? {
        guard asked.answers.count == 1 else { return "\(asked.answers.count) answers" }
        if let late = lateness(of: asked) { return late }
        switch asked.answers[0] {
        case .failure(let failure):
            if let coverage = failure.coverage, !coverage.isBalanced { return "ledger" }
            let isExcused =
                failure.code == .cancelled
                ? hasLeft || asked.cancelledAt != nil
                : isDisturbed(asked) && Self.excusable.contains(failure.code)
            return isExcused ? nil : "\(failure.code.name): \(failure.message)"
        case .success(let answer):
            return fault(of: answer, asked)
        }
    }

    /// What is cancelled ends at once, where it need not wait for others of its batch.
    private func lateness(of asked: SimulatedClient.Asked) -> String? {
        guard !simulation.hasFaults, !asked.isInOrder, let cancelledAt = asked.cancelledAt,
            let answeredAt = asked.answeredAt
        else { return nil }
        let took = cancelledAt.duration(to: answeredAt)
        return took <= ClusterSimulation.promptly ? nil : "answered \(took) after its CANCEL"
    }

    /// Whether faults may have kept an item from its answer, or what operators have left behind.
    private func isDisturbed(_ asked: SimulatedClient.Asked) -> Bool {
        asked.isProbe ? simulation.hasOperators : simulation.hasFaults
    }
}

// MARK: Answers

extension SimulationOracle {
    private func fault(of answer: ItemAnswer, _ asked: SimulatedClient.Asked) -> String? {
        let corpus = simulation.corpus
        let coverage = answer.meta.coverage
        let answered = coverage.reports.filter { $0.state == .ok }.map { Int($0.shard) }
        guard coverage.isBalanced, Int(coverage.shards) == corpus.shardCount,
            answered.count == Int(coverage.ok), Set(answered).count == answered.count,
            coverage.isComplete || isEnough(answered, asked)
        else { return "an answer of shards \(answered)" }
        guard let schema = try? Schema(json: Array(corpus.served.schema.utf8)),
            let query = try? QueryParser(schema: schema, defaultOperator: .or).parse(asked.text)
        else { return "the query does not parse" }
        let expected = corpus.merged(query, shards: answered, by: asked.merge)
        let hits = expected.hits.dropFirst(asked.offset).prefix(asked.limit)
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

    /// Whether an answer may be of these shards only.
    private func isEnough(_ shards: [Int], _ asked: SimulatedClient.Asked) -> Bool {
        guard let least = asked.minimumCoverage, !shards.isEmpty else { return false }
        let corpus = simulation.corpus
        let covered = shards.reduce(0) { $0 + corpus.documentCount(ofShard: $1) }
        return Double(covered) >= least * Double(corpus.documents.count)
    }
}
