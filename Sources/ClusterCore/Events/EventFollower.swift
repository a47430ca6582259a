package import WireMessages

/// What an observer of events knows without gaps, as a pure state machine.
///
/// Events come from a socket that loses what nobody has subscribed to yet, and what a slow subscriber
/// does not take. A status names the last event that it includes. So an observer that asks for a
/// status once its subscription is in place, and again after a gap, knows everything: the status, and
/// each event after it. One that asks for none is told of the gaps.
///
/// Use: each event in the order in which they came, and the status when it has come; then the steps
/// that are returned, in order. Memory: a number for each broker, and at most `maxHeld` events.
package struct EventFollower {
    /// What the observer does.
    package enum Step: Equatable, Sendable {
        /// Ask the broker for its status; `received` or `statusFailed` follows.
        case askForStatus
        case show(WireBrokerEvent)
        /// So many events of a broker before this number have not come.
        case missed(UInt64, before: UInt64, broker: String)
    }

    /// Events that wait for a status; if there are more the oldest count as missed.
    private static let maxHeld = 4_096

    private let asksForStatus: Bool
    private var isAsking = false
    private var held: [WireBrokerEvent] = []
    /// The last event of each broker that is known, of which epoch.
    private var known: [String: (epoch: UInt64, sequence: UInt64)] = [:]

    /// - Parameter asksForStatus: whether it begins with a status, and has another one after a gap.
    package init(asksForStatus: Bool) {
        self.asksForStatus = asksForStatus
    }

    /// An event has come.
    package mutating func received(_ event: WireBrokerEvent) -> [Step] {
        guard !isAsking else {
            hold(event)
            return []
        }
        return event.kind == .subscribed ? subscribed(event) : told(event)
    }

    /// A subscription is in place, this observer's or another's; the event has the number of the last one.
    private mutating func subscribed(_ event: WireBrokerEvent) -> [Step] {
        let last = lastKnown(of: event)
        if let last, event.sequence <= last { return [] }
        known[event.broker] = (event.epoch, event.sequence)
        let gap = last.map {
            Step.missed(event.sequence - $0, before: event.sequence + 1, broker: event.broker)
        }
        return [gap].compactMap(\.self) + (asksForStatus ? ask() : [])
    }

    private mutating func told(_ event: WireBrokerEvent) -> [Step] {
        let last = lastKnown(of: event)
        if let last, event.sequence <= last { return [] }
        let missed = last.map { event.sequence - $0 - 1 } ?? 0
        known[event.broker] = (event.epoch, event.sequence)
        guard missed > 0 else { return [.show(event)] }
        let gap = Step.missed(missed, before: event.sequence, broker: event.broker)
        guard asksForStatus else { return [gap, .show(event)] }
        known[event.broker] = nil
        hold(event)
        return [gap] + ask()
    }

    private func lastKnown(of event: WireBrokerEvent) -> UInt64? {
        known[event.broker].flatMap { $0.epoch == event.epoch ? $0.sequence : nil }
    }

    /// The status that was asked for, as of an event.
    package mutating func received(_ status: WireBrokerStatus) -> [Step] {
        known[status.name] = (status.epoch, status.eventSequence)
        return release()
    }

    /// There is no status: the events that came meanwhile stand for themselves.
    package mutating func statusFailed() -> [Step] { release() }

    private mutating func ask() -> [Step] {
        guard !isAsking else { return [] }
        isAsking = true
        return [.askForStatus]
    }

    private mutating func hold(_ event: WireBrokerEvent) {
        if held.count == Self.maxHeld { held.removeFirst() }
        held.append(event)
    }

    private mutating func release() -> [Step] {
        isAsking = false
        let events = held
        held = []
        return events.flatMap { received($0) }
    }
}
