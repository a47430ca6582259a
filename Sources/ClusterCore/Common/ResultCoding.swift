package import SearchIndex
package import WireMessages
import WireProtocol

/// The forms on the wire of what decides which hits an answer has, and in which order.

extension SortKey {
    /// The form that is sent.
    package var wire: WireSortKey {
        var wire = WireSortKey()
        wire.field = field
        wire.descending = !isAscending
        wire.missingFirst = missing == .first
        return wire
    }

    /// From a peer; `SortKey.check` compares it with the schema.
    package init(wire: WireSortKey) {
        self.init(
            field: wire.field, isAscending: !wire.descending,
            missing: wire.missingFirst ? .first : .last)
    }

    /// The keys that a peer sent, at most as many as there may be.
    static func keys(_ wire: [WireSortKey]) throws(ItemFailure) -> [SortKey] {
        guard wire.count <= maximumKeys else {
            throw ItemFailure(SearchError.sort(SortError(.numberOfKeys(wire.count))))
        }
        return wire.map { SortKey(wire: $0) }
    }
}

extension FieldValue {
    /// The form of a value that hits are sorted by; without content when the document has none.
    static func wire(sortValue value: FieldValue?) -> WireFieldValue {
        value?.wire ?? WireFieldValue()
    }

    /// The value that hits are sorted by, from a peer; nil when the document has none.
    package static func sortValue(_ wire: WireFieldValue) throws(ItemFailure) -> FieldValue? {
        wire.value == nil ? nil : try FieldValue(wire: wire)
    }

    /// The values that one hit is sorted by, from a peer.
    static func sortValues(_ wire: [WireFieldValue]) throws(ItemFailure) -> [FieldValue?] {
        var values: [FieldValue?] = []
        for value in wire { values.append(try sortValue(value)) }
        return values
    }
}

extension SearchPlace {
    var wire: WirePlace {
        var wire = WirePlace()
        wire.values = tuple.values.map { FieldValue.wire(sortValue: $0) }
        wire.score = score
        wire.orderKey = tuple.orderKey.rawValue
        wire.includesPlace = includesPlace
        return wire
    }

    init(wire: WirePlace) throws(ItemFailure) {
        guard !wire.score.isNaN else {
            throw ItemFailure(.badRequest, "the score of the place to go on is not a number")
        }
        self.init(
            score: wire.score,
            tuple: SortTuple(
                values: try FieldValue.sortValues(wire.values), orderKey: OrderKey(wire.orderKey)),
            includesPlace: wire.includesPlace)
    }
}

extension TotalCounting {
    /// The form that is sent: up to which number matches are counted; nil for all.
    package var wire: UInt64? {
        switch self {
        case .exact: nil
        case .upTo(let number): number
        case .none: 0
        }
    }

    init(wire number: UInt64?) {
        switch number {
        case nil: self = .exact
        case 0: self = .none
        case .some(let number): self = .upTo(number)
        }
    }
}
