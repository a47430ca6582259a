import ArgumentParser
import ClusterCore
import SwiftletClient
import WireMessages

/// `swiftlet status`: a broker's view of the cluster.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show a broker's view of the cluster: shards, workers, clients, children.",
        discussion: """
            Of a worker it shows the tasks done and failed, the median and 99th percentile of its last ones, \
            and its shards, each as INDEX/SHARD@GENERATION. --json prints the STATUS_REPLY of docs/protocol.md. --wait-replicas waits until every \
            shard of every index has that many live workers.

            Examples:
              swiftlet status --broker ipc:///run/swiftlet/broker-1.clients
              swiftlet status --broker ipc:///run/swiftlet/broker-1.clients --json
              swiftlet status --broker ipc:///run/swiftlet/broker-1.clients --wait-replicas 2
            """)

    @OptionGroup var question: QuestionOptions

    @Option(help: "Wait until every shard has this many live workers.")
    var waitReplicas: Int?

    func run() async throws {
        try await question.ask(as: "status", wantedStatus) { reply in
            StatusReport(reply).text
        }
    }

    /// The status as soon as it is as wanted.
    private func wantedStatus(
        _ client: SearchClient, within budget: Duration
    ) async throws -> WireStatusReply {
        let deadline = ContinuousClock.now + budget
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            let reply = try await client.status(within: max(left, .milliseconds(1)))
            guard let waitReplicas else { return reply }
            let missing = Self.shards(of: reply, below: waitReplicas)
            if missing.isEmpty, !reply.indexes.isEmpty { return reply }
            guard left > .zero else {
                let what =
                    missing.isEmpty ? "no index" : missing.prefix(10).joined(separator: ", ")
                throw CommandFailure(
                    .unavailable,
                    "after \(question.timeout) s not every shard has \(waitReplicas) live workers: \(what)"
                )
            }
            await Pause.last(.milliseconds(50))
        }
    }

    private static func shards(of reply: WireStatusReply, below count: Int) -> [String] {
        reply.indexes.flatMap { index in
            index.shards.filter { $0.workers.count < count }.map {
                "\(index.name)/\($0.shard) has \($0.workers.count)"
            }
        }
    }
}

/// A status reply as lines of text.
struct StatusReport {
    private let reply: WireStatusReply

    init(_ reply: WireStatusReply) {
        self.reply = reply
    }

    /// Its lines, each ended.
    var text: String { lines.map { $0 + "\n" }.joined() }

    var lines: [String] {
        brokerLines + indexLines + workerLines + childLines + clientLines
    }

    private var brokerLines: [String] {
        let broker = reply.broker
        return [
            "broker \(broker.name): up \(broker.uptimeMs / 1_000) s; items \(broker.itemsCompleted) "
                + "answered, \(broker.itemsFailed) failed, \(broker.itemsWaiting) waiting; tasks "
                + "\(broker.tasksSent) sent, \(broker.tasksResent) sent again, "
                + "\(broker.tasksHedged) hedged, "
                + "\(broker.tasksInFlight) in flight; workers lost \(broker.workersLost) times",
            "  settings: \(ConfigureCommand.line(of: ClusterSettings(broker.settings)))",
        ] + answerLines
    }

    /// How long answers took; none before the first.
    private var answerLines: [String] {
        let broker = reply.broker
        guard broker.itemsCompleted > 0 else { return [] }
        return [
            "  answers: mean \(broker.answerMeanUs) µs; of late p50 \(broker.answerP50Us) µs, p99 "
                + "\(broker.answerP99Us) µs"
        ]
    }

    private var indexLines: [String] {
        reply.indexes.flatMap { index in
            [
                "index \(index.name): build \(index.buildID), \(index.documents) documents, "
                    + "\(index.shardCount) shards"
            ]
                + index.shards.map { shard in
                    let workers = shard.workers.joined(separator: ", ")
                    return "  shard \(shard.shard): "
                        + (workers.isEmpty ? "NOBODY SERVES IT" : workers)
                }
        }
    }

    private var workerLines: [String] { reply.workers.map(Self.line) }

    private static func line(of worker: WireWorkerStatus) -> String {
        var line =
            "worker \(worker.name): \(name(of: worker.state)), pid \(worker.pid), "
            + "weight \(text(worker.weight)), \(worker.inFlight) in flight, "
            + "\(worker.tasksDone) done, \(worker.tasksFailed) failed, "
        let health = worker.health
        if health.p99Us > 0 { line += "p50 \(health.p50Us) µs, p99 \(health.p99Us) µs, " }
        line += "lost \(worker.timesLost) times; \(shards(of: worker).joined(separator: " "))"
        if worker.grade == .degraded || worker.grade == .unhealthy {
            let grade = worker.grade == .degraded ? "DEGRADED" : "UNHEALTHY"
            line += "; \(grade): \(health.reasons.joined(separator: "; "))"
        }
        if worker.breaker != .breakerClosed { line += "; BREAKER OPEN" }
        if worker.inactive { line += "; INACTIVE" }
        if !worker.refusal.isEmpty { line += "; REFUSED: \(worker.refusal)" }
        return line
    }

    /// What it serves, each as `index/shard@generation`.
    private static func shards(of worker: WireWorkerStatus) -> [String] {
        guard worker.generations.count == worker.shards.count else { return worker.shards }
        return zip(worker.shards, worker.generations).map { "\($0)@\($1)" }
    }

    private var childLines: [String] {
        reply.supervisors.flatMap { supervisor in
            ["supervisor \(supervisor.supervisor) on \(supervisor.host):"]
                + supervisor.children.map { child in
                    let exit = child.lastExit.isEmpty ? "" : "; before: \(child.lastExit)"
                    return "  \(child.name): \(child.state.words), pid \(child.pid), "
                        + "restarted \(child.restarts) times\(exit)"
                }
        }
    }

    private var clientLines: [String] {
        reply.clients.map {
            "client \($0.name): \($0.outstandingItems) items outstanding, "
                + "\($0.unacknowledgedResults) results unacknowledged"
        }
    }

    private static func text(_ weight: Double) -> String {
        Int64(exactly: weight).map { "\($0)" } ?? "\(weight)"
    }

    private static func name(of state: WireNodeState) -> String {
        switch state {
        case .unspecified, .UNRECOGNIZED: "unknown"
        case .starting: "starting"
        case .ready: "ready"
        case .suspected: "suspected"
        case .draining: "draining"
        case .lost: "lost"
        case .stopping: "stopped"
        }
    }
}
