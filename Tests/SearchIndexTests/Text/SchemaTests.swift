import SearchIndex
import Testing

struct SchemaTests {
    private func schema(_ json: String) throws(SchemaError) -> Schema {
        try Schema(json: Array(json.utf8))
    }

    @Test func `what is left out takes its default`() throws {
        let schema = try schema(
            #"{"fields":[{"name":"t","kind":"text"},{"name":"k","kind":"keyword"}]}"#)
        #expect(schema.fields == [.text("t"), .keyword("k")])
        #expect(schema.defaultFields == ["t"])
        #expect(schema.unknownFields == .keep)
        #expect(schema.fields[0].analyzer == .standard)
    }

    @Test func `the canonical form reads back as the same schema`() throws {
        let original = try Schema(
            fields: [
                Field(
                    name: "a\"é\n".filter { $0 != "\n" }, kind: .text, analyzer: .simple,
                    weight: 2.5),
                Field(name: "k", kind: .keyword, isStored: false),
                Field(name: "n", kind: .integer, isStored: false),
                Field(name: "f", kind: .facet, isColumn: true, bm25: BM25Parameters(k1: 0, b: 1)),
                Field(name: "raw", kind: .text, isIndexed: false),
            ], defaultFields: ["k"], unknownFields: .reject, storesSource: false)
        let again = try Schema(json: original.canonicalJSON)
        #expect(again == original)
        #expect(again.canonicalJSON == original.canonicalJSON)
    }

    @Test func `the canonical form is written in one fixed way`() throws {
        let schema = try Schema(fields: [.text("body", weight: 2)])
        #expect(
            String(decoding: schema.canonicalJSON, as: UTF8.self)
                == #"{"fields":[{"name":"body","kind":"text","analyzer":"standard","weight":2,"#
                + #""indexed":true,"stored":true,"column":false,"k1":1.2,"b":0.75}],"default_fields":["body"],"unknown_fields":"keep"}"#
        )
    }

    @Test(arguments: [
        (#"{"fields":[]}"#, "schema: \"fields\" must name at least one field"),
        (#"{}"#, "schema: member \"fields\" is missing"),
        (#"{"fields":[{"kind":"text"}]}"#, "schema: member \"name\" is missing"),
        (#"{"fields":[{"name":"a"}]}"#, "schema field \"a\": member \"kind\" is missing"),
        (
            #"{"fields":[{"name":"a","kind":"txt"}]}"#,
            "schema field \"a\": \"kind\" is \"txt\"; allowed are \"text\", \"keyword\", "
                + "\"integer\", \"double\", \"bool\", \"date\", \"facet\""
        ),
        (
            #"{"fields":[{"name":"a","kind":"text","analyzer":"stem"}]}"#,
            "schema field \"a\": \"analyzer\" is \"stem\"; allowed are \"standard\", "
                + "\"simple\", \"whitespace\", \"keyword\", \"path\""
        ),
        (
            #"{"fields":[{"name":"a","kind":"keyword","analyzer":"simple"}]}"#,
            "schema field \"a\": only text fields have an analyzer"
        ),
        (
            #"{"fields":[{"name":"a","kind":"text","column":true}]}"#,
            "schema field \"a\": a text field cannot have a column; use a keyword field for it"
        ),
        (
            #"{"fields":[{"name":"a","kind":"text","k1":-1}]}"#,
            "schema field \"a\": \"k1\" is -1.0 and \"b\" is 0.75; allowed are 0 to 1000 and 0 to 1"
        ),
        (
            #"{"fields":[{"name":"a","kind":"date","b":0}]}"#,
            "schema field \"a\": \"k1\" and \"b\" are for text, keyword and facet fields, not date"
        ),
        (
            #"{"fields":[{"name":"a","kind":"date"}],"default_fields":["a"]}"#,
            "schema field \"a\": named in \"default_fields\" but of kind date, not text or keyword"
        ),
        (
            #"{"fields":[{"name":"a","kind":"text","weight":0}]}"#,
            "schema field \"a\": weight 0.0; allowed is above 0 up to 1000000"
        ),
        (
            #"{"fields":[{"name":"a","kind":"text"},{"name":"a","kind":"text"}]}"#,
            "schema field \"a\": named twice"
        ),
        (
            #"{"fields":[{"name":"a","kind":"text"}],"default_fields":["b"]}"#,
            "schema field \"b\": named in \"default_fields\" but not in \"fields\""
        ),
        (
            #"{"fields":[{"name":"a","kind":"text"}],"unknown_fields":"drop"}"#,
            "schema: \"unknown_fields\" is \"drop\"; allowed are \"keep\", \"reject\""
        ),
        (
            #"{"fields":[{"name":"a","kind":"text","boost":2}]}"#,
            "schema field \"a\": unknown member \"boost\"; allowed are \"name\", \"kind\", "
                + "\"analyzer\", \"search_analyzer\", \"weight\", \"indexed\", \"stored\", "
                + "\"column\", \"k1\", \"b\""
        ),
        (
            #"{"fields":[{"name":"a","kind":"text"}]} x"#,
            "schema: JSON error at byte 40: unexpected bytes after the document"
        ),
        (
            #"{"fields":[{"name":"a","kind":7}]}"#,
            "schema field \"a\": JSON error at byte 30: found a number, expected a string"
        ),
        (
            #"{"fields":[{"name":"a","name":"b","kind":"text"}]}"#,
            "schema field \"a\": member \"name\" stands twice"
        ),
    ])
    func `a bad schema is refused with the field and what is allowed`(json: String, message: String)
    {
        let error = #expect(throws: SchemaError.self) { try schema(json) }
        #expect(error?.description == message)
    }

    @Test func `names of fields compare by bytes`() throws {
        let schema = try Schema(fields: [.text("e\u{301}"), .text("\u{E9}")])
        #expect(schema.fieldIndex(forName: Array("\u{E9}".utf8)) == 1)
        #expect(schema.field(named: "e") == nil)
    }
}
