/// Reads every byte of an index and checks it.
///
/// Of every file the checksums, which cover all of its bytes; of segments also that documents,
/// terms, postings, positions and stored documents fit together and are in the shard their ids
/// belong to; of the whole that files, builds, fields,
/// deleted documents, document frequencies and statistics agree. Takes time in the size
/// of the index; memory for one shard's largest section at most, plus 8 bytes per document.
public struct IndexVerifier {
    private let directory: String
    private var problems: [IndexProblem] = []
    private var documents: UInt64 = 0
    private var segments: [SegmentReader] = []
    private var tokens: [[UInt8]: UInt64] = [:]

    private init(directory: String) { self.directory = directory }

    /// Verifies the index in a directory.
    ///
    /// - Parameter progress: Is told after each shard how many of how many are done.
    /// - Returns: All problems, in the order of the files; none for a sound index.
    public static func verify(
        directory: String, progress: (_ shardsDone: Int, _ shards: Int) -> Void = { _, _ in }
    ) -> [IndexProblem] {
        var verifier = IndexVerifier(directory: directory)
        verifier.run(progress)
        return verifier.problems
    }

    private mutating func run(_ progress: (Int, Int) -> Void) {
        var index: IndexDescription?
        do throws(IndexError) {
            index = try IndexDescription(directory: directory)
        } catch {
            problems.append(IndexProblem(error))
        }
        guard let count = index?.shardCount ?? shardsFound() else { return }
        for number in 0..<count {
            verifyShard(ShardNumber(UInt32(number)), of: index)
            progress(number + 1, count)
        }
        reportStrangers(in: "\(directory)/shards", expected: shardNames(count))
        reportStrangers(in: directory, expected: [IndexDescription.fileName, "shards"])
        // Totals say nothing new where documents could not be read.
        if let index, problems.isEmpty {
            verifyStatistics(index)
            problems += FrequencyVerifier(segments).problems()
        }
    }

    private func shardNames(_ count: Int) -> Set<String> {
        Set(
            (0..<count).map {
                TemporaryDirectory.lastComponent(
                    of: ShardManifest.folder(of: ShardNumber(UInt32($0)), in: directory))
            })
    }

    /// The number of shard folders, when only they can tell.
    private func shardsFound() -> Int? {
        (try? FileSystem.names(in: "\(directory)/shards"))?.count
    }

    private mutating func verifyShard(_ number: ShardNumber, of index: IndexDescription?) {
        let folder = ShardManifest.folder(of: number, in: directory)
        let path = "\(folder)/\(ShardManifest.fileName)"
        var manifest: ShardManifest?
        do throws(IndexError) {
            let found = try ShardManifest(folder: folder)
            manifest = found
            if found.number != number {
                report(path, "the manifest of shard \(found.number), expected \(number)")
            }
            if let index, found.buildID != index.buildID {
                report(path, "build \(found.buildID), expected \(index.buildID)")
            }
        } catch {
            problems.append(IndexProblem(error))
        }
        let names = manifest?.segments.map(\.file) ?? segmentsFound(in: folder)
        for (place, name) in names.enumerated() {
            verifySegment(
                "\(folder)/\(name)", manifest?.segments[place], manifest?.buildID, number, index)
        }
        reportStrangers(
            in: folder,
            expected: Set(names + [ShardManifest.fileName]).union(manifest?.fileNames ?? []))
    }

    private func segmentsFound(in folder: String) -> [String] {
        ((try? FileSystem.names(in: folder)) ?? []).filter { $0.hasSuffix(".seg") }
    }

    private mutating func verifySegment(
        _ path: String, _ entry: ShardManifest.Segment?, _ buildID: BuildID?,
        _ number: ShardNumber, _ index: IndexDescription?
    ) {
        let segment: SegmentReader
        do throws(IndexError) {
            segment = try SegmentReader(path: path)
        } catch {
            problems.append(IndexProblem(error))
            return
        }
        if let buildID, segment.buildID != buildID {
            report(path, "build \(segment.buildID), expected \(buildID)", "footer")
        }
        if let entry,
            segment.documentCount != Int(entry.documents)
                || UInt64(segment.file.byteCount) != entry.byteCount
        {
            report(
                path,
                "\(segment.documentCount) documents in \(segment.file.byteCount) bytes, "
                    + "expected \(entry.documents) in \(entry.byteCount)", "footer")
        }
        if let entry { verifyDeletes(entry, of: segment) }
        segments.append(segment)
        var verifier = SegmentVerifier(segment)
        verifier.verify(shard: number, shardCount: index?.shardCount)
        problems += verifier.problems
        documents += UInt64(segment.documentCount)
        if let index, (segment.store != nil) != index.schema.storesSource {
            report(path, "documents stored and schema disagree", "store")
        }
        for field in segment.fields {
            tokens[Array(field.name.utf8), default: 0] &+= field.tokenCount
            if let index { verifyField(field, of: index, path) }
        }
    }

    private mutating func verifyDeletes(
        _ entry: ShardManifest.Segment, of segment: SegmentReader
    ) {
        var live = segment.documentCount
        var path = segment.path
        if let name = entry.deletes {
            path = segment.path.dropLast(entry.file.count) + name
            do throws(IndexError) {
                let bitmap = try DeleteBitmap(path: path, documentCount: segment.documentCount)
                live -= bitmap.deletedCount
            } catch {
                problems.append(IndexProblem(error))
                return
            }
        }
        if live != Int(entry.liveDocuments) {
            report(path, "\(live) live documents, expected \(entry.liveDocuments)", "delete bitmap")
        }
    }

    private mutating func verifyField(
        _ field: FieldReader, of index: IndexDescription, _ path: String
    ) {
        let number = Int(field.number.rawValue)
        let fields = index.schema.fields
        guard number < fields.count, fields[number].isIndexed, fields[number].kind == field.kind,
            fields[number].name.utf8.elementsEqual(field.name.utf8)
        else {
            report(path, "field \"\(field.name)\" is not field \(number) of the schema", "fields")
            return
        }
        let norms = NormParameters(
            tokens: index.statistics.field(named: field.name)?.tokens ?? 0,
            documents: index.statistics.documents, fields[number].bm25)
        if field.buildNorms != norms {
            report(
                path, "field \"\(field.name)\": \(field.buildNorms), expected \(norms)", "fields")
        }
    }

    private mutating func verifyStatistics(_ index: IndexDescription) {
        let path = "\(directory)/\(IndexDescription.fileName)"
        let sealed = index.statistics
        if sealed.documents != documents {
            report(path, "statistics of \(sealed.documents) documents, found \(documents)")
        }
        for field in sealed.fields {
            let found = tokens[Array(field.name.utf8)] ?? 0
            if found != field.tokens {
                report(path, "field \"\(field.name)\": \(field.tokens) tokens, found \(found)")
            }
        }
    }

    private mutating func reportStrangers(in folder: String, expected: Set<String>) {
        for name in (try? FileSystem.names(in: folder)) ?? [] where !expected.contains(name) {
            report("\(folder)/\(name)", "not part of the index")
        }
    }

    private mutating func report(_ file: String, _ message: String, _ section: String? = nil) {
        problems.append(IndexProblem(file: file, section: section, message: message))
    }
}
