import TestSupport
import Testing
import WireProtocol

@Suite struct PackedHitTests {
    @Test func `a hit is 24 octets, least significant first`() {
        var frame: Frame = []
        let hit = PackedHit(
            sortKey: 1.5, orderKey: 0x0102_0304_0506_0708, idOffset: 0x1112_1314,
            idLength: 0x2122_2324)
        PackedHits.append(hit, to: &frame)
        let expected: Frame = [
            0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 8, 7, 6, 5, 4, 3, 2, 1,
            0x14, 0x13, 0x12, 0x11, 0x24, 0x23, 0x22, 0x21,
        ]
        #expect(frame == expected && frame.count == PackedHit.byteCount)
    }

    @Test func `hits come back as they were, all or a part`() throws {
        var random = SeededRandom.forTest("packed-hits")
        let hits = (0..<100).map { _ in
            PackedHit(
                sortKey: .random(in: -1e9...1e9, using: &random),
                orderKey: .random(in: .min ... .max, using: &random),
                idOffset: .random(in: 0...900, using: &random),
                idLength: .random(in: 0...100, using: &random))
        }
        var frame: Frame = []
        PackedHits.encode(hits, into: &frame)
        #expect(try PackedHits.count(in: frame) == 100)
        #expect(try PackedHits.decode(frame, idByteCount: 1000) == hits)
        let part = try PackedHits.decode(frame, range: 20..<35, idByteCount: 1000)
        #expect(part == Array(hits[20..<35]))
        #expect(try PackedHits.decode(frame, range: 100..<100, idByteCount: 1000) == [])
        #expect(try PackedHits.decode([], idByteCount: 0) == [])
    }

    @Test func `a frame that ends within a hit is refused`() {
        for byteCount in 1..<72 where byteCount != 24 && byteCount != 48 {
            #expect(throws: WireError.self) {
                try PackedHits.decode(Frame(repeating: 0, count: byteCount), idByteCount: 0)
            }
        }
    }

    @Test(arguments: [-1..<1, 0..<3, 3..<3, 2..<Int.max, Int.min..<0])
    func `hits outside the frame are refused`(_ range: Range<Int>) {
        let frame = Frame(repeating: 0, count: 2 * PackedHit.byteCount)
        #expect(throws: WireError.self) {
            try PackedHits.decode(frame, range: range, idByteCount: 0)
        }
    }

    @Test func `an id must lie within the ids frame`() throws {
        func decode(offset: UInt32, length: UInt32, idByteCount: Int) throws -> [PackedHit] {
            var frame: Frame = []
            PackedHits.append(
                PackedHit(sortKey: 1, orderKey: 1, idOffset: offset, idLength: length), to: &frame)
            return try PackedHits.decode(frame, idByteCount: idByteCount)
        }
        #expect(try decode(offset: 4, length: 6, idByteCount: 10).count == 1)
        #expect(try decode(offset: 10, length: 0, idByteCount: 10).count == 1)
        for (offset, length) in [(4, 7), (11, 0), (.max, .max), (0, .max), (.max, 1)]
            as [(UInt32, UInt32)]
        {
            #expect(throws: WireError.self) {
                try decode(offset: offset, length: length, idByteCount: 10)
            }
        }
    }

    @Test(arguments: [Double.nan, -.nan, .signalingNaN])
    func `a sort key that cannot be ordered is refused`(_ sortKey: Double) {
        var frame: Frame = []
        PackedHits.append(
            PackedHit(sortKey: sortKey, orderKey: 1, idOffset: 0, idLength: 0), to: &frame)
        #expect(throws: WireError.malformedHits(reason: "hit 0: the sort key is NaN")) {
            try PackedHits.decode(frame, idByteCount: 0)
        }
    }
}

@Suite struct DocumentArrayTests {
    @Test(
        arguments: [
            ([], "[]"), ([#"{"a":1}"#], #"[{"a":1}]"#), (["1", "{}", "[2]"], "[1,{},[2]]"),
        ] as [([String], String)])
    func `documents are joined in order, unchanged`(_ documents: [String], _ array: String) {
        let spliced = DocumentArray.splice(documents.map { ArraySlice($0.utf8) })
        #expect(String(decoding: spliced, as: UTF8.self) == array)
    }
}
