import SearchIndex
import WireMessages
import WireProtocol

/// What a client gets of an item.
extension Broker {
    /// A header for a message about an item, in the form its request came in.
    func itemHeader(_ command: Command, _ item: PendingItem, isFinal: Bool) -> Header {
        var header = header(command, of: item.request, of: item.client, isFinal: isFinal)
        header.index = item.index
        return header
    }

    /// A header for a message about a request, in the form it came in.
    func header(
        _ command: Command, of request: RequestState, of client: ClientSession, isFinal: Bool
    ) -> Header {
        var header = Header(command)
        header.id = request.id
        header.epoch = client.sessionID
        if request.isJSON { header.flags.insert(.json) }
        if isFinal { header.flags.insert(.final) }
        return header
    }

    /// An answer, in chunks of about `settings.resultChunkBytes` of documents.
    func result(
        of item: PendingItem, _ assembly: Assembly, _ now: MonotonicInstant
    ) -> Conclusion {
        guard let asked = item.settings else {
            preconditionFailure("a result of an item that could not be read")
        }
        let codec: WireCodec = item.request.isJSON ? .json : .protobuf
        var messages: [Conclusion.Message] = []
        var first = 0
        repeat {
            let end = chunkEnd(assembly, from: first)
            let meta = meta(of: item, assembly, asked, first..<end, now)
            let hits =
                plainHits(assembly, first..<end, item, asked)
                ?? codec.encodeOwn(wireHits(assembly, first..<end, item))
            let documents = asked.form.wantsDocument ? documents(assembly, first..<end) : nil
            messages.append(
                Conclusion.Message(
                    meta: meta, hits: hits, documents: documents, isPartial: item.lacksParts))
            first = end
        } while first < assembly.hits.count
        return Conclusion(outcome: .completed, messages: messages)
    }

    private func documents(_ assembly: Assembly, _ range: Range<Int>) -> Frame {
        DocumentArray.splice(range.map { assembly.source(of: $0)?.document ?? [] })
    }

    /// Where the chunk that begins at a hit ends: at least one hit further.
    func chunkEnd(_ assembly: Assembly, from first: Int) -> Int {
        if assembly.sources.isEmpty {
            let most = max(1, settings.resultChunkBytes / Self.hitBytes)
            return min(first + most, assembly.hits.count)
        }
        var bytes = 0
        for position in first..<assembly.hits.count {
            bytes += (assembly.source(of: position)?.byteCount ?? 0) + Self.hitBytes
            if bytes > settings.resultChunkBytes, position > first { return position }
        }
        return assembly.hits.count
    }

    /// About what a hit takes without its document.
    private static let hitBytes = 64

    /// The meta of the message with some of the hits; the last one has what is said of them all.
    func meta(
        of item: PendingItem, _ assembly: Assembly, _ asked: ItemSettings, _ range: Range<Int>,
        _ now: MonotonicInstant
    ) -> Conclusion.Meta {
        var plain = PlainResult(firstHit: UInt32(range.lowerBound))
        guard range.upperBound == assembly.hits.count else { return .plain(plain) }
        (plain.totalHits, plain.totalRelation) = total(of: item, asked)
        if asked.merge.hasPlaces, let last = assembly.hits.last, assembly.hits.count == asked.limit
        {
            let index = map[item.parts[last.source].shard.index].name
            plain.next = hit(last, of: item).cursor(in: index).encodedToken
        }
        let isPlain = !asked.wantsFullLedger && item.parts.allSatisfy(\.isOK)
        if isPlain {
            plain.shards = UInt32(item.parts.count)
            plain.resent = item.resent
            plain.hedged = UInt32(item.parts.count { $0.isHedged })
        }
        if isPlain, item.stage != .explaining, !asked.wantsProfile { return .plain(plain) }
        var meta = plain.wire
        if !isPlain {
            meta.coverage = coverage(of: item, failedPart: nil, nil).wire(
                full: asked.wantsFullLedger)
        }
        if item.stage == .explaining {
            meta.explanation = item.parts.first?.answer?.explanation ?? WireExplanation()
        }
        if asked.wantsProfile { meta.profile = profile(of: item, now) }
        return .result(meta)
    }

