import WireMessages
import WireProtocol

/// Answers that are ready in one turn, in one message for each client that takes them together.
extension Broker {
    /// Ends an item with its answer, written straight into its client's message, where nobody else needs
    /// it: the usual case. Else it does nothing.
    ///
    /// - Returns: whether it did.
    mutating func answerTogether(
        _ item: PendingItem, _ assembly: Assembly, _ now: MonotonicInstant
    ) -> Bool {
        let all = 0..<assembly.hits.count
        guard item.request.takesResultsTogether, !item.request.isJSON, !item.request.isInOrder,
            item.equal == nil, !item.hasEnded, let asked = item.settings, !asked.form.wantsDocument,
            hasPlainHits(item, asked), chunkEnd(assembly, from: 0) == all.upperBound,
            !asked.wantsProfile, !asked.wantsFullLedger, item.stage == .searching,
            case .plain(var meta) = meta(of: item, assembly, asked, all, now)
        else { return false }
        meta.tookMicroseconds = item.arrivedAt.microseconds(to: now)
        releaseWork(of: item)
        noteIfSlow(item, .completed, now)
        let client = item.client
        encode(assembly, all, of: item, into: &client.results.hits)
        client.sent(bytes: Conclusion.Message.byteCount(hits: client.results.hits.byteCount))
        sendTogether(with: client, in: .protobuf) {
            $0.append(request: item.request.id, index: item.index, meta: meta)
        }
        ended(item, .completed, isPartial: item.lacksParts, now)
        close(item.request, of: client, now)
        return true
    }

    /// Adds an item's whole answer to those that its client is sent together.
    mutating func sendTogether(
        _ message: Conclusion.Message, _ hits: Frame, of item: PendingItem,
        _ now: MonotonicInstant
    ) {
        let codec: WireCodec = item.request.isJSON ? .json : .protobuf
        let took = item.arrivedAt.microseconds(to: now)
        let meta = message.meta.encoded(in: codec, took: took)
        sendTogether(with: item.client, in: codec) {
            $0.append(
                request: item.request.id, index: item.index, meta: meta, hits: hits, in: codec)
        }
    }

    private mutating func sendTogether(
        with client: ClientSession, in codec: WireCodec, _ add: (inout ResultsEncoder) -> Void
    ) {
        if client.results.codec != codec { flushResults(of: client) }
        if client.results.byteCount == 0 { clientsWithResults.append(client) }
        add(&client.results)
        if client.results.byteCount >= settings.resultChunkBytes { flushResults(of: client) }
    }

    /// Sends the answers that are ready, to all clients that take them together.
    mutating func flushResults() {
        for client in clientsWithResults where clients[client.key] === client {
            flushResults(of: client)
        }
        clientsWithResults.removeAll(keepingCapacity: true)
    }

    /// Sends a client the answers that are ready: before whatever must come behind them.
    mutating func flushResults(of client: ClientSession) {
        guard client.results.byteCount > 0 else { return }
        var header = Header(.results, epoch: client.sessionID)
        if client.results.codec == .json { header.flags.insert(.json) }
        send(header, meta: client.results.take(), to: client.peer)
    }
}
