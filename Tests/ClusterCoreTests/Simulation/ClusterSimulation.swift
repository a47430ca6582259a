import DequeModule
import TestSupport
import WireProtocol

@testable import ClusterCore

/// A whole cluster in one thread, on a virtual clock and network; everything follows from a seed.
///
/// Brokers, workers, clients and the supervisor are the real state machines; sockets, search threads and the users
/// of clients are simulated. Seeds that are multiples of 4 have no faults: there every answer must
/// be complete, also while nodes leave one after the other, as they do in every second of them. The
/// others have a random mix of `SimulatedFault`, and operators in a share of them.
/// What happens is noted in `trace`; what must never happen, in `violations` as soon as it does.
final class ClusterSimulation {
    var random: SeededRandom
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    var brokers: [SimulatedBroker] = []
    var workers: [SimulatedWorker] = []
    var clients: [SimulatedClient] = []
    /// Starts the workers in half of the simulations with faults; else they start by themselves.
    var supervisor: SimulatedSupervisor?
    /// Whether nothing fails but workers, under a supervisor.
    var isCrashingOnly = false
    /// Processes that have ended, and when every broker must have heard of it.
    var expectedLosses: [(at: MonotonicInstant, incarnation: UInt64)] = []
    var connections: [SimulatedConnection] = []
    var partitions: [SimulatedPartition] = []
    let corpora: SimulatedCorpora
    let hasFaults: Bool
    let hasDepartures: Bool
    /// The longest service time of a job, in microseconds.
    let slowest: Int
    /// Documents in one message of an answer; nil for as many as usual.
    var chunkBytes: Int?
    /// Whether nodes are made inactive, weights and settings changed.
    var hasOperators = false
    /// Whether clients give up some of what they have asked.
    var hasCancellations = false
    /// When all nodes were found in service, at looks without others between them.
    var wholeSince: MonotonicInstant?
    /// When a node leaves as it should, or is taken out of service; only where nothing goes wrong.
    var departures: [MonotonicInstant] = []
    /// When something goes wrong.
    var faults: [MonotonicInstant] = []
    /// What may go wrong; what is in it twice is twice as likely.
    var faultMix: [SimulatedFault] = []
    /// When the last fault that lasts is over.
    var calmAt = MonotonicInstant(nanoseconds: 0)
    var lastPeer: UInt64 = 0
    var steps = 0
    /// The last lines of what happened.
    private(set) var trace: Deque<String> = []
    private(set) var violations: [String] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        hasFaults = seed % 4 != 0
        hasDepartures = seed % 8 == 4
        slowest = seed % 3 == 0 ? 20_000 : hasFaults ? 400_000 : hasDepartures ? 100_000 : 20_000
        corpora = Self.corpora(using: &random)
        setUp()
    }

    func note(_ text: @autoclosure () -> String) {
        if trace.count == 5_000 { trace.removeFirst() }
        trace.append("\(now.nanoseconds / 1_000) µs  \(text())")
    }

    /// Takes note of something that must never happen.
    func violated(_ rule: String) {
        note("VIOLATION: \(rule)")
        if violations.count < 20 { violations.append(rule) }
    }
}
