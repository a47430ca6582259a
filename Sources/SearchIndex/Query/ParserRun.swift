/// How a clause takes part in its group.
private enum Occurrence {
    case must, should, mustNot
}

/// A parsed clause; the query is nil when its words analyse to nothing.
private struct Clause {
    let occurrence: Occurrence
    let query: Query?
}

/// Where a clause stands: what its words search, and how deep.
private struct Scope {
    /// The field of `field:`, nil for the default fields.
    var field: Field?
    var depth = 0
}

/// One pass of a `QueryParser` over one text, by recursive descent.
struct ParserRun: ~Copyable {
    private let rules: QueryParser.Rules
    private var lexer: QueryLexer
    private var token: QueryToken
    private var clauses: ClauseBuilder

    init(_ rules: QueryParser.Rules, _ text: Span<UInt8>) throws(QueryError) {
        self.rules = rules
        clauses = ClauseBuilder(rules)
        lexer = QueryLexer(rules)
        token = try lexer.next(text)
    }

    mutating func parse(_ text: Span<UInt8>) throws(QueryError) -> Query {
        if case .end = token.kind, !isLenient { throw failure(.emptyQuery) }
        let query = try alternatives(text, Scope())
        if case .close = token.kind { throw failure(.unexpectedParenthesis) }
        if let query { return query }
        if isLenient { return .matchNone }
        throw QueryError(byteOffset: 0, reason: .noTerms)
    }

