import SearchIndex
import TestSupport

/// Random documents with values of several kinds, and random queries and sort keys for them.
struct ResultCorpus {
    let schema: Schema
    let lines: [[UInt8]]
    private static let words = (0..<30).map { "w\($0)" }

    init(documents: Int, using random: inout SeededRandom) throws {
        schema = try Schema(fields: [
            .text("title", weight: 2), .text("body"),
            Field(name: "n", kind: .integer), Field(name: "price", kind: .double),
            Field(name: "day", kind: .date), Field(name: "sold", kind: .bool),
            Field(name: "tag", kind: .keyword, isColumn: true),
        ])
        lines = (0..<documents).map { Self.line($0, &random) }
    }

    private static func line(_ number: Int, _ random: inout SeededRandom) -> [UInt8] {
        var line = #"{"id":"d\#(number)","title":"\#(text(1...3, &random))""#
        line += #","body":"\#(text(1...12, &random))""#
        let value = { (random: inout SeededRandom) in Int.random(in: -4...4, using: &random) }
        func isThere(_ random: inout SeededRandom) -> Bool {
            Int.random(in: 0..<4, using: &random) > 0
        }
        if isThere(&random) { line += #","n":[\#(value(&random)),\#(value(&random))]"# }
        if isThere(&random) { line += #","price":\#(Double(value(&random)) / 2)"# }
        if isThere(&random) { line += #","day":"2024-01-0\#(value(&random) + 5)""# }
        if isThere(&random) { line += #","sold":\#(value(&random) > 0)"# }
        if isThere(&random) { line += #","tag":["k\#(value(&random))","k\#(value(&random))"]"# }
        return Array((line + #","meta":{"a":\#(number),"b":[1,2]}}"#).utf8)
    }

    private static func text(
        _ lengths: ClosedRange<Int>, _ random: inout SeededRandom
    ) -> String {
        (0..<Int.random(in: lengths, using: &random)).map { _ in word(&random) }
            .joined(separator: " ")
    }

    /// Low numbers are more frequent.
    private static func word(_ random: inout SeededRandom) -> String {
        words[Int.random(in: 0..<Int.random(in: 1...words.count, using: &random), using: &random)]
    }

    /// Up to four keys; none for the order of scores.
    static func keys(_ random: inout SeededRandom) -> [SortKey] {
        let count = Int.random(in: 0...SortKey.maximumKeys, using: &random)
        return ["n", "price", "day", "sold", "tag"].shuffled(using: &random).prefix(count).map {
            SortKey(
                field: $0, isAscending: Bool.random(using: &random),
                missing: Bool.random(using: &random) ? .first : .last)
        }
    }

    /// A query as text: every kind that the query language has.
    static func text(_ random: inout SeededRandom) -> String {
        let texts = (0..<Int.random(in: 1...3, using: &random)).map { _ in clause(&random) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return texts.joined(separator: " AND ")
        case 1: return "+" + texts.joined(separator: " ")
        case 2: return "(\(texts.joined(separator: " OR "))) -\(clause(&random))"
        default: return texts.joined(separator: " ")
        }
    }

    private static func clause(_ random: inout SeededRandom) -> String {
        let (low, high) = (
            Int.random(in: -4...0, using: &random), Int.random(in: 0...4, using: &random)
        )
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return "\"\(word(&random)) \(word(&random))\""
        case 1: return "body:\"\(word(&random)) \(word(&random))\"~\(high)"
        case 2: return "w\(high)*^0.5"
        case 3: return "body:w?\(high)"
        case 4: return "title:/w[0-\(high)]+/"
        case 5: return "\(word(&random))~1"
        case 6: return "n:[\(low) TO \(high)}"
        case 7: return "price:>=\(low)"
        case 8: return "day:{2024-01-01 TO 2024-01-0\(high + 3)]"
        case 9: return "tag:IN [k\(low) k\(high)]^2"
        case 10: return ["sold:true", "tag:*", "n:*", "*"].randomElement(using: &random) ?? "*"
        case 11: return "title:\(word(&random))^2"
        default: return word(&random)
        }
    }

    /// More documents like a text or like one of the first documents.
    static func like(_ random: inout SeededRandom) -> MoreLikeThisQuery {
        let source: MoreLikeThisQuery.Source =
            Bool.random(using: &random)
            ? .text(Array(text(3...9, &random).utf8))
            : .document(id: Array("d\(Int.random(in: 0..<100, using: &random))".utf8))
        var like = MoreLikeThisQuery(
            like: source, fields: Bool.random(using: &random) ? [] : ["body", "tag"])
        like.minimumTermFrequency = 1
        like.maximumQueryTerms = Int.random(in: 1...8, using: &random)
        like.minimumShouldMatch = Int.random(in: 1...3, using: &random)
        return like
    }

    /// A tree: texts' trees within the nodes that the language does not have.
    static func tree(_ schema: Schema, _ random: inout SeededRandom) throws -> Query {
        let parser = QueryParser(schema: schema)
        var trees: [Query] = []
        for _ in 0..<4 { trees.append(try parser.parse(text(&random))) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .constantScore(ConstantScoreQuery(query: trees[0], boost: 1.5))
        case 1:
            return .disjunctionMax(DisjunctionMaxQuery(queries: trees, tieBreaker: 0.25))
        case 2:
            return .boolean(BooleanQuery(should: trees, minimumShouldMatch: 2))
        case 3:
            let likes = [like(&random), like(&random)].map { Query.moreLikeThis($0) }
            return .disjunctionMax(
                DisjunctionMaxQuery(
                    queries: [
                        .boolean(BooleanQuery(must: [likes[0]], should: [trees[0]])), likes[1],
                    ], tieBreaker: 0.5))
        default:
            return .boolean(
                BooleanQuery(must: [trees[0]], should: [trees[1]], filter: [trees[2]]))
        }
    }
}
