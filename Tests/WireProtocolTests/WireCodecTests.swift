import Testing
import WireProtocol

/// The rules of the JSON form, and the bounds of both decoders.
@Suite struct WireCodecTests {
    private func json(_ message: some WireBody) throws -> String {
        String(decoding: try WireCodec.json.encode(message), as: UTF8.self)
    }

    private func parse<Body: WireBody>(_ text: String, as _: Body.Type) throws -> Body {
        try WireCodec.json.decode(from: Frame(text.utf8))
    }

    @Test func `JSON has the proto file's field names and 64-bit integers as numbers`() throws {
        var welcome = WireWelcome()
        welcome.epoch = ProtocolLimits.randomNumberBound - 1
        welcome.maxMessageBytes = 16_777_216
        welcome.pingMs = 1000
        #expect(
            try json(welcome)
                == #"{"epoch":9007199254740991,"ping_ms":1000,"max_message_bytes":16777216}"#)
    }

    @Test func `JSON has enum values as names`() throws {
        var submit = WireSubmit()
        submit.documents = .none
        submit.operator = .and
        #expect(try json(submit) == #"{"documents":"NONE","operator":"AND"}"#)
        #expect(
            try json(WireFailed(.noWorkers, "no")) == #"{"code":"NO_WORKERS","message":"no","#
                + #""retryable":true}"#)
    }

    @Test func `JSON leaves out what is zero, except fields that tell absent from zero`() throws {
        var item = WireItem()
        item.text = ""
        #expect(try json(item) == "{}")
        item.offset = 0
        #expect(try json(item) == #"{"offset":0}"#)
    }

    @Test func `JSON names the kind of query node by its field`() throws {
        let text = """
            {"query": {"boolean": {
                "must": [{"term": {"field": "name", "term": "zeromq"}}],
                "must_not": [{"phrase": {"field": "summary", "boost": 2.5,
                    "terms": [{"term": "old"}, {"term": "api", "position": 1}]}}]}}}
            """
        let query = try parse(text, as: WireItem.self).query
        #expect(query.boolean.must.first?.term.term == "zeromq")
        #expect(query.boolean.mustNot.first?.phrase.boost == 2.5)
        #expect(query.boolean.mustNot.first?.phrase.terms.map(\.position) == [0, 1])
    }

    @Test func `unknown enum names are ignored in messages that ask for nothing`() throws {
        let text = #"{"later": 1, "role": "WATCHER", "name": "n"}"#
        let hello = try parse(text, as: WireHello.self)
        #expect(hello.name == "n" && hello.role == WireHello().role)
    }

    @Test func `unknown fields are ignored`() throws {
        let text = #"{"limit": 7, "later": {"a": [1, {"b": null}]}, "documents": null}"#
        let submit = try parse(text, as: WireSubmit.self)
        #expect(submit.limit == 7 && submit.documents == .default)
        // Field 100, wire type 2, three octets.
        let binary: Frame = [0x10, 7, 0xA2, 0x06, 3, 1, 2, 3]
        #expect(try WireCodec.protobuf.decode(WireSubmit.self, from: binary) == submit)
    }

    @Test(arguments: [
        " ", "null", "[]", "7", "{", #"{"limit":-1}"#, #"{"limit":4294967296}"#,
        #"{"limit":1.5}"#, #"{"limit":"x"}"#, #"{"indexes":"a"}"#, #"{"indexes":[null]}"#,
        #"{"limit":1}{}"#, #"{"limit":1,}"#, #"{'limit':1}"#, "{\"indexes\":[\"\u{7}\"]}",
    ])
    func `JSON that does not fit is refused, not guessed`(_ text: String) throws {
        #expect(throws: WireError.self) { try parse(text, as: WireSubmit.self) }
    }

    @Test func `invalid UTF-8 is refused in both codecs`() {
        let binary: Frame = [0x0A, 2, 0xC3, 0x28]
        let text = Frame(#"{"indexes":[""#.utf8) + [0xC3, 0x28] + Frame(#""]}"#.utf8)
        for (codec, frame) in [(WireCodec.protobuf, binary), (.json, text)] {
            #expect(throws: WireError.self) { try codec.decode(WireSubmit.self, from: frame) }
        }
    }

    /// `depth` boolean nodes around one term.
    private func nested(_ depth: Int) -> WireQuery {
        var query = WireQuery()
        query.term.term = "leaf"
        for _ in 0..<depth {
            var outer = WireQuery()
            outer.boolean.must = [query]
            query = outer
        }
        return query
    }

    @Test(arguments: [WireCodec.protobuf, .json])
    func `nesting is bounded`(_ codec: WireCodec) throws {
        var item = WireItem()
        item.query = nested(75)
        #expect(try codec.decode(from: codec.encode(item)) == item)
        item.query = nested(85)
        let frame = try codec.encode(item)
        #expect(throws: WireError.self) { try codec.decode(WireItem.self, from: frame) }
    }

    @Test(arguments: ["[", "{\"x\":", "{\"query\":{\"boolean\":{\"must\":["])
    func `endless nesting is refused without deep recursion`(_ opening: String) {
        let frame = Frame(("{\"unknown\":" + String(repeating: opening, count: 200_000)).utf8)
        #expect(throws: WireError.self) {
            try WireCodec.json.decode(WireItem.self, from: frame)
        }
    }
}
