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
    /// Contributions by leaf * 128 + slot.
    private var contributions: [Float]
    private let leafCount: Int

    init(leafCount: Int) {
        self.leafCount = leafCount
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
        guard let header = list.header else { return }
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
        var boundedBlock = -1
        var blockBound: Float = 0
        for index in 0..<count {
            let slot = alive[index]
            let document = documents[slot]
            var contribution: Float = 0
            if try list.seekBlock(document, bytes) {
                if list.block != boundedBlock {
                    boundedBlock = list.block
                    blockBound = try list.bound(ofBlock: list.block, bytes)
                }
                if partial[slot] + blockBound + rest < needed { continue }
                if let place = try list.find(document, bytes) {
                    try list.decodeFrequencies(bytes)
                    contribution = list.contribution(place, bytes)
                } else if isRequired {
                    continue
                }
            } else if isRequired {
                break
            }
            contributions[base + slot] = contribution
            let sum = partial[slot] + contribution
            partial[slot] = sum
            alive[kept] = slot
            kept &+= sum + rest >= needed ? 1 : 0
        }
        count = kept
    }

    /// Looks the candidates up in a further list of a phrase; its score is at most the least of
    /// what the single terms would score with the phrase's weight.
    mutating func narrow(
        _ list: inout TermList, isBound: Bool, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        var kept = 0
        for index in 0..<count {
            let slot = alive[index]
            guard try list.seekBlock(documents[slot], bytes) else { break }
            guard let place = try list.find(documents[slot], bytes) else { continue }
            var bound = partial[slot]
            if isBound {
                try list.decodeFrequencies(bytes)
                bound = min(
                    bound, list.contribution(place, bytes) * BM25.slack(list.frequencies[place]))
            }
            partial[slot] = bound
            alive[kept] = slot
            kept &+= bound >= needed ? 1 : 0
        }
        count = kept
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
