import WireMessages
import WireProtocol

/// How long completed items took from their arrival to their answer: for `status`, and for the metrics
/// since they were last taken.
struct AnswerTimes: Sendable {
    private var sumMicroseconds: UInt64 = 0
    private var count: UInt64 = 0
    private var recent = RecentDurations()
    /// Since the last report.
    var unreported = DurationHistogram()

    /// Enters the time of one answer. O(1).
    mutating func add(microseconds: UInt64) {
        sumMicroseconds &+= microseconds
        count += 1
        recent.record(microseconds: microseconds)
        unreported.record(microseconds: microseconds)
    }

    /// Writes mean, median and 99th percentile; zeros before the first answer.
    func describe(in status: inout WireBrokerStatus) {
        guard count > 0 else { return }
        let all = recent.all
        status.answerMeanUs = sumMicroseconds / count
        status.answerP50Us = all.percentile(50)
        status.answerP99Us = all.percentile(99)
    }
}
