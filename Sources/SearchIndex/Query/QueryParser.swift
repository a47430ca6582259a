/// The strict parser of the query language; docs/query-language.md gives grammar and meaning.
///
/// Linear in the bytes of the text; recursion is bounded by `QueryLimits.maximumDepth`.
/// Immutable: one parser serves all threads.
public struct QueryParser: Sendable {
    /// The fields that queries may name.
    public let schema: Schema
    /// How clauses that stand side by side are combined.
    public let defaultOperator: DefaultOperator
    /// Bounds on what one query may ask for.
    public let limits: QueryLimits

    /// A parser for indexes with `schema`.
    public init(
        schema: Schema, defaultOperator: DefaultOperator = .or,
        limits: QueryLimits = QueryLimits()
    ) {
        self.schema = schema
        self.defaultOperator = defaultOperator
        self.limits = limits
    }

    /// Parses and analyses a query.
    ///
    /// - Throws: `QueryError` with the byte offset and the reason.
    public func parse(_ text: String) throws(QueryError) -> Query {
        try parse(Array(text.utf8).span)
    }

    /// Parses and analyses a query from UTF-8 bytes.
    ///
    /// - Throws: `QueryError` with the byte offset and the reason.
    public func parse(_ text: Span<UInt8>) throws(QueryError) -> Query {
        guard text.count <= limits.maximumBytes else {
            throw QueryError(
                byteOffset: limits.maximumBytes, reason: .tooLong(limit: limits.maximumBytes))
        }
        try Self.checkUTF8(text)
        var run = try ParserRun(parser: self, text)
        return try run.parse(text)
    }

    private static func checkUTF8(_ text: Span<UInt8>) throws(QueryError) {
        var offset = 0
        while offset < text.count {
            let scalar = UTF8Scalar(text, at: offset)
            guard scalar.isWellFormed else {
                throw QueryError(byteOffset: offset, reason: .invalidUTF8)
            }
            offset += scalar.length
        }
    }
}

/// How a clause takes part in its group.
private enum Occurrence {
    case must, should, mustNot
}

/// A parsed clause; the query is nil when its words analyse to nothing.
private struct Clause {
    let occurrence: Occurrence
    let query: Query?
}

/// Where a clause stands: what its words search, and their boost.
private struct Scope {
    /// The field of `field:`, nil for the default fields.
    var field: Field?
    var depth = 0
}

/// One pass over one text, by recursive descent.
private struct ParserRun {
    private let parser: QueryParser
    private var lexer = QueryLexer()
    private var token: QueryToken
    private var clauses: ClauseBuilder

    init(parser: QueryParser, _ text: Span<UInt8>) throws(QueryError) {
        self.parser = parser
        self.clauses = ClauseBuilder(parser: parser)
        self.token = try lexer.next(text)
    }

    mutating func parse(_ text: Span<UInt8>) throws(QueryError) -> Query {
        if case .end = token.kind { throw failure(.emptyQuery) }
        let query = try alternatives(text, Scope())
        if case .close = token.kind { throw failure(.unexpectedParenthesis) }
        guard let query else { throw QueryError(byteOffset: 0, reason: .noTerms) }
        return query
    }

    /// Conjunctions with `OR` or nothing between them.
    private mutating func alternatives(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        var group = [try conjunction(text, scope)]
        while true {
            switch token.kind {
            case .end, .close: return Self.combine(group)
            case .or: try passOperator("OR", text)
            default: break
            }
            group.append(try conjunction(text, scope))
        }
    }

