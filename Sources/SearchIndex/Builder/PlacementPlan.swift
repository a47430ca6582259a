/// Decides which documents of several sources stay, and where each goes.
///
/// Of documents with the same id the one with the highest order key stays. The documents of a
/// shard stand in the order of their keys, cut into segments of a given size.
struct PlacementPlan: Sendable {
    /// A document of a source.
    struct Place: Sendable {
        let source: UInt32
        let document: UInt32
    }

    /// A segment to make.
    struct Target: Sendable {
        /// The shard that it belongs to.
        let shard: ShardNumber
        /// Its documents with their keys, in the order of the keys.
        fileprivate(set) var documents: [Place] = []
    }

    /// How documents become segments.
    struct Rules: Sendable {
        /// The number of shards.
        var shardCount = 1
        /// The most documents of a segment.
        var documentsPerSegment = Int(UInt32.max) - 1
        /// Whether repeated ids are looked for, and shards computed.
        var looksAtIDs = true
    }

    /// The segments, by shard.
    private(set) var targets: [Target] = []
    /// Where the documents of each source go.
    private(set) var placements: [DocumentPlacement] = []
    /// How many documents were left out because a later one has the same id.
    private(set) var replacedCount: UInt64 = 0

    /// Plans for sources whose deleted documents are given: nil for a source without any.
    ///
    /// - Parameter threads: How many read ids at once.
    init(
        _ sources: [any MergeSource], deleted: [DeleteBitmap?], _ rules: Rules, threads: Int = 1
    ) throws(IndexError) {
        var order: [Place] = []
        var hashes: [UInt64] = []
        try Self.readOrder(sources, deleted, into: &order)
        var isKept = [Bool](repeating: true, count: order.count)
        if rules.looksAtIDs {
            let bySource = try Parallel.map(sources, threads: threads, Self.hashes)
            hashes = order.map { bySource[Int($0.source)][Int($0.document)] }
            try dropRepeated(sources, order, hashes, &isKept)
        }
        place(sources.map(\.documentCount), order, hashes, isKept, rules)
    }

    /// The hashes of all ids of a source.
    @Sendable
    private static func hashes(_ source: any MergeSource) throws(IndexError) -> [UInt64] {
        var hashes: [UInt64] = []
        hashes.reserveCapacity(source.documentCount)
        var id: [UInt8] = []
        for document in 0..<source.documentCount {
            id.removeAll(keepingCapacity: true)
            try source.appendID(of: document, to: &id)
            hashes.append(XXHash64.hash(id.span))
        }
        return hashes
    }

    /// The documents that stay, in the order of their keys.
    private static func readOrder(
        _ sources: [any MergeSource], _ deleted: [DeleteBitmap?], into order: inout [Place]
    ) throws(IndexError) {
        var keys: [[UInt64]] = []
        for source in sources { keys.append(try source.orderKeys()) }
        order.reserveCapacity(keys.reduce(0) { $0 + $1.count })
        var next = [Int](repeating: 0, count: sources.count)
        while true {
            // The source with the lowest key gives documents up to the lowest of the others.
            var lowest: Int?
            var limit = UInt64.max
            for source in sources.indices where next[source] < keys[source].count {
                let key = keys[source][next[source]]
                if let current = lowest {
                    let currentKey = keys[current][next[current]]
                    if key < currentKey { lowest = source }
                    limit = min(limit, max(key, currentKey))
                } else {
                    lowest = source
                }
            }
            guard let source = lowest else { return }
            repeat {
                let document = next[source]
                if !(deleted[source]?.isDeleted(DocumentNumber(UInt32(document))) ?? false) {
                    order.append(Place(source: UInt32(source), document: UInt32(document)))
                }
                next[source] += 1
            } while next[source] < keys[source].count && keys[source][next[source]] < limit
        }
    }

    /// Drops all but the last of the documents with the same id.
    private mutating func dropRepeated(
        _ sources: [any MergeSource], _ order: [Place], _ hashes: [UInt64],
        _ isKept: inout [Bool]
    ) throws(IndexError) {
        var slotCount = 1024
        while slotCount < 2 * order.count { slotCount *= 2 }
        /// An index in `order` plus 1, or 0 for a free slot.
        var slots = [UInt32](repeating: 0, count: slotCount)
        for index in order.indices {
            var slot = Int(truncatingIfNeeded: hashes[index]) & (slotCount - 1)
            while slots[slot] != 0 {
                let other = Int(slots[slot]) - 1
                if hashes[other] == hashes[index],
                    try Self.id(sources, order[other]) == Self.id(sources, order[index])
                {
                    isKept[other] = false
                    replacedCount += 1
                    break
                }
                slot = (slot + 1) & (slotCount - 1)
            }
            slots[slot] = UInt32(index) + 1
        }
    }

    private static func id(
        _ sources: [any MergeSource], _ place: Place
    ) throws(IndexError) -> [UInt8] {
        var id: [UInt8] = []
        try sources[Int(place.source)].appendID(of: Int(place.document), to: &id)
        return id
    }

    private mutating func place(
        _ counts: [Int], _ order: [Place], _ hashes: [UInt64], _ isKept: [Bool], _ rules: Rules
    ) {
        var byShard = [[Place]](repeating: [], count: rules.shardCount)
        if rules.shardCount == 1 {
            byShard[0] = replacedCount == 0 ? order : zip(order, isKept).filter(\.1).map(\.0)
        } else {
            for (index, place) in order.enumerated() where isKept[index] {
                byShard[Int(hashes[index] % UInt64(rules.shardCount))].append(place)
            }
        }
        for (shard, documents) in byShard.enumerated() {
            let number = ShardNumber(UInt32(shard))
            guard documents.count > rules.documentsPerSegment else {
                if !documents.isEmpty {
                    targets.append(Target(shard: number, documents: documents))
                }
                continue
            }
            for start in stride(from: 0, to: documents.count, by: rules.documentsPerSegment) {
                let end = min(start + rules.documentsPerSegment, documents.count)
                targets.append(Target(shard: number, documents: Array(documents[start..<end])))
            }
        }
        placements = counts.map { count in
            DocumentPlacement(
                numbers: Array(repeating: DocumentPlacement.dropped, count: count),
                segments: targets.count > 1 ? Array(repeating: 0, count: count) : nil)
        }
        for (segment, target) in targets.enumerated() {
            for (number, place) in target.documents.enumerated() {
                let source = Int(place.source)
                placements[source].numbers[Int(place.document)] = UInt32(number)
                if targets.count > 1 {
                    placements[source].segments?[Int(place.document)] = UInt32(segment)
                }
            }
        }
    }
}
