import SearchIndex
import WireMessages
import WireProtocol

/// Walks the frames of a REPLY task by task: packed hits, ids, documents.
///
/// Every length is checked against its frame before anything is read.
struct ReplyReader {
    private let hits: Frame
    private let ids: Frame
    private var documents: DocumentSlicer
    private var nextHit = 0

    /// What one task brought.
    struct Payload {
        let hits: [FoundHit]
        /// Nil if the task brought none.
        let sources: [HitSource]?
    }

    init(_ message: WireMessage) {
        hits = message.frames.count > 1 ? message.frames[1] : []
        ids = message.frames.count > 2 ? message.frames[2] : []
        documents = DocumentSlicer(message.frames.count > 3 ? message.frames[3] : [])
    }

    /// The next task's part of the frames.
    mutating func next(_ result: WireTaskResult) throws(WireError) -> Payload {
        let count = Int(clamping: result.hits)
        let packed = try PackedHits.decode(
            hits, range: nextHit..<nextHit + count, idByteCount: ids.count)
        nextHit += count
        guard result.sort.isEmpty || result.sort.count == count else {
            throw .malformedHits(reason: "\(result.sort.count) sort values for \(count) hits")
        }
        var found: [FoundHit] = []
        found.reserveCapacity(count)
        let own = ownIDs(of: packed)
        var start = 0
        for (position, hit) in packed.enumerated() {
            let end = start + Int(hit.idLength)
            let ranked = RankedHit(
                score: Float(hit.sortKey), orderKey: OrderKey(hit.orderKey), id: own[start..<end])
            start = end
            let values = result.sort.isEmpty ? [] : try Self.values(result.sort[position])
            found.append(FoundHit(ranked, values: values))
        }
        guard !result.documentLengths.isEmpty else { return Payload(hits: found, sources: nil) }
        return Payload(
            hits: found,
            sources: try documents.take(result.documentLengths, snippets: result.snippets))
    }

    /// The ids of one task's hits, one after the other: a copy, so that an answer does not keep the
    /// frame with those of other tasks.
    private func ownIDs(of packed: [PackedHit]) -> [UInt8] {
        guard let first = packed.first.map({ Int($0.idOffset) }) else { return [] }
        var end = first
        let follow = packed.allSatisfy { hit in
            defer { end += Int(hit.idLength) }
            return Int(hit.idOffset) == end
        }
        if follow { return Array(ids[first..<end]) }
        var own: [UInt8] = []
        own.reserveCapacity(packed.reduce(0) { $0 + Int($1.idLength) })
        for hit in packed {
            let start = Int(hit.idOffset)
            own.append(contentsOf: ids[start..<start + Int(hit.idLength)])
        }
        return own
    }

    private static func values(_ wire: WireSortValues) throws(WireError) -> [FieldValue?] {
        do throws(ItemFailure) {
            return try FieldValue.sortValues(wire.values)
        } catch {
            throw .malformedHits(reason: error.message)
        }
    }
}

/// Cuts a frame of documents that follow one another into slices, which share its storage.
struct DocumentSlicer {
    private let frame: Frame
    private var offset = 0

    init(_ frame: Frame) {
        self.frame = frame
    }

    /// The next documents, by their lengths in bytes, with the fragments that belong to them.
    mutating func take(
        _ lengths: [UInt32], snippets: [WireHitSnippets]
    ) throws(WireError) -> [HitSource] {
        guard snippets.isEmpty || snippets.count == lengths.count else {
            throw .malformedMessage(
                type: "documents",
                reason: "fragments of \(snippets.count) hits for \(lengths.count) documents")
        }
        return try take(lengths).enumerated().map { position, document in
            HitSource(document: document, snippets: snippets.isEmpty ? nil : snippets[position])
        }
    }

    /// The next documents, by their lengths in bytes.
    private mutating func take(_ lengths: [UInt32]) throws(WireError) -> [ArraySlice<UInt8>] {
        var slices: [ArraySlice<UInt8>] = []
        slices.reserveCapacity(lengths.count)
        for length in lengths {
            guard Int(length) <= frame.count - offset else {
                throw .malformedMessage(
                    type: "documents",
                    reason: "a document of \(length) bytes at offset \(offset) reaches past the "
                        + "frame's end at \(frame.count)")
            }
            slices.append(frame[offset..<offset + Int(length)])
            offset += Int(length)
        }
        return slices
    }
}
