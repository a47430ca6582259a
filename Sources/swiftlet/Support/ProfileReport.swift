import SearchIndex
import SwiftletClient

/// A profile as lines of text, and as JSON with the members of the protocol's `Profile`.
struct ProfileReport {
    private let profile: SearchProfile

    init(_ profile: SearchProfile) {
        self.profile = profile
    }

    var lines: [String] {
        let (started, searched) = (profile.started, profile.searched)
        let head =
            "profile: waited \(started.microseconds) µs, searched "
            + "\((searched - started).microseconds) µs, documents "
            + "\((profile.finished - searched).microseconds) µs"
        let trace = profile.trace.map { ["  traceparent \($0.traceparent)"] } ?? []
        return [head] + trace
            + profile.tasks.map { task in
                "  \(task.index)/\(task.shard) at \(task.worker): sent at \(task.sent.microseconds) "
                    + "µs, there and back \((task.answered - task.sent).microseconds) µs, of which "
                    + "\(task.took.microseconds) µs searching \(task.scoredPostings) postings"
                    + (task.floor == 0 ? "" : " from score \(task.floor) on")
            }
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        func number(_ key: String, _ value: Int64) {
            writer.key(key)
            writer.integer(value)
        }
        writer.beginObject()
        number("started_us", profile.started.microseconds)
        number("searched_us", profile.searched.microseconds)
        number("finished_us", profile.finished.microseconds)
        if let trace = profile.trace {
            writer.key("traceparent")
            writer.string(trace.traceparent)
            writer.key("tracestate")
            writer.string(trace.tracestate)
        }
        writer.key("tasks")
        writer.beginArray()
        for task in profile.tasks {
            writer.beginObject()
            writer.key("index")
            writer.string(task.index)
            number("shard", Int64(task.shard))
            writer.key("worker")
            writer.string(task.worker)
            number("sent_us", task.sent.microseconds)
            number("answered_us", task.answered.microseconds)
            number("took_us", task.took.microseconds)
            number("scored_postings", Int64(clamping: task.scoredPostings))
            writer.key("floor")
            writer.number(task.floor)
            number("hits", Int64(task.hits))
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
