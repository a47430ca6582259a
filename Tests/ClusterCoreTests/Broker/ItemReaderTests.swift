import SearchIndex
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
        var reader = Self.reader(items, WireSubmit())
        let (text, tree) = (try reader.item(at: 0).get(), try reader.item(at: 1).get())
        #expect(text.settings === tree.settings)
        guard case .text("a") = text.source, case .tree(.matchNone) = tree.source else {
            Issue.record("other queries: \(text.source), \(tree.source)")
            return
        }
    }

    private static func reader(_ items: [WireItem], _ submit: WireSubmit) -> ItemReader {
        let frames = [[]] + items.map { WireCodec.protobuf.encodeOwn($0) }
        return ItemReader(
            WireMessage(Header(.submit), frames: frames), defaults: submit,
            merge: .scoreDescending)
    }

    private static func read(
        _ items: [WireItem], _ submit: WireSubmit
    ) throws -> [ItemSettings] {
        var reader = reader(items, submit)
        return try items.indices.map { try reader.item(at: $0).get().settings }
    }

    private static func words(_ settings: ItemSettings) -> String {
        var text = ""
        dump(settings, to: &text)
        return text
    }
}
