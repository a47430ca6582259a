import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Items that come in a frame each, and all in one.
struct SubmittedItemsTests {
    private static func together(
        _ frame: Frame, _ flags: HeaderFlags = []
    ) throws -> SubmittedItems {
        var submit = WireSubmit()
        submit.itemsTogether = true
        return try SubmittedItems(
            WireMessage(Header(.submit, flags: flags), frames: [[], frame]), submit)
    }

    private static func apart(_ frames: [Frame]) throws -> SubmittedItems {
        try SubmittedItems(WireMessage(Header(.submit), frames: [[]] + frames), WireSubmit())
    }

    private static func items(_ texts: [String]) -> WireItems {
        var items = WireItems()
        items.items = texts.map { text in
            var item = WireItem()
            item.text = text
            return item
        }
        return items
    }

    private static func octets(_ items: SubmittedItems) -> [Frame] {
        (0..<items.count).map { Frame(items.octets(at: $0)) }
    }

    @Test func `items are the same octets either way, in both encodings`() throws {
        var random = SeededRandom.forTest("submitted items")
        for count in [1, 2, 17, 200] {
            let words = ["", "a", "grün", String(repeating: "long ", count: 40)]
            let body = Self.items(
                (0..<count).map { _ in words.randomElement(using: &random) ?? "" })
            let frames = try body.items.map { try WireCodec.protobuf.encode($0) }
            let one = try Self.together(try WireCodec.protobuf.encode(body))
            let text = try Self.together(try WireCodec.json.encode(body), .json)
            let many = try Self.apart(frames)
            for items in [one, text, many] {
                #expect(Self.octets(items) == frames)
                #expect(items.codec == .protobuf)
                #expect(items.byteCount == frames.reduce(0) { $0 + $1.count })
            }
            for place in frames.indices {
                #expect(one.hash(at: place, seed: 5) == many.hash(at: place, seed: 5))
            }
        }
    }

    @Test func `a SUBMIT has 1 to 1000 items`() throws {
        func frame(_ count: Int) throws -> Frame {
            try WireCodec.protobuf.encode(Self.items(Array(repeating: "a", count: count)))
        }
        #expect(throws: WireError.noItems) { try Self.apart([]) }
        #expect(throws: WireError.noItems) {
            try SubmittedItems(WireMessage(Header(.submit)), WireSubmit())
        }
        #expect(throws: WireError.noItems) { try Self.together([]) }
        #expect(try Self.apart(Array(repeating: [], count: 1_000)).count == 1_000)
        #expect(try Self.together(try frame(1_000)).count == 1_000)
        #expect(throws: WireError.tooManyItems(found: 1_001)) {
            try Self.apart(Array(repeating: [], count: 1_001))
        }
        for count in [1_001, 3_000] {
            #expect(throws: WireError.tooManyItems(found: 1_001)) {
                try Self.together(try frame(count))
            }
        }
    }

    @Test func `one that says items_together and has no frame for them is refused`() {
        var submit = WireSubmit()
        submit.itemsTogether = true
        #expect(throws: WireError.self) {
            try SubmittedItems(WireMessage(Header(.submit), frames: [[]]), submit)
        }
    }

    @Test func `whatever is cut or changed is cut into the items that the message has, or refused`()
        throws
    {
        var random = SeededRandom.forTest("broken items")
        let whole = try WireCodec.protobuf.encode(Self.items(["a", "b c", "", "long text"]))
        var broken = (0..<whole.count).map { Array(whole[..<$0]) }
        broken += [0x0A, 0x07, 0x12, 0x14].map { whole + [$0] }
        for position in whole.indices {
            for _ in 0..<16 {
                var frame = whole
                frame[position] = UInt8.random(in: 0...255, using: &random)
                broken.append(frame)
            }
        }
        var read = 0
        for frame in broken {
            guard let general = try? WireCodec.protobuf.decode(WireItems.self, from: frame),
                !general.items.isEmpty
            else {
                // What one item is itself does not matter to where it stands.
                if frame.count > whole.count {
                    #expect(throws: WireError.self, "\(frame)") { try Self.together(frame) }
                }
                continue
            }
            read += 1
            let items = try Self.together(frame)
            #expect(items.count == general.items.count)
            for (place, octets) in Self.octets(items).enumerated() {
                let item = try WireCodec.protobuf.decode(WireItem.self, from: octets)
                #expect(item == general.items[place], "\(frame)")
            }
        }
        #expect(read > 0)
    }

    @Test func `a bad item of several in one frame fails alone`() throws {
        let harness = BrokerHarness()
        let worker = harness.worker("w")
        let client = harness.client()
        var submit = WireSubmit()
        submit.documents = .none
        submit.itemsTogether = true
        var item = WireItem()
        item.text = "a"
        var body = ProtobufWriter(capacity: 0)
        for frame in [WireCodec.protobuf.encodeOwn(item), [0x0A, 0xFF]] {
            body.append(1, present: frame)
        }
        harness.deliver(
            Header(.submit, id: 1, epoch: 7), submit, body: [body.frame], from: client)
        let failed = harness.take(client, .failed)
        #expect(failed.map(\.header.index) == [1])
        harness.reply(try harness.tasks(worker).map(\.number), from: worker)
        #expect(harness.take(client, .result).map(\.header.index) == [0])
        #expect(harness.isEmpty)
        harness.deliver(
            Header(.submit, id: 2, epoch: 7), submit, body: [[0x0A, 0xFF]], from: client)
        let refused = harness.take(client, .failed)
        #expect(refused.map(\.header.index) == [Header.noItem])
        #expect(try refused.map { try $0.meta(WireFailed.self).code } == [.badRequest])
        #expect(harness.isEmpty)
    }

    @Test func `a bad item of several in JSON refuses the whole SUBMIT`() throws {
        let harness = BrokerHarness()
        _ = harness.worker("w")
        let client = harness.client()
        var submit = WireSubmit()
        submit.itemsTogether = true
        harness.deliver(
            Header(.submit, flags: .json, id: 1, epoch: 7), submit,
            body: [Frame(#"{"items":[{"text":"a"},{"text":7}]}"#.utf8)], from: client)
        #expect(harness.take(client, .failed).map(\.header.index) == [Header.noItem])
        #expect(harness.isEmpty)
    }

    @Test func `refused items are counted, also those in one frame`() throws {
        let harness = BrokerHarness()
        let client = harness.client()
        var submit = WireSubmit()
        submit.itemsTogether = true
        let body = Self.items(Array(repeating: "a", count: 1_001))
        harness.deliver(
            Header(.submit, id: 1, epoch: 7), submit,
            body: [WireCodec.protobuf.encodeOwn(body)], from: client)
        #expect(harness.status.broker.itemsRefused == 1_001)
    }
}
