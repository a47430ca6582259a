import TestSupport
import Testing
import WireMessages
import WireProtocol

struct TaskResultsEncoderTests {
    @Test func `the octets are those of the general encoder`() throws {
        var random = SeededRandom.forTest("task results encoder")
        for _ in 0..<500 {
            let meta = ReplyMetaTests.meta(using: &random, plainOnly: false)
            var encoder = TaskResultsEncoder()
            for task in meta.tasks { encoder.append(task) }
            let frame = encoder.frame(
                window: meta.window, running: meta.running, queued: meta.queued)
            #expect(frame == (try WireCodec.protobuf.encode(meta)))
        }
    }
}
