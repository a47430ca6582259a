/// What a strategy sees of a replica that could take a task now.
struct ReplicaLoad: Sendable {
    /// Tasks of all brokers that the worker has not answered, as far as this broker knows.
    var tasks: Int
    /// How much it should get compared with others, above 0.
    var weight: Double
    /// Its search threads, at least 1.
    var threads = 1
    /// Whether it is in the broker's zone; true for all where the broker has none.
    var isNear: Bool
    /// False for one that says of itself that something is wrong with it, although it serves.
    var isSound = true

    /// Whether a task would begin at once.
    var hasFreeThread: Bool { tasks < threads }

    /// Tasks for each thread.
    var perThread: Double { Double(tasks) / Double(threads) }

    /// Tasks for each unit of weight.
    var relative: Double { Double(tasks) / weight }

    /// Whether it is sounder than another, else nearer, else less loaded.
    func comes(before other: ReplicaLoad) -> Bool {
        if isSound != other.isSound { return isSound }
        return isNear == other.isNear ? relative < other.relative : isNear
    }
}
