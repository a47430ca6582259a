import WireMessages
import WireProtocol

/// Keeping the brokers: HELLO, PING, health, draining.
extension WorkerNode {
    mutating func handle(
        _ message: WireMessage, _ link: BrokerLink, _ now: MonotonicInstant
    ) throws(WireError) {
        let command = message.header.command
        if command == .welcome {
            return welcomed(try message.meta(), link, now)
        }
        if links[link.position].connection.state == .greeting, command == .call || command == .fetch
        {
            return keepEarly(message, link)
        }
        guard
            command == .unknownPeer || command == .failed
                || message.header.epoch == links[link.position].connection.epoch
        else { return log(.debug, "\(command.name) of another broker epoch is dropped") }
        switch command {
        case .pong:
            let pong: WirePong = try message.meta()
            checkHealth(everyMilliseconds: pong.healthCheckMs, link)
            links[link.position].connection.pings(everyMilliseconds: pong.pingMs)
        case .call, .fetch: try take(message, link, now)
        case .cancel: cancel(try message.meta(), link)
        case .drain: drain(at: now)
        case .unknownPeer:
            // One that comes while HELLO is under way is answered by that, and its session may have
            // sent tasks by now, which must not be forgotten.
            guard links[link.position].connection.isJoined else { return }
            dropTasks(of: link)
            links[link.position].connection.forgotten(at: now)
        case .failed:
            refused(try message.meta(), link, now)
        default:
            log(.warning, "broker \(link.position) sent \(command.name), which is not for workers")
        }
    }

    /// Tasks of a session that is being begun. What is of an earlier one is done in vain, at worst.
    private mutating func keepEarly(_ message: WireMessage, _ link: BrokerLink) {
        guard links[link.position].early.count < settings.maxTasks else { return }
        links[link.position].early.append(message)
    }

    /// Tasks of the session. Before HELLO is sent they are of one that is lost, and the broker knows.
    private mutating func take(
        _ message: WireMessage, _ link: BrokerLink, _ now: MonotonicInstant
    ) throws(WireError) {
        guard links[link.position].connection.isJoined else { return }
        if message.header.command == .call {
            try call(message, link, now)
        } else {
            try fetch(message, link, now)
        }
    }

    private mutating func welcomed(
        _ welcome: WireWelcome, _ link: BrokerLink, _ now: MonotonicInstant
    ) {
        links[link.position].connection.welcomed(
            epoch: welcome.epoch, pingMilliseconds: welcome.pingMs)
        checkHealth(everyMilliseconds: welcome.healthCheckMs, link)
        health.changed()
        log(.info, "joined broker '\(welcome.broker)'")
        let early = links[link.position].early
        links[link.position].early = []
        for message in early {
            do {
                try handle(message, link, now)
            } catch {
                dropped(error, link)
            }
        }
    }

    /// A broker says how often it wants the worker to check itself; the shortest time counts.
    private mutating func checkHealth(everyMilliseconds wanted: UInt32, _ link: BrokerLink) {
        links[link.position].healthCheck =
            wanted == 0 ? nil : .milliseconds(Int64(wanted))
        let shortest = links.compactMap(\.healthCheck).min() ?? ProtocolLimits.healthCheckInterval
        check.interval = max(shortest, ProtocolLimits.healthMinimumInterval)
    }

    private mutating func refused(
        _ failed: WireFailed, _ link: BrokerLink, _ now: MonotonicInstant
    ) {
        log(.warning, "broker \(link.position): \(failed.code.name): \(failed.message)")
        guard links[link.position].connection.state == .greeting else { return }
        let share = Double.random(in: 0..<1, using: &random)
        links[link.position].connection.refused(at: now, random: share)
    }

