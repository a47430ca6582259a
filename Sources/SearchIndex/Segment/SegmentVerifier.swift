/// Checks every byte of a segment: checksums of all sections, then what they hold.
///
/// Header, footer and the section table were checked when it was opened; the sections lie between
/// them without gaps, so their checksums cover the rest of the file.
struct SegmentVerifier {
    /// What was found wrong, at most one problem per section and one per check.
    private(set) var problems: [IndexProblem] = []
    private let segment: SegmentReader

    init(_ segment: SegmentReader) { self.segment = segment }

    /// Checks the segment; content only when all checksums are right.
    mutating func verify(shard: ShardNumber, shardCount: Int?) {
        for entry in segment.footer.sections { verifyChecksum(entry) }
        guard problems.isEmpty else { return }
        let checks = self
        attempt { () throws(IndexError) in
            try checks.verifyDocuments(shard: shard, shardCount: shardCount)
        }
        attempt { () throws(IndexError) in try checks.verifyStore() }
        for field in segment.fields {
            attempt { () throws(IndexError) in try FieldVerifier(field).verify() }
        }
        for column in segment.columns {
            attempt { () throws(IndexError) in try ColumnVerifier(column).verify() }
        }
    }

    private mutating func attempt(_ check: () throws(IndexError) -> Void) {
        do throws(IndexError) {
            try check()
        } catch {
            problems.append(IndexProblem(error))
        }
    }

    private mutating func verifyChecksum(_ entry: SectionEntry) {
        let start = Int(entry.byteOffset)
        let found = segment.file.withBytes(start..<start + Int(entry.byteCount)) { bytes in
            CRC32C.checksum(bytes)
        }
        guard found != entry.checksum else { return }
        problems.append(
            IndexProblem(
                file: segment.path, section: name(of: entry),
                message: "damaged data: checksum \(Hexadecimal.text(found)), "
                    + "expected \(Hexadecimal.text(entry.checksum))"))
    }

    private func name(of entry: SectionEntry) -> String {
        guard let kind = SectionKind(rawValue: entry.kind) else { return "section \(entry.kind)" }
        let field = segment.fields.first { $0.number.rawValue == entry.field }?.name
        let column = segment.columns.first { $0.number.rawValue == entry.field }?.name
        return kind.name(field: field ?? column)
    }

    private func verifyDocuments(shard: ShardNumber, shardCount: Int?) throws(IndexError) {
        var previous: OrderKey?
        var end = 0
        for number in 0..<UInt32(segment.documentCount) {
            let document = DocumentNumber(number)
            let key = try segment.orderKey(of: document)
            if let previous, previous >= key {
                throw segment.orderKeys.corrupt(
                    Malformed(at: 8 * Int(number), expected: "ascending order keys"))
            }
            previous = key
            let id = try segment.id(of: document)
            end += id.count
            guard let shardCount else { continue }
            let home = ShardNumber.shard(ofID: id, shardCount: shardCount)
            guard home == shard else {
                throw segment.ids.corrupt(
                    Malformed(
                        at: end - id.count, expected: "ids of shard \(shard)",
                        found: "one of shard \(home)"))
            }
        }
        guard end == segment.ids.count else {
            throw segment.ids.corrupt(Malformed(at: end, expected: "the end of the section"))
        }
    }

    private func verifyStore() throws(IndexError) {
        guard let store = segment.store else { return }
        guard store.index.count % SegmentFormat.storeEntryBytes == 0 else {
            throw store.index.corrupt(Malformed(at: store.index.count, expected: "whole entries"))
        }
        var nextDocument = 0
        var nextByte = 0
        for block in 0..<store.blockCount {
            let entry = try store.entry(ofBlock: block)
            guard entry.documents.lowerBound == nextDocument, entry.bytes.lowerBound == nextByte
            else {
                throw store.index.corrupt(
                    Malformed(
                        at: SegmentFormat.storeEntryBytes * block,
                        expected: "document \(nextDocument) at byte \(nextByte)"))
            }
            nextDocument = entry.documents.upperBound
            nextByte = entry.bytes.upperBound
            let content = try store.content(of: entry)
            for place in 0..<entry.documents.count {
                do throws(Malformed) {
                    let json = try StoreReader.document(
                        place, of: entry.documents.count, in: content.span)
                    try Self.verifyJSON(json)
                } catch {
                    throw store.blocks.corrupt(
                        Malformed(at: entry.bytes.lowerBound, expected: error.expected))
                }
            }
        }
        guard nextDocument == segment.documentCount, nextByte == store.blocks.count else {
            throw store.index.corrupt(
                Malformed(at: store.index.count, expected: "blocks of all documents"))
        }
    }

    private static func verifyJSON(_ json: [UInt8]) throws(Malformed) {
        var scanner = JSONScanner()
        do throws(JSONError) {
            try scanner.skipValue(json.span)
            try scanner.finish(json.span)
        } catch {
            throw Malformed(at: 0, expected: "documents in JSON")
        }
    }
}
