import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

struct ReplyReaderTests {
    private static let ids: Frame = Array("abcdef".utf8)

    @Test(
        arguments: [
            ([(0, 2), (2, 1)], ["ab", "c"]), ([(3, 2), (0, 1)], ["de", "a"]),
            ([(1, 2), (1, 2)], ["bc", "bc"]), ([(0, 1), (4, 2)], ["a", "ef"]),
            ([(0, 0), (2, 2), (5, 0)], ["", "cd", ""]),
            ([(0, 3), (1, 1), (3, 1)], ["abc", "b", "d"]),
        ])
    func `ids may stand anywhere in their frame`(
        places: [(offset: Int, length: Int)], expected: [String]
    ) throws {
        var hits: Frame = []
        for place in places {
            PackedHits.append(
                PackedHit(
                    sortKey: 1, orderKey: 7, idOffset: UInt32(place.offset),
                    idLength: UInt32(place.length)), to: &hits)
        }
        var reader = ReplyReader(
            WireMessage(Header(.reply), frames: [[], hits, Self.ids]))
        var result = WireTaskResult()
        result.hits = UInt32(places.count)
        let found = try reader.next(TaskAnswer(result)).hits
        let ids = (0..<found.count).map { String(decoding: found[$0].ranked.id, as: UTF8.self) }
        #expect(ids == expected)
    }

    /// A reader of so many hits which all have the first octets of the frame as their id.
    private static func reader(of count: Int, sharing length: UInt32) -> ReplyReader {
        var hits: Frame = []
        for _ in 0..<count {
            PackedHits.append(
                PackedHit(sortKey: 1, orderKey: 7, idOffset: 0, idLength: length), to: &hits)
        }
        return ReplyReader(WireMessage(Header(.reply), frames: [[], hits, ids]))
    }

    @Test func `ids that overlap so much that they would take more memory than sent are refused`() {
        var reader = Self.reader(of: 1_000, sharing: 6)
        var result = WireTaskResult()
        result.hits = 1_000
        #expect(throws: WireError.self) { try reader.next(TaskAnswer(result)) }
    }

    @Test func `ids that many tasks share would take as much, and are refused as well`() throws {
        var reader = Self.reader(of: 3, sharing: 3)
        var result = WireTaskResult()
        result.hits = 1
        for _ in 0..<2 { #expect(try reader.next(TaskAnswer(result)).hits.count == 1) }
        #expect(throws: WireError.self) { try reader.next(TaskAnswer(result)) }
    }
}
