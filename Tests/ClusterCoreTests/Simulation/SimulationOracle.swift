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
            + orphans
    }

    /// How items ended.
    struct Tally {
        /// Answers that lack nothing.
        var complete = 0
        /// Answers that lack something.
        var partial = 0
        var cancelled = 0
        /// Answers that brokers sent in several messages.
        var inPieces = 0
        /// Processes that a supervisor started anew.
        var restarts = 0

        static func += (left: inout Tally, right: Tally) {
            left.complete += right.complete
            left.partial += right.partial
            left.cancelled += right.cancelled
            left.inPieces += right.inPieces
            left.restarts += right.restarts
        }
    }

    var tally: Tally {
        var tally = Tally()
        tally.restarts = simulation.supervisor?.restarts ?? 0
        tally.inPieces = simulation.brokers.reduce(0) {
            $0 + $1.answersInPieces + $1.audit.answersInPieces
        }
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

    /// What supervisor and brokers do not know alike of the processes.
    private var orphans: [String] {
        guard let supervisor = simulation.supervisor else { return [] }
        var wrong: [String] = []
        let report = supervisor.machine.report
        for worker in simulation.workers {
            let child = report.children.first { $0.name.text == worker.name }
            if child?.state != .ready || child?.process?.rawValue != Int32(worker.settings.pid) {
                wrong.append("\(worker.name) is \(child as Any) to its supervisor")
            }
        }
        for broker in simulation.brokers {
            let reports = broker.machine.supervisors.values.map(\.report)
            if reports != [report.wire(supervisor: SimulatedSupervisorLink.name, host: "h")] {
                wrong.append("\(broker.name) has the reports \(reports)")
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
        let coverage = answer.meta.coverage
        guard coverage.isBalanced else { return "ledger" }
        let parts: [SimulatedCorpora.Part]
        if asked.wantsLedger {
            if let wrong = fault(of: coverage, asked) { return wrong }
            parts = coverage.reports.filter { $0.state == .ok }.map(part)
        } else {
            parts = allParts(of: asked.indexes)
            guard coverage.isComplete, coverage.reports.isEmpty, Int(coverage.ok) == parts.count
            else { return "an answer of \(coverage)" }
        }
        guard let query = Self.query(asked.text) else { return "the query does not parse" }
        let all = SimulatedCorpora.merged(query, parts, by: asked.merge)
        let expected = all.dropFirst(asked.offset).prefix(asked.limit)
        let total = SimulatedCorpora.total(query, parts, by: asked.merge)
        guard answer.hits.map(Self.words) == expected.map(Self.words),
            answer.meta.totalHits == total.count
        else { return "other hits: \(answer.hits.map(Self.words)), \(expected.map(Self.words))" }
        let isExact = total.isExact && coverage.isComplete
        guard (answer.meta.totalRelation == .exact) == isExact else { return "relation" }
        let documents = asked.wantsDocuments ? expected.map(Self.document) : []
        guard answer.documents.map({ Array($0) }) == documents else { return "other documents" }
        return nil
    }

    private static let schema = try? Schema(json: Array(SimulatedCorpus.schema.utf8))

    private static func query(_ text: String) -> Query? {
        schema.flatMap { try? QueryParser(schema: $0, defaultOperator: .or).parse(text) }
    }

    private static func words(_ hit: WireHit) -> String {
        "\(hit.index)/\(hit.shard)/\(hit.id): \(hit.score)"
    }

    private static func words(_ found: SimulatedCorpora.Found) -> String {
        let id = String(decoding: found.hit.id, as: UTF8.self)
        return "\(found.part.corpus.name)/\(found.part.shard)/\(id): \(found.hit.score)"
    }

    private static func document(_ found: SimulatedCorpora.Found) -> [UInt8] {
        found.part.corpus.source(Int(found.hit.orderKey.rawValue))
    }

    private func allParts(of indexes: [String]) -> [SimulatedCorpora.Part] {
        indexes.map { simulation.corpora[$0] }.flatMap { corpus in
            (0..<corpus.shardCount).map { .init(corpus: corpus, shard: $0) }
        }
    }

    private func part(_ report: WireShardReport) -> SimulatedCorpora.Part {
        .init(corpus: simulation.corpora[report.index], shard: Int(report.shard))
    }

    /// The ledger names each shard of the indexes asked once, in their order.
    private func fault(of coverage: WireCoverage, _ asked: SimulatedClient.Asked) -> String? {
        let corpora = simulation.corpora
        var names: [String] = []
        for report in coverage.reports where names.last != report.index {
            names.append(report.index)
        }
        // All indexes come in the order in which the broker has heard of them.
        let isAsAsked =
            asked.indexes.isEmpty
            ? names.sorted() == corpora.corpora.map(\.name) : names == asked.indexes
        guard isAsAsked else { return "an answer of the indexes \(names)" }
        let shards = allParts(of: names).map { "\($0.corpus.name)/\($0.shard)" }
        let answered = coverage.reports.filter { $0.state == .ok }
        guard coverage.reports.map({ "\($0.index)/\($0.shard)" }) == shards,
            Int(coverage.shards) == shards.count,
            answered.count == Int(coverage.ok),
            coverage.isComplete || isEnough(answered.map(part), of: names, asked)
        else { return "an answer of shards \(coverage.reports)" }
        return nil
    }

    /// Whether an answer may be of these shards only.
    private func isEnough(
        _ parts: [SimulatedCorpora.Part], of names: [String], _ asked: SimulatedClient.Asked
    ) -> Bool {
        guard let least = asked.minimumCoverage, !parts.isEmpty else { return false }
        let covered = parts.reduce(0) { $0 + $1.corpus.documentCount(ofShard: $1.shard) }
        let all = names.reduce(0) { $0 + simulation.corpora[$1].documents.count }
        return Double(covered) >= least * Double(all)
    }
}
