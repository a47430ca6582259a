extension SortKey {
    /// What is wrong with the text of a list of keys.
    public struct TextProblem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The key that cannot be read.
        public let key: String

        /// One sentence.
        public var description: String {
            "'\(key)': expected FIELD, FIELD:asc or FIELD:desc, and behind a direction :first or "
                + ":last for documents without a value, up to \(SortKey.maximumKeys) of them "
                + "joined by commas"
        }
    }

    /// The keys of a text such as `year:desc,title,price:asc:first`.
    ///
    /// A key without a direction ascends; documents without a value come last unless it says
    /// `first`. Whether the fields exist is for the search to check.
    public static func keys(reading text: String) throws(TextProblem) -> [SortKey] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= maximumKeys else { throw TextProblem(key: text) }
        var keys: [SortKey] = []
        for part in parts {
            guard let key = SortKey(reading: part) else { throw TextProblem(key: String(part)) }
            keys.append(key)
        }
        return keys
    }

    /// One key; nil when the text is none.
    private init?(reading text: Substring) {
        var words = text.split(separator: ":", omittingEmptySubsequences: false)
        var missing = Missing.last
        var isAscending = true
        if words.count > 2, let last = words.last, last == "first" || last == "last" {
            missing = last == "first" ? .first : .last
            words.removeLast()
        }
        if words.count > 1, let last = words.last {
            guard last == "asc" || last == "desc" else { return nil }
            isAscending = last == "asc"
            words.removeLast()
        }
        let field = words.joined(separator: ":")
        if field.isEmpty { return nil }
        self.init(field: field, isAscending: isAscending, missing: missing)
    }

    /// The text that `keys(reading:)` reads as this key.
    public var text: String {
        "\(field):\(isAscending ? "asc" : "desc")\(missing == .first ? ":first" : "")"
    }
}
