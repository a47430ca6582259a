import TestSupport
import Testing
import WireMessages

@testable import WireProtocol

/// The quick reading of a CALL's meta beside the general one.
struct CallMetaTests {
    @Test func `a call is read as the general decoder reads it`() throws {
        var random = SeededRandom.forTest("call meta")
        var quick = 0
        for _ in 0..<500 {
            let meta = Self.meta(using: &random)
            let frame = try WireCodec.protobuf.encode(meta)
            #expect(try WireMessage(Header(.call), frames: [frame]).callMeta().wire == meta)
            guard let plain = CallMeta(plain: ProtobufReader(frame)) else { continue }
            quick += 1
            #expect(try plain.wire == meta)
        }
        #expect(quick > 100)
    }

    @Test func `in JSON it says the same`() throws {
        var random = SeededRandom.forTest("call meta, JSON")
        for _ in 0..<50 {
            let meta = Self.meta(using: &random)
            let message = try WireMessage(Header(.call, flags: .json), meta: meta)
            #expect(try message.callMeta().wire == meta)
        }
    }

    @Test
    func `whatever is cut or changed is read as the general decoder does, or refused by both`()
        throws
    {
        var random = SeededRandom.forTest("broken call meta")
        for _ in 0..<10 {
            let whole = try WireCodec.protobuf.encode(Self.meta(using: &random))
            for frame in broken(whole, using: &random) {
                var general = try? WireCodec.protobuf.decode(WireCallMeta.self, from: frame)
                // Statistics that say nothing are none.
                if general?.statistics == WireStatistics() { general?.clearStatistics() }
                let quick = try? WireMessage(Header(.call), frames: [frame]).callMeta().wire
                // As octets, since a float that is not a number does not equal itself.
                let codec = WireCodec.protobuf
                #expect(try quick.map(codec.encode) == general.map(codec.encode), "\(frame)")
            }
        }
    }

    private static func meta(using random: inout SeededRandom) -> WireCallMeta {
        var meta = WireCallMeta()
        func number() -> UInt64 { random.next() >> UInt64.random(in: 1...63, using: &random) }
        func small() -> UInt32 { UInt32(truncatingIfNeeded: number()) }
        meta.index = ["", "packages", "grün"].randomElement(using: &random) ?? ""
        meta.buildID = ["", "5f0c"].randomElement(using: &random) ?? ""
        if Bool.random(using: &random) {
            meta.statistics.documents = number()
            var field = WireFieldStatistics()
            (field.field, field.tokens) = ("summary", number())
            meta.statistics.fields = [field]
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            var task = WireTask()
            (task.task, task.query, task.shard) = (number(), small(), small())
            (task.generation, task.k, task.budgetMs) = (number(), small(), small())
            task.kind =
                [.search, .search, .likeTerms, .explain].randomElement(using: &random) ?? .search
            (task.lenient, task.sharesFloor) = (.random(using: &random), .random(using: &random))
            if Bool.random(using: &random) { task.countUpTo = number() }
            if Bool.random(using: &random) { task.floor = Float(small()) }
            if Int.random(in: 0..<4, using: &random) == 0 {
                task.options.documents = true
                task.options.documentID = "d"
            }
            meta.tasks.append(task)
        }
        return meta
    }
}

extension CallMeta {
    /// The message that says the same.
    ///
    /// - Throws: `WireError` if the statistics are none.
    fileprivate var wire: WireCallMeta {
        get throws {
            var wire = WireCallMeta()
            (wire.index, wire.buildID, wire.tasks) = (index, buildID, tasks)
            let read = try WireCodec.protobuf.decode(WireStatistics.self, from: statistics)
            if read != WireStatistics() { wire.statistics = read }
            return wire
        }
    }
}

/// A frame cut at every length, and with every octet changed in several ways.
func broken(_ whole: Frame, using random: inout SeededRandom) -> [Frame] {
    var broken = (0..<whole.count).map { Array(whole[..<$0]) }
    for position in whole.indices {
        for _ in 0..<8 {
            var frame = whole
            frame[position] = UInt8.random(in: 0...255, using: &random)
            broken.append(frame)
        }
    }
    return broken
}
