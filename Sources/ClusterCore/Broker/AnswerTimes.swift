import WireMessages
import WireProtocol

/// How long completed items took from their arrival to their answer, for `status`.
struct AnswerTimes: Sendable {
    private var sumMicroseconds: UInt64 = 0
    private var count: UInt64 = 0
    /// Follows the last few hundred.
    private var recent = LatencyQuantile()

    /// Enters the time of one answer. O(1).
    mutating func add(_ time: Duration) {
        sumMicroseconds &+= time.wholeMicroseconds
        count += 1
        recent.add(time)
    }

    /// Writes mean, median and 99th percentile; zeros before the first answer.
    func describe(in status: inout WireBrokerStatus) {
        guard count > 0 else { return }
        status.answerMeanUs = sumMicroseconds / count
        status.answerP50Us = recent.value(at: 0.5).wholeMicroseconds
        status.answerP99Us = recent.value(at: 0.99).wholeMicroseconds
    }
}
