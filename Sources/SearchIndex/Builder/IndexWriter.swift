/// Writes the files of an index into a folder that has no index yet.
struct IndexWriter {
    let name: String
    let buildID: BuildID
    let schema: Schema
    let shardCount: Int
    let directory: String

    /// Writes the segments of a plan, the shards' manifests, and the description.
    func write(
        _ assembler: SegmentAssembler, progress: (IndexBuildProgress) -> Void
    ) throws(IndexError) -> IndexDescription {
        let targets = assembler.plan.targets
        try FileSystem.createFolder("\(directory)/shards")
        for shard in 0..<UInt32(shardCount) {
            try FileSystem.createFolder(
                ShardManifest.folder(of: ShardNumber(shard), in: directory))
        }
        var counts: [ShardNumber: Int] = [:]
        var names: [String] = []
        for target in targets {
            counts[target.shard, default: 0] += 1
            names.append("segment-\(counts[target.shard] ?? 0).seg")
        }
        let written = try assembler.write(
            schema.segmentFields, scratch: "\(directory)/scratch",
            to: zip(targets, names).map { target, name in
                "\(ShardManifest.folder(of: target.shard, in: directory))/\(name)"
            },
            progress: { done in
                progress(IndexBuildProgress(segmentsWritten: done, segments: targets.count))
            })
        try writeManifests(written, names)
        let index = IndexDescription(
            name: name, buildID: buildID, schema: schema, shardCount: shardCount,
            statistics: schema.statistics(of: written))
        try FileSystem.synchronizeFolder("\(directory)/shards")
        try AtomicFile.write(index.encoded, to: IndexDescription.fileName, in: directory)
        return index
    }

    private func writeManifests(
        _ written: [SegmentAssembler.Written], _ names: [String]
    ) throws(IndexError) {
        var segments = [[ShardManifest.Segment]](repeating: [], count: shardCount)
        for (segment, name) in zip(written, names) {
            segments[Int(segment.target.shard.rawValue)].append(
                ShardManifest.Segment(segment, file: name))
        }
        for (number, segments) in segments.enumerated() {
            let shard = ShardNumber(UInt32(number))
            let manifest = ShardManifest(
                buildID: buildID, number: shard, generation: Generation(1), segments: segments)
            try AtomicFile.write(
                manifest.encoded, to: ShardManifest.fileName,
                in: ShardManifest.folder(of: shard, in: directory))
        }
    }
}

extension Schema {
    /// The fields that a segment has terms or a column of, with their numbers, ascending.
    var segmentFields: [(number: FieldNumber, field: Field)] {
        fields.enumerated().filter { $0.element.hasTerms || $0.element.isColumn }
            .map { (FieldNumber(UInt16($0.offset)), $0.element) }
    }

    /// The statistics of an index that consists of the segments.
    func statistics(of segments: [SegmentAssembler.Written]) -> CollectionStatistics {
        CollectionStatistics(
            documents: segments.reduce(0) { $0 + UInt64($1.target.documents.count) },
            fields: fields.filter(\.hasTerms).enumerated().map { place, field in
                FieldStatistics(
                    name: field.name,
                    tokens: segments.reduce(0) { $0 + $1.tokenCounts[place] })
            })
    }
}

extension ShardManifest.Segment {
    /// The entry of a segment that was just written.
    init(_ segment: SegmentAssembler.Written, file: String) {
        let count = UInt32(segment.target.documents.count)
        self.init(
            file: file, byteCount: segment.byteCount, documents: count, liveDocuments: count,
            deletes: nil)
    }
}
