package import SearchIndex
package import WireMessages

extension MergeStrategy {
    /// The strategy of a Submit; nil where it leaves it to the broker.
    ///
    /// Refuses a number that this version does not know.
    package init?(wire: WireMergeStrategy) throws(ItemFailure) {
        switch wire {
        case .mergeDefault: return nil
        case .scoreDesc: self = .scoreDescending
        case .scoreAsc: self = .scoreAscending
        case .nodeOrder: self = .nodeOrder
        case .mergeRoundRobin: self = .roundRobin
        case .reciprocalRankFusion: self = .reciprocalRankFusion
        case .UNRECOGNIZED: throw ItemFailure(unknown: wire, of: "merge")
        }
    }

    /// The form on the wire.
    package var wire: WireMergeStrategy {
        switch self {
        case .scoreDescending: .scoreDesc
        case .scoreAscending: .scoreAsc
        case .nodeOrder: .nodeOrder
        case .roundRobin: .mergeRoundRobin
        case .reciprocalRankFusion: .reciprocalRankFusion
        }
    }

    /// The strategy, or the usual one where it cannot do with the rest of a search.
    func ifPossible(sort: [SortKey], hasPlace: Bool) -> MergeStrategy {
        (try? check(sort: sort, hasPlace: hasPlace)) == nil ? .scoreDescending : self
    }

    /// Refuses what a strategy cannot do with the rest of a search.
    package func check(sort: [SortKey], hasPlace: Bool) throws(ItemFailure) {
        if self == .scoreAscending, !sort.isEmpty {
            throw ItemFailure(
                .badRequest, "merge SCORE_ASC orders by score; it cannot be used with sort keys")
        }
        if hasPlace, !hasPlaces {
            throw ItemFailure(
                .badRequest,
                "merge \(wire) has no places to go on behind; use `after` with SCORE_DESC only, or "
                    + "give an offset")
        }
    }
}
