/// Reads the positions of single postings out of a block's chunk.
///
/// A chunk is one list of values, each posting's first position and the differences behind it, in
/// groups of 128: a byte with the width, then the packed values; the last group may be shorter.
struct PositionsReader: Sendable {
    /// Where the chunk's bytes are, at least; the next chunk may follow inside.
    private var chunk = 0..<0
    /// The first group in `values`, -1 for none; how many groups; and where the last one starts.
    private var group = -1
    private var groupCount = 0
    private var lastOffset = 0
    /// The values of those groups, one after the other; behind them, whatever was there.
    private(set) var values: [UInt32] = []

    /// Goes to the chunk whose bytes start with `chunk`.
    mutating func startBlock(_ chunk: Range<Int>) {
        self.chunk = chunk
        group = -1
    }

    /// Decodes what a posting needs, whose values start at place `start` of the chunk's `total`, as
    /// many as its frequency; returns where in `values` they start.
    @inline(__always)
    mutating func seek(
        _ start: Int, count: Int, total: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        let first = start / SegmentFormat.blockLength
        let last = (start &+ max(count, 1) &- 1) / SegmentFormat.blockLength
        if group < 0 || first < group || last >= group &+ groupCount {
            try load(first, through: last, count: start &+ count, total: total, bytes)
        }
        return start &- group &* SegmentFormat.blockLength
    }

    /// Reads a posting's positions into the first `count` places of `output`, which grows as needed;
    /// the other parameters are those of `seek`.
    mutating func read(
        from start: Int, count: Int, total: Int, _ bytes: Span<UInt8>,
        into output: inout [UInt32]
    ) throws(Malformed) {
        let first = try seek(start, count: count, total: total, bytes)
        if output.count < count {
            output += [UInt32](repeating: 0, count: count - output.count)
        }
        var position: UInt32 = 0
        for index in 0..<count {
            position &+= values[first + index]
            output[index] = position
        }
    }

    /// Decodes some groups; passes over those before them by their widths.
    private mutating func load(
        _ first: Int, through last: Int, count: Int, total: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        // Every 128 values take a byte at least, so damaged frequencies cannot ask for more work
        // than the section has bytes.
        guard count <= total, total / SegmentFormat.blockLength <= chunk.count,
            chunk.upperBound <= bytes.count
        else { throw Malformed(at: chunk.lowerBound, expected: "\(total) positions") }
        let isBehind = group >= 0 && group + groupCount <= first
        var current = isBehind ? group + groupCount - 1 : 0
        var offset = isBehind ? lastOffset : chunk.lowerBound
        group = -1
        makeRoom(groups: last - first + 1)
        while true {
            let (width, count, size) = try Self.measure(
                bytes, at: offset, end: chunk.upperBound,
                remaining: total - current * SegmentFormat.blockLength)
            if current >= first {
                unpack(bytes, at: offset + 1, count: count, width: width, to: current - first)
            }
            if current == last { break }
            current += 1
            offset += 1 + size
        }
        group = first
        groupCount = last - first + 1
        lastOffset = offset
    }

    private mutating func makeRoom(groups: Int) {
        let missing = groups * SegmentFormat.blockLength - values.count
        if missing > 0 { values += [UInt32](repeating: 0, count: max(missing, values.count)) }
    }

    /// Decodes a group to where the values of group `place` of those held stand.
    private mutating func unpack(
        _ bytes: Span<UInt8>, at start: Int, count: Int, width: Int, to place: Int
    ) {
        let first = place * SegmentFormat.blockLength
        if count == SegmentFormat.blockLength {
            BlockUnpacking.values(
                bytes, at: start, width: width, adding: 0, into: &values, from: first)
        } else {
            BlockPacking.unpackPlain(
                bytes, at: start, count: count, width: width, into: &values, from: first)
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
