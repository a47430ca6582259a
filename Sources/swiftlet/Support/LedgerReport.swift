import SearchIndex
import SwiftletClient

/// The reports of a coverage ledger as lines of text, and as JSON with the members of the protocol's
/// `ShardReport`.
struct LedgerReport {
    private let reports: [ShardReport]

    init(_ coverage: SearchCoverage) {
        reports = coverage.reports
    }

    var lines: [String] {
        reports.map { report in
            let place = "shard \(report.index)/\(report.shard)"
            let attempts = "\(report.attempts) \(report.attempts == 1 ? "attempt" : "attempts")"
            let hedged = report.isHedged ? ", hedged" : ""
            guard let worker = report.worker else {
                let code = report.failure.map { " \($0.code)" } ?? ""
                return "\(place): \(report.state.rawValue)\(code), \(attempts)\(hedged), of "
                    + "\(report.liveDocuments) documents"
            }
            return "\(place): \(report.state.rawValue) at \(worker), generation "
                + "\(report.generation), \(report.coveredDocuments) of \(report.liveDocuments) "
                + "documents, \(attempts)\(hedged), \(report.took.microseconds) µs"
                + (report.degradation.map { ": \($0.message)" } ?? "")
        }
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for report in reports { Self.append(report, to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    private static func append(_ report: ShardReport, to writer: inout JSONWriter) {
        func text(_ key: String, _ value: String) {
            writer.key(key)
            writer.string(value)
        }
        func number(_ key: String, _ value: Int64) {
            writer.key(key)
            writer.integer(value)
        }
        writer.beginObject()
        text("index", report.index)
        number("shard", Int64(report.shard))
        text("state", name(of: report.state))
        if let failure = report.failure ?? report.degradation {
            text("cause", failure.code)
            text("message", failure.message)
        }
        if let worker = report.worker { text("worker", worker) }
        number("generation", Int64(clamping: report.generation))
        number("live_documents", Int64(clamping: report.liveDocuments))
        number("covered_documents", Int64(clamping: report.coveredDocuments))
        number("attempts", Int64(report.attempts))
        number("took_us", report.took.microseconds)
        writer.key("hedged")
        writer.bool(report.isHedged)
        writer.endObject()
    }

    private static func name(of state: ShardState) -> String {
        switch state {
        case .ok: "OK"
        case .skipped: "SKIPPED"
        case .degraded: "DEGRADED"
        case .failed: "SHARD_FAILED"
        }
    }
}
