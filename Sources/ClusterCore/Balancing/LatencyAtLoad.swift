import WireProtocol

/// How long a replica's answers take, by how loaded it was when it got the task.
///
/// For each load class an exponentially weighted mean of the latencies. A replica that has not
/// answered for `lifetime` counts as unknown, and its next answer replaces what was known: so a slow
/// one that has recovered is found out by one task. O(1) in memory and time.
struct LatencyAtLoad: Sendable {
    /// How long knowledge holds.
    static let lifetime = Duration.seconds(5)
    /// Load classes: below 1 task a thread, below 2, below 4, … and the rest.
    static let classCount = 8
    private static let share = 0.125

    private var seconds = InlineArray<8, Double>(repeating: .nan)
    private var lastSample: MonotonicInstant?

    /// Whether the replica has answered lately.
    func isKnown(at now: MonotonicInstant) -> Bool {
        guard let lastSample else { return false }
        return lastSample.duration(to: now) < Self.lifetime
    }

    /// Enters an answer.
    ///
    /// - Parameters:
    ///   - latency: from sending to receiving.
    ///   - load: tasks a thread when it was sent, itself not counted.
    mutating func add(_ latency: Duration, load: Double, at now: MonotonicInstant) {
        if !isKnown(at: now) { seconds = InlineArray(repeating: .nan) }
        lastSample = now
        let position = Self.loadClass(load)
        let value = Double(latency.wholeMicroseconds) * 1e-6
        let known = seconds[position]
        seconds[position] = known.isNaN ? value : known + (value - known) * Self.share
    }

    /// The latency to expect in seconds: of the load class, else of the nearest that is known, a
    /// lower one first; nil when nothing is known.
    func estimate(load: Double, at now: MonotonicInstant) -> Double? {
        guard isKnown(at: now) else { return nil }
        let position = Self.loadClass(load)
        for distance in 0..<Self.classCount {
            if let near = known(position - distance) ?? known(position + distance) { return near }
        }
        return nil
    }

    private func known(_ position: Int) -> Double? {
        guard seconds.indices.contains(position), !seconds[position].isNaN else { return nil }
        return seconds[position]
    }

    private static func loadClass(_ load: Double) -> Int {
        guard load >= 1 else { return 0 }
        return min(Int(load.exponent) + 1, classCount - 1)
    }
}
