import SearchIndex

/// Twelve documents of the kind that the starting system's users search: two texts and three numbers,
/// written by hand so that every test can say what is found.
enum StartingCorpus {
    /// In the order of the input, which orders equal scores.
    static let documents: [(id: String, members: String)] = [
        (
            "elixir-guide",
            #""title":"Elixir programming guide","content":"learn elixir and functional programming from basic examples","score":95,"price":250,"rating":4.5"#
        ),
        (
            "rust-action",
            #""title":"Rust in action","content":"rust programming for fast and safe systems","score":90,"price":400,"rating":4.8"#
        ),
        (
            "elixir-concepts",
            #""title":"Advanced concepts of Elixir","content":"supervision and processes of distributed systems","score":80,"price":100,"rating":4.2"#
        ),
        (
            "rust-advanced",
            #""title":"Advanced Rust","content":"from basic traits to advanced concepts","score":79,"price":99.99,"rating":4.6"#
        ),
        (
            "web-modern",
            #""title":"Modern web","content":"web development with small servers","score":100,"price":500,"rating":3.9"#
        ),
        (
            "mobile-first",
            #""title":"Mobile first","content":"development of mobile applications for the first time","score":101,"price":500.01,"rating":5"#
        ),
        (
            "web-design",
            #""title":"Web design","content":"colours and shapes","score":60,"price":200,"rating":3"#
        ),
        (
            "typing-errors",
            #""title":"Elixr notes","content":"programing and developement are often misspelled""#
        ),
        (
            "erlang-systems",
            #""title":"Programming in Erlang","content":"reliable systems and the ideas behind elixir","score":85,"price":300.5,"rating":4.4"#
        ),
        (
            "concepts-advanced",
            #""title":"Concepts for advanced readers","content":"the programming of a rust compiler","score":70,"price":350"#
        ),
        (
            "plain",
            #""title":"Notes","content":"nothing of interest","score":-5,"price":0,"rating":4.5"#
        ),
        (
            "both",
            #""title":"Elixir and Rust","content":"elixir programming that calls rust programming","score":99,"price":399.99,"rating":4.51"#
        ),
    ]

    static var ids: [String] { documents.map(\.id) }

    static var lines: [[UInt8]] { ids.map(line) }

    /// A document as it is indexed and stored.
    static func line(_ id: String) -> [UInt8] {
        let members = documents.first { $0.id == id }?.members ?? ""
        return Array(#"{"id":"\#(id)",\#(members)}"#.utf8)
    }

    static var schema: Schema {
        get throws {
            try Schema(fields: [
                .text("title", weight: 2), .text("content"),
                Field(name: "score", kind: .integer), Field(name: "price", kind: .double),
                Field(name: "rating", kind: .double),
            ])
        }
    }

    /// The queries of the starting system's users and of its documentation, with what each finds.
    static let queries: [(text: String, ids: [String])] = [
        ("title:programming AND content:elixir", ["erlang-systems", "elixir-guide"]),
        (
            "title:rust OR content:systems",
            ["rust-action", "rust-advanced", "elixir-concepts", "both", "erlang-systems"]
        ),
        ("title:advanced AND NOT content:basic", ["elixir-concepts", "concepts-advanced"]),
        (
            "(title:web OR title:mobile) AND content:development",
            ["mobile-first", "web-modern"]
        ),
        (
            "score:[80 TO 100]",
            [
                "elixir-guide", "rust-action", "elixir-concepts", "web-modern", "erlang-systems",
                "both",
            ]
        ),
        (
            "price:[100 TO 500]",
            [
                "elixir-guide", "rust-action", "elixir-concepts", "web-modern", "web-design",
                "erlang-systems", "concepts-advanced", "both",
            ]
        ),
        (
            "score:[80 TO *]",
            [
                "elixir-guide", "rust-action", "elixir-concepts", "web-modern", "mobile-first",
                "erlang-systems", "both",
            ]
        ),
        (
            "rating:[* TO 4.5]",
            [
                "elixir-guide", "elixir-concepts", "web-modern", "web-design", "erlang-systems",
                "plain",
            ]
        ),
        (
            "price:{200 TO 400}",
            ["elixir-guide", "erlang-systems", "concepts-advanced", "both"]
        ),
        (#""rust programming""#, ["both", "rust-action"]),
        (#"title:"advanced concepts""#, ["elixir-concepts"]),
        (
            "programing~1",
            [
                "elixir-guide", "erlang-systems", "rust-action", "typing-errors",
                "concepts-advanced", "both",
            ]
        ),
        ("developement~2", ["web-modern", "mobile-first", "typing-errors"]),
        ("title:elixr~1", ["elixir-guide", "elixir-concepts", "typing-errors", "both"]),
        ("*", ids),
    ]
}
