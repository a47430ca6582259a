import WireMessages
import WireProtocol

/// What observers are told as it happens: EVENT on the event socket, and a line in the log.
extension Broker {
    /// Logs an event and publishes it.
    mutating func announce(
        _ kind: WireEventKind, node: String = "", _ level: LogLevel, _ text: String,
        trace: ItemTrace? = nil, _ now: MonotonicInstant
    ) {
        log(level, text)
        lastEvent += 1
        publish(kind, now) {
            $0.node = node
            $0.text = text
            $0.traceparent = trace?.parent ?? ""
        }
    }

    /// Somebody has subscribed to events, and gets those from now on.
    package mutating func subscribed() { hasNewSubscriber = true }

    /// Tells new subscribers, and with them all, which event was the last.
    mutating func welcomeSubscribers(_ now: MonotonicInstant) {
        guard hasNewSubscriber else { return }
        hasNewSubscriber = false
        publish(.subscribed, now)
    }

    private mutating func publish(
        _ kind: WireEventKind, _ now: MonotonicInstant,
        _ fill: (inout WireBrokerEvent) -> Void = { _ in }
    ) {
        var event = WireBrokerEvent()
        event.sequence = lastEvent
        event.broker = settings.name
        event.epoch = settings.epoch
        event.kind = kind
        event.uptimeMs = startedAt.duration(to: now).wholeMicroseconds / 1_000
        fill(&event)
        let header = Header(.event, epoch: settings.epoch)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(event)])
        actions.append(.publish([Array("e.\(kind.name)".utf8)] + message.encoded()))
    }

    /// Tells of an item that took long, at most `slowQueriesPerSecond` times a second.
    mutating func noteIfSlow(_ item: PendingItem, _ outcome: ItemOutcome, _ now: MonotonicInstant) {
        let took = item.arrivedAt.duration(to: now)
        guard let limit = configuration.slowQuery, took >= limit else { return }
        if slowQueries.since.duration(to: now) >= .seconds(1) { slowQueries = (now, 0) }
        slowQueries.count += 1
        guard slowQueries.count <= Self.slowQueriesPerSecond else { return }
        let trace = item.settings?.trace
        announce(
            .slowQuery, .warning, slowness(of: item, trace, took, outcome, now), trace: trace, now)
    }

    private static let slowQueriesPerSecond = 10

    private func slowness(
        of item: PendingItem, _ trace: ItemTrace?, _ took: Duration, _ outcome: ItemOutcome,
        _ now: MonotonicInstant
    ) -> String {
        let started = item.startedAt ?? now
        let searched = item.searchedAt ?? now
        return "slow query of client '\(item.client.name)', \(outcome) after "
            + "\(took.wholeMilliseconds) ms: "
            + "waited \(item.arrivedAt.duration(to: started).wholeMilliseconds) ms, searched "
            + "\(started.duration(to: searched).wholeMilliseconds) ms, documents "
            + "\(searched.duration(to: now).wholeMilliseconds) ms, \(item.parts.count) shards"
            + (trace.map { ", traceparent \($0.parent)" } ?? "") + ": \(item.logText)"
    }
}

extension WireEventKind {
    /// The name in the `.proto`, which is also the end of the topic.
    package var name: String {
        switch self {
        case .unspecified, .UNRECOGNIZED: "EVENT_KIND_UNSPECIFIED"
        case .nodeJoined: "NODE_JOINED"
        case .nodeRefused: "NODE_REFUSED"
        case .nodeSuspected: "NODE_SUSPECTED"
        case .nodeHeardAgain: "NODE_HEARD_AGAIN"
        case .nodeDraining: "NODE_DRAINING"
        case .nodeLeft: "NODE_LEFT"
        case .nodeLost: "NODE_LOST"
        case .nodeChanged: "NODE_CHANGED"
        case .nodeHealth: "NODE_HEALTH"
        case .breakerOpened: "BREAKER_OPENED"
        case .breakerReclosed: "BREAKER_RECLOSED"
        case .childChanged: "CHILD_CHANGED"
        case .configured: "CONFIGURED"
        case .indexReplaced: "INDEX_REPLACED"
        case .slowQuery: "SLOW_QUERY"
        case .subscribed: "SUBSCRIBED"
        }
    }
}
