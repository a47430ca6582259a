import TestSupport
import Testing
import WireMessages

@testable import ClusterCore

/// What an observer of events asks, shows, and calls missed.
struct EventFollowerTests {
    private typealias Step = EventFollower.Step

    private func event(
        _ sequence: UInt64, broker: String = "b", epoch: UInt64 = 5
    ) -> WireBrokerEvent {
        var event = WireBrokerEvent()
        event.sequence = sequence
        event.broker = broker
        event.epoch = epoch
        return event
    }

    /// Tells that somebody has subscribed after so many events.
    private func subscribed(
        _ sequence: UInt64, broker: String = "b", epoch: UInt64 = 5
    ) -> WireBrokerEvent {
        var event = event(sequence, broker: broker, epoch: epoch)
        event.kind = .subscribed
        return event
    }

    private func status(_ sequence: UInt64, epoch: UInt64 = 5) -> WireBrokerStatus {
        var status = WireBrokerStatus()
        status.name = "b"
        status.epoch = epoch
        status.eventSequence = sequence
        return status
    }

    @Test func `without a status, events are shown as they come, and gaps named`() {
        var follower = EventFollower(asksForStatus: false)
        #expect(follower.received(subscribed(6)) == [])
        #expect(follower.received(event(7)) == [.show(event(7))])
        #expect(follower.received(subscribed(7)) == [], "another's")
        #expect(follower.received(event(8)) == [.show(event(8))])
        #expect(
            follower.received(event(11))
                == [.missed(2, before: 11, broker: "b"), .show(event(11))])
        #expect(follower.received(event(11)) == [], "nothing twice")
        #expect(
            follower.received(subscribed(13)) == [.missed(2, before: 14, broker: "b")],
            "after its connection was lost")
        #expect(follower.received(event(14)) == [.show(event(14))])
    }

    @Test func `brokers, and a broker's epochs, are numbered by themselves`() {
        var follower = EventFollower(asksForStatus: false)
        #expect(follower.received(event(7)) == [.show(event(7))])
        let other = event(3, broker: "c")
        #expect(follower.received(other) == [.show(other)])
        let restarted = event(1, epoch: 6)
        #expect(follower.received(restarted) == [.show(restarted)])
        #expect(follower.received(event(2, epoch: 6)) == [.show(event(2, epoch: 6))])
    }

    @Test func `the status comes first, and each event that it does not include after it`() {
        var follower = EventFollower(asksForStatus: true)
        #expect(follower.received(subscribed(3)) == [.askForStatus])
        #expect(follower.received(subscribed(3)) == [], "it is asked already")
        for number in 4...6 as ClosedRange<UInt64> {
            #expect(follower.received(event(number)) == [])
        }
        #expect(follower.received(status(5)) == [.show(event(6))])
        #expect(follower.received(event(7)) == [.show(event(7))])
        #expect(follower.received(subscribed(7)) == [], "another's")
        #expect(
            follower.received(subscribed(9))
                == [.missed(2, before: 10, broker: "b"), .askForStatus])
    }

    @Test func `after a gap the status is asked again`() {
        var follower = EventFollower(asksForStatus: true)
        _ = follower.received(subscribed(3))
        _ = follower.received(status(5))
        #expect(
            follower.received(event(9)) == [.missed(3, before: 9, broker: "b"), .askForStatus])
        #expect(follower.received(event(10)) == [])
        #expect(follower.received(status(9)) == [.show(event(10))])
    }

    @Test func `a broker that was started again is asked when it has the subscription`() {
        var follower = EventFollower(asksForStatus: true)
        _ = follower.received(subscribed(3))
        _ = follower.received(status(5))
        #expect(follower.received(subscribed(1, epoch: 6)) == [.askForStatus])
        #expect(follower.received(event(3, epoch: 6)) == [])
        #expect(follower.received(status(2, epoch: 6)) == [.show(event(3, epoch: 6))])
    }

    @Test func `without an answer the events stand for themselves`() {
        var follower = EventFollower(asksForStatus: true)
        _ = follower.received(subscribed(3))
        _ = follower.received(event(4))
        #expect(follower.statusFailed() == [.show(event(4))])
    }

    @Test func `what is held is bounded, and what it loses is a gap`() {
        var follower = EventFollower(asksForStatus: true)
        _ = follower.received(subscribed(0))
        for number in 1...5_000 as ClosedRange<UInt64> { _ = follower.received(event(number)) }
        let steps = follower.received(status(0))
        #expect(
            steps == [.missed(904, before: 905, broker: "b"), .askForStatus])
        #expect(follower.received(status(5_000)) == [])
        #expect(follower.received(event(5_001)) == [.show(event(5_001))])
    }

    @Test func `whatever is lost on the way, nothing is unknown once a status has come`() {
        var random = SeededRandom.forTest("events")
        for _ in 0..<300 { follow(using: &random) }
    }

    /// Events of a broker of which any may be lost; what is shown must be all after the last status.
    private func follow(using random: inout SeededRandom) {
        var follower = EventFollower(asksForStatus: true)
        var told: UInt64 = 0
        var seen: UInt64 = 0
        var waits = 0
        func take(_ steps: [Step]) {
            for step in steps {
                switch step {
                case .askForStatus: waits = Int.random(in: 0..<4, using: &random)
                case .show(let event):
                    #expect(event.sequence == seen + 1)
                    seen = event.sequence
                case .missed: break
                }
            }
        }
        take(follower.received(subscribed(0)))
        for _ in 0..<60 {
            if waits == 0 {
                waits = .max
                seen = told
                take(follower.received(status(told)))
            } else if waits < .max {
                waits -= 1
            }
            told += 1
            if Int.random(in: 0..<8, using: &random) > 0 { take(follower.received(event(told))) }
        }
    }
}
