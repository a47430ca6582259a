import SearchIndex

/// The parsers of an index's queries, one for each way in which a client may want its texts taken.
struct QueryParsers: Sendable {
    private let any, all, lenientAny, lenientAll: QueryParser

    init(schema: Schema) {
        any = QueryParser(schema: schema, defaultOperator: .or)
        all = QueryParser(schema: schema, defaultOperator: .and)
        lenientAny = QueryParser(schema: schema, defaultOperator: .or, mode: .lenient)
        lenientAll = QueryParser(schema: schema, defaultOperator: .and, mode: .lenient)
    }

    subscript(combining: DefaultOperator, mode: QueryParser.Mode) -> QueryParser {
        switch (combining, mode) {
        case (.or, .strict): any
        case (.and, .strict): all
        case (.or, .lenient): lenientAny
        case (.and, .lenient): lenientAll
        }
    }
}
