import Testing

@testable import SearchIndex

/// Values of typed fields, their paths, and what is refused.
struct TypedDocumentTests {
    private static let fields = [
        Field(name: "n", kind: .integer), Field(name: "d", kind: .double),
        Field(name: "b", kind: .bool), Field(name: "t", kind: .date),
        Field(name: "f", kind: .facet, isColumn: true), Field.text("a.name"),
        Field(name: "a.age", kind: .integer, isStored: false), Field.keyword("s"),
    ]

    private func parser(_ policy: Schema.UnknownFields = .keep) throws -> DocumentParser {
        DocumentParser(schema: try Schema(fields: Self.fields, unknownFields: policy))
    }

    @Test(arguments: [
        (#"{"n":1.5}"#, 5, #"field "n" is "1.5", expected an integer of 64 bits, or a string"#),
        (#"{"n":9223372036854775808}"#, 5, #"field "n" is "9223372036854775808", expected"#),
        (#"{"n":["x"]}"#, 7, #"field "n" is "x", expected"#),
        (#"{"n":{}}"#, 5, #"field "n" is an object, expected"#),
        (#"{"n":[[1]]}"#, 6, #"field "n" is an array, expected"#),
        (#"{"d":"1"}"#, 5, #"field "d" is a string, expected a number"#),
        (#"{"b":0}"#, 5, #"field "b" is a number, expected true or false"#),
        (#"{"t":"2024-02-30"}"#, 6, #"field "t" is "2024-02-30", expected a date like"#),
        (#"{"t":true}"#, 5, #"field "t" is true or false, expected a date like"#),
        (#"{"f":"a/b"}"#, 6, #"field "f" is "a/b", expected a path like "/a/b""#),
        (#"{"f":"/a//b"}"#, 6, #"field "f" is "/a//b", expected a path like "/a/b""#),
        (#"{"f":7}"#, 5, #"field "f" is a number, expected a path like "/a/b""#),
        (#"{"a":[{"age":"x"}]}"#, 14, #"field "a.age" is "x", expected an integer"#),
    ])
    func `a value of the wrong kind is a bad line`(line: String, offset: Int, text: String) throws {
        var parser = try parser()
        let problem = #expect(throws: DocumentProblem.self) {
            try parser.parse(Array(line.utf8).span)
        }
        #expect(problem?.byteOffset == offset)
        let bad = BadLine(
            file: "i", line: 1, byteOffset: offset,
            reason: problem?.reason ?? .repeatedID)
        #expect(bad.description.contains(text), "\(bad)")
    }

    @Test(arguments: [
        #"{"a":{"name":"x","age":3}}"#, #"{"a.name":"x","a.age":"3"}"#,
        #"{"a":[{"name":["x"]},{"age":[3,null]},7]}"#,
    ])
    func `a field takes the values whose keys joined by dots are its name`(line: String) throws {
        var parser = try parser(.reject)
        try parser.parse(Array(line.utf8).span)
        #expect(parser.values.map(\.field) == [5, 6])
        guard case .number(let bits) = parser.values[1].content else {
            Issue.record("no number")
            return
        }
        #expect(ColumnBits.integer(bits) == 3)
    }

    @Test func `a nested member that is not stored leaves its object`() throws {
        var parser = try parser()
        let line = #"{"x":[1, {"y":2}], "a":{"age":3,"name":"x","z":{}},"a.age":4}"#
        try parser.parse(Array(line.utf8).span)
        #expect(
            String(decoding: parser.source, as: UTF8.self)
                == #"{"x":[1, {"y":2}],"a":{"name":"x","z":{}}}"#)
        try parser.parse(Array(#"{"a":[{"age":3},5,{"name":"x"}]}"#.utf8).span)
        #expect(
            String(decoding: parser.source, as: UTF8.self) == #"{"a":[{},5,{"name":"x"}]}"#)
    }

    @Test func `an unknown nested member is refused by its path`() throws {
        var parser = try parser(.reject)
        let problem = #expect(throws: DocumentProblem.self) {
            try parser.parse(Array(#"{"a":{"name":"x","zip":1}}"#.utf8).span)
        }
        #expect(problem?.reason == .unknownField("a.zip"))
    }

    @Test func `a facet is found by its path and every path above it`() throws {
        let folder = try ScratchFolder()
        let directory = try folder.build(
            [#"{"f":"/a/b/c"}"#, #"{"f":["/a/bc","/a/b/c"]}"#],
            schema: try Schema(fields: Self.fields))
        let segment = try SegmentReader(path: "\(directory)/shards/0000/segment-1.seg")
        let field = try #require(segment.field(named: "f"))
        let counts = try ["/a", "/a/b", "/a/b/c", "/a/bc", "/b", "a"].map {
            try field.lookup(Array($0.utf8))?.documentFrequency
        }
        #expect(counts == [2, 2, 2, 1, nil, nil])
        var ordinals: [UInt64] = []
        let column = try #require(segment.column(named: "f"))
        try column.appendValues(of: 1, to: &ordinals)
        let values = try ordinals.map { try column.fieldValue($0) }
        #expect(values == ["/a/b/c", "/a/bc"].map { .text(Array($0.utf8)) })
        #expect(IndexVerifier.verify(directory: directory) == [])
    }

    @Test(arguments: ["0", "-0", "1.25", "0.1", "123456789012345678", "1e-7", "9007199254740993"])
    func `numbers are rounded as the standard library does`(text: String) throws {
        var scanner = JSONScanner()
        #expect(try scanner.readDouble(Array(text.utf8).span) == Double(text))
    }
}
