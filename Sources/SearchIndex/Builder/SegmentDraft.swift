/// A new segment while its fields are made.
struct SegmentDraft: Sendable {
    /// A field of it, complete.
    struct FieldDraft: Sendable {
        let entry: FieldTable.Entry
        /// Nil when the field is not indexed by terms.
        let terms: TermsDraft?
        /// The column and its dictionary, if there are any.
        fileprivate(set) var column: SectionBuffer?
        fileprivate(set) var columnDictionary: SectionBuffer?
    }

    /// The terms of a field, complete.
    struct TermsDraft: Sendable {
        let dictionary: TermDictionaryWriter
        let postings: SectionBuffer
        let positions: SectionBuffer?
        let lengthCodes: [UInt8]
    }

    private(set) var fields: [FieldDraft] = []
    private var dictionary = TermDictionaryWriter()
    private var postings = SectionBuffer()
    private var positions = SectionBuffer()
    private var tokenCount: UInt64 = 0

    /// The bytes of the current field's postings that are in memory.
    var byteCount: Int { postings.memoryByteCount + positions.memoryByteCount }

    /// The bytes of complete fields' columns that are in memory.
    var columnByteCount: Int {
        fields.reduce(0) {
            $0 + ($1.column?.memoryByteCount ?? 0) + ($1.columnDictionary?.memoryByteCount ?? 0)
        }
    }

    /// Adds terms to the current field.
    mutating func append(_ terms: MergedTerms, segment: Int, hasPositions: Bool) {
        terms.append(segment: segment, hasPositions: hasPositions, to: &dictionary)
        postings.append(terms.shares[segment].postings)
        positions.append(terms.shares[segment].positions)
        tokenCount += terms.shares[segment].tokenCount
    }

    /// Moves the current field's postings to the scratch file.
    mutating func spill(to scratch: inout ScratchFile) throws(IndexError) {
        try postings.spill(to: &scratch)
        try positions.spill(to: &scratch)
    }

    /// Moves the columns of complete fields to the scratch file.
    mutating func spillColumns(to scratch: inout ScratchFile) throws(IndexError) {
        for field in fields.indices {
            try fields[field].column?.spill(to: &scratch)
            try fields[field].columnDictionary?.spill(to: &scratch)
        }
    }

    /// Completes the current field; the next terms are of another.
    mutating func finishField(
        _ field: Field, number: FieldNumber, norms: NormParameters, lengthCodes: [UInt8],
        column: ColumnCollector.Sections?
    ) {
        let isText = field.kind == .text
        // A keyword's length is 1 where there is a value, however many there are.
        let values = lengthCodes.reduce(0) { $0 + ($1 == 0 ? 0 : 1) as UInt64 }
        fields.append(
            FieldDraft(
                entry: FieldTable.Entry(
                    number: number.rawValue, kind: field.kind,
                    tokenCount: isText ? tokenCount : values,
                    termCount: UInt32(dictionary.termCount), norms: norms, name: field.name,
                    hasColumn: column != nil),
                terms: TermsDraft(
                    dictionary: dictionary, postings: postings,
                    positions: isText ? positions : nil, lengthCodes: lengthCodes),
                column: column.map { SectionBuffer($0.column) },
                columnDictionary: column?.dictionary.map { SectionBuffer($0) }))
        dictionary = TermDictionaryWriter()
        postings = SectionBuffer()
        positions = SectionBuffer()
        tokenCount = 0
    }

    /// Adds a field that has a column and no terms.
    mutating func append(
        _ field: Field, number: FieldNumber, column: ColumnCollector.Sections
    ) {
        fields.append(
            FieldDraft(
                entry: FieldTable.Entry(
                    number: number.rawValue, kind: field.kind, tokenCount: 0, termCount: 0,
                    norms: NormParameters(averageLength: 1), name: field.name, hasTerms: false,
                    hasColumn: true),
                terms: nil, column: SectionBuffer(column.column),
                columnDictionary: column.dictionary.map { SectionBuffer($0) }))
    }

    /// Begins a segment file: with the stored documents, order keys and ids.
    ///
    /// - Parameter threads: How many it may use.
    static func begin(
        _ path: String, _ documents: PlacementPlan.Target, by assembler: SegmentAssembler,
        threads: Int
    ) throws(IndexError) -> SegmentWriter.Paused {
        var writer = try SegmentWriter(path: path)
        if assembler.storesSource {
            try writeStore(documents, of: assembler.sources, to: &writer)
        }
        try writeIdentities(documents, by: assembler, threads: threads, path, to: &writer)
        return try writer.pause()
    }

