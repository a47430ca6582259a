/// Encodes the postings of one term after another, as `PostingsLayout` reads them.
struct PostingsWriter {
    /// The postings of a term, as the builder collects them.
    struct Term {
        /// Ascending document numbers.
        var documents: [UInt32] = []
        /// Beside `documents`, each at least 1 and below 2^31.
        var frequencies: [UInt32] = []
        /// Of every posting the first position, then the differences; empty without positions.
        var positions: [UInt32] = []

        /// Appends postings that `body` writes, up to the numbers given.
        @inline(__always)
        mutating func append(
            postings: Int, positions count: Int,
            _ body: (
                _ documents: inout OutputSpan<UInt32>, _ frequencies: inout OutputSpan<UInt32>,
                _ positions: inout OutputSpan<UInt32>
            ) -> Void
        ) {
            documents.append(addingCapacity: postings) { documents in
                frequencies.append(addingCapacity: postings) { frequencies in
                    positions.append(addingCapacity: count) { positions in
                        body(&documents, &frequencies, &positions)
                    }
                }
            }
        }

        mutating func removeAll() {
            documents.removeAll(keepingCapacity: true)
            frequencies.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
        }
    }

    private let hasPositions: Bool
    /// The norm of each length code under the statistics of the build.
    private let norms: [Float]
    private var bounds = ScoreBoundBuilder()
    private var ranks = RankedScores()
    private var data: [UInt8] = []
    private var metadata: [UInt8] = []
    /// The values of a block before they are packed; the first ones are in use.
    private var values = [UInt32](repeating: 0, count: SegmentFormat.blockLength)

    init(hasPositions: Bool, norms: NormParameters) {
        self.hasPositions = hasPositions
        self.norms = norms.norms()
    }

    /// Appends a term's postings to `postings` and its positions to `positions`.
    ///
    /// - Returns: False when they are beyond the 4 GiB that a term may have in a segment.
    mutating func append(
        _ term: Term, lengthCodes: Span<UInt8>, postings: inout [UInt8], positions: inout [UInt8]
    ) -> Bool {
        let count = term.documents.count
        precondition(count > 0 && count == term.frequencies.count, "\(count) postings")
        guard count <= SegmentFormat.blockLength else {
            return appendBlocks(term, lengthCodes, &postings, &positions)
        }
        let documents = gaps(term.documents.span, base: 0)
        postings.append(UInt8(documents))
        let place = postings.count
        postings.append(0)
        Self.appendPacked(values, width: documents, count, to: &postings)
        let frequencies = lessOne(term.frequencies.span)
        postings[place] = UInt8(frequencies)
        Self.appendPacked(values, width: frequencies, count, to: &postings)
        appendPositions(term, values: 0..<term.positions.count, to: &positions)
        return true
    }

