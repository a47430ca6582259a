import WireMessages
import WireProtocol

/// The end of an item: what its client is sent, headers apart.
struct Conclusion {
    let outcome: Broker.ItemOutcome
    let messages: [Message]

    /// One RESULT, or FAILED. A reference, since it is large to copy and equal items share it.
    final class Message {
        let meta: Meta
        /// What follows the meta of a RESULT, encoded: hits, and their documents where they are asked.
        let hits: Frame?
        let documents: Frame?
        let isPartial: Bool

        init(meta: Meta, hits: Frame? = nil, documents: Frame? = nil, isPartial: Bool = false) {
            self.meta = meta
            self.hits = hits
            self.documents = documents
            self.isPartial = isPartial
        }
    }

    enum Meta {
        case plain(PlainResult)
        case result(WireResultMeta)
        case failed(WireFailed)
    }

    /// About what it takes in memory and on the wire.
    var byteCount: Int {
        messages.reduce(0) { $0 + $1.byteCount }
    }
}

extension Conclusion.Meta {
    /// Its frame.
    ///
    /// - Parameter took: microseconds since the SUBMIT came, if it is the last of its item.
    func encoded(in codec: WireCodec, took: UInt64) -> Frame {
        switch self {
        case .plain(var plain):
            plain.tookMicroseconds = took
            return plain.encoded(in: codec)
        case .result(var result):
            result.tookUs = took
            return codec.encodeOwn(result)
        case .failed(let failure): return codec.encodeOwn(failure)
        }
    }
}

extension Conclusion.Message {
    /// About what an answer takes whose hits take so many octets.
    static func byteCount(hits: Int) -> Int { Header.byteCount + hits }

    var byteCount: Int {
        let meta =
            switch meta {
            case .plain, .result: 0
            case .failed(let failed): failed.message.utf8.count
            }
        return Self.byteCount(hits: hits?.count ?? 0) + meta + (documents?.count ?? 0)
    }
}

/// Items of one SUBMIT that are equal, so that one search answers all of them. A reference that never
/// leaves its broker.
final class EqualItems {
    /// The item that is searched for; nil before the first is started and after it has ended.
    var leader: ItemID?
    /// Started after it, waiting for its answer.
    var followers: [ItemID] = []
    /// Those not ended, leader and followers included.
    var remaining = 0
    /// The answer, kept for those that are not started yet.
    var kept: Conclusion?
}
