import WireMessages

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
            if report.hedged { coverage.hedged += 1 }
        }
        coverage.resent = resent
        if full || coverage.ok != coverage.shards {
            coverage.reports = reports
        }
        return coverage
    }
}
