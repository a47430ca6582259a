package import WireMessages
import WireProtocol

/// The coverage ledger of one answer: what became of every shard that was asked.
///
/// The states sum to the shards asked, by construction: every shard adds exactly one report.
struct Coverage {
    private(set) var reports: [WireShardReport] = []
    var resent: UInt32 = 0

    /// Adds the report of one shard.
    mutating func add(_ report: WireShardReport) {
        reports.append(report)
    }

    /// Whether every shard answered in full.
    var isComplete: Bool { reports.allSatisfy { $0.state == .ok || $0.state == .skipped } }

    /// The form that is sent; shards are listed only if one is not ok, or if `full`.
    func wire(full: Bool) -> WireCoverage {
        var coverage = WireCoverage()
        coverage.shards = UInt32(reports.count)
        for report in reports {
            switch report.state {
            case .ok: coverage.ok += 1
            case .skipped: coverage.skipped += 1
            case .degraded: coverage.degraded += 1
            default: coverage.failed += 1
            }
        }
        coverage.resent = resent
        if full || coverage.ok != coverage.shards {
            coverage.reports = reports
        }
        return coverage
    }
}

/// Why an item has no answer.
package struct ItemFailure: Error, Equatable, Sendable {
    /// The stable code.
    package let code: WireErrorCode
    /// What, where, what was expected, what to do.
    package let message: String
    /// In the query's text, in bytes of UTF-8.
    package var position: Int?
    /// When a retry makes sense, in milliseconds; 0 if unknown.
    package var retryAfterMilliseconds: UInt32 = 0

    package init(_ code: WireErrorCode, _ message: String, position: Int? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }
}
