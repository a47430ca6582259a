import SearchIndex
import SwiftletClient
import Testing

/// The queries of the starting system's users, right and malformed ones, with exact answers.
@Suite(.timeLimit(.minutes(5))) struct StartingQueryTests {
    /// What strict mode refuses: the text, where in it, and why.
    private static let refused: [(text: String, position: Int, reason: String)] = [
        ("", 0, "the query is empty; * matches every document"),
        ("   ", 3, "the query is empty; * matches every document"),
        ("field:", 0, #"the schema has no field "field"; \: is a plain colon"#),
        ("title:", 6, #""title:" needs a word, a quote or ( directly after it"#),
        (#""unclosed quote"#, 0, "the quote is not closed"),
        (#"title:"unclosed"#, 6, "the quote is not closed"),
        ("(title:rust", 0, "the parenthesis is not closed"),
        ("((title:rust)", 0, "the parenthesis is not closed"),
        ("title:rust)", 10, "no parenthesis is open here"),
        ("AND OR NOT", 0, "AND lacks a clause before or after it"),
        ("title:value AND", 12, "AND lacks a clause before or after it"),
        (
            "title:[invalid TO range]", 6,
            #"text field "title" has no ranges; use a field of another kind"#
        ),
        (
            "score:[invalid TO range]", 7,
            #"the value is none that field "score" can have"#
        ),
        (longWord, 0, "the query has no searchable term"),
    ]

    /// What lenient mode makes of the same texts.
    private static let lenient: [(text: String, ids: [String])] = [
        ("", []), ("   ", []), ("field:", []), ("title:", []),
        (#""unclosed concepts"#, ["elixir-concepts", "concepts-advanced", "rust-advanced"]),
        (#"title:"unclosed"#, []),
        ("(title:rust", ["rust-advanced", "rust-action", "both"]),
        ("((title:rust)", ["rust-advanced", "rust-action", "both"]),
        ("title:rust)", ["rust-advanced", "rust-action", "both"]),
        ("AND OR NOT", []),
        ("title:rust AND", ["rust-advanced", "rust-action", "both"]),
        ("title:value AND", []),
        (
            "title:[advanced TO rust]",
            ["rust-advanced", "rust-action", "both", "elixir-concepts", "concepts-advanced"]
        ),
        ("title:[invalid TO range]", []),
        ("score:[invalid TO range]", []),
        (longWord, []),
        ("title:rust OR \(longWord)", ["rust-advanced", "rust-action", "both"]),
    ]

    /// Longer than any term that an analyzer keeps.
    private static let longWord = String(repeating: "a", count: 1_000)

    @Test(arguments: [1, 3, 5])
    func `every query finds exactly its documents, in their order, whatever the shards`(
        shards: Int
    ) async throws {
        try await StartingCluster.run(shards: shards) { starting in
            for query in StartingCorpus.queries {
                let answer = try await starting.client.search(
                    query.text, options: SearchOptions(limit: 100))
                #expect(answer.hits.map(\.id) == query.ids, "\(query.text)")
                #expect(answer.totalHits == UInt64(query.ids.count), "\(query.text)")
                #expect(
                    answer.hits.map(\.document) == query.ids.map(StartingCorpus.line),
                    "\(query.text)")
                #expect(answer.coverage.shards == UInt32(shards))
                #expect(answer.coverage.ok == UInt32(shards))
            }
        }
    }

    @Test func `every malformed query is refused with code, position and reason`() async throws {
        try await StartingCluster.run { starting in
            for query in Self.refused {
                let expected = SwiftletClient.SearchError(
                    code: "BAD_REQUEST",
                    message: "query: query error at byte \(query.position): \(query.reason)",
                    positionBytes: query.position)
                await #expect(throws: expected, "\(query.text.prefix(40))") {
                    try await starting.client.search(query.text)
                }
            }
            // Brackets without a field are plain characters, so this is the word "to".
            let word = try await starting.ids("[TO]")
            #expect(word == ["rust-advanced"])
        }
    }

    @Test func `lenient mode refuses nothing, and keeps what is right`() async throws {
        try await StartingCluster.run { starting in
            for query in Self.lenient {
                let ids = try await starting.ids(query.text, SearchOptions(isLenient: true))
                #expect(ids == query.ids, "\(query.text.prefix(40))")
            }
            for query in StartingCorpus.queries {
                let options = SearchOptions(limit: 100, isLenient: true)
                #expect(try await starting.ids(query.text, options) == query.ids)
            }
        }
    }

    @Test func `one malformed query of a batch fails alone`() async throws {
        try await StartingCluster.run { starting in
            let texts = ["title:rust", "title:value AND", "title:web"]
            let answers = await starting.client.answers(
                to: texts.map { SearchRequest($0) }, options: SearchOptions())
            let expected = SwiftletClient.SearchError(
                code: "BAD_REQUEST",
                message: "query: query error at byte 12: AND lacks a clause before or after it",
                positionBytes: 12)
            #expect(throws: expected) { try answers[1].get() }
            let others = [try answers[0].get(), try answers[2].get()]
            let ids = [["rust-advanced", "rust-action", "both"], ["web-modern", "web-design"]]
            #expect(others.map { $0.hits.map(\.id) } == ids)
        }
    }
}
