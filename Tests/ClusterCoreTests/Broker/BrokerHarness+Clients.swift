import WireMessages
import WireProtocol

@testable import ClusterCore

extension BrokerHarness {
    /// Takes the RESULTs that a client was sent.
    func results(
        _ client: PeerID
    ) throws -> [(meta: WireResultMeta, ids: [String], documents: String, isFinal: Bool)] {
        try take(client, .result).map { message in
            let hits: WireHits = try message.body(0)
            let documents = message.bodyCount > 1 ? try message.bodyFrame(1) : []
            return (
                try message.meta(), hits.hits.map(\.id), String(decoding: documents, as: UTF8.self),
                message.header.flags.contains(.final)
            )
        }
    }
}