    /// Does what the connection to a broker needs now.
    mutating func keep(_ link: BrokerLink, _ now: MonotonicInstant) {
        switch links[link.position].connection.step(at: now, using: &random) {
        case .sendHello where isDraining: break
        case .sendHello:
            send(.hello, hello(), on: link, now)
        case .sendPing:
            send(.ping, ping(), on: link, now)
        case .reconnect:
            log(.warning, "broker \(link.position) is silent; connecting anew")
            dropTasks(of: link)
            actions.append(.reconnect(link))
        case nil: break
        }
    }

    private func hello() -> WireHello {
        var hello = WireHello()
        hello.role = .worker
        hello.name = settings.name
        hello.pool = settings.pool
        hello.incarnation = settings.incarnation
        hello.versions.min = UInt32(Header.version)
        hello.versions.max = UInt32(Header.version)
        hello.pid = settings.pid
        hello.host = settings.host
        hello.slots = UInt32(settings.slots)
        hello.weight = settings.weight
        hello.zone = settings.zone
        hello.window = UInt32(window)
        hello.indexes = settings.indexes
        return hello
    }

    private func ping() -> WirePing {
        var ping = WirePing()
        ping.window = UInt32(window)
        ping.running = running
        ping.queued = queued
        ping.tasksDone = health.tasksDone
        return ping
    }

    /// Jobs that threads work on, at most one for each.
    var running: UInt32 { UInt32(min(jobs.count, settings.slots)) }
    /// Jobs that wait for a thread.
    var queued: UInt32 { UInt32(max(0, jobs.count - settings.slots)) }

    /// The broker's session is gone, and with it the interest in its tasks.
    mutating func dropTasks(of link: BrokerLink) {
        replies[link] = nil
        links[link.position].early = []
        let dropped = jobs.filter { $0.value.link == link && !$0.value.isDropped }
        for (id, job) in dropped.sorted(by: { $0.key.number < $1.key.number }) {
            jobs[id]?.isDropped = true
            actions.append(.cancel(id))
            jobOfTask[TaskKey(link: link, epoch: job.epoch, task: job.task)] = nil
        }
    }

    mutating func reportHealth(_ now: MonotonicInstant) {
        guard health.nextDeadline <= now else { return }
        let oldest = jobs.values.map(\.startedAt).min()
        let dueFirst = jobs.values.map(\.deadline).min()
        var report = WireHealth()
        report.role = .worker
        report.name = settings.name
        report.pool = settings.pool
        report.incarnation = settings.incarnation
        report.pid = settings.pid
        report.host = settings.host
        report.state = isDraining ? .draining : isReady ? .ready : .starting
        report.slots = UInt32(settings.slots)
        report.running = running
        report.queued = queued
        report.oldestMs = oldest.map { $0.duration(to: now).wholeMilliseconds } ?? 0
        report.overdueMs = dueFirst.map { max(.zero, $0.duration(to: now)).wholeMilliseconds } ?? 0
        (report.grade, report.reasons) = check.verdict(shards: served.count, at: now)
        report.loopDelayUs = UInt32(clamping: check.takeLateness().wholeMicroseconds)
        report.diskFreeBytes = check.findings?.disk?.freeBytes ?? 0
        report.probeUs = check.findings?.duration.wholeMicroseconds ?? 0
        report.checkAgeMs =
            check.checkedAt.map { UInt64($0.duration(to: now).wholeMilliseconds) } ?? 0
        health.complete(&report, at: now)
        let header = Header(.health)
        let topic = Array("h.\(settings.pool).\(settings.name)".utf8)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(report)])
        actions.append(.publish([topic] + message.encoded()))
    }

    /// Says goodbye once the last task of a draining worker is answered; also to a broker whose
    /// WELCOME has not come, which would otherwise miss a worker that ends now only after seconds.
    mutating func finishDrain(_ now: MonotonicInstant) {
        guard isDraining, jobs.isEmpty, !isFinished else { return }
        isFinished = true
        for link in links where link.connection.mayHaveSession {
            var body = WireGoodbye()
            body.reason = "drained"
            send(.goodbye, body, on: link.id, now)
        }
        actions.append(.finished)
    }
}
