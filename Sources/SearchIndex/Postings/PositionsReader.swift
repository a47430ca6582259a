/// Reads the positions of single postings out of a block's chunk.
///
/// A chunk is one list of values, each posting's first position and the differences behind it, in
/// groups of 128: a byte with the width, then the packed values; the last group may be shorter.
struct PositionsReader: Sendable {
    /// Where the chunk's bytes are, at least; the next chunk may follow inside.
    private var chunk = 0..<0
    /// The group in `values`, -1 for none, and where it starts.
    private var group = -1
    private var groupOffset = 0
    private var values: [UInt32] = []
    /// The place of the first value of a posting looked up before, to go on from.
    private var knownPosting = 0
    private var knownStart = 0

    /// Goes to the chunk whose bytes start with `chunk`.
    mutating func startBlock(_ chunk: Range<Int>) {
        self.chunk = chunk
        group = -1
        knownPosting = 0
        knownStart = 0
    }

    /// Appends the positions of a posting of the block with `frequencies`.
    mutating func append(
        posting: Int, frequencies: [UInt32], count: Int, _ bytes: Span<UInt8>,
        to output: inout [UInt32]
    ) throws(Malformed) {
        let start = firstValue(of: posting, frequencies)
        var total = start
        for index in posting..<count { total += Int(frequencies[index]) }
        // Every 128 values take a byte at least, so damaged frequencies cannot ask for more work
        // than the section has bytes.
        guard total / SegmentFormat.blockLength <= chunk.count else {
            throw Malformed(at: chunk.lowerBound, expected: "\(total) positions")
        }
        var previous: UInt32 = 0
        for place in start..<start + Int(frequencies[posting]) {
            let wanted = place / SegmentFormat.blockLength
            if wanted != group { try load(wanted, total: total, bytes) }
            previous &+= values[place % SegmentFormat.blockLength]
            output.append(previous)
        }
    }

    private mutating func firstValue(of posting: Int, _ frequencies: [UInt32]) -> Int {
        if posting < knownPosting { (knownPosting, knownStart) = (0, 0) }
        while knownPosting < posting {
            knownStart += Int(frequencies[knownPosting])
            knownPosting += 1
        }
        return knownStart
    }

    /// Decodes a group; passes over those before it by their widths.
    private mutating func load(
        _ wanted: Int, total: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if values.isEmpty { values = [UInt32](repeating: 0, count: SegmentFormat.blockLength) }
        var current = group >= 0 && group < wanted ? group : 0
        var offset = current == 0 ? chunk.lowerBound : groupOffset
        let end = chunk.upperBound
        group = -1
        guard end <= bytes.count else {
            throw Malformed(at: bytes.count, expected: "positions up to \(end)")
        }
        while true {
            let (width, count, size) = try Self.measure(
                bytes, at: offset, end: end,
                remaining: total - current * SegmentFormat.blockLength)
            if current == wanted {
                Self.unpack(bytes, at: offset + 1, count: count, width: width, &values)
                break
            }
            current += 1
            offset += 1 + size
        }
        group = wanted
        groupOffset = offset
    }

    private static func unpack(
        _ bytes: Span<UInt8>, at start: Int, count: Int, width: Int, _ values: inout [UInt32]
    ) {
        if count == SegmentFormat.blockLength {
            BlockUnpacking.values(bytes, at: start, width: width, adding: 0, into: &values)
        } else {
            BlockPacking.unpackPlain(bytes, at: start, count: count, width: width, into: &values)
        }
    }

    /// The width, number of values and bytes of the group at `offset`.
    private static func measure(
        _ bytes: Span<UInt8>, at offset: Int, end: Int, remaining: Int
    ) throws(Malformed) -> (width: Int, count: Int, size: Int) {
        guard offset < end else {
            throw Malformed(at: offset, expected: "a group of positions")
        }
        let width = Int(bytes[offset])
        let count = min(SegmentFormat.blockLength, remaining)
        guard width <= BlockPacking.maximumWidth, count > 0 else {
            throw Malformed(
                at: offset, expected: "a width of at most 32 bits", found: "\(width)")
        }
        let size =
            count == SegmentFormat.blockLength
            ? BlockPacking.blockBytes(width: width)
            : BlockPacking.plainBytes(count: count, width: width)
        guard size <= end - offset - 1 else {
            throw Malformed(at: offset, expected: "\(size) bytes of positions")
        }
        return (width, count, size)
    }
}
