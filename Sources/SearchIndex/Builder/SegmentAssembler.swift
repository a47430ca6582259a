/// Makes segments of the documents of several sources, as a plan says.
///
/// The bytes of the segments depend on the documents and the plan only: not on the threads, nor
/// on how the documents are spread over the sources.
struct SegmentAssembler {
    /// A segment that was written.
    struct Written: Sendable {
        let target: PlacementPlan.Target
        let byteCount: UInt64
        let tokenCounts: [UInt64]
    }

    let sources: [any MergeSource]
    let plan: PlacementPlan
    let buildID: BuildID
    /// Whether the segments store documents.
    let storesSource: Bool
    let threads: Int
    /// The bytes of encoded postings that are held in memory.
    let memoryBytes: Int

    /// The tokens that a thread takes at once: 8 bytes each at most, and about as many encoded.
    private static let partTokens = 4_000_000
    /// The least parts for each of several threads: so many that the last part is not long alone.
    private static let partsPerThread = 24

    /// Writes the segments to the paths given, one for each target of the plan.
    ///
    /// - Parameter fields: The fields with terms or columns and their numbers, ascending.
    func write(
        _ fields: [(number: FieldNumber, field: Field)], scratch path: String,
        to paths: [String], progress: (Int) -> Void = { _ in }
    ) throws(IndexError) -> [Written] {
        let assembler = self
        var scratch = ScratchFile(path: path)
        // What is of no field is written meanwhile.
        let (begun, drafts) = try Parallel.both(threads: threads) { () throws(IndexError) in
            try assembler.begin(paths)
        } _: { () throws(IndexError) in
            try makeFields(fields, &scratch)
        }
        let spilled = try scratch.map()
        var written: [Written] = []
        let targets = Array(plan.targets.indices)
        for start in stride(from: 0, to: targets.count, by: max(1, threads)) {
            let wave = Array(targets[start..<min(start + max(1, threads), targets.count)])
            let sizes = try Parallel.map(wave, threads: threads) { (target) throws(IndexError) in
                try drafts[target].finish(
                    begun[target], assembler.plan.targets[target], by: assembler, scratch: spilled)
            }
            for (target, size) in zip(wave, sizes) {
                written.append(
                    Written(
                        target: plan.targets[target], byteCount: size,
                        tokenCounts: drafts[target].fields.filter(\.entry.hasTerms)
                            .map(\.entry.tokenCount)))
            }
            progress(start + wave.count)
        }
        return written
    }

    /// Begins all segment files, with what is of no field.
    private func begin(_ paths: [String]) throws(IndexError) -> [SegmentWriter.Paused] {
        let (assembler, threads) = (self, max(1, threads))
        let each = max(1, threads / max(1, plan.targets.count))
        return try Parallel.map(Array(plan.targets.indices), threads: threads) {
            (target) throws(IndexError) in
            try SegmentDraft.begin(
                paths[target], assembler.plan.targets[target], by: assembler, threads: each)
        }
    }

    /// Makes the fields of all segments.
    private func makeFields(
        _ fields: [(number: FieldNumber, field: Field)], _ scratch: inout ScratchFile
    ) throws(IndexError) -> [SegmentDraft] {
        var drafts = plan.targets.map { _ in SegmentDraft() }
        for (number, field) in fields {
            let columns = field.isColumn ? try columns(of: field) : []
            if field.hasTerms {
                try makeTerms(field, number, columns, &drafts, &scratch)
            } else {
                for segment in drafts.indices {
                    drafts[segment].append(field, number: number, column: columns[segment])
                }
            }
            if drafts.reduce(0, { $0 + $1.columnByteCount }) > memoryBytes {
                for segment in drafts.indices { try drafts[segment].spillColumns(to: &scratch) }
            }
        }
        return drafts
    }

    /// The columns of a field, one for each segment.
    private func columns(of field: Field) throws(IndexError) -> [ColumnCollector.Sections] {
        var columns = plan.targets.map { _ in ColumnCollector(kind: field.kind) }
        for (source, placement) in zip(sources, plan.placements) {
            try source.appendColumn(of: field, placement, to: &columns)
        }
        let (targets, values) = (plan.targets, columns)
        return try Parallel.map(Array(targets.indices), threads: threads) {
            (target) throws(IndexError) in
            values[target].encode(documentCount: targets[target].documents.count)
        }
    }

    /// A field in the sources that have it.
    private func inputs(of field: Field) throws(IndexError) -> [any MergeField] {
        if let joint = try MemorySource.field(field, of: sources, plan, threads: threads) {
            return [joint]
        }
        let found = try Parallel.map(Array(zip(sources, plan.placements)), threads: threads) {
            (source) throws(IndexError) in try source.0.field(named: field.name, source.1)
        }
        return found.compactMap(\.self)
    }

    /// Makes a field with terms of all segments.
    private func makeTerms(
        _ field: Field, _ number: FieldNumber, _ columns: [ColumnCollector.Sections],
        _ drafts: inout [SegmentDraft], _ scratch: inout ScratchFile
    ) throws(IndexError) {
        let merger = try FieldMerger(
            inputs(of: field), of: field, documentCounts: plan.targets.map(\.documents.count))
        let parts = try merger.parts(
            tokens: Self.partTokens, atLeast: threads > 1 ? Self.partsPerThread * threads : 1)
        let encode: @Sendable (FieldMerger.Part) throws(IndexError) -> MergedTerms = {
            (part) throws(IndexError) in try merger.merge(part)
        }
        try Parallel.forEach(parts, threads: threads, window: max(1, 2 * threads), encode) {
            (terms) throws(IndexError) in
            for segment in drafts.indices where !terms.shares[segment].terms.isEmpty {
                drafts[segment].append(terms, segment: segment, hasPositions: merger.hasPositions)
            }
            if drafts.reduce(0, { $0 + $1.byteCount }) > memoryBytes {
                for segment in drafts.indices { try drafts[segment].spill(to: &scratch) }
            }
        }
        for segment in drafts.indices {
            drafts[segment].finishField(
                field, number: number, norms: merger.norms,
                lengthCodes: merger.lengthCodes[segment],
                column: field.isColumn ? columns[segment] : nil)
        }
    }
}
