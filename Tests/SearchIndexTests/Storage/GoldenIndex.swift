import Foundation

@testable import SearchIndex

/// The index in Tests/Golden: what it is made from, and what it answers.
///
/// `scripts/make-golden` writes it anew when the format or the documents change.
enum GoldenIndex {
    /// The folder of the current format version.
    static var folder: String {
        let tests = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return tests.appendingPathComponent("Golden/format-\(SegmentFormat.version)").path
    }

    static var directory: String { "\(folder)/index" }
    /// The answers as `answers(of:)` gives them.
    static var answersFile: String { "\(folder)/answers.txt" }

    static func schema() throws -> Schema {
        let folded = try Analyzer(
            name: "folded", tokenizer: .simple, filters: [.lowercase, .asciiFolding])
        return try Schema(
            fields: [
                Field(
                    name: "title", kind: .text, weight: 2, bm25: BM25Parameters(k1: 0.9, b: 0.4)),
                Field(name: "body", kind: .text, analyzer: folded),
                Field(name: "tag", kind: .keyword, isColumn: true),
                Field(name: "place.path", kind: .facet, isColumn: true),
                Field(name: "n", kind: .integer), Field(name: "x", kind: .double, isStored: false),
                Field(name: "flag", kind: .bool), Field(name: "when", kind: .date),
            ], defaultFields: ["title", "body"])
    }

    /// Lists long enough for several blocks, a dense one with a bitmap, and some documents with fields of every kind.
    static let lines: [String] = (0..<400).map { number in
        var members = ["\"id\":\"d\(number)\""]
        var words = [String](repeating: "ape", count: 1 + number % 4)
        if number % 3 == 0 { words.append("bee") }
        if number % 4 != 3 { words += [String](repeating: "fox", count: 1 + number % 2) }
        if number % 50 == 7 { words += ["Caf\u{E9}", "\u{6771}\u{4EAC}", "ape"] }
        members.append("\"body\":\"\(words.joined(separator: " "))\"")
        if number < 40 {
            members += [
                "\"title\":\"The \(["cat", "dog", "eel"][number % 3]): \(number % 7)\"",
                "\"tag\":[\"k\(number % 5)\",\"k\(number % 2)\"]",
                "\"place\":{\"path\":\"/a/\(number % 4)\"}", "\"n\":\(number * 37 % 41 - 20)",
                "\"x\":\(Double(number) / 8 - 1)", "\"flag\":\(number % 2 == 0)",
                "\"when\":\"2024-0\(1 + number % 9)-17T08:30:00.25Z\"",
            ]
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static let queries = [
        "ape", "bee", "ape bee", "+ape +bee", "fox", "+fox +bee ape", "\"bee fox\"",
        "+ape bee -cat", "\"ape bee\"", "\"bee ape\"~2",
        "cafe OR \u{6771}", "title:cat^2 dog", "tag:k1", "tag:[k2 TO *]", "tag:IN [k3 k4]",
        "place.path:\"/a/1\"", "n:[-5 TO 10}", "x:{0 TO *]", "flag:true", "when:[2024-03-01 TO *]",
        "ca*", "d?g", "/e+l/", "caat~1", "when:*", "NOT bee",
    ]

    private static let orders: [[SortKey]] = [
        [SortKey(field: "n")], [SortKey(field: "x", isAscending: false)],
        [SortKey(field: "flag"), SortKey(field: "when", isAscending: false)],
        [SortKey(field: "tag", missing: .first), SortKey(field: "place.path")],
    ]

    /// Every query with its number of matches, and its best hits: ids and the bits of their scores;
    /// then the first documents of every order.
    static func answers(of index: EmbeddedIndex) throws -> String {
        var text = ""
        for query in queries {
            let answer = try index.search(try index.parse(query), limit: 10)
            let hits = answer.hits.map {
                "\(String(decoding: $0.hit.id, as: UTF8.self)):"
                    + Hexadecimal.text($0.hit.score.bitPattern)
            }
            text += "\(query)\t\(answer.totalHits)\t\(hits.joined(separator: " "))\n"
        }
        for keys in orders {
            let names = keys.map { ($0.isAscending ? "" : "-") + $0.field }
            let answer = try index.search(.matchAll(boost: 1), sort: keys, limit: 10)
            let hits = answer.hits.map { String(decoding: $0.id, as: UTF8.self) }
            text += "sort \(names.joined(separator: ","))\t\(answer.totalHits)\t"
            text += hits.joined(separator: " ") + "\n"
        }
        return text
    }
}
