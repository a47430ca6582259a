import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// When a peer asks its broker for a sign of life.
struct BrokerConnectionTests {
    private var random = SeededRandom(seed: 1)
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private mutating func joined() -> BrokerConnection {
        var connection = BrokerConnection(now: start)
        #expect(connection.step(at: start, using: &random) == .sendHello)
        connection.welcomed(epoch: 5, pingMilliseconds: 250)
        return connection
    }

    @Test mutating func `who always has something to send pings a broker that says nothing`() {
        var connection = joined()
        var pings: [Int] = []
        for milliseconds in stride(from: 50, through: 2_000, by: 50) {
            let now = start + .milliseconds(milliseconds)
            connection.sent(at: now)
            switch connection.step(at: now, using: &random) {
            case .sendPing:
                pings.append(milliseconds)
                connection.heard(at: now + .milliseconds(1))
            case nil: break
            case let other?: Issue.record("\(other) after \(milliseconds) ms")
            }
        }
        // 250 ms after each answer.
        #expect(pings == [250, 550, 850, 1_150, 1_450, 1_750])
    }

    @Test mutating func `who always hears something pings too, for it sends nothing else`() {
        var connection = joined()
        let pings = stride(from: 50, through: 1_000, by: 50).filter { milliseconds in
            let now = start + .milliseconds(milliseconds)
            connection.heard(at: now)
            return connection.step(at: now, using: &random) == .sendPing
        }
        #expect(pings == [250, 500, 750, 1_000])
    }

    @Test mutating func `the broker may want another interval at any time`() {
        var connection = joined()
        connection.pings(everyMilliseconds: 700)
        #expect(connection.nextDeadline == start + .milliseconds(700))
        connection.pings(everyMilliseconds: 0)
        #expect(connection.nextDeadline == start + .milliseconds(700))
        connection.pings(everyMilliseconds: 1)
        #expect(connection.nextDeadline == start + .milliseconds(10))
    }

    @Test mutating func `a broker that answers no ping is left after 3 s`() {
        var connection = joined()
        var steps: [BrokerConnection.Step] = []
        var now = start
        while steps.last != .reconnect {
            now = connection.nextDeadline
            connection.sent(at: now)
            if let step = connection.step(at: now, using: &random) { steps.append(step) }
        }
        #expect(now == start + .seconds(3))
        #expect(steps.count { $0 == .sendPing } == 11)
    }
}
