import WireMessages
import WireProtocol

/// How long items waited, and how long completed ones took from their arrival to their answer: for
/// `status`, and for the metrics since they were last taken. A reference that never leaves its broker,
/// which is smaller without it.
final class BrokerTimes {
    private var sumMicroseconds: UInt64 = 0
    private var count: UInt64 = 0
    private var recent = RecentDurations()
    /// From arrival to answer, since the last report.
    var unreportedAnswers = DurationHistogram()
    /// From arrival to start, since the last report.
    var unreportedWaits = DurationHistogram()

    /// Enters the time of one answer. O(1).
    func addAnswer(microseconds: UInt64) {
        sumMicroseconds &+= microseconds
        count += 1
        recent.record(microseconds: microseconds)
        unreportedAnswers.record(microseconds: microseconds)
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
