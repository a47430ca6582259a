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
    /// - Parameter lengthCodes: Of all documents; asked for by terms with several blocks only.
    /// - Returns: False when they are beyond the 4 GiB that a term may have in a segment.
    mutating func append(
        _ term: Term, lengthCodes: @autoclosure () -> [UInt8], postings: inout [UInt8],
        positions: inout [UInt8]
    ) -> Bool {
        let count = term.documents.count
        precondition(count > 0 && count == term.frequencies.count, "\(count) postings")
        guard count <= SegmentFormat.blockLength else {
            return appendBlocks(term, lengthCodes().span, &postings, &positions)
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
        let hasBitmap = isDense(term, documentCount: lengthCodes.count)
        appendTermHeader(term, lengthCodes, hasBitmap: hasBitmap, to: &postings)
        let firstPosition = positions.count
        var firstValue = 0
        for start in stride(from: 0, to: term.documents.count, by: SegmentFormat.blockLength) {
            let range = start..<min(start + SegmentFormat.blockLength, term.documents.count)
            guard let dataOffset = UInt32(exactly: data.count),
                let positionsOffset = UInt32(exactly: positions.count - firstPosition)
            else { return false }
            metadata.appendInteger(dataOffset)
            let values = appendBlock(term, range, lengthCodes, isListed: hasBitmap)
            if hasPositions {
                metadata.appendInteger(positionsOffset)
                appendPositions(term, values: firstValue..<firstValue + values, to: &positions)
                firstValue += values
            }
            postings.appendInteger(term.documents[range.upperBound - 1])
        }
        postings += metadata
        if hasBitmap {
            Self.appendBits(
                term.documents.span, firstWord: 0, words: (lengthCodes.count + 63) / 64,
                to: &postings)
        }
        postings += data
        metadata.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: true)
        return true
    }

    /// Whether a bitmap of all the segment's documents is no longer than packed blocks.
    private mutating func isDense(_ term: Term, documentCount: Int) -> Bool {
        // A gap takes 16 bits at most in a list as dense as this.
        guard term.documents.count >= documentCount / 32 else { return false }
        let documents = term.documents.span
        var bytes = 0
        var base: UInt32 = 0
        for start in stride(from: 0, to: documents.count, by: SegmentFormat.blockLength) {
            let range = start..<min(start + SegmentFormat.blockLength, documents.count)
            let width = gaps(documents.extracting(range), base: base)
            bytes += BlockHeader.bytes(range.count, width)
            base = documents[range.upperBound - 1] + 1
        }
        return PostingsLayout.bitmapBytes(documents: documentCount) <= bytes
    }

    /// Appends what holds for the whole list: its bounds and its documents at the stored ranks.
    private mutating func appendTermHeader(
        _ term: Term, _ lengthCodes: Span<UInt8>, hasBitmap: Bool, to postings: inout [UInt8]
    ) {
        ranks.take(term, lengthCodes, norms: norms)
        ranks.forEachPair { bounds.insert(frequency: $0, lengthCode: $1) }
        let pairs = bounds.finish(limit: SegmentFormat.maximumTermBounds)
        postings.append(UInt8(pairs.count) | (hasBitmap ? PostingsLayout.bitmapFlag : 0))
        for pair in pairs { pair.append(to: &postings) }
        for pair in ranks.ranked() {
            if let pair { pair.append(to: &postings) } else { postings += [0, 0] }
        }
    }

    /// Appends a block's data, and its metadata behind the data offset.
    ///
    /// - Returns: The sum of its frequencies.
    private mutating func appendBlock(
        _ term: Term, _ range: Range<Int>, _ lengthCodes: Span<UInt8>, isListed: Bool
    ) -> Int {
        let documents = term.documents.span.extracting(range)
        let frequencies = term.frequencies.span.extracting(range)
        var total = 0
        for index in documents.indices {
            bounds.insert(
                frequency: frequencies[index], lengthCode: lengthCodes[Int(documents[index])])
            total += Int(frequencies[index])
        }
        let norms = norms
        let pairs = bounds.finish(limit: SegmentFormat.maximumBlockBounds) {
            BM25.bound($0, norms: norms.span)
        }
        for pair in pairs.dropFirst() { pair.append(to: &data) }
        let base = range.lowerBound == 0 ? 0 : term.documents[range.lowerBound - 1] + 1
        let words = Int((documents[range.count - 1] >> 6) - (base >> 6)) + 1
        var width = isListed ? 0 : gaps(documents, base: base)
        var kind = isListed ? BlockKind.listed : .packed
        // A bitset answers membership with one load.
        if !isListed, words < 64, 8 * words <= BlockHeader.bytes(range.count, width) {
            kind = .bitset
            width = words
            Self.appendBits(documents, firstWord: base >> 6, words: words, to: &data)
        } else if !isListed {
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

    /// Puts the gaps between a block's documents into `values` and returns their width.
    private mutating func gaps(_ documents: Span<UInt32>, base: UInt32) -> Int {
        var output = values.mutableSpan
        var next = base
        var union: UInt32 = 0
        for index in documents.indices {
            let gap = documents[index] - next
            output[index] = gap
            union |= gap
            next = documents[index] + 1
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

    /// Appends words of 64 documents, a bit each, low bits first.
    private static func appendBits(
        _ documents: Span<UInt32>, firstWord: UInt32, words: Int, to bytes: inout [UInt8]
    ) {
        var bits = [UInt64](repeating: 0, count: words)
        for index in documents.indices {
            let document = documents[index]
            bits[Int(document >> 6 - firstWord)] |= 1 << UInt64(document & 63)
        }
        for word in bits { bytes.appendInteger(word) }
    }

    /// Appends a chunk: the positions `range` of the term in groups of 128, behind their widths.
    private mutating func appendPositions(
        _ term: Term, values range: Range<Int>, to positions: inout [UInt8]
    ) {
        guard hasPositions else { return }
        let values = term.positions.span
        let length = SegmentFormat.blockLength
        let widths = positions.count
        for start in stride(from: range.lowerBound, to: range.upperBound, by: length) {
            let group = values.extracting(start..<min(start + length, range.upperBound))
            positions.append(UInt8(BlockPacking.width(of: group)))
        }
        var place = widths
        for start in stride(from: range.lowerBound, to: range.upperBound, by: length) {
            let group = values.extracting(start..<min(start + length, range.upperBound))
            let width = Int(positions[place])
            if group.count == length {
                BlockPacking.pack(group, width: width, to: &positions)
            } else {
                BlockPacking.packPlain(group, width: width, to: &positions)
            }
            place += 1
        }
    }
}