    /// Conjunctions with `OR` or nothing between them.
    private mutating func alternatives(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        let first = try conjunction(text, scope)
        // Most groups, and most queries, are one clause.
        if isAtEndOfGroup, first.occurrence == .should { return first.query }
        var group = [first]
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
        if isAtEndOfGroup { return first }
        var group = [first]
        while true {
            if case .and = token.kind {
                try passOperator("AND", text)
            } else if rules.defaultOperator == .or || !startsClause {
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
        if isLenient { try skipDangling(text) }
        var occurrence = Occurrence.should
        var isFirst = true
        while let (name, kind) = modifier, isFirst || isLenient {
            if occurrence != .mustNot { occurrence = kind }
            isFirst = false
            try passOperator(name, text)
        }
        return Clause(occurrence: occurrence, query: try primary(text, scope))
    }

    /// The modifier that the token is, and what it makes of a clause.
    private var modifier: (String, Occurrence)? {
        switch token.kind {
        case .plus: ("+", .must)
        case .minus: ("-", .mustNot)
        case .not: ("NOT", .mustNot)
        default: nil
        }
    }

    /// A value or a group, with an optional field before and boost behind it.
    private mutating func primary(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        var scope = scope
        if case .field(let name) = token.kind {
            scope.field = try clauses.field(name, at: token.byteOffset)
            token = try lexer.next(text)
        }
        var query: Query?
        if case .open = token.kind {
            query = try group(text, scope)
        } else if isLenient {
            query = try lenientValue(text, scope)
        } else {
            query = try value(scope)
            token = try lexer.next(text)
        }
        guard case .boost(let factor) = token.kind else { return query }
        let place = token.byteOffset
        token = try lexer.next(text)
        if isLenient { return query.map { (try? $0.boosted(by: factor, at: place)) ?? $0 } }
        return try query?.boosted(by: factor, at: place)
    }

    private mutating func group(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        let opening = token.byteOffset
        var inner = scope
        inner.depth += 1
        let limit = rules.limits.maximumDepth
        guard inner.depth <= limit else { throw failure(.tooDeep(limit: limit)) }
        token = try lexer.next(text)
        if case .end = token.kind, !isLenient {
            throw QueryError(byteOffset: opening, reason: .unclosedParenthesis)
        }
        let query = try alternatives(text, inner)
        if case .close = token.kind {
            token = try lexer.next(text)
        } else if !isLenient {
            throw QueryError(byteOffset: opening, reason: .unclosedParenthesis)
        }
        return query
    }

    private var isLenient: Bool { rules.isLenient }

    private var startsClause: Bool {
        switch token.kind {
        case .end, .close, .and, .or: false
        default: true
        }
    }

    private var isAtEndOfGroup: Bool {
        switch token.kind {
        case .end, .close: true
        default: false
        }
    }

    private func failure(_ reason: QueryError.Reason) -> QueryError {
        QueryError(byteOffset: token.byteOffset, reason: reason)
    }

    /// The query of a group; nil when none of its clauses has one.
    private static func combine(_ group: [Clause]) -> Query? {
        if group.count == 1, group[0].occurrence == .should { return group[0].query }
        func queries(_ occurrence: Occurrence) -> [Query] {
            group.filter { $0.occurrence == occurrence }.compactMap(\.query)
        }
        return Query.combining(
            must: queries(.must), should: queries(.should), mustNot: queries(.mustNot))
    }
}

// Values.
extension ParserRun {
    /// The query of the token, which must be a value.
    private mutating func value(_ scope: Scope) throws(QueryError) -> Query? {
        let place = token.byteOffset
        switch token.kind {
        case .word(let word): return try clauses.leaf(.word(word), scope.field, at: place)
        case .quoted(let content, let slop):
            return try clauses.leaf(.quote(content, slop: slop), scope.field, at: place)
        case .expression(let pattern):
            return try clauses.leaf(.expression(pattern), scope.field, at: place)
        case .range(let range):
            guard let field = scope.field else { throw failure(.badRange) }
            return try clauses.range(range, field, at: place)
        case .set(let values):
            guard let field = scope.field else { throw failure(.badSet) }
            return try clauses.set(values, field, at: place)
        case .all:
            try clauses.count(1, at: place)
            return scope.field.map { .exists(ExistsQuery(field: $0.name)) } ?? .matchAll(boost: 1)
        case .close where scope.depth == 0: throw failure(.unexpectedParenthesis)
        default: throw notAValue
        }
    }

    private var notAValue: QueryError {
        switch token.kind {
        case .boost: failure(.badBoost)
        case .close: failure(.emptyGroup)
        case .and: failure(.missingOperand(operator: "AND"))
        case .or: failure(.missingOperand(operator: "OR"))
        case .not: failure(.missingOperand(operator: "NOT"))
        case .plus: failure(.missingOperand(operator: "+"))
        case .minus: failure(.missingOperand(operator: "-"))
        case .field(let name):
            failure(.missingValue(field: String(decoding: name, as: UTF8.self)))
        default: failure(.emptyQuery)
        }
    }

    /// Passes an operator; what follows must be able to start a clause.
    private mutating func passOperator(
        _ name: String, _ text: Span<UInt8>
    ) throws(QueryError) {
        let place = token.byteOffset
        token = try lexer.next(text)
        if isLenient { return }
        switch token.kind {
        case .end, .close, .boost:
            throw QueryError(byteOffset: place, reason: .missingOperand(operator: name))
        default: return
        }
    }
}

// What lenient mode makes of texts that break the grammar.
extension ParserRun {
    /// Passes operators that lack their clause.
    private mutating func skipDangling(_ text: Span<UInt8>) throws(QueryError) {
        while true {
            switch token.kind {
            case .and, .or, .boost: token = try lexer.next(text)
            default: return
            }
        }
    }

    /// The query of the token, or of the words that it holds; nil for what is no value, which is
    /// left to the caller.
    private mutating func lenientValue(
        _ text: Span<UInt8>, _ scope: Scope
    ) throws(QueryError) -> Query? {
        switch token.kind {
        case .end, .close, .and, .or, .not, .plus, .minus, .boost, .field, .open: return nil
        default: break
        }
        var query: Query?
        do throws(QueryError) {
            query = try value(scope)
        } catch {
            let words = token.kind.words
            let place = token.byteOffset
            for field in [scope.field, nil] {
                let found = words.compactMap { word in
                    (try? clauses.leaf(.quote(word, slop: 0), field, at: place)) ?? nil
                }
                query = Query.combining(should: found)
                if query != nil { break }
            }
        }
        token = try lexer.next(text)
        return query
    }
}

extension QueryToken.Kind {
    /// The words of a value that could not be searched as what it is.
    fileprivate var words: [[UInt8]] {
        switch self {
        case .word(let word): [word.content]
        case .quoted(let content, _): [content]
        case .expression(let pattern): [pattern]
        case .range(let range): [range.lower, range.upper].compactMap { $0?.value.bytes }
        case .set(let values): values.map(\.bytes)
        default: []
        }
    }
}
