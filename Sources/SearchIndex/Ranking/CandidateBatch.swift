/// Up to 128 documents on their way through the lists of a query.
///
/// Every document keeps its slot; what drops out leaves the list `alive`. Contributions are kept
/// by leaf and slot, so that those that arrive can be added in the canonical order.
struct CandidateBatch {
    private(set) var documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
    /// What is known of each document's score: the sum, or of a phrase the bound, so far.
    private(set) var partial = [Float](repeating: 0, count: BlockPacking.blockLength)
    /// The slots still in the race; the first `count` count, documents ascending.
    private var alive = [Int](repeating: 0, count: BlockPacking.blockLength)
    private(set) var count = 0
    /// Slots of candidates that are looked up in one block, and their places there.
    private var group = [Int](repeating: 0, count: BlockPacking.blockLength)
    private var places = [Int](repeating: -1, count: BlockPacking.blockLength)
    /// Contributions by leaf * 128 + slot.
    private var contributions: [Float]

    init(leafCount: Int) {
        contributions = [Float](repeating: 0, count: leafCount * BlockPacking.blockLength)
    }

    /// The slot of the candidate at `index`, below `count`.
    @inline(__always)
    func slot(_ index: Int) -> Int { alive[index] }

    /// Starts with the documents of a list's current block whose contribution, with `rest` added,
    /// reaches `needed`.
    ///
    /// - Parameter looseBound: Taken instead of the contribution when it bounds nothing.
    mutating func start(
        from list: inout TermList, rest: Float, needed: Float, looseBound: Float?,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        count = 0
        let header = list.header
        if header.frequencyWidth > 0 { try list.decodeFrequencies(bytes) }
        // Frequencies are at most 2 to the width.
        if header.frequencyWidth == 0 {
            count = Self.score(
                list, header.count, rest, needed, bytes, &documents, &partial, &alive
            ) { _, code, ratios, _ in ratios[code] }
        } else if 1 << header.frequencyWidth <= FieldNorms.tabulated {
            count = Self.score(
                list, header.count, rest, needed, bytes, &documents, &partial, &alive
            ) { frequency, code, ratios, _ in ratios[Int(frequency &- 1) << 8 | code] }
        } else {
            count = Self.score(
                list, header.count, rest, needed, bytes, &documents, &partial, &alive
            ) { frequency, code, _, norms in
                BM25.contribution(weight: 1, frequency: frequency, norm: norms[code])
            }
        }
        if let looseBound {
            count = header.count
            for index in 0..<count {
                partial[index] = looseBound
                alive[index] = index
            }
        }
        keepContributions(of: list.leaf)
    }

    /// Scores the current block of a list; returns how many documents stay alive.
    @inline(__always)
    private static func score(
        _ list: borrowing TermList, _ count: Int, _ rest: Float, _ needed: Float,
        _ bytes: Span<UInt8>, _ documents: inout [UInt32], _ partial: inout [Float],
        _ alive: inout [Int],
        ratio: (UInt32, Int, Span<Float>, Span<Float>) -> Float
    ) -> Int {
        let table = list.scoring.norms
        let ratios = table.ratios.span
        let norms = table.norms.span
        let lengths = list.scoring.lengthsOffset
        let weight = list.weight
        let source = list.documents.span
        let frequencies = list.frequencies.span
        var documents = documents.mutableSpan
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        var kept = 0
        for index in 0..<count {
            let document = source[index]
            let code = Int(bytes[lengths &+ Int(document)])
            let score = weight * ratio(frequencies[index], code, ratios, norms)
            documents[index] = document
            partial[index] = score
            alive[kept] = index
            kept &+= score + rest >= needed ? 1 : 0
        }
        return kept
    }

    private mutating func keepContributions(of leaf: Int) {
        let base = leaf * BlockPacking.blockLength
        for index in 0..<count { contributions[base + alive[index]] = partial[alive[index]] }
    }

    /// Looks the candidates up in a list and adds what it contributes.
    ///
    /// Keeps those that, with `rest` added, reach `needed`; of a required list only those it holds.
    mutating func add(
        _ list: inout TermList, isRequired: Bool, rest: Float, needed: Float,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let base = list.leaf * BlockPacking.blockLength
        var kept = 0
        var index = 0
        while index < count, try list.seekBlock(documents[alive[index]], bytes) {
            let bound = try list.bound(ofBlock: list.block, bytes) + rest
            let (end, size) = select(from: index, through: list.last, bound: bound, needed)
            index = end
            guard size > 0, try locate(size, in: &list, bytes) else {
                if !isRequired { kept = keepUnchanged(size, base, rest, needed, kept) }
                continue
            }
            kept = Self.addGroup(
                list, (size, base, kept), isRequired: isRequired, rest: rest, needed: needed,
                bytes, group, places, documents, &partial, &alive, &contributions)
        }
        if !isRequired {
            // Behind the list's end nothing is added.
            for index in index..<count {
                let slot = alive[index]
                contributions[base + slot] = 0
                alive[kept] = slot
                kept &+= partial[slot] + rest >= needed ? 1 : 0
            }
        }
        count = kept
    }

