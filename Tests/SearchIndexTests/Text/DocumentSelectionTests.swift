import TestSupport
import Testing

@testable import SearchIndex

/// Members chosen from stored documents.
struct DocumentSelectionTests {
    private static let document =
        #"{"id":"1", "title" : "A \"b\"","n":1.50e2,"a":{"b":{"c":[1, 2],"x":null},"d":true},"#
        + #""list":[{"b":1,"c":2},3,{"c":4},[{"b":5}]],"p.q":7,"w\u0041x":{},"title":"again"}"#

    static let cases: [([String], String)] = [
        (["n"], #"{"n":1.50e2}"#),
        (["title"], #"{"title":"A \"b\"","title":"again"}"#),
        (["a.b"], #"{"a":{"b":{"c":[1, 2],"x":null}}}"#),
        (["a.b.c", "n"], #"{"n":1.50e2,"a":{"b":{"c":[1, 2]}}}"#),
        (["a", "a.b"], #"{"a":{"b":{"c":[1, 2],"x":null},"d":true}}"#),
        (["list.b"], #"{"list":[{"b":1},[{"b":5}]]}"#),
        (["p.q"], #"{"p.q":7}"#),
        (["wAx"], #"{"w\u0041x":{}}"#),
        (["a.b.zzz", "title.x", "list.zzz"], "{}"),
    ]

    @Test(arguments: cases)
    func `chosen members are copied byte for byte`(names: [String], expected: String) throws {
        let selection = try #require(DocumentSelection(names))
        let selected = try selection.selected(from: Array(Self.document.utf8))
        #expect(String(decoding: selected, as: UTF8.self) == expected)
    }

    @Test
    func `no name, an empty one, and too many are refused`() {
        #expect(DocumentSelection([]) == nil)
        #expect(DocumentSelection(["a", ""]) == nil)
        #expect(DocumentSelection((0...DocumentSelection.maximumNames).map { "f\($0)" }) == nil)
    }

    @Test
    func `damaged documents give errors, never traps`() throws {
        let selection = try #require(DocumentSelection(["a.b.c", "list.b", "title"]))
        let bytes = Array(Self.document.utf8)
        for end in bytes.indices {
            #expect(throws: JSONError.self) {
                try selection.selected(from: Array(bytes[..<end]))
            }
        }
        var random = SeededRandom.forTest("damaged selection")
        for _ in 0..<2_000 {
            var damaged = bytes
            damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
            // An answer or an error; what counts is that there is one.
            guard let selected = try? selection.selected(from: damaged) else { continue }
            #expect(selected.first == UInt8(ascii: "{"))
        }
        let deep = Array(String(repeating: #"{"a":{"b":"#, count: 200).utf8)
        #expect(throws: JSONError.self) { try selection.selected(from: deep) }
    }
}
