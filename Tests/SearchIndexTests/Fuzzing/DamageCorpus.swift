@testable import SearchIndex

/// The smallest documents that make every kind of block, list and column.
enum DamageCorpus {
    /// A text field whose lists have blocks of every kind, in few bytes.
    ///
    /// - `ape`: a bitset block and a short one; several frequencies, so positions in several groups.
    ///   Its hole makes packed gaps long.
    /// - `bee`: a packed block of 128 and a short one.
    /// - `cat`: a list of one short block; `dog`: one of a full block.
    /// - `eel`: two documents, one with positions in three groups.
    /// - `fox`: a bitmap of the whole segment, with blocks that have only frequencies.
    static var lists: [String] {
        (0..<1_408).map { number in
            var words: [String] = []
            if number < 155, !(60..<75).contains(number) {
                words += [[String]](repeating: ["ape", "bee"], count: 1 + number % 3).joined()
            }
            if (800..<1_250).contains(number), number % 4 != 3, number % 100 >= 20 {
                words += [String](repeating: "fox", count: number % 5 == 0 ? 2 : 1)
            }
            if number % 10 == 0 { words.append("bee") }
            if number % 30 == 0 { words += ["cat", "bee"] }
            if number % 4 == 0, number < 512 { words.append("dog") }
            if number == 700 { words += [String](repeating: "eel", count: 300) }
            if number == 30 { words += ["eel", "ape"] }
            return words.isEmpty ? "{}" : #"{"body":"\#(words.joined(separator: " "))"}"#
        }
    }

    static func listsSchema() throws -> Schema { try Schema(fields: [.text("body")]) }

    /// Fields of every kind, with one value, several or none.
    static var typed: [String] {
        (0..<12).map { number in
            let parts = [
                #""id":"d\#(number)""#,
                #""title":"ape bee \#(["cat", "dog"][number % 2])""#,
                number % 3 == 0 ? #""body":"bee <ape> cat""# : nil,
                number % 5 == 0 ? nil : #""tag":["k\#(number % 4)","k\#(number % 3)"]"#,
                #""path":"/a/\#(number % 3)""#,
                number % 4 == 0 ? nil : #""n":[\#(number * 7 % 10),\#(number)]"#,
                #""x":\#(Double(number) * 1.5 - 3)"#,
                #""flag":\#(number % 2 == 0)"#,
                #""when":"2024-05-\#(10 + number)T08:30:00Z""#,
            ]
            return "{\(parts.compactMap { $0 }.joined(separator: ","))}"
        }
    }

    static func typedSchema() throws -> Schema {
        try Schema(fields: [
            .text("title", weight: 2), .text("body"),
            Field(name: "tag", kind: .keyword, isColumn: true),
            Field(name: "path", kind: .facet, isColumn: true),
            Field(name: "n", kind: .integer), Field(name: "x", kind: .double),
            Field(name: "flag", kind: .bool), Field(name: "when", kind: .date),
        ])
    }

    /// What reads a section of the lists' field.
    static func listsSearch(_ term: String) -> EverySearch {
        let all = ["ape", "bee", "cat", "dog", "eel", "fox"]
        let others = all.drop { $0 != term }.dropFirst() + all.prefix { $0 != term }
        return EverySearch(
            ranked: EverySearch.queries(field: "body", term, with: Array(others.prefix(2))))
    }

    /// What reads the sections of a typed field.
    static func typedSearch(_ field: String) -> EverySearch {
        var search = EverySearch()
        switch field {
        case "title", "body":
            search.ranked = EverySearch.queries(field: field, "ape", with: ["cat", "bee"])
            search.ranked += EverySearch.patterns(field: field, "bee")
        case "tag", "path":
            let values = field == "tag" ? ["k1", "k2"] : ["/a/1", "/a/2"]
            search.ranked = EverySearch.queries(
                field: field, values[0], with: [values[1]], hasPositions: false)
            search.ranked += EverySearch.patterns(field: field, values[1])
        default:
            let (lower, upper) = numbers[field] ?? (.integer(0), .integer(1))
            search.ranked = [
                .range(EverySearch.range(field, lower, upper)),
                .termSet(TermSetQuery(field: field, values: [lower])),
                .exists(ExistsQuery(field: field)),
            ]
        }
        if field != "title", field != "body" {
            search.sorted = [
                (.matchAll(boost: 1), [SortKey(field: field)]),
                (.matchAll(boost: 1), [SortKey(field: field, isAscending: false)]),
            ]
        }
        return search
    }

    /// What reads the sections that belong to no field, and every field a little.
    static var typedDocuments: EverySearch {
        var search = EverySearch(
            explains: true, readsDocuments: true, snippetFields: ["title", "body", "tag"],
            isPaged: true)
        var like = MoreLikeThisQuery(like: .document(id: Array("d3".utf8)), fields: ["title"])
        like.minimumTermFrequency = 1
        like.minimumDocumentFrequency = 1
        search.ranked = [.moreLikeThis(like), .matchAll(boost: 1)]
        for (field, term) in [("title", "ape"), ("tag", "k1"), ("path", "/a")] {
            search.ranked.append(.term(TermQuery(field: field, term: Array(term.utf8))))
        }
        for (field, (lower, upper)) in numbers.sorted(by: { $0.key < $1.key }) {
            search.ranked.append(.range(EverySearch.range(field, lower, upper)))
        }
        search.sorted = [
            (.matchAll(boost: 1), [SortKey(field: "tag"), SortKey(field: "n")]),
            (.matchAll(boost: 1), [SortKey(field: "x"), SortKey(field: "when")]),
        ]
        return search
    }

    private static let numbers: [String: (FieldValue, FieldValue)] = [
        "n": (.integer(3), .integer(8)), "x": (.double(-1), .double(9)),
        "flag": (.bool(true), .bool(true)),
        "when": (.date(1_715_500_000_000_000), .date(1_716_000_000_000_000)),
    ]
}
