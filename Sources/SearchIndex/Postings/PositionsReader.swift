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

    /// Goes to the chunk whose bytes start with `chunk`.
    mutating func startBlock(_ chunk: Range<Int>) {
        self.chunk = chunk
        group = -1
    }

    /// Reads the positions of a posting whose values start at place `start` of the chunk's `total`,
    /// as many as its frequency, into the first `count` places of `output`, which grows as needed.
    mutating func read(
        from start: Int, count: Int, total: Int, _ bytes: Span<UInt8>,
        into output: inout [UInt32]
    ) throws(Malformed) {
        // Every 128 values take a byte at least, so damaged frequencies cannot ask for more work
        // than the section has bytes.
        guard start + count <= total, total / SegmentFormat.blockLength <= chunk.count else {
            throw Malformed(at: chunk.lowerBound, expected: "\(total) positions")
        }
        if output.count < count {
            output += [UInt32](repeating: 0, count: count - output.count)
        }
        var done = 0
        var previous: UInt32 = 0
        while done < count {
            let place = start &+ done
            let wanted = place / SegmentFormat.blockLength
            if wanted != group { try load(wanted, total: total, bytes) }
            let first = place % SegmentFormat.blockLength
            let size = min(count &- done, SegmentFormat.blockLength &- first)
            Self.sum(values, first, size, &previous, &output, done)
            done &+= size
        }
    }

    /// Turns differences into positions.
    @inline(__always)
    private static func sum(
        _ values: [UInt32], _ first: Int, _ count: Int, _ previous: inout UInt32,
        _ output: inout [UInt32], _ place: Int
    ) {
        let values = values.span
        var output = output.mutableSpan
        var position = previous
        for index in 0..<count {
            position &+= values[first &+ index]
            output[place &+ index] = position
        }
        previous = position
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
