import TestSupport
import Testing
import WireMessages

@testable import WireProtocol

/// The quick reading of a REPLY's meta beside the general one.
struct ReplyMetaTests {
    @Test func `a reply is read as the general decoder reads it, or left to it`() throws {
        var random = SeededRandom.forTest("reply meta")
        for _ in 0..<500 {
            let meta = Self.meta(using: &random, plainOnly: false)
            let frame = try WireCodec.protobuf.encode(meta)
            #expect(try WireMessage(Header(.reply), frames: [frame]).replyMeta().wire == meta)
            guard let plain = ReplyMeta(plain: ProtobufReader(frame)) else { continue }
            #expect(plain.wire == meta)
        }
    }

    @Test func `what has numbers alone is read without the general decoder`() throws {
        var random = SeededRandom.forTest("plain reply meta")
        for _ in 0..<200 {
            let meta = Self.meta(using: &random, plainOnly: true)
            let frame = try WireCodec.protobuf.encode(meta)
            #expect(ReplyMeta(plain: ProtobufReader(frame))?.wire == meta)
        }
    }

    @Test
    func `whatever is cut or changed is read as the general decoder does, or refused by both`()
        throws
    {
        var random = SeededRandom.forTest("broken reply meta")
        let whole = try WireCodec.protobuf.encode(Self.meta(using: &random, plainOnly: false))
        for frame in broken(whole, using: &random) {
            let general = try? WireCodec.protobuf.decode(WireReplyMeta.self, from: frame)
            let quick = try? WireMessage(Header(.reply), frames: [frame]).replyMeta().wire
            // As octets, since a float that is not a number does not equal itself.
            let codec = WireCodec.protobuf
            #expect(try quick.map(codec.encode) == general.map(codec.encode), "\(frame)")
        }
    }

    static func meta(
        using random: inout SeededRandom, plainOnly: Bool
    ) -> WireReplyMeta {
        var meta = WireReplyMeta()
        func number() -> UInt64 { random.next() >> UInt64.random(in: 1...63, using: &random) }
        func small() -> UInt32 { UInt32(truncatingIfNeeded: number()) }
        (meta.window, meta.running, meta.queued) = (small(), small(), small())
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            var task = WireTaskResult()
            (task.task, task.hits, task.totalHits) = (number(), small(), number())
            (task.coveredDocuments, task.tookUs) = (number(), number())
            (task.totalAtLeast, task.degraded) = (.random(using: &random), .random(using: &random))
            (task.scoredPostings, task.floor) = (number(), Float(small()))
            if !plainOnly, Int.random(in: 0..<4, using: &random) == 0 {
                switch Int.random(in: 0..<5, using: &random) {
                case 3: task.degradedReason = "pattern a:b* was cut"
                case 0: task.documentLengths = [small(), small()]
                case 1: task.sort = [WireSortValues()]
                case 2: task.likeTerms = [WireLikeTerms()]
                default: task.task = .max
                }
            }
            meta.tasks.append(task)
        }
        return meta
    }
}

extension ReplyMeta {
    /// The message that says the same.
    fileprivate var wire: WireReplyMeta {
        var wire = WireReplyMeta()
        wire.tasks = tasks.map(\.wire)
        (wire.window, wire.running, wire.queued) = (window, running, queued)
        return wire
    }
}

extension TaskAnswer {
    fileprivate var wire: WireTaskResult {
        var wire = whole?.message ?? WireTaskResult()
        (wire.task, wire.hits, wire.totalHits) = (task, hits, totalHits)
        (wire.totalAtLeast, wire.degraded) = (totalAtLeast, isDegraded)
        (wire.coveredDocuments, wire.tookUs) = (coveredDocuments, tookMicroseconds)
        (wire.scoredPostings, wire.floor) = (scoredPostings, floor)
        return wire
    }
}
