import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// A trace on its way from SUBMIT to workers and back.
struct BrokerTraceTests {
    private static let parent = ItemTraceTests.parent
    private static let other = "00-11111111111111111111111111111111-2222222222222222-00"
    private let harness = BrokerHarness()

    @Test func `the trace of a SUBMIT goes to every worker and back in the profile`() throws {
        let worker = harness.worker("w", of: 2, shards: [0, 1])
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.profile = true
            $0.traceparent = Self.parent
            $0.tracestate = "a=1"
        }
        let tasks = try harness.tasks(worker)
        #expect(tasks.map(\.task.options.traceparent) == [Self.parent, Self.parent])
        #expect(tasks.map(\.task.options.tracestate) == ["a=1", "a=1"])
        harness.reply(tasks.map(\.number), from: worker)
        let result = try #require(harness.take(client, .result).first)
        let profile = try result.meta(WireResultMeta.self).profile
        #expect(profile.traceparent == Self.parent)
        #expect(profile.tracestate == "a=1")
    }

    @Test func `a fetch of documents carries the trace too`() throws {
        let one = harness.worker("w", of: 2, shards: [0])
        let two = harness.worker("v", of: 2, shards: [1])
        let client = harness.client()
        harness.submit(["a"], from: client) { $0.traceparent = Self.parent }
        harness.reply(
            try harness.tasks(one).map(\.number), [TestHit(id: "x", score: 9, key: 1)], from: one)
        harness.reply(try harness.tasks(two).map(\.number), from: two)
        let fetch = try #require(harness.take(one, .fetch).first)
        #expect(try fetch.meta(WireFetchMeta.self).tasks.map(\.traceparent) == [Self.parent])
    }

    @Test func `an item's own trace goes before the SUBMIT's, with its tracestate`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        var settings = WireSubmit()
        settings.documents = .none
        settings.traceparent = Self.parent
        settings.tracestate = "a=1"
        var items = [WireItem(), WireItem()]
        items[0].text = "a"
        items[1].text = "b"
        items[1].traceparent = Self.other
        let header = Header(.submit, id: 1, epoch: harness.session(of: client))
        harness.deliver(
            header, settings, body: items.map { header.codec.encodeOwn($0) }, from: client)
        let tasks = try harness.tasks(worker).map(\.task)
        #expect(tasks.map(\.options.traceparent) == [Self.parent, Self.other])
        #expect(tasks.map(\.options.tracestate) == ["a=1", ""])
    }

    @Test(arguments: ["", "00-junk", "ff" + ItemTraceTests.parent.dropFirst(2)])
    func `a malformed trace is ignored, and the item searched`(_ parent: String) throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.profile = true
            $0.traceparent = parent
            $0.tracestate = "a=1"
        }
        let tasks = try harness.tasks(worker)
        #expect(tasks.map(\.task.options.traceparent) == [""])
        #expect(tasks.map(\.task.options.tracestate) == [""])
        harness.reply(tasks.map(\.number), from: worker)
        let result = try #require(harness.take(client, .result).first)
        #expect(try result.meta(WireResultMeta.self).profile.traceparent == "")
    }

    @Test func `a slow query is told of with its trace, in the log and in the event`() throws {
        let worker = harness.worker("w")
        let client = harness.client()
        harness.broker.configuration.slowQuery = .milliseconds(100)
        _ = try harness.takeEvents()
        harness.submit(["a"], from: client) {
            $0.documents = .none
            $0.traceparent = Self.parent
        }
        let tasks = try harness.tasks(worker).map(\.number)
        harness.advance(.milliseconds(150))
        harness.reply(tasks, from: worker)
        let event = try #require(try harness.takeEvents().first { $0.event.kind == .slowQuery })
        #expect(event.event.traceparent == Self.parent)
        #expect(event.event.text.hasSuffix("1 shards, traceparent \(Self.parent): 'a'"))
        #expect(harness.logs.contains { $0.contains("traceparent \(Self.parent)") })
    }
}
