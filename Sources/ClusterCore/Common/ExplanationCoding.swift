package import SearchIndex
package import WireMessages

extension Explanation {
    /// The form that is sent; recursion is as deep as the tree, which follows the query's.
    var wire: WireExplanation {
        var wire = WireExplanation()
        switch value {
        case .noMatch: break
        case .score(let score): wire.score = score
        case .parameter(let parameter): wire.parameter = parameter
        case .count(let count): wire.count = count
        }
        wire.description_p = description
        wire.details = children.map(\.wire)
        return wire
    }

    /// From a peer; recursion is bounded by the nesting that a decoded message may have.
    package init(wire: WireExplanation) {
        let value: Value =
            switch wire.value {
            case nil: .noMatch
            case .score(let score): .score(score)
            case .parameter(let parameter): .parameter(parameter)
            case .count(let count): .count(count)
            }
        self.init(value, wire.description_p, wire.details.map { Explanation(wire: $0) })
    }
}
