import TestSupport
import Testing

@testable import SearchIndex

/// The text of the place that a page ends at, and the text of sort keys.
@Suite(.timeLimit(.minutes(10)))
struct ResultCursorTests {
    private static func bytes(
        _ lengths: ClosedRange<Int>, _ random: inout SeededRandom
    ) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
        }
    }

    private static func value(_ random: inout SeededRandom) -> FieldValue? {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .text(bytes(0...24, &random))
        case 1: .integer(Int64.random(in: .min ... .max, using: &random))
        case 2: .double(Double.random(in: -1e300...1e300, using: &random))
        case 3: .bool(Bool.random(using: &random))
        case 4: .date(Int64.random(in: .min ... .max, using: &random))
        default: nil
        }
    }

    private static func cursor(values: Int, _ random: inout SeededRandom) -> ResultCursor {
        ResultCursor(
            score: values > 0 ? 0 : Float.random(in: -10...10, using: &random),
            tuple: SortTuple(
                values: (0..<values).map { _ in value(&random) },
                orderKey: OrderKey(UInt64.random(in: .min ... .max, using: &random))),
            id: bytes(1...24, &random)[...],
            index: ["", "birds", "Vögel/2"].randomElement(using: &random) ?? "")
    }

    private static func keys(_ count: Int) -> [SortKey] {
        (0..<count).map { SortKey(field: "f\($0)") }
    }

    @Test
    func `the text of a cursor reads back as the same cursor`() throws {
        var random = SeededRandom.forTest("cursors")
        for number in 0..<500 {
            let count = number % (SortKey.maximumKeys + 1)
            let cursor = Self.cursor(values: count, &random)
            #expect(cursor.token.utf8.count <= ResultCursor.maximumTokenBytes)
            #expect(try ResultCursor(token: cursor.token, keys: Self.keys(count)) == cursor)
            #expect(
                cursor.token.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
                })
        }
    }

    @Test
    func `a cursor of another order is refused with both numbers`() {
        var random = SeededRandom.forTest("other orders")
        let token = Self.cursor(values: 2, &random).token
        #expect(throws: SortError(.numberOfValues(2, keys: 0))) {
            try ResultCursor(token: token, keys: [])
        }
        #expect(throws: SortError(.numberOfValues(2, keys: 3))) {
            try ResultCursor(token: token, keys: Self.keys(3))
        }
    }

    @Test
    func `cut and changed texts are refused or are other cursors, and never trap`() {
        var random = SeededRandom.forTest("damaged cursors")
        for count in 0...SortKey.maximumKeys {
            let cursor = Self.cursor(values: count, &random)
            let token = Array(cursor.token.utf8)
            for length in 0..<min(token.count, 60) {
                let cut = String(decoding: token.prefix(length), as: UTF8.self)
                let read = try? ResultCursor(token: cut, keys: Self.keys(count))
                #expect((read == cursor) == false)
            }
            for place in 0..<min(token.count, 60) {
                for byte in UInt8(0)...127 where byte != token[place] && byte % 3 == 0 {
                    var changed = token
                    changed[place] = byte
                    let text = String(decoding: changed, as: UTF8.self)
                    let read = try? ResultCursor(token: text, keys: Self.keys(count))
                    #expect((read == cursor) == false)
                }
            }
        }
        let nan = ResultCursor(
            score: .nan, tuple: SortTuple(values: [], orderKey: OrderKey(0)), id: [], index: "")
        #expect(throws: SortError(.cursor)) { try ResultCursor(token: nan.token, keys: []) }
        let long = String(repeating: "A", count: ResultCursor.maximumTokenBytes + 1)
        #expect(throws: SortError(.cursor)) { try ResultCursor(token: long, keys: []) }
    }

    /// Examples of RFC 4648, section 10, without padding, and of the two digits of its own.
    private static let base64: [(bytes: String, text: String)] = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("~~~???", "fn5-Pz8_"),
    ]

    @Test
    func `base64url is that of RFC 4648`() {
        for (bytes, text) in Self.base64 {
            #expect(Base64URL.text(of: Array(bytes.utf8)) == text)
            #expect(Base64URL.bytes(of: text) == Array(bytes.utf8))
        }
        for wrong in ["Z", "Zg==", "Zh", "Zm9+", "é", "Zm8 "] {
            #expect(Base64URL.bytes(of: wrong) == nil, "\(wrong)")
        }
    }

    @Test
    func `the text of keys reads back as the same keys`() throws {
        let text = "year:desc,title:asc:first,a:b:desc:first,x"
        let keys = try SortKey.keys(reading: text)
        #expect(
            keys == [
                SortKey(field: "year", isAscending: false),
                SortKey(field: "title", missing: .first),
                SortKey(field: "a:b", isAscending: false, missing: .first), SortKey(field: "x"),
            ])
        #expect(try SortKey.keys(reading: keys.map(\.text).joined(separator: ",")) == keys)
        #expect(try SortKey.keys(reading: "first") == [SortKey(field: "first")])
        for wrong in ["", ",", "a,", "a:", "a:up", ":asc", "a:first", "a:asc:up", "a,b,c,d,e"] {
            #expect(throws: SortKey.TextProblem.self, "\(wrong)") {
                try SortKey.keys(reading: wrong)
            }
        }
    }
}