    private mutating func appendBlocks(
        _ term: Term, _ lengthCodes: Span<UInt8>, _ postings: inout [UInt8],
        _ positions: inout [UInt8]
    ) -> Bool {
        appendTermHeader(term, lengthCodes, to: &postings)
        let firstPosition = positions.count
        var firstValue = 0
        for start in stride(from: 0, to: term.documents.count, by: SegmentFormat.blockLength) {
            let range = start..<min(start + SegmentFormat.blockLength, term.documents.count)
            guard let dataOffset = UInt32(exactly: data.count),
                let positionsOffset = UInt32(exactly: positions.count - firstPosition)
            else { return false }
            metadata.appendInteger(dataOffset)
            let values = appendBlock(term, range, lengthCodes)
            if hasPositions {
                metadata.appendInteger(positionsOffset)
                appendPositions(term, values: firstValue..<firstValue + values, to: &positions)
                firstValue += values
            }
            postings.appendInteger(term.documents[range.upperBound - 1])
        }
        postings += metadata
        postings += data
        metadata.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: true)
        return true
    }

    /// Appends what holds for the whole list: its bounds and its documents at the stored ranks.
    private mutating func appendTermHeader(
        _ term: Term, _ lengthCodes: Span<UInt8>, to postings: inout [UInt8]
    ) {
        ranks.take(term, lengthCodes, norms: norms)
        ranks.forEachPair { bounds.insert(frequency: $0, lengthCode: $1) }
        let pairs = bounds.finish(limit: SegmentFormat.maximumTermBounds)
        postings.append(UInt8(pairs.count))
        for pair in pairs { pair.append(to: &postings) }
        for pair in ranks.ranked() {
            if let pair { pair.append(to: &postings) } else { postings += [0, 0] }
        }
    }

    /// Appends a block's data, and its metadata behind the data offset.
    ///
    /// - Returns: The sum of its frequencies.
    private mutating func appendBlock(
        _ term: Term, _ range: Range<Int>, _ lengthCodes: Span<UInt8>
    ) -> Int {
        let documents = term.documents.span.extracting(range)
        let frequencies = term.frequencies.span.extracting(range)
        var total = 0
        for index in documents.indices {
            bounds.insert(
                frequency: frequencies[index], lengthCode: lengthCodes[Int(documents[index])])
            total += Int(frequencies[index])
        }
        var pairs = bounds.finish(limit: SegmentFormat.maximumBlockBounds)
        let best = bestPair(pairs)
        pairs.swapAt(0, best)
        for pair in pairs.dropFirst() { pair.append(to: &data) }
        let base = range.lowerBound == 0 ? 0 : term.documents[range.lowerBound - 1] + 1
        let words = Int((documents[range.count - 1] >> 6) - (base >> 6)) + 1
        var width = gaps(documents, base: base)
        var kind = BlockKind.packed
        // A bitset answers membership with one load; worth half as much again in bytes.
        if words < 64, 16 * words <= 3 * BlockHeader.bytes(range.count, width) {
            kind = .bitset
            width = words
            appendBitset(documents, firstWord: base >> 6, words: words)
        } else {
            Self.appendPacked(values, width: width, range.count, to: &data)
        }
        let frequencyWidth = lessOne(frequencies)
        Self.appendPacked(values, width: frequencyWidth, range.count, to: &data)
        metadata.appendInteger(
            BlockHeader.flags(
                kind: kind, documentWidth: width, frequencyWidth: frequencyWidth,
                furtherBounds: pairs.count - 1))
        pairs[0].append(to: &metadata)
        return total
    }

    private func bestPair(_ pairs: [ScoreBound]) -> Int {
        var best = 0
        var score: Float = -1
        for (index, pair) in pairs.enumerated() {
            let ratio = BM25.bound(pair, norms: norms.span)
            if ratio > score { (best, score) = (index, ratio) }
        }
        return best
    }

    /// Puts the differences of a block's documents into `values` and returns their width.
    private mutating func gaps(_ documents: Span<UInt32>, base: UInt32) -> Int {
        let isFull = documents.count == SegmentFormat.blockLength
        let (step, least): (Int, UInt32) = isFull ? (4, 0) : (1, 1)
        var output = values.mutableSpan
        var union: UInt32 = 0
        for index in documents.indices {
            let gap =
                index < step
                ? documents[index] - base : documents[index] - documents[index - step] - least
            output[index] = gap
            union |= gap
        }
        return 32 - union.leadingZeroBitCount
    }

    /// Puts the frequencies of a block, less one, into `values` and returns their width.
    private mutating func lessOne(_ frequencies: Span<UInt32>) -> Int {
        var output = values.mutableSpan
        var union: UInt32 = 0
        for index in frequencies.indices {
            output[index] = frequencies[index] - 1
            union |= frequencies[index] - 1
        }
        return 32 - union.leadingZeroBitCount
    }

    private static func appendPacked(
        _ values: [UInt32], width: Int, _ count: Int, to bytes: inout [UInt8]
    ) {
        if count == SegmentFormat.blockLength {
            BlockPacking.pack(values.span, width: width, to: &bytes)
        } else {
            BlockPacking.packPlain(
                values.span.extracting(0..<count), width: width, to: &bytes)
        }
    }

    private mutating func appendBitset(
        _ documents: Span<UInt32>, firstWord: UInt32, words: Int
    ) {
        var bits = [UInt64](repeating: 0, count: words)
        for index in documents.indices {
            let document = documents[index]
            bits[Int(document >> 6 - firstWord)] |= 1 << UInt64(document & 63)
        }
        for word in bits { data.appendInteger(word) }
    }

    /// Appends a chunk: the positions `range` of the term in groups of 128.
    private mutating func appendPositions(
        _ term: Term, values range: Range<Int>, to positions: inout [UInt8]
    ) {
        guard hasPositions else { return }
        let values = term.positions.span
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 128) {
            let group = values.extracting(start..<min(start + 128, range.upperBound))
            let width = BlockPacking.width(of: group)
            positions.append(UInt8(width))
            if group.count == SegmentFormat.blockLength {
                BlockPacking.pack(group, width: width, to: &positions)
            } else {
                BlockPacking.packPlain(group, width: width, to: &positions)
            }
        }
    }
}
