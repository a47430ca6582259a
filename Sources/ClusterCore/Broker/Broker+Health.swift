import OrderedCollections
import WireMessages
package import WireProtocol

/// What workers say of their own health.
extension Broker {
    /// Takes a health report as a SUB socket gives it: topic, header, body.
    ///
    /// Reports can only lower what a worker gets: one that calls itself unhealthy gets no new tasks until
    /// it calls itself something else, one that is degraded comes last. Liveness and credit come from the
    /// data socket alone.
    package mutating func receiveHealth(_ frames: [Frame], at now: MonotonicInstant) {
        do {
            let message = try WireMessage.decode(Array(frames.dropFirst()))
            guard message.header.command == .health else {
                counters.malformedMessages += 1
                return
            }
            let health: WireHealth = try message.meta()
            guard let known = records[health.name] else { return }
            let isOld =
                known.health?.report.incarnation == health.incarnation
                && known.health?.report.sequence ?? 0 >= health.sequence
            guard !isOld else { return }
            record(health.name) { $0.health = (health, now) }
            if let worker = known.lastSession.flatMap({ workers[$0] }),
                worker.incarnation == health.incarnation
            {
                grade(worker, health, now)
            }
        } catch {
            counters.malformedMessages += 1
        }
    }

    /// What a worker has said of itself counts no more when its reports have stopped.
    mutating func forgetOldGrade(of worker: WorkerSession, _ now: MonotonicInstant) {
        guard worker.standing.grade != .unknown, worker.gradedAt <= oldestGrade(now) else { return }
        set(.unknown, of: worker, now)
    }

    /// What was said then or before counts no more.
    func oldestGrade(_ now: MonotonicInstant) -> MonotonicInstant {
        now - ProtocolLimits.healthInterval * Self.missedReports
    }

    /// Changes what counts of a worker's health, and with it whether its shards are served.
    private mutating func set(
        _ grade: WireHealthGrade, of worker: WorkerSession, _ now: MonotonicInstant
    ) {
        let before = worker.standing.grade
        worker.standing.grade = grade
        if grade == .unhealthy { noteUnserved(worker, now) }
        if before == .unhealthy { served(by: worker) }
    }

    private static let missedReports = 10

    private mutating func grade(
        _ worker: WorkerSession, _ health: WireHealth, _ now: MonotonicInstant
    ) {
        worker.gradedAt = now
        guard worker.standing.grade != health.grade else { return }
        let before = worker.standing.grade
        func tell(_ level: LogLevel, _ what: String) {
            announce(.nodeHealth, node: worker.name, level, "worker '\(worker.name)' \(what)", now)
        }
        let reasons = health.reasons.prefix(4).joined(separator: "; ")
        switch health.grade {
        case .unhealthy:
            tell(.warning, "is unhealthy, it gets no tasks: \(reasons)")
        case .degraded: tell(.warning, "is degraded: \(reasons)")
        case .healthy where before != .unknown: tell(.info, "is healthy again")
        default: break
        }
        set(health.grade, of: worker, now)
    }
}
