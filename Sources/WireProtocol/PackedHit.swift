/// One hit of a worker's REPLY: 24 octets, little-endian.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | sort key, IEEE 754 binary64; higher sorts first; never NaN |
/// | 8 | 8 | order key; lower sorts first among equal sort keys |
/// | 16 | 4 | offset of the id in the ids frame |
/// | 20 | 4 | length of the id, in octets of UTF-8 |
package struct PackedHit: Equatable, Sendable {
    /// Length of every packed hit, in octets.
    package static let byteCount = 24

    /// The score, or what else the answer is sorted by.
    package var sortKey: Double
    /// Names the document within its shard.
    package var orderKey: UInt64
    /// Where the document's id starts in the ids frame, in octets.
    package var idOffset: UInt32
    /// Octets of the document's id.
    package var idLength: UInt32

    package init(sortKey: Double, orderKey: UInt64, idOffset: UInt32, idLength: UInt32) {
        self.sortKey = sortKey
        self.orderKey = orderKey
        self.idOffset = idOffset
        self.idLength = idLength
    }
}

/// The hits frame of a REPLY: packed hits one after the other.
package enum PackedHits {
    /// Appends one hit.
    package static func append(_ hit: PackedHit, to frame: inout Frame) {
        frame.append(addingCapacity: PackedHit.byteCount) { output in
            LittleEndian.append(hit.sortKey.bitPattern, to: &output)
            LittleEndian.append(hit.orderKey, to: &output)
            LittleEndian.append(hit.idOffset, to: &output)
            LittleEndian.append(hit.idLength, to: &output)
        }
    }

    /// Appends hits in their order.
    package static func encode(_ hits: some Collection<PackedHit>, into frame: inout Frame) {
        frame.reserveCapacity(frame.count + hits.count * PackedHit.byteCount)
        for hit in hits { append(hit, to: &frame) }
    }

    /// How many hits the frame holds.
    ///
    /// - Throws: `WireError.malformedHits` if it ends within a hit.
    package static func count(in frame: Frame) throws(WireError) -> Int {
        guard frame.count.isMultiple(of: PackedHit.byteCount) else {
            throw .malformedHits(
                reason: "\(frame.count) bytes; expected a multiple of \(PackedHit.byteCount)")
        }
        return frame.count / PackedHit.byteCount
    }

    /// The hits at the given positions, checked against the frame of ids.
    ///
    /// - Parameters:
    ///   - range: positions of hits, not octets; may come from the peer.
    ///   - idByteCount: length of the ids frame; every id must lie within it.
    /// - Throws: `WireError.malformedHits`.
    /// - Complexity: linear in the length of `range`; one allocation.
    package static func decode(
        _ frame: Frame, range: Range<Int>, idByteCount: Int
    ) throws(WireError) -> [PackedHit] {
        let count = try count(in: frame)
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw .malformedHits(
                reason: "hits \(range.lowerBound)..<\(range.upperBound) asked of \(count)")
        }
        var hits: [PackedHit] = []
        hits.reserveCapacity(range.count)
        let octets = frame.span
        for position in range {
            hits.append(try decode(octets, position: position, idByteCount: idByteCount))
        }
        return hits
    }

    /// All hits of the frame, checked against the frame of ids.
    ///
    /// - Throws: `WireError.malformedHits`.
    package static func decode(
        _ frame: Frame, idByteCount: Int
    ) throws(WireError) -> [PackedHit] {
        try decode(frame, range: 0..<count(in: frame), idByteCount: idByteCount)
    }

    @inline(__always)
    private static func decode(
        _ frame: Span<UInt8>, position: Int, idByteCount: Int
    ) throws(WireError) -> PackedHit {
        let start = position * PackedHit.byteCount
        let sortKey = Double(
            bitPattern: LittleEndian.load(UInt64.self, from: frame, at: start))
        let place = LittleEndian.load(UInt64.self, from: frame, at: start + 16)
        let hit = PackedHit(
            sortKey: sortKey,
            orderKey: LittleEndian.load(UInt64.self, from: frame, at: start + 8),
            idOffset: UInt32(truncatingIfNeeded: place),
            idLength: UInt32(truncatingIfNeeded: place >> 32))
        guard !sortKey.isNaN else {
            throw .malformedHits(reason: "hit \(position): the sort key is NaN")
        }
        guard Int(hit.idOffset) + Int(hit.idLength) <= idByteCount else {
            throw .malformedHits(
                reason: "hit \(position): id of \(hit.idLength) bytes at \(hit.idOffset) is not "
                    + "within the \(idByteCount) bytes of ids")
        }
        return hit
    }
}
