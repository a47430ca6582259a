import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// The examples of `docs/protocol.md` beside what the machines really send.
struct ProtocolPageTests {
    /// Examples that only other programs send: clients that take each answer by itself, or write JSON,
    /// and workers that change their window between two answers.
    private static let ofOthers: Set = [
        "submit", "submit-sorted", "submit-explain", "submit-traced", "credit-worker",
    ]

    @Test(arguments: PageStory.all, [false, true])
    func `what a machine sends is, octet by octet, what the page shows`(
        _ story: PageStory, isJSON: Bool
    ) throws {
        for sent in try story.play(isJSON) {
            let example = try Page.example(sent.name, isJSON: sent.isJSON)
            #expect(example.topic == sent.topic, "\(example)")
            try #require(sent.frames.count == example.frames.count, "\(example)")
            for (number, frame) in sent.frames.enumerated() {
                #expect(frame == example.frames[number], "\(example), frame \(number)")
            }
        }
    }

    @Test func `every example of the page is sent by a machine, or is one of another program`()
        throws
    {
        var names = Self.ofOthers
        for story in PageStory.all {
            for isJSON in [false, true] { names.formUnion(try story.play(isJSON).map(\.name)) }
        }
        #expect(names == Set(try ProtocolExample.read().map(\.name)))
    }

    @Test func `what a broker answers to a client that writes JSON is shown in JSON`() throws {
        let shown = try Set(
            PageStory.all.flatMap { try $0.play(true) }.filter(\.isJSON).map(\.name))
        #expect(
            shown == [
                "accepted", "admin-reply", "done", "failed", "failed-busy", "failed-order",
                "metrics-reply", "pong", "pong-worker", "result", "result-explained",
                "result-sorted", "result-traced", "results", "status-reply", "unknown-peer",
                "welcome", "welcome-supervisor", "welcome-worker",
            ])
    }
}
