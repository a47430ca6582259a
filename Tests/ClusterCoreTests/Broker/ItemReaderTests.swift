import SearchIndex
import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

struct ItemReaderTests {
    /// For each field of an item beside its query, a value that its SUBMIT does not have.
    private static let own: [@Sendable (inout WireItem) -> Void] = [
        { $0.limit = 3 }, { $0.limit = 0 }, { $0.offset = 4 }, { $0.documents = .none },
        { $0.operator = .and }, { $0.explain = "d" },
        { $0.traceparent = ItemTraceTests.parent },
        { item in
            let hit = RankedHit(score: 1, orderKey: OrderKey(5), id: [0x61])
            item.after = FoundHit(hit).cursor(in: "i").token
        },
    ]

    @Test(arguments: own.indices)
    func `what an item asks for itself is its own, and no other's`(field: Int) throws {
        var plain = WireItem()
        plain.text = "a"
        var other = plain
        Self.own[field](&other)
        var submit = WireSubmit()
        submit.limit = 7
        let alone = try Self.read([other], submit)
        let batch = try Self.read([plain, other, plain], submit)
        #expect(batch[0] === batch[2])
        #expect(Self.words(batch[1]) == Self.words(alone[0]))
        #expect(Self.words(batch[1]) != Self.words(batch[0]))
        #expect(Self.words(batch[0]) == Self.words(try Self.read([plain], submit)[0]))
    }

    @Test func `a tree is as plain as a text, and both keep their own query`() throws {
        var items = [WireItem(), WireItem()]
        items[0].text = "a"
        items[1].query = Query.matchNone.wire
        let reader = try Self.reader(items, WireSubmit())
        let (text, tree) = (reader.item(at: 0), reader.item(at: 1))
        #expect(text.settings === tree.settings)
        guard case .text([0x61]) = text.source, case .tree(.matchNone) = tree.source else {
            Issue.record("other queries: \(text), \(tree)")
            return
        }
    }

    @Test func `an item is read as the general decoder reads it, or refused as it is`() throws {
        var random = SeededRandom.forTest("item texts")
        let defaults = try SubmitDefaults(
            WireMessage(Header(.submit), frames: [[]]), merge: .scoreDescending)
        for _ in 0..<2_000 {
            let words = ["", "a", "grün", "語", "\u{0}", String(repeating: "long ", count: 40)]
            var item = WireItem()
            item.text = words.randomElement(using: &random) ?? ""
            if Int.random(in: 0..<4, using: &random) == 0 { item.limit = 3 }
            var frame = try WireCodec.protobuf.encode(item)
            #expect(item.encoded == frame)
            if let place = frame.indices.randomElement(using: &random), Bool.random(using: &random)
            {
                frame[place] = UInt8.random(in: 0...255, using: &random)
            }
            let read = try Self.reader([frame]).item(at: 0)
            do {
                let general = try WireCodec.protobuf.decode(WireItem.self, from: frame)
                let settings = try defaults.settings(of: general)
                let source = try QuerySource(general)
                #expect(read.settings.map(Self.words) == Self.words(settings), "\(frame)")
                #expect(Self.words(read.source) == Self.words(source), "\(frame)")
            } catch {
                #expect(read.failure != nil, "\(frame)")
            }
        }
        var first = WireItem()
        first.text = "plain"
        let plain = try WireCodec.protobuf.encode(first)
        // What is read quickly is only told by the setting that it shares.
        let quick = try Self.reader([plain, plain])
        let settings = quick.item(at: 0).settings
        #expect(quick.plainText(at: 1) == Array("plain".utf8))
        #expect(quick.item(at: 1).settings === settings)
    }

    private static func words(_ source: QuerySource?) -> String {
        switch source {
        case .text(let text)?: "text \(text)"
        case .tree(let query)?: "tree \(query)"
        case nil: "none"
        }
    }

    private static func reader(_ frames: [Frame], _ submit: WireSubmit = WireSubmit()) throws
        -> ItemReader
    {
        let message = WireMessage(
            Header(.submit), frames: [WireCodec.protobuf.encodeOwn(submit)] + frames)
        return ItemReader(
            items: try SubmittedItems(message, submit),
            defaults: try SubmitDefaults(message, merge: .scoreDescending))
    }

    private static func reader(_ items: [WireItem], _ submit: WireSubmit) throws -> ItemReader {
        try reader(items.map { WireCodec.protobuf.encodeOwn($0) }, submit)
    }

    private static func read(
        _ items: [WireItem], _ submit: WireSubmit
    ) throws -> [ItemSettings] {
        let reader = try reader(items, submit)
        return try items.indices.map { try #require(reader.item(at: $0).settings) }
    }

    private static func words(_ settings: ItemSettings) -> String {
        var text = ""
        dump(settings, to: &text)
        return text
    }
}