    /// Clauses with `AND`, or under the default operator AND nothing, between them.
    private mutating func conjunction(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Clause {
        let first = try clause(text, scope)
        var group = [first]
        while true {
            if case .and = token.kind {
                try passOperator("AND", text)
            } else if parser.defaultOperator == .or || !startsClause {
                break
            }
            group.append(try clause(text, scope))
        }
        if group.count == 1 { return first }
        let required = group.map { clause in
            clause.occurrence == .should
                ? Clause(occurrence: .must, query: clause.query) : clause
        }
        return Clause(occurrence: .should, query: Self.combine(required))
    }

    /// A primary with at most one of `+`, `-`, `NOT` before it.
    private mutating func clause(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Clause {
        switch token.kind {
        case .plus:
            try passOperator("+", text)
            return Clause(occurrence: .must, query: try primary(text, scope))
        case .minus:
            try passOperator("-", text)
            return Clause(occurrence: .mustNot, query: try primary(text, scope))
        case .not:
            try passOperator("NOT", text)
            return Clause(occurrence: .mustNot, query: try primary(text, scope))
        default:
            return Clause(occurrence: .should, query: try primary(text, scope))
        }
    }

    /// A word, a quote, `*`, or a group, with an optional field before and boost behind it.
    private mutating func primary(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        var scope = scope
        if case .field(let name) = token.kind {
            scope.field = try clauses.field(name, at: token.byteOffset)
            token = try lexer.next(text)
        }
        let start = token.byteOffset
        var query: Query?
        switch token.kind {
        case .open: query = try group(text, scope)
        case .word(let content), .quoted(let content):
            query = try clauses.leaf(content, scope.field, at: start)
            token = try lexer.next(text)
        case .all:
            try clauses.count(1, at: start)
            query = .matchAll(boost: 1)
            token = try lexer.next(text)
        case .boost: throw failure(.badBoost)
        case .close where scope.depth == 0: throw failure(.unexpectedParenthesis)
        case .close: throw failure(.emptyGroup)
        case .and: throw failure(.missingOperand(operator: "AND"))
        case .or: throw failure(.missingOperand(operator: "OR"))
        case .not: throw failure(.missingOperand(operator: "NOT"))
        case .plus: throw failure(.missingOperand(operator: "+"))
        case .minus: throw failure(.missingOperand(operator: "-"))
        case .field(let name): throw failure(.missingValue(field: Self.string(name)))
        case .end: throw failure(.emptyQuery)
        }
        guard case .boost(let factor) = token.kind else { return query }
        let place = token.byteOffset
        token = try lexer.next(text)
        return try query?.boosted(by: factor, at: place)
    }

    private mutating func group(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        let opening = token.byteOffset
        var inner = scope
        inner.depth += 1
        let limit = parser.limits.maximumDepth
        guard inner.depth <= limit else { throw failure(.tooDeep(limit: limit)) }
        token = try lexer.next(text)
        if case .end = token.kind {
            throw QueryError(byteOffset: opening, reason: .unclosedParenthesis)
        }
        let query = try alternatives(text, inner)
        guard case .close = token.kind else {
            throw QueryError(byteOffset: opening, reason: .unclosedParenthesis)
        }
        token = try lexer.next(text)
        return query
    }

    /// Passes an operator; what follows must be able to start a clause.
    private mutating func passOperator(
        _ name: String, _ text: Span<UInt8>
    ) throws(QueryError) {
        let place = token.byteOffset
        token = try lexer.next(text)
        switch token.kind {
        case .end, .close, .boost:
            throw QueryError(byteOffset: place, reason: .missingOperand(operator: name))
        default: return
        }
    }

    private var startsClause: Bool {
        switch token.kind {
        case .end, .close, .and, .or: false
        default: true
        }
    }

    private func failure(_ reason: QueryError.Reason) -> QueryError {
        QueryError(byteOffset: token.byteOffset, reason: reason)
    }

    private static func string(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The query of a group; nil when none of its clauses has one.
    private static func combine(_ group: [Clause]) -> Query? {
        func queries(_ occurrence: Occurrence) -> [Query] {
            group.filter { $0.occurrence == occurrence }.compactMap(\.query)
        }
        return Query.combining(
            must: queries(.must), should: queries(.should), mustNot: queries(.mustNot))
    }
}
