// Patterns, ranges, sets of values and existence: every match scores the boost.
extension DocumentExplainer {
    /// Explains a query whose matches are one set of documents, made as the search makes it.
    mutating func explainSet(_ query: Query) throws(SearchError) -> Result {
        let set: DocumentSet
        let boost: Float
        let name: String
        switch query {
        case .expansion(let query):
            let place = shard.segments.firstIndex { $0 === segment } ?? 0
            set = try query.documents(
                holding: scope.entries(of: query, segment: place), in: segment, meter: &meter)
            let part = scope.isCut(query) ? " (its first \(limits.maximumTerms) terms)" : ""
            (boost, name) = (query.boost, "pattern \(query.field):\(query.pattern.shown)\(part)")
        case .range(let query):
            set = try query.documents(in: segment, meter: &meter)
            (boost, name) = (query.boost, "range \(query.shown)")
        case .termSet(let query):
            set = try query.documents(in: segment, meter: &meter)
            let values = query.values.map(\.text).joined(separator: " ")
            (boost, name) = (query.boost, "any of \(query.field): IN [\(values)]")
        case .exists(let query):
            set = try query.documents(in: segment, meter: &meter)
            (boost, name) = (query.boost, "a value in \(query.field)")
        default: preconditionFailure("not a set of documents: \(query)")
        }
        guard set.contains(document.rawValue) else {
            return .noMatch("\(name): the document has no such value")
        }
        return .leaf(boost, "\(name), boost")
    }
}

extension ExpansionQuery.Pattern {
    /// As the query language writes it.
    var shown: String {
        switch self {
        case .prefix(let bytes): String(decoding: bytes, as: UTF8.self) + "*"
        case .wildcard(let bytes): String(decoding: bytes, as: UTF8.self)
        case .regex(let bytes): "/\(String(decoding: bytes, as: UTF8.self))/"
        case .fuzzy(let term, let distance, _, _):
            "\(String(decoding: term, as: UTF8.self))~\(distance)"
        }
    }
}

extension RangeQuery {
    /// As the query language writes it.
    fileprivate var shown: String {
        let lower = lower.map { ($0.isInclusive ? "[" : "{") + $0.value.text } ?? "[*"
        let upper = upper.map { $0.value.text + ($0.isInclusive ? "]" : "}") } ?? "*]"
        return "\(field):\(lower) TO \(upper)"
    }
}
