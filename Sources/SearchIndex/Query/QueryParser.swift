/// The parser of the query language; docs/query-language.md gives grammar and meaning.
///
/// Linear in the bytes of the text; recursion is bounded by `QueryLimits.maximumDepth`.
/// Immutable: one parser serves all threads.
public struct QueryParser: Sendable {
    /// What happens to a text that breaks the grammar.
    public enum Mode: Sendable, Hashable {
        /// It is refused.
        case strict
        /// What cannot be read is taken as words or left out: for text typed by people.
        case lenient
    }

    /// The fields that queries may name.
    public var schema: Schema { rules.schema }
    /// How clauses that stand side by side are combined.
    public var defaultOperator: DefaultOperator { rules.defaultOperator }
    /// Bounds on what one query may ask for.
    public var limits: QueryLimits { rules.limits }
    /// What happens to a text that breaks the grammar.
    public var mode: Mode { rules.mode }

    let rules: Rules

    /// What a parser goes by. A reference: each run and its parts hold it, and a schema is large to copy.
    final class Rules: Sendable {
        let schema: Schema
        let defaultOperator: DefaultOperator
        let limits: QueryLimits
        let mode: Mode

        init(
            _ schema: Schema, _ defaultOperator: DefaultOperator, _ limits: QueryLimits,
            _ mode: Mode
        ) {
            self.schema = schema
            self.defaultOperator = defaultOperator
            self.limits = limits
            self.mode = mode
        }

        var isLenient: Bool { mode == .lenient }
    }

    /// A parser for indexes with `schema`.
    public init(
        schema: Schema, defaultOperator: DefaultOperator = .or,
        limits: QueryLimits = QueryLimits(), mode: Mode = .strict
    ) {
        rules = Rules(schema, defaultOperator, limits, mode)
    }

    /// Parses and analyses a query.
    ///
    /// - Throws: `QueryError` with the byte offset and the reason; never in lenient mode, where a
    ///   text without anything to search for gives `matchNone`.
    public func parse(_ text: String) throws(QueryError) -> Query {
        try parse(Array(text.utf8).span)
    }

    /// Parses and analyses a query from UTF-8 bytes.
    ///
    /// - Throws: `QueryError` with the byte offset and the reason; never in lenient mode, where a
    ///   text without anything to search for gives `matchNone`.
    public func parse(_ text: Span<UInt8>) throws(QueryError) -> Query {
        if mode == .lenient { return try parse(repairing: text) }
        guard text.count <= limits.maximumBytes else {
            throw QueryError(
                byteOffset: limits.maximumBytes, reason: .tooLong(limit: limits.maximumBytes))
        }
        try Self.checkUTF8(text)
        var run = try ParserRun(rules, text)
        return try run.parse(text)
    }

    /// Parses what the limit leaves of a text, malformed bytes replaced.
    private func parse(repairing text: Span<UInt8>) throws(QueryError) -> Query {
        var repaired: [UInt8] = []
        var offset = 0
        while offset < text.count {
            let scalar = UTF8Scalar(text, at: offset)
            offset += scalar.length
            // A replacement is longer than the byte that it replaces.
            guard repaired.count + UTF8Encoder.maximumLength <= limits.maximumBytes else { break }
            UTF8Encoder.encode(scalar.value) { repaired.append($0) }
        }
        var run = try ParserRun(rules, repaired.span)
        return try run.parse(repaired.span)
    }

    private static func checkUTF8(_ text: Span<UInt8>) throws(QueryError) {
        var offset = ASCII.endOfAlphanumerics(in: text, from: 0)
        while offset < text.count {
            let scalar = UTF8Scalar(text, at: offset)
            guard scalar.isWellFormed else {
                throw QueryError(byteOffset: offset, reason: .invalidUTF8)
            }
            offset += scalar.length
        }
    }
}
