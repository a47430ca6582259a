extension Duration {
    /// Whole milliseconds, rounded up so that a short wait is not a busy one; negative durations
    /// count as 0, and those over 2^31 - 1 milliseconds (24 days) as that.
    var millisecondsRoundedUp: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64(Int32.max) / 1000 else { return .max }
        let perMillisecond: Int64 = 1_000_000_000_000_000
        let rest = (attoseconds + perMillisecond - 1) / perMillisecond
        return Int32(seconds * 1000 + rest)
    }
}
