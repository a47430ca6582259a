import ClusterRuntime
import Foundation
import Logging
import ZeroMQ

/// Runs a broker between simulated clients and workers, and measures what it takes.
struct BrokerBench {
    let load: BrokerLoad
    let items: Int
    /// Parts of the items after each of which the broker's memory is looked at.
    let steps: Int
    let workers: Int
    let idleWorkers: Int
    let idle: Duration

    /// Measures; starts and ends everything it needs.
    func run() async throws -> BrokerBenchReport {
        let broker = try BrokerProcess()
        var report: Result<BrokerBenchReport, any Error>
        do {
            report = .success(try await measure(broker))
        } catch {
            report = .failure(error)
        }
        await broker.stop()
        return try report.get()
    }

    private func measure(_ broker: BrokerProcess) async throws -> BrokerBenchReport {
        let traffic = WorkerTraffic()
        let active = (0..<workers).map { "worker-\($0)" }
        var loops = [try await join(active, serving: load.index, broker, traffic)]
        defer { for loop in loops { _ = loop.inbox.post(.stop) } }
        let idling = MadeUpIndex(name: "idle", shards: max(idleWorkers, 1))
        let names = (0..<idleWorkers).map { "idle-\($0)" }
        // Few on one thread, which looks at every socket whenever a message comes.
        for start in stride(from: 0, to: idleWorkers, by: 100) {
            let some = Array(names[start..<min(start + 100, idleWorkers)])
            loops.append(try await join(some, serving: idling, broker, WorkerTraffic()))
        }
        var report = BrokerBenchReport(self)
        if idleWorkers > 0 { report.idle = try await measureIdle(broker) }
        if items > 0 { try await measureLoad(broker, traffic, &report) }
        return report
    }

    /// Starts workers and waits until the broker has welcomed them all.
    private func join(
        _ names: [String], serving index: MadeUpIndex, _ broker: BrokerProcess,
        _ traffic: WorkerTraffic
    ) async throws -> SocketLoop<SimulatedWorkers> {
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let (joined, continuation) = AsyncStream.makeStream(of: Void.self)
        let loop = try SimulatedWorkers.start(
            names, serving: index, at: broker.endpoints, traffic: traffic, logger: logger
        ) { continuation.finish() }
        loop.onExit { continuation.finish() }
        for await _ in joined {}
        return loop
    }

    private func measureIdle(_ broker: BrokerProcess) async throws -> BrokerBenchReport.Idle {
        let began = ContinuousClock.now
        let before = try broker.usage()
        await Pause.last(idle)
        let after = try broker.usage()
        let took = began.duration(to: .now)
        return BrokerBenchReport.Idle(
            workers: idleWorkers, seconds: took / .seconds(1),
            threadShare: (after.thread - before.thread) / took,
            processShare: (after.thread + after.others - before.thread - before.others) / took,
            residentBytes: after.residentBytes)
    }

    private func measureLoad(
        _ broker: BrokerProcess, _ traffic: WorkerTraffic, _ report: inout BrokerBenchReport
    ) async throws {
        let clients = try LoadClients.start(load, at: broker.endpoints.clients)
        defer { _ = clients.inbox.post(.stop) }
        _ = try await pass(max(items / 10, load.batch), through: clients)
        report.note(residentBytes: try broker.usage().residentBytes, after: 0)
        let before = (try broker.usage(), traffic.bytes)
        var sum = LoadTally()
        var took = Duration.zero
        for step in 1...steps {
            let some = items * step / steps - items * (step - 1) / steps
            let part = try await pass(some, through: clients)
            took += part.duration
            sum.add(part.tally)
            report.note(residentBytes: try broker.usage().residentBytes, after: sum.times.count)
        }
        let after = (try broker.usage(), traffic.bytes)
        report.load = BrokerBenchReport.Load(
            sum, took, thread: after.0.thread - before.0.thread,
            others: after.0.others - before.0.others,
            workers: .init(
                received: after.1.received - before.1.received,
                sent: after.1.sent - before.1.sent))
    }

    private func pass(
        _ items: Int, through clients: SocketLoop<LoadClients>
    ) async throws -> LoadClients.Load {
        try await withCheckedThrowingContinuation { continuation in
            let isPosted = clients.inbox.post(.run(items: items) { continuation.resume(with: $0) })
            guard isPosted else {
                return continuation.resume(
                    throwing: CommandFailure(.unavailable, "the clients of the bench have ended"))
            }
        }
    }
}