    /// Takes the candidates up to a document into the group, those left out that cannot reach what
    /// is needed; returns where they end and the size of the group.
    @inline(__always)
    private mutating func select(
        from start: Int, through last: UInt32, bound: Float, _ needed: Float
    ) -> (end: Int, size: Int) {
        var index = start
        var size = 0
        while index < count {
            let slot = alive[index]
            if documents[slot] > last { break }
            group[size] = slot
            size &+= partial[slot] + bound >= needed ? 1 : 0
            index &+= 1
        }
        return (index, size)
    }

    /// Looks the group up in the current block; false when none of it is there.
    @inline(__always)
    private mutating func locate(
        _ size: Int, in list: inout TermList, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        try list.locate(
            documents, group, count: size, isRanked: list.header.frequencyWidth > 0, bytes,
            into: &places)
        for index in 0..<size where places[index] >= 0 {
            if list.header.frequencyWidth > 0 { try list.decodeFrequencies(bytes) }
            return true
        }
        return false
    }

    private mutating func keepUnchanged(
        _ size: Int, _ base: Int, _ rest: Float, _ needed: Float, _ kept: Int
    ) -> Int {
        var kept = kept
        for index in 0..<size {
            let slot = group[index]
            contributions[base + slot] = 0
            alive[kept] = slot
            kept &+= partial[slot] + rest >= needed ? 1 : 0
        }
        return kept
    }

    /// Adds the contributions of a group that was located; returns how many candidates are kept.
    @inline(__always)
    private static func addGroup(
        _ list: borrowing TermList, _ sizes: (group: Int, base: Int, kept: Int), isRequired: Bool,
        rest: Float, needed: Float, _ bytes: Span<UInt8>, _ group: [Int], _ places: [Int],
        _ documents: [UInt32], _ partial: inout [Float], _ alive: inout [Int],
        _ contributions: inout [Float]
    ) -> Int {
        let score = list.scorer
        let frequencies = list.frequencies.span
        let isPlain = list.header.frequencyWidth == 0
        let table = list.scoring.norms
        let ratios = table.ratios.span
        let norms = table.norms.span
        let group = group.span
        let places = places.span
        let documents = documents.span
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        var contributions = contributions.mutableSpan
        var kept = sizes.kept
        for index in 0..<sizes.group {
            let slot = group[index]
            let place = places[index]
            var contribution: Float = 0
            if place >= 0 {
                contribution = score.contribution(
                    documents[slot], isPlain ? 1 : frequencies[place], ratios, norms, bytes)
            } else if isRequired {
                continue
            }
            contributions[sizes.base &+ slot] = contribution
            let sum = partial[slot] + contribution
            partial[slot] = sum
            alive[kept] = slot
            kept &+= sum + rest >= needed ? 1 : 0
        }
        return kept
    }

    /// Keeps the candidates that a further list of a phrase holds.
    ///
    /// Blocks in which no frequency lets a phrase reach what is needed are passed over. The
    /// frequencies themselves are not looked at: that costs more than the bound gains.
    mutating func narrow(
        _ list: inout TermList, isBound: Bool, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        var kept = 0
        var index = 0
        while index < count, try list.seekBlock(documents[alive[index]], bytes) {
            let (end, size) = select(from: index, through: list.last, bound: .infinity, needed)
            index = end
            if isBound, try list.bound(ofBlock: list.block, bytes) < needed { continue }
            try list.locate(
                documents, group, count: size, isRanked: false, bytes, into: &places)
            kept = Self.keepLocated(size, kept, group, places, &alive)
        }
        count = kept
    }

    @inline(__always)
    private static func keepLocated(
        _ size: Int, _ first: Int, _ group: [Int], _ places: [Int], _ alive: inout [Int]
    ) -> Int {
        let group = group.span
        let places = places.span
        var alive = alive.mutableSpan
        var kept = first
        for index in 0..<size {
            alive[kept] = group[index]
            // The sign bit tells whether it was found.
            kept &+= 1 &+ (places[index] >> 63)
        }
        return kept
    }

    /// Drops the candidates that a list holds.
    mutating func remove(_ list: inout TermList, _ bytes: Span<UInt8>) throws(Malformed) {
        var kept = 0
        for index in 0..<count {
            let slot = alive[index]
            if try list.contains(documents[slot], bytes) { continue }
            alive[kept] = slot
            kept += 1
        }
        count = kept
    }

    /// Keeps the candidates that a filter accepts.
    mutating func keep(_ filter: DocumentFilter) {
        var kept = 0
        for index in 0..<count {
            let slot = alive[index]
            alive[kept] = slot
            kept += filter.accepts(documents[slot]) ? 1 : 0
        }
        count = kept
    }

    /// The canonical score of a slot: its contributions added in the order of the leaves.
    func score(ofSlot slot: Int, leaves: [Int]) -> Float {
        var sum: Float = 0
        for leaf in leaves { sum += contributions[leaf * BlockPacking.blockLength + slot] }
        return sum
    }
}
