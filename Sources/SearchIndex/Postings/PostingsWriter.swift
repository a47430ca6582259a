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

        mutating func removeAll() {
            documents.removeAll(keepingCapacity: true)
            frequencies.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
        }
    }

    private let hasPositions: Bool
    private var bounds = ScoreBoundBuilder()
    private var data: [UInt8] = []
    private var metadata: [UInt8] = []
    private var blockBounds: [UInt8] = []
    private var values: [UInt32] = []

    init(hasPositions: Bool) { self.hasPositions = hasPositions }

    /// Appends a term's postings to `postings` and its positions to `positions`.
    ///
    /// - Returns: False when they are beyond the 4 GiB that a term may have in a segment.
    mutating func append(
        _ term: Term, lengthCodes: Span<UInt8>, postings: inout [UInt8], positions: inout [UInt8]
    ) -> Bool {
        let count = term.documents.count
        precondition(count > 0 && count == term.frequencies.count, "\(count) postings")
        let isShort = count <= SegmentFormat.blockLength
        appendBounds(
            term, 0..<count, lengthCodes,
            limit: isShort ? SegmentFormat.maximumBlockBounds : SegmentFormat.maximumTermBounds,
            to: &postings)
        guard !isShort else {
            let widths = appendBlock(term, 0..<count, base: 0)
            postings += [BlockKind.packed.rawValue, widths.documents, widths.frequencies]
            postings += data
            data.removeAll(keepingCapacity: true)
            appendPositions(term, values: 0..<term.positions.count, to: &positions)
            return true
        }
        return appendBlocks(term, lengthCodes, &postings, &positions)
    }

    private mutating func appendBlocks(
        _ term: Term, _ lengthCodes: Span<UInt8>, _ postings: inout [UInt8],
        _ positions: inout [UInt8]
    ) -> Bool {
        let firstPosition = positions.count
        var firstValue = 0
        for start in stride(from: 0, to: term.documents.count, by: SegmentFormat.blockLength) {
            let range = start..<min(start + SegmentFormat.blockLength, term.documents.count)
            guard let dataOffset = UInt32(exactly: data.count),
                let positionsOffset = UInt32(exactly: positions.count - firstPosition)
            else { return false }
            let base = start == 0 ? 0 : term.documents[start - 1] + 1
            let widths = appendBlock(term, range, base: base)
            let before = blockBounds.count
            let bounds = appendBlockBounds(term, range, lengthCodes)
            blockBounds += [UInt8](
                repeating: 0,
                count: 2 * SegmentFormat.maximumBlockBounds + before
                    - blockBounds.count)
            metadata.appendInteger(dataOffset)
            metadata.appendInteger(positionsOffset)
            metadata += [BlockKind.packed.rawValue, widths.documents, widths.frequencies, bounds]
            if hasPositions {
                let values = term.frequencies[range].reduce(0) { $0 + Int($1) }
                appendPositions(term, values: firstValue..<firstValue + values, to: &positions)
                firstValue += values
            }
            postings.appendInteger(term.documents[range.upperBound - 1])
        }
        postings += metadata
        postings += blockBounds
        postings += data
        metadata.removeAll(keepingCapacity: true)
        blockBounds.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: true)
        return true
    }

    /// Appends a block's documents and frequencies to `data`.
    private mutating func appendBlock(
        _ term: Term, _ range: Range<Int>, base: UInt32
    ) -> (documents: UInt8, frequencies: UInt8) {
        let isFull = range.count == SegmentFormat.blockLength
        values.removeAll(keepingCapacity: true)
        for index in range {
            let before = isFull ? index - 4 : index - 1
            let gap = isFull ? 0 : 1 as UInt32
            values.append(
                before < range.lowerBound
                    ? term.documents[index] - base
                    : term.documents[index] - term.documents[before] - gap)
        }
        let documents = appendPacked(isFull)
        values.removeAll(keepingCapacity: true)
        for index in range { values.append(term.frequencies[index] - 1) }
        return (documents, appendPacked(isFull))
    }

    private mutating func appendPacked(_ isFull: Bool) -> UInt8 {
        let width = BlockPacking.width(of: values[...])
        if isFull {
            BlockPacking.pack(values[...], width: width, to: &data)
        } else {
            BlockPacking.packPlain(values[...], width: width, to: &data)
        }
        return UInt8(width)
    }

    /// Appends a chunk: the positions `range` of the term in groups of 128.
    private mutating func appendPositions(
        _ term: Term, values range: Range<Int>, to positions: inout [UInt8]
    ) {
        guard hasPositions else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 128) {
            let group = term.positions[start..<min(start + 128, range.upperBound)]
            let width = BlockPacking.width(of: group)
            positions.append(UInt8(width))
            if group.count == SegmentFormat.blockLength {
                BlockPacking.pack(group, width: width, to: &positions)
            } else {
                BlockPacking.packPlain(group, width: width, to: &positions)
            }
        }
    }

    private mutating func appendBounds(
        _ term: Term, _ range: Range<Int>, _ lengthCodes: Span<UInt8>, limit: Int,
        to bytes: inout [UInt8]
    ) {
        let pairs = collectBounds(term, range, lengthCodes, limit: limit)
        bytes.append(UInt8(pairs.count))
        for pair in pairs { pair.append(to: &bytes) }
    }

    private mutating func appendBlockBounds(
        _ term: Term, _ range: Range<Int>, _ lengthCodes: Span<UInt8>
    ) -> UInt8 {
        let pairs = collectBounds(
            term, range, lengthCodes, limit: SegmentFormat.maximumBlockBounds)
        for pair in pairs { pair.append(to: &blockBounds) }
        return UInt8(pairs.count)
    }

    private mutating func collectBounds(
        _ term: Term, _ range: Range<Int>, _ lengthCodes: Span<UInt8>, limit: Int
    ) -> [ScoreBound] {
        for index in range {
            bounds.insert(
                frequency: term.frequencies[index],
                lengthCode: lengthCodes[Int(term.documents[index])])
        }
        return bounds.finish(limit: limit)
    }
}
