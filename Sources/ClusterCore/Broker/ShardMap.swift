import HeapModule
import SearchIndex
import WireMessages
import WireProtocol

/// An index as its workers announced it.
struct ServedIndex {
    let name: String
    let buildID: String
    let schema: Schema
    let parsers: QueryParsers
    /// Of the whole index.
    let documents: UInt64
    /// A `CallMeta` of it without tasks, encoded. Its statistics are in every CALL, so that all shards
    /// score with the same numbers.
    let call: Frame
    /// One for each shard of the whole index, served or not.
    var shards: [ServedShardState]
    /// Sessions that serve any of it; when it is empty another build may take the name.
    var workers: Set<WorkerKey> = []
}

/// One shard of an index at the broker.
struct ServedShardState {
    /// What every hit of it says of where it is.
    let place: HitsEncoder.Place
    var replicas = ReplicaSet()
    /// When answers are late.
    var delays = HedgeDelays()
    /// When the last eligible replica was lost; nil if it has one or never had.
    var unservedSince: MonotonicInstant?
    var liveDocuments: UInt64 = 0
    /// Whether a worker ever served it.
    var isAnnounced = false
    /// Parts that wait for a replica with room.
    var ready = Heap<ReadyPart>()
    /// How fast they are worked off.
    var drain = DrainRate()
}

/// A part in a shard's queue; stale once the part is no longer ready.
struct ReadyPart: Comparable {
    let order: ServiceOrder
    let item: PendingItem
    let part: Int

    init(_ part: Int, of item: PendingItem) {
        order = item.order
        self.item = item
        self.part = part
    }

    static func == (left: ReadyPart, right: ReadyPart) -> Bool {
        (left.order, left.part) == (right.order, right.part)
    }

    static func < (left: ReadyPart, right: ReadyPart) -> Bool {
        (left.order, left.part) < (right.order, right.part)
    }
}

/// Which workers serve which shards of which build of which index.
struct ShardMap {
    /// By handle; the place of a forgotten index is taken by the next new one.
    private var places: [ServedIndex] = []
    private var handles: [String: IndexHandle] = [:]
    private var free: [IndexHandle] = []
    /// Every index that has been announced and not forgotten, in the order of first appearance.
    private(set) var allHandles: [IndexHandle] = []
    /// Whether any was forgotten.
    private(set) var hasForgotten = false

    var isEmpty: Bool { allHandles.isEmpty }
    var count: Int { allHandles.count }

    /// All indexes, in that order. O(indexes).
    var indexes: [ServedIndex] { allHandles.map { places[$0.position] } }

    /// The index of that name, if any worker ever announced it and it was not forgotten.
    func handle(named name: String) -> IndexHandle? { handles[name] }

    // `get` copies what is asked; `_read` would not, but with Swift 6.3.1 tests crash that use it.
    subscript(handle: IndexHandle) -> ServedIndex {
        get { places[handle.position] }
        _modify { yield &places[handle.position] }
    }

    subscript(ref: ShardRef) -> ServedShardState {
        get { places[ref.index.position].shards[Int(ref.shard)] }
        _modify { yield &places[ref.index.position].shards[Int(ref.shard)] }
    }

    // These copy no more than what is asked.

    func schema(of handle: IndexHandle) -> Schema { places[handle.position].schema }

    func shardCount(of handle: IndexHandle) -> Int { places[handle.position].shards.count }

    func parsers(of handle: IndexHandle) -> QueryParsers { places[handle.position].parsers }

    func liveDocuments(of ref: ShardRef) -> UInt64 {
        places[ref.index.position].shards[Int(ref.shard)].liveDocuments
    }

    /// What every hit of a shard says of where it is.
    func place(of ref: ShardRef) -> HitsEncoder.Place {
        places[ref.index.position].shards[Int(ref.shard)].place
    }

    /// How many of the announced names are not known yet; a repeated one counts each time.
    func newNames(in announced: [WireServedIndex]) -> Int {
        announced.count { handles[$0.name] == nil }
    }

