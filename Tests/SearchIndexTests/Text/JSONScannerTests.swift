import Foundation
import SearchIndex
import TestSupport
import Testing

/// Validates a whole document.
private func validate(_ bytes: [UInt8]) throws(JSONError) {
    var scanner = JSONScanner()
    try scanner.skipValue(bytes.span)
    try scanner.finish(bytes.span)
}

private func reason(_ text: String) -> (Int, JSONError.Reason)? {
    do { try validate(Array(text.utf8)) } catch { return (error.byteOffset, error.reason) }
    return nil
}

struct JSONScannerTests {
    @Test func `members come in order with their kinds`() throws {
        let bytes = Array(#" {"a" : "x\n", "b\u0062":[1, true,{"c":null}], "d":-1.5e3 } "#.utf8)
        var scanner = JSONScanner()
        var kinds: [String: JSONKind] = [:]
        var text: [UInt8] = []
        try scanner.enterObject(bytes.span)
        while let kind = try scanner.nextMember(bytes.span) {
            kinds[String(decoding: scanner.key, as: UTF8.self)] = kind
            if kind == .string {
                try scanner.readString(bytes.span, into: &text)
            } else {
                try scanner.skipValue(bytes.span)
            }
        }
        try scanner.finish(bytes.span)
        #expect(kinds == ["a": .string, "bb": .array, "d": .number])
        #expect(text == Array("x\n".utf8))
    }

    @Test func `arrays of strings can be walked`() throws {
        let bytes = Array(#"["a","",  "é\ud83d\ude00\/\t"]"#.utf8)
        var scanner = JSONScanner()
        var found: [String] = []
        var text: [UInt8] = []
        try scanner.enterArray(bytes.span)
        while try scanner.nextElement(bytes.span) != nil {
            try scanner.readString(bytes.span, into: &text)
            found.append(String(decoding: text, as: UTF8.self))
        }
        try scanner.finish(bytes.span)
        #expect(found == ["a", "", "é😀/\t"])
    }

    @Test(arguments: [
        ("", 0, JSONError.Reason.unexpectedEnd),
        ("{", 1, .unexpectedEnd),
        ("\"abc", 4, .unexpectedEnd),
        ("[1,]", 3, .unexpectedByte(UInt8(ascii: "]"), expected: "a value")),
        ("[1 2]", 3, .unexpectedByte(UInt8(ascii: "2"), expected: "',' or ']'")),
        ("{\"a\" 1}", 5, .unexpectedByte(UInt8(ascii: "1"), expected: "':'")),
        ("{a:1}", 1, .unexpectedByte(UInt8(ascii: "a"), expected: "a key")),
        ("{\"a\":1,}", 7, .unexpectedByte(UInt8(ascii: "}"), expected: "a key")),
        ("01", 0, .badNumber),
        ("-", 0, .badNumber),
        ("1.", 0, .badNumber),
        ("1e+", 0, .badNumber),
        ("+1", 0, .unexpectedByte(UInt8(ascii: "+"), expected: "a value")),
        ("tru", 3, .unexpectedEnd),
        ("nulL", 3, .unexpectedByte(UInt8(ascii: "L"), expected: "null")),
        ("1 x", 2, .trailingBytes),
        ("\"\\x\"", 1, .badEscape),
        ("\"\\u12g4\"", 1, .badEscape),
        ("\"a\\ud800b\"", 2, .unpairedSurrogate),
        ("\"\\udc00\"", 1, .unpairedSurrogate),
        ("\"\u{1}\"", 1, .unescapedControl(1)),
    ])
    func `a malformed document is refused at its place`(
        text: String, offset: Int, expected: JSONError.Reason
    ) throws {
        let found = try #require(reason(text))
        #expect(found.0 == offset)
        #expect(found.1 == expected)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let error = #expect(throws: JSONError.self) {
            try validate([0x22, 0x61, 0xC0, 0x80, 0x22])
        }
        #expect(error == JSONError(byteOffset: 2, reason: .invalidUTF8))
    }

    @Test func `64 levels are read and 65 are refused`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(
                (String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try validate(nested(64)) }
        let error = #expect(throws: JSONError.self) { try validate(nested(65)) }
        #expect(error?.reason == .tooDeep)
        let deep = #expect(throws: JSONError.self) { try validate(nested(1_000_000)) }
        #expect(deep?.reason == .tooDeep)
    }

    @Test func `integers outside 64 bits are refused`() throws {
        let texts: [(String, UInt64?)] = [
            ("18446744073709551615", .max), ("18446744073709551616", nil), ("-1", nil),
            ("1.0", nil),
            ("0", 0),
        ]
        for (text, expected) in texts {
            var scanner = JSONScanner()
            let bytes = Array(text.utf8)
            #expect((try? scanner.readUnsigned(bytes.span)) == expected)
        }
    }

    @Test func `random mutations never trap and are valid exactly when Foundation says so`() {
        var random = SeededRandom.forTest("JSON mutations")
        let seeds = [
            #"{"id":"a1","title":"x \u00e9 \ud83d\ude00","n":[1,-2.5e-3,0,true,false,null],"o":{"k":{}}}"#,
            #"[{"a":[[[]]]},"\"\\\/\b\f\n\r\t",1E400,"日本"]"#,
        ].map { Array($0.utf8) }
        let alphabet =
            Array(#"{}[]",:\ue+-.0123456789trufalsn "#.utf8) + [0xC3, 0x80, 0xFF, 0x0A, 1]
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                default: bytes.remove(at: place)
                }
            }
            let ours = (try? validate(bytes)) != nil
            if let theirs = foundationAccepts(bytes) {
                #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    /// Foundation's verdict, or nil where it is known to differ from RFC 8259.
    private func foundationAccepts(_ bytes: [UInt8]) -> Bool? {
        let text = String(decoding: bytes, as: UTF8.self)
        // It refuses numbers out of the range of a Double, and takes a comma after the last value.
        for deviation in ["[eE][+]?[0-9]{3}", ",[ \n]*[]}]"]
        where text.range(of: deviation, options: .regularExpression) != nil {
            return nil
        }
        let options: JSONSerialization.ReadingOptions = [.fragmentsAllowed]
        return (try? JSONSerialization.jsonObject(with: Data(bytes), options: options)) != nil
    }
}

struct JSONWriterTests {
    @Test func `what is written reads back`() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a\"b")
        writer.string("\u{1}\n\\é😀")
        writer.key("list")
        writer.beginArray()
        writer.integer(UInt64.max)
        writer.number(Float(0.1))
        writer.bool(false)
        writer.null()
        writer.endArray()
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a\"b":"\u0001\n\\é😀","list":[18446744073709551615,0.1,false,null]}"#)
        try validate(writer.bytes)
    }

    @Test func `malformed bytes are written as replacement characters`() throws {
        var output: [UInt8] = []
        JSONWriter.appendQuoted([0x61, 0xFF, 0xE2, 0x82].span, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "\"a\u{FFFD}\u{FFFD}\"")
    }
}
