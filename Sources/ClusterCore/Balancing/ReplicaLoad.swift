/// What a strategy sees of a replica that could take a task now.
struct ReplicaLoad: Sendable {
    /// Tasks of all brokers that the worker has not answered, as far as this broker knows.
    var tasks: Int
    /// How much it should get compared with others, above 0: its weight, which is the number of its
    /// search threads unless it says otherwise.
    var weight: Double
    /// Whether it is in the broker's zone; true for all where the broker has none.
    var isNear: Bool

    /// Tasks for each unit of weight.
    var relative: Double { Double(tasks) / weight }

    /// Whether it is nearer than another, or as near and less loaded.
    func comes(before other: ReplicaLoad) -> Bool {
        isNear == other.isNear ? relative < other.relative : isNear
    }
}
