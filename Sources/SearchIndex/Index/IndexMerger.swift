/// Makes one segment of all segments of each shard, without the deleted documents.
///
/// The new segments are written beside the old ones, then each shard gets its next generation,
/// then the index its statistics, which count the documents that are left. Killed at any point it
/// leaves an index that opens, and whose next merge does what was not done. One merger at a time
/// may work on an index, and no editor beside it.
public struct IndexMerger {
    private let directory: String
    private let index: IndexDescription
    private let threads: Int

    /// Opens the index in a directory.
    ///
    /// - Throws: As `IndexDescription.init(directory:)`.
    public init(
        directory: String, threads: Int = IndexBuildOptions.defaultThreadCount
    ) throws(IndexError) {
        self.directory = directory
        self.threads = max(1, threads)
        index = try IndexDescription(directory: directory)
    }

    /// Merges; does nothing to an index that has one segment a shard and no deleted documents.
    ///
    /// - Returns: Whether there was something to do.
    /// - Throws: `corrupt` or `missing` for an unsound index, `noSpace` or `inputOutput`; the
    ///   generations that were in force stay so, except of shards that were already done.
    public func merge() throws(IndexError) -> Bool {
        var shards: [ShardReader] = []
        for number in 0..<UInt32(index.shardCount) {
            let shard = ShardNumber(number)
            let reader = try ShardReader(directory: directory, number: shard, of: index)
            try removeStrangers(from: shard)
            shards.append(reader)
        }
        let documents = shards.reduce(0) { $0 + $1.documents }
        let isDone = shards.allSatisfy {
            $0.segments.count <= 1 && $0.documents == $0.liveDocuments
        }
        // Statistics of other documents are those of a merge that was killed.
        if isDone && documents == index.statistics.documents { return false }
        try write(shards)
        return true
    }

    private func write(_ shards: [ShardReader]) throws(IndexError) {
        let segments = shards.flatMap(\.segments)
        let sources = segments.map { SegmentSource($0) }
        let assembler = SegmentAssembler(
            sources: sources,
            plan: try PlacementPlan(
                sources, deleted: segments.map(\.deleted),
                PlacementPlan.Rules(shardCount: index.shardCount), threads: threads),
            buildID: index.buildID, storesSource: index.schema.storesSource, threads: threads,
            memoryBytes: IndexBuildOptions.defaultMemoryBytes)
        let names = try assembler.plan.targets.map { (target) throws(IndexError) in
            try freeName(in: folder(target.shard))
        }
        let written = try assembler.write(
            index.schema.segmentFields, scratch: "\(folder(ShardNumber(0)))/merge.scratch",
            to: zip(assembler.plan.targets, names).map { "\(folder($0.shard))/\($1)" })
        for shard in shards {
            var entries: [ShardManifest.Segment] = []
            for (segment, name) in zip(written, names) where segment.target.shard == shard.number {
                entries.append(ShardManifest.Segment(segment, file: name))
            }
            try FileSystem.synchronizeFolder(folder(shard.number))
            var editor = try ShardEditor(directory: directory, number: shard.number)
            try editor.publish(entries)
        }
        let merged = IndexDescription(
            name: index.name, buildID: index.buildID, schema: index.schema,
            shardCount: index.shardCount, statistics: index.schema.statistics(of: written))
        try AtomicFile.write(
            merged.encoded, to: IndexDescription.fileName, in: directory, replaces: true)
    }

    private func folder(_ shard: ShardNumber) -> String {
        ShardManifest.folder(of: shard, in: directory)
    }

    /// Removes what a merger or editor that was killed has left in a shard's folder.
    private func removeStrangers(from shard: ShardNumber) throws(IndexError) {
        let folder = folder(shard)
        let known = try ShardManifest(folder: folder).fileNames.union([ShardManifest.fileName])
        for name in try FileSystem.names(in: folder) where !known.contains(name) {
            FileSystem.removeTree("\(folder)/\(name)")
        }
    }

    /// A segment's name that no file of the folder has.
    private func freeName(in folder: String) throws(IndexError) -> String {
        let names = Set(try FileSystem.names(in: folder))
        var number = names.count
        while names.contains("segment-\(number).seg") { number += 1 }
        return "segment-\(number).seg"
    }
}