    /// Completes the segment file and returns its length in bytes.
    func finish(
        _ begun: SegmentWriter.Paused, _ documents: PlacementPlan.Target,
        by assembler: SegmentAssembler, scratch: MappedFile?
    ) throws(IndexError) -> UInt64 {
        var writer = try SegmentWriter(resuming: begun)
        for field in fields {
            try Self.write(field, scratch, to: &writer)
        }
        try writer.write(.fields, FieldTable(entries: fields.map(\.entry)).encoded)
        return try writer.finish(
            documentCount: UInt32(documents.documents.count), buildID: assembler.buildID)
    }

    private static func write(
        _ field: FieldDraft, _ scratch: MappedFile?, to writer: inout SegmentWriter
    ) throws(IndexError) {
        let number = FieldNumber(field.entry.number)
        if let terms = field.terms {
            try writer.write(.terms, field: number, terms.dictionary.terms)
            try writer.write(.termIndex, field: number, terms.dictionary.index)
            try terms.postings.write(.postings, field: number, from: scratch, to: &writer)
            try terms.positions?.write(.positions, field: number, from: scratch, to: &writer)
            try writer.write(.lengths, field: number, terms.lengthCodes)
        }
        try field.column?.write(.column, field: number, from: scratch, to: &writer)
        try field.columnDictionary?.write(
            .columnDictionary, field: number, from: scratch, to: &writer)
    }

    /// Writes the stored documents, block by block.
    private static func writeStore(
        _ target: PlacementPlan.Target, of sources: [any MergeSource],
        to writer: inout SegmentWriter
    ) throws(IndexError) {
        var store = StoreWriter()
        var blocks: [UInt8] = []
        var source: [UInt8] = []
        for place in target.documents {
            source.removeAll(keepingCapacity: true)
            try sources[Int(place.source)].appendSource(of: Int(place.document), to: &source)
            store.append(source.span, to: &blocks)
            guard blocks.count >= SegmentFormat.storeBlockBytes else { continue }
            try writer.append(blocks)
            blocks.removeAll(keepingCapacity: true)
        }
        store.finish(to: &blocks)
        try writer.append(blocks)
        writer.endSection(.store)
        try writer.write(.storeIndex, store.index)
    }

    /// The order keys and ids of some documents.
    private struct Identities: Sendable {
        var keys: [UInt8] = []
        /// Where each document's id starts in `ids`.
        var starts: [UInt32] = []
        var ids: [UInt8] = []
    }

    /// Writes the order keys and ids.
    private static func writeIdentities(
        _ target: PlacementPlan.Target, by assembler: SegmentAssembler, threads: Int,
        _ path: String, to writer: inout SegmentWriter
    ) throws(IndexError) {
        let (sources, documents) = (assembler.sources, target.documents)
        let sourceKeys = try Parallel.map(sources, threads: threads) {
            (source) throws(IndexError) in
            try source.orderKeys()
        }
        let read: @Sendable (Range<Int>) throws(IndexError) -> Identities = {
            (places) throws(IndexError) in
            var output = Identities()
            output.keys.reserveCapacity(8 * places.count)
            output.starts.reserveCapacity(places.count)
            for place in documents[places] {
                let (source, document) = (Int(place.source), Int(place.document))
                output.keys.appendInteger(sourceKeys[source][document])
                output.starts.append(UInt32(truncatingIfNeeded: output.ids.count))
                try sources[source].appendID(of: document, to: &output.ids)
            }
            return output
        }
        var (keys, offsets, ids): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        let parts = stride(from: 0, to: documents.count, by: 1 << 15).map {
            $0..<min($0 + 1 << 15, documents.count)
        }
        try Parallel.forEach(parts, threads: threads, window: 2 * threads, read) { part in
            let base = UInt32(truncatingIfNeeded: ids.count)
            for start in part.starts { offsets.appendInteger(base &+ start) }
            keys += part.keys
            ids += part.ids
        }
        guard let end = UInt32(exactly: ids.count) else {
            throw IndexError(
                .limitExceeded, "more than 4 GiB of ids in a segment", file: path,
                advice: "build with more shards")
        }
        offsets.appendInteger(end)
        try writer.write(.orderKeys, keys)
        try writer.write(.idOffsets, offsets)
        try writer.write(.ids, ids)
    }
}
