import SearchIndex
import WireProtocol

/// The hits of one task's answer, in the order of its shard's list.
///
/// Numbers of all hits are in one array and their ids in another, so that nothing is allocated and no
/// reference counted for a single hit on its way from a REPLY to a RESULT: ten hits of an item cost as
/// little as one. A `FoundHit` is made where somebody wants one.
struct ShardHits {
    /// Places of ids are those in `ids`.
    private let rows: [PackedHit]
    /// The ids of these hits, and perhaps of some that were filtered out.
    private let ids: Frame
    /// Whether all octets in `ids` are ASCII, and so UTF-8 without further looking.
    let idsAreASCII: Bool
    /// The sort values of each hit; empty for a list ranked by scores.
    private let values: [[FieldValue?]]

    /// No hits.
    init() {
        self.init([], ids: [], values: [])
    }

    /// - Parameters:
    ///   - rows: every id lies within `ids`.
    ///   - values: one entry for each row, or none.
    init(_ rows: [PackedHit], ids: Frame, values: [[FieldValue?]]) {
        self.rows = rows
        self.ids = ids
        idsAreASCII = ids[...].isASCII
        self.values = values
    }

    var count: Int { rows.count }

    var isEmpty: Bool { rows.isEmpty }

    func score(at position: Int) -> Float { Float(rows[position].sortKey) }

    func orderKey(at position: Int) -> OrderKey { OrderKey(rows[position].orderKey) }

    /// Where the id stands in `ids`.
    private func idRange(at position: Int) -> Range<Int> {
        let start = Int(rows[position].idOffset)
        return start..<start + Int(rows[position].idLength)
    }

    /// Adds some of these hits, which follow one another, to an answer; ids are ASCII.
    ///
    /// - Parameter score: of all of them, in place of their own; nil for those.
    func encode(
        _ rows: Range<Int>, score: Float?, in place: HitsEncoder.Place,
        into encoder: inout HitsEncoder
    ) {
        encoder.append(rows, of: self.rows, ids: ids, in: place, score: score)
    }

    subscript(position: Int) -> FoundHit {
        FoundHit(
            RankedHit(
                score: score(at: position), orderKey: orderKey(at: position),
                id: ids[idRange(at: position)]),
            values: values.isEmpty ? [] : values[position])
    }

    /// Whether every hit has so many sort values.
    func haveValues(_ count: Int) -> Bool {
        values.isEmpty ? count == 0 || rows.isEmpty : values.allSatisfy { $0.count == count }
    }

    /// The hits that are wanted, in the same order.
    func filter(_ isWanted: (FoundHit) -> Bool) -> ShardHits {
        let places = rows.indices.filter { isWanted(self[$0]) }
        return ShardHits(
            places.map { rows[$0] }, ids: ids,
            values: values.isEmpty ? [] : places.map { values[$0] })
    }

    /// `FoundHit.precedes` of two hits by their places; made of whole hits only where numbers do not
    /// decide.
    func precedes(
        _ position: Int, _ other: Int, of others: ShardHits, by keys: [SortKey], lowestFirst: Bool
    ) -> Bool {
        if keys.isEmpty {
            let sign: Float = lowestFirst ? -1 : 1
            let isFirst = RankedHit.precedes(
                sign * score(at: position), orderKey(at: position),
                sign * others.score(at: other), others.orderKey(at: other))
            if let isFirst { return isFirst }
        }
        return self[position].precedes(others[other], by: keys, lowestFirst: lowestFirst)
    }
}