    /// Checks an announcement and prepares its entry, without adding the worker yet.
    ///
    /// Refuses another build of an index that a live session serves, naming both builds.
    func check(_ served: WireServedIndex, settings: BrokerSettings) throws(ItemFailure)
        -> ServedIndex
    {
        guard !served.name.isEmpty, served.name.utf8.count <= 255 else {
            throw ItemFailure(.badRequest, "HELLO: an index name must have 1 to 255 bytes")
        }
        guard (1...UInt32(settings.maxShards)).contains(served.shardCount) else {
            throw ItemFailure(
                .badRequest,
                "HELLO: index '\(served.name)' has shard_count \(served.shardCount); "
                    + "expected 1 to \(settings.maxShards)")
        }
        if let shard = served.shards.first(where: { $0.shard >= served.shardCount }) {
            throw ItemFailure(
                .badRequest,
                "HELLO: shard \(shard.shard) of index '\(served.name)', which has only "
                    + "\(served.shardCount) shards")
        }
        if let handle = handles[served.name] {
            try checkBuild(served, against: self[handle])
        }
        return try newEntry(served)
    }

    private func checkBuild(
        _ served: WireServedIndex, against known: ServedIndex
    ) throws(ItemFailure) {
        if known.buildID != served.buildID, !known.workers.isEmpty {
            throw ItemFailure(
                .badRequest,
                "index '\(served.name)': this worker has build \(served.buildID), the cluster "
                    + "serves build \(known.buildID); give all workers the same build, or stop "
                    + "the workers of the other one first")
        }
        if known.buildID == served.buildID, known.shards.count != Int(served.shardCount) {
            throw ItemFailure(
                .badRequest,
                "index '\(served.name)' build \(served.buildID) has \(known.shards.count) shards "
                    + "here; this worker says \(served.shardCount)")
        }
    }

    private func newEntry(_ served: WireServedIndex) throws(ItemFailure) -> ServedIndex {
        let schema: Schema
        do {
            schema = try Schema(json: Array(served.schema.utf8))
        } catch {
            throw ItemFailure(.badRequest, "HELLO: schema of index '\(served.name)': \(error)")
        }
        var call = WireCallMeta()
        call.index = served.name
        call.buildID = served.buildID
        call.statistics = served.statistics
        let name = Array(served.name.utf8)
        return ServedIndex(
            name: served.name, buildID: served.buildID, schema: schema,
            parsers: QueryParsers(schema: schema), documents: served.statistics.documents,
            call: WireCodec.protobuf.encodeOwn(call),
            shards: (0..<served.shardCount).map { shard in
                ServedShardState(place: HitsEncoder.Place(index: name, shard: shard))
            })
    }

    /// Enters a worker's shards; the announcements have been checked, each index stands in them once,
    /// and no pending item has parts in a build that is replaced by this.
    ///
    /// - Returns: each shard with its generation.
    mutating func add(
        _ worker: WorkerKey, serving entries: [(announced: WireServedIndex, entry: ServedIndex)]
    ) -> [ShardRef: UInt64] {
        var shards: [ShardRef: UInt64] = [:]
        for (announced, entry) in entries {
            let handle = enter(entry)
            self[handle].workers.insert(worker)
            for shard in announced.shards {
                let ref = ShardRef(index: handle, shard: shard.shard)
                guard shards.updateValue(shard.generation, forKey: ref) == nil else { continue }
                self[ref].replicas.add(worker)
                self[ref].liveDocuments = shard.liveDocuments
                self[ref].isAnnounced = true
            }
        }
        return shards
    }

    private mutating func enter(_ entry: ServedIndex) -> IndexHandle {
        if let handle = handles[entry.name] {
            if self[handle].buildID != entry.buildID {
                places[handle.position] = entry
            }
            return handle
        }
        let handle = place(entry)
        handles[entry.name] = handle
        allHandles.append(handle)
        return handle
    }

    private mutating func place(_ entry: ServedIndex) -> IndexHandle {
        if let handle = free.popLast() {
            places[handle.position] = entry
            return handle
        }
        places.append(entry)
        return IndexHandle(position: places.count - 1)
    }

    /// Forgets an index that no worker serves and no pending item asks: nobody may use its handle any more.
    mutating func forget(_ handle: IndexHandle) {
        precondition(self[handle].workers.isEmpty, "index '\(self[handle].name)' is served")
        handles[self[handle].name] = nil
        allHandles.removeAll { $0 == handle }
        self[handle].shards = []
        free.append(handle)
        hasForgotten = true
    }

    /// Removes a worker from every shard it served.
    mutating func remove(_ worker: WorkerKey, shards: some Sequence<ShardRef>) {
        for ref in shards {
            self[ref].replicas.remove(worker)
        }
        // Also from indexes that it named without any shard.
        for position in places.indices { places[position].workers.remove(worker) }
    }
}
