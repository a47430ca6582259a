/// The shards that a worker serves, with the generation of each; looked up for every task.
struct ServedShards {
    /// In no order.
    let refs: [ShardRef]
    private var generations: NumberTable<ShardRef, UInt64>

    init(_ shards: [ShardRef: UInt64]) {
        refs = Array(shards.keys)
        generations = NumberTable(capacity: shards.count)
        for (ref, generation) in shards { generations[ref] = generation }
    }

    var count: Int { refs.count }

    /// The generation of a shard; nil for one that is not served. O(1).
    subscript(ref: ShardRef) -> UInt64? { generations[ref] }
}
