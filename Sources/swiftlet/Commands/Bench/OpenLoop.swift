import Foundation
import SwiftletClient
import Synchronization

/// Queries sent to a cluster at random instants, whether the ones before are answered or not: as many
/// independent users would. So a stall shows in the times of all that arrive meanwhile.
struct OpenLoop {
    let client: SearchClient
    /// Asked in turn.
    let queries: [String]
    /// Queries a second, on average; the intervals are exponentially distributed.
    let rate: Double
    let duration: Duration
    let options: SearchOptions

    /// The most that wait for answers; more arrivals count as failures, and are not sent.
    static let maxOpen = 4_000

    /// One query.
    struct Arrival: Sendable {
        /// Since the start.
        let at: Duration
        let latency: Duration
        /// The code of the error; nil for a complete answer.
        let failure: String?
    }

    /// Sends for the whole duration and waits for the last answers.
    ///
    /// - Returns: all arrivals, in the order of their instants.
    func run() async -> [Arrival] {
        let clock = ContinuousClock()
        let start = clock.now
        let log = Log()
        await withDiscardingTaskGroup { group in
            var next = Duration.zero
            var number = 0
            while next < duration {
                await Pause.last(start + next - clock.now)
                let (at, query) = (next, queries[number % queries.count])
                if number - log.count < Self.maxOpen {
                    group.addTask { log.add(await answer(to: query, at, start, clock)) }
                } else {
                    log.add(Arrival(at: at, latency: .zero, failure: "NOT_SENT"))
                }
                number += 1
                let share = Double.random(in: Double.leastNonzeroMagnitude..<1)
                next += .seconds(-Foundation.log(share) / rate)
            }
        }
        return log.arrivals.sorted { $0.at < $1.at }
    }

    /// What has ended, entered by any thread.
    private final class Log: Sendable {
        private let ended = Mutex<[Arrival]>([])

        var count: Int { ended.withLock { $0.count } }
        var arrivals: [Arrival] { ended.withLock { $0 } }

        func add(_ arrival: Arrival) {
            ended.withLock { $0.append(arrival) }
        }
    }

    private func answer(
        to query: String, _ at: Duration, _ start: ContinuousClock.Instant,
        _ clock: ContinuousClock
    ) async -> Arrival {
        var failure: String?
        do throws(SearchError) {
            let response = try await client.search(query, options: options)
            if !response.coverage.isComplete { failure = "INCOMPLETE" }
        } catch {
            failure = error.code
        }
        // From the planned instant on, so that a late start counts too.
        return Arrival(at: at, latency: clock.now - (start + at), failure: failure)
    }
}
