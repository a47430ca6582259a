/// Reads the positions of single postings out of a block's chunk.
///
/// A chunk is one list of values, each posting's first position and the differences behind it, in
/// groups of 128, of which the last may be shorter: a byte with the width of each group, then the
/// packed values. So groups are passed over without a look at them.
struct PositionsReader: Sendable {
    /// Where the chunk's bytes are, at least; the next chunk may follow inside.
    private var chunk = 0..<0
    /// The first group in `values`, -1 for none; how many groups; and where the last one ends.
    private var group = -1
    private var groupCount = 0
    private var endOffset = 0
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
        let groups = (total &+ SegmentFormat.blockLength &- 1) / SegmentFormat.blockLength
        // Every 128 values take a byte at least, so damaged frequencies cannot ask for more work
        // than the section has bytes.
        guard count <= total, last < groups, groups <= chunk.count, chunk.upperBound <= bytes.count
        else { throw Malformed(at: chunk.lowerBound, expected: "\(total) positions") }
        let widths = bytes.extracting(chunk.lowerBound..<chunk.lowerBound + groups)
        let isBehind = group >= 0 && group + groupCount <= first
        let known = isBehind ? group + groupCount : 0
        var offset = isBehind ? endOffset : chunk.lowerBound + groups
        group = -1
        makeRoom(groups: last - first + 1)
        var passed = 0
        for group in known..<first { passed &+= Int(widths[group]) }
        // None of them is the last one.
        offset += BlockPacking.blockBytes(width: passed)
        for group in first...last {
            let size = try unpack(
                bytes, at: offset, width: Int(widths[group]),
                count: min(SegmentFormat.blockLength, total - group * SegmentFormat.blockLength),
                to: group - first)
            offset += size
        }
        group = first
        groupCount = last - first + 1
        endOffset = offset
    }

    private mutating func makeRoom(groups: Int) {
        let missing = groups * SegmentFormat.blockLength - values.count
        if missing > 0 { values += [UInt32](repeating: 0, count: max(missing, values.count)) }
    }

    /// Decodes a group to where the values of group `place` of those held stand; returns its size in
    /// bytes.
    private mutating func unpack(
        _ bytes: Span<UInt8>, at start: Int, width: Int, count: Int, to place: Int
    ) throws(Malformed) -> Int {
        guard width <= BlockPacking.maximumWidth else {
            throw Malformed(
                at: chunk.lowerBound, expected: "a width of at most 32 bits", found: "\(width)")
        }
        let isWhole = count == SegmentFormat.blockLength
        let size =
            isWhole
            ? BlockPacking.blockBytes(width: width)
            : BlockPacking.plainBytes(count: count, width: width)
        guard size <= chunk.upperBound - start else {
            throw Malformed(at: start, expected: "\(size) bytes of positions")
        }
        let first = place * SegmentFormat.blockLength
        if isWhole {
            BlockUnpacking.values(
                bytes, at: start, width: width, adding: 0, into: &values, from: first)
        } else {
            BlockPacking.unpackPlain(
                bytes, at: start, count: count, width: width, into: &values, from: first)
        }
        return size
    }
}
