import SearchIndex
import TestSupport

/// Random documents and queries over few words, so that terms are shared and scores are equal.
///
/// Beside texts there is a field of every other kind, with up to three values.
struct RandomCorpus {
    /// The fields that are neither text nor `tag`.
    static let typedFields = [
        Field(
            name: "color", kind: .keyword, isColumn: true, bm25: BM25Parameters(k1: 0, b: 1)),
        Field(name: "n", kind: .integer),
        Field(name: "x", kind: .double), Field(name: "b", kind: .bool),
        Field(name: "day", kind: .date), Field(name: "place", kind: .facet),
    ]

    let schema: Schema
    let documents: [CorpusDocument]
    let vocabulary: [String]

    init(documents count: Int, words: Int, using random: inout SeededRandom) throws {
        schema = try Schema(
            fields: [
                .text("body"),
                Field(
                    name: "title", kind: .text, analyzer: .simple, weight: 2.5,
                    bm25: BM25Parameters(k1: 0.6, b: 0.2)),
                Field(name: "tag", kind: .keyword, bm25: BM25Parameters(k1: 2, b: 0)),
            ] + Self.typedFields)
        vocabulary = (0..<words).map { "w\($0)" }
        var documents: [CorpusDocument] = []
        for number in 0..<count {
            var fields = ["body": Self.text(0...30, vocabulary, &random)]
            if Bool.random(using: &random) {
                fields["title"] = Self.text(1...4, vocabulary, &random)
            }
            if Bool.random(using: &random) { fields["tag"] = Self.word(vocabulary, &random) }
            var values: [String: [FieldValue]] = [:]
            for field in Self.typedFields {
                let number = max(0, Int.random(in: -1...3, using: &random))
                values[field.name] = (0..<number).map { _ in Self.value(field.kind, &random) }
            }
            documents.append(CorpusDocument(id: "d\(number)", fields: fields, values: values))
        }
        self.documents = documents
    }

    /// A corpus of given documents, with the schema of another one or a text field `body`.
    init(_ documents: [CorpusDocument], like other: RandomCorpus? = nil) throws {
        schema = try other?.schema ?? Schema(fields: [.text("body")])
        vocabulary = other?.vocabulary ?? []
        self.documents = documents
    }

    /// The text of a query with up to `terms` words.
    func query(terms: Int, using random: inout SeededRandom) -> String {
        var parts: [String] = []
        for _ in 0..<terms {
            let word = Self.word(vocabulary, &random)
            switch Int.random(in: 0..<16, using: &random) {
            case 0: parts.append("+\(word)")
            case 1 where !parts.isEmpty: parts.append("-\(word)")
            case 2: parts.append("\"\(word) \(Self.word(vocabulary, &random))\"")
            case 3: parts.append("title:\(word)")
            case 4: parts.append("tag:\(word)")
            case 5: parts.append("(\(word) AND \(Self.word(vocabulary, &random)))^2")
            case 6: parts.append("(\(word) AND NOT \(Self.word(vocabulary, &random)))")
            case 7 where !parts.isEmpty: parts.append("AND \(word)")
            case 8: parts.append("body:\"\(word) \(word)\"")
            case 9: parts.append("*^0.5")
            case 10: parts.append("(+\(word) \(Self.word(vocabulary, &random)))")
            case 11: parts.append("absent")
            default: parts.append(word)
            }
        }
        return parts.joined(separator: " ")
    }

    /// Words with frequencies falling like those of natural text.
    static func word(_ vocabulary: [String], _ random: inout SeededRandom) -> String {
        let x = Double.random(in: 0..<1, using: &random)
        return vocabulary[min(vocabulary.count - 1, Int(x * x * x * Double(vocabulary.count)))]
    }

    private static func text(
        _ lengths: ClosedRange<Int>, _ vocabulary: [String], _ random: inout SeededRandom
    ) -> String {
        let length = Int.random(in: lengths, using: &random)
        return (0..<length).map { _ in word(vocabulary, &random) }.joined(separator: " ")
    }

    /// A value of a kind that is not text; few enough that documents share them.
    static func value(_ kind: Field.Kind, _ random: inout SeededRandom) -> FieldValue {
        let small = Int64.random(in: -9...9, using: &random)
        switch kind {
        case .text, .keyword: return .text(Array("w\(abs(small))".utf8))
        case .integer: return .integer(small * 1_000)
        case .double: return .double(Double(small) / 4)
        case .bool: return .bool(small > 4)
        case .date: return .date(small * 86_400_000_000)
        case .facet:
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                "/" + ["a", "b", "w1"].randomElement(using: &random)!
            }
            return .text(Array(parts.joined().utf8))
        }
    }
}
