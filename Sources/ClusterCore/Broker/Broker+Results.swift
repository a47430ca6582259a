import SearchIndex
import WireMessages
import WireProtocol

/// What a client gets of an item.
extension Broker {
    /// A header for a message about an item, in the form its request came in.
    func itemHeader(
        _ command: Command, _ item: PendingItem, _ client: ClientSession, isFinal: Bool
    ) -> Header {
        var header = Header(command)
        header.id = item.request
        header.epoch = client.sessionID
        header.index = command == .done ? Header.noItem : item.index
        if command == .result, item.lacksParts { header.flags.insert(.partial) }
        if item.isJSON { header.flags.insert(.json) }
        if isFinal { header.flags.insert(.final) }
        return header
    }

    /// Sends an answer, in chunks of about `ProtocolLimits.resultChunkBytes` of documents.
    mutating func sendResult(_ item: PendingItem, _ assembly: Assembly, _ now: MonotonicInstant) {
        guard let client = clients[item.client], let asked = try? item.asked.get() else { return }
        var first = 0
        repeat {
            let end = chunkEnd(assembly, from: first)
            let isFinal = end == assembly.hits.count
            var meta = WireResultMeta()
            meta.firstHit = UInt32(first)
            if isFinal { complete(&meta, item, asked, assembly, now) }
            let hits = wireHits(assembly, first..<end, item)
            let header = itemHeader(.result, item, client, isFinal: isFinal)
            var body = [header.codec.encodeOwn(hits)]
            if asked.form.wantsDocument {
                let documents = assembly.sources[first..<end].map { $0?.document ?? [] }
                body.append(DocumentArray.splice(documents))
            }
            send(header, meta, body: body, to: client.peer)
            clients[item.client]?.sent(bytes: body.reduce(Header.byteCount) { $0 + $1.count })
            first = end
        } while first < assembly.hits.count
    }

    /// Where the chunk that begins at a hit ends: at least one hit further.
    private func chunkEnd(_ assembly: Assembly, from first: Int) -> Int {
        var bytes = 0
        for position in first..<assembly.hits.count {
            bytes += (assembly.sources[position]?.byteCount ?? 0) + Self.hitBytes
            if bytes > ProtocolLimits.resultChunkBytes, position > first { return position }
        }
        return assembly.hits.count
    }

    /// About what a hit takes without its document.
    private static let hitBytes = 64

    private func complete(
        _ meta: inout WireResultMeta, _ item: PendingItem, _ asked: ItemSettings,
        _ assembly: Assembly, _ now: MonotonicInstant
    ) {
        if item.stage == .explaining {
            meta.explanation = item.parts.first?.answer?.explanation ?? WireExplanation()
        }
        meta.totalHits = item.parts.reduce(0) { $0 &+ ($1.answer?.total.count ?? 0) }
        let isExact = item.parts.allSatisfy { $0.answer?.total.isExact ?? ($0.failure == nil) }
        meta.totalRelation = isExact ? .exact : .atLeast
        if let last = assembly.hits.last, assembly.hits.count == asked.limit {
            let index = map[item.parts[last.part].shard.index].name
            meta.next = last.hit.cursor(in: index).token
        }
        meta.tookUs = item.arrivedAt.duration(to: now).wholeMicroseconds
        meta.coverage = coverage(of: item, failedPart: nil, nil)
            .wire(full: asked.wantsFullLedger)
    }

    private func wireHits(
        _ assembly: Assembly, _ range: Range<Int>, _ item: PendingItem
    ) -> WireHits {
        var message = WireHits()
        message.hits = range.map { position in
            let (found, part) = assembly.hits[position]
            let shard = item.parts[part].shard
            var hit = WireHit()
            hit.id = String(decoding: found.ranked.id, as: UTF8.self)
            hit.score = found.ranked.score
            hit.sort = found.values.map { FieldValue.wire(sortValue: $0) }
            hit.index = map[shard.index].name
            hit.shard = shard.shard
            hit.orderKey = found.ranked.orderKey.rawValue
            hit.snippets = assembly.sources[position]?.snippets?.fields ?? []
            return hit
        }
        return message
    }

    /// Sends FAILED for an item, with the ledger if any shard was asked.
    mutating func sendFailure(
        _ item: PendingItem, _ failure: ItemFailure, _ part: Int?, _ now: MonotonicInstant
    ) {
        guard let client = clients[item.client] else { return }
        var body = failure.wire
        if !item.parts.isEmpty {
            body.coverage = coverage(of: item, failedPart: part, failure).wire(full: true)
        }
        send(itemHeader(.failed, item, client, isFinal: true), body, to: client.peer)
        clients[item.client]?.sent(bytes: Header.byteCount + failure.message.utf8.count)
    }

    /// The ledger: one report for each shard asked.
    ///
    /// A shard without an answer has the item's failure as its cause, unless another shard's failure
    /// ended the item; then it was cancelled.
    func coverage(of item: PendingItem, failedPart: Int?, _ failure: ItemFailure?) -> Coverage {
        var coverage = Coverage()
        coverage.resent = item.resent
        for (position, part) in item.parts.enumerated() {
            var report = WireShardReport()
            report.index = map[part.shard.index].name
            report.shard = part.shard.shard
            report.liveDocuments = map[part.shard].liveDocuments
            report.attempts = part.attempts
            report.hedged = part.isHedged
            if let answer = part.answer {
                report.state = answer.isDegraded ? .degraded : .ok
                report.worker = answer.workerName
                report.generation = answer.generation
                report.coveredDocuments = answer.coveredDocuments
                report.tookUs = answer.tookMicroseconds
            } else if let failure = part.failure {
                report.state = .shardFailed
                report.cause = failure.code
                report.message = failure.message
            } else {
                report.state = .shardFailed
                let isCause = cause(position, part, failedPart, failure)
                report.cause = isCause ? failure?.code ?? .internal : .cancelled
                report.message = isCause ? failure?.message ?? "" : "given up with the item"
            }
            coverage.add(report)
        }
        return coverage
    }

    private func cause(
        _ position: Int, _ part: ItemPart, _ failedPart: Int?, _ failure: ItemFailure?
    ) -> Bool {
        if let failedPart { return position == failedPart }
        if failure?.code == .noWorkers { return !hasEligibleReplica(part.shard) }
        return true
    }
}
