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
    /// Octets of ids that were copied for the tasks so far.
    private var copied = 0

    /// What one task brought.
    struct Payload {
        let hits: ShardHits
        /// Nil if the task brought none.
        let sources: [HitSource]?
    }

    init(_ message: WireMessage) {
        hits = message.frames.count > 1 ? message.frames[1] : []
        ids = message.frames.count > 2 ? message.frames[2] : []
        documents = DocumentSlicer(message.frames.count > 3 ? message.frames[3] : [])
    }

    /// The next task's part of the frames.
    mutating func next(_ result: TaskAnswer) throws(WireError) -> Payload {
        let count = Int(clamping: result.hits)
        var rows = try PackedHits.decode(
            hits, range: nextHit..<nextHit + count, idByteCount: ids.count)
        nextHit += count
        guard result.sort.isEmpty || result.sort.count == count else {
            throw .malformedHits(reason: "\(result.sort.count) sort values for \(count) hits")
        }
        let own = try ownIDs(of: &rows)
        let values = try result.sort.map { values throws(WireError) in try Self.values(values) }
        let found = ShardHits(rows, ids: own, values: values)
        guard !result.documentLengths.isEmpty else { return Payload(hits: found, sources: nil) }
        return Payload(
            hits: found,
            sources: try documents.take(result.documentLengths, snippets: result.snippets))
    }

    /// The ids of one task's hits, one after the other, which the hits then point into: a copy, so that
    /// an answer does not keep the frame with those of other tasks.
    ///
    /// - Throws: `WireError.malformedHits` if those of all tasks overlap so much that together they are
    ///   longer than the frame: a message must not take many times its own memory.
    private mutating func ownIDs(of rows: inout [PackedHit]) throws(WireError) -> Frame {
        guard let first = rows.first?.idOffset else { return [] }
        let byteCount = rows.reduce(0) { $0 + Int($1.idLength) }
        copied += byteCount
        guard copied <= ids.count else {
            throw .malformedHits(reason: "ids of \(copied) bytes in a frame of \(ids.count) bytes")
        }
        var end = first
        let follow = rows.allSatisfy { hit in
            defer { end += hit.idLength }
            return hit.idOffset == end
        }
        if follow {
            for position in rows.indices { rows[position].idOffset -= first }
            return Array(ids[Int(first)..<Int(end)])
        }
        var own: Frame = []
        own.reserveCapacity(byteCount)
        for position in rows.indices {
            let start = Int(rows[position].idOffset)
            rows[position].idOffset = UInt32(own.count)
            own.append(contentsOf: ids[start..<start + Int(rows[position].idLength)])
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