    /// How many documents match. Fusion takes equal ids of several indexes as one document, so that
    /// only the largest of their totals is certain.
    private func total(
        of item: PendingItem, _ asked: ItemSettings
    ) -> (UInt64, WireTotalRelation) {
        var isExact = true
        var sum: UInt64 = 0
        for part in item.parts {
            sum &+= part.answer?.total.count ?? 0
            if !(part.answer?.total.isExact ?? (part.failure == nil)) { isExact = false }
        }
        guard asked.merge == .reciprocalRankFusion else {
            return (sum, isExact ? .exact : .atLeast)
        }
        var totals: [Int: UInt64] = [:]
        for part in item.parts {
            totals[part.query, default: 0] &+= part.answer?.total.count ?? 0
        }
        let largest = totals.values.max() ?? 0
        return (largest, isExact && largest == sum ? .exact : .atLeast)
    }

    /// The frame of hits that are nothing but ids and scores, in protobuf; nil for others.
    private func plainHits(
        _ assembly: Assembly, _ range: Range<Int>, _ item: PendingItem, _ asked: ItemSettings
    ) -> Frame? {
        guard !item.request.isJSON, hasPlainHits(item, asked) else { return nil }
        var encoder = HitsEncoder()
        encode(assembly, range, of: item, into: &encoder)
        return encoder.finish()
    }

    /// Whether the hits of an item are nothing but ids and scores, the ids without further looking UTF-8.
    func hasPlainHits(_ item: PendingItem, _ asked: ItemSettings) -> Bool {
        asked.sort.isEmpty && asked.form.highlighting == nil
            && item.parts.allSatisfy { $0.answer?.hits.idsAreASCII ?? true }
    }

    /// Encodes plain hits of the merged list, those of one shard that follow one another at once.
    func encode(
        _ assembly: Assembly, _ range: Range<Int>, of item: PendingItem,
        into encoder: inout HitsEncoder
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            let first = assembly.hits[start]
            var end = start + 1
            while end < range.upperBound, assembly.hits[end].isNext(to: assembly.hits[end - 1]) {
                end += 1
            }
            let part = item.parts[first.source]
            part.answer?.hits.encode(
                first.index..<first.index + (end - start), score: first.fusedScore,
                in: map.place(of: part.shard), into: &encoder)
            start = end
        }
    }

    /// A hit of the merged list.
    private func hit(_ place: MergedHit, of item: PendingItem) -> FoundHit {
        guard let hits = item.parts[place.source].answer?.hits else {
            preconditionFailure("a hit of a part without an answer")
        }
        let hit = hits[place.index]
        return place.fusedScore.map(hit.fused) ?? hit
    }

    private func wireHits(
        _ assembly: Assembly, _ range: Range<Int>, _ item: PendingItem
    ) -> WireHits {
        var message = WireHits()
        message.hits = range.map { position in
            let place = assembly.hits[position]
            let found = self.hit(place, of: item)
            let shard = item.parts[place.source].shard
            var hit = WireHit()
            hit.id = String(decoding: found.ranked.id, as: UTF8.self)
            hit.score = found.ranked.score
            hit.sort = found.values.map { FieldValue.wire(sortValue: $0) }
            hit.index = map[shard.index].name
            hit.shard = shard.shard
            hit.orderKey = found.ranked.orderKey.rawValue
            hit.snippets = assembly.source(of: position)?.snippets?.fields ?? []
            return hit
        }
        return message
    }

    /// FAILED of an item, with the ledger if any shard was asked.
    func failure(of item: PendingItem, _ failure: ItemFailure, _ part: Int?) -> Conclusion {
        var body = failure.wire
        if !item.parts.isEmpty {
            body.coverage = coverage(of: item, failedPart: part, failure).wire(full: true)
        }
        return Conclusion(
            outcome: failure.code == .cancelled ? .cancelled : .failed,
            messages: [.init(meta: .failed(body))])
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
                report.state = answer.shortcoming == nil ? .ok : .degraded
                report.cause = answer.shortcoming?.code ?? .unspecified
                report.message = answer.shortcoming?.message ?? ""
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

extension MergedHit {
    /// Whether it stands behind another one in the list of one shard, both with their own scores.
    fileprivate func isNext(to other: MergedHit) -> Bool {
        source == other.source && index == other.index + 1
            && fusedScore == nil && other.fusedScore == nil
    }
}
