import TestSupport
import Testing

@testable import SearchIndex

/// Damage in column sections behind right checksums never traps.
struct ColumnDamageTests {
    /// Reads all that a column has, whatever it is.
    private func exercise(_ path: String) {
        guard let segment = try? SegmentReader(path: path) else { return }
        var meter = WorkMeter(control: .none)
        for column in segment.columns {
            for document in 0..<UInt32(segment.documentCount) {
                var values: [UInt64] = []
                _ = try? column.appendValues(of: document, to: &values)
                for value in values { _ = try? column.fieldValue(value) }
            }
            let text = RangeBound(value: .text(Array("w1".utf8)), isInclusive: true)
            let number = RangeBound(value: .integer(7), isInclusive: false)
            for bound in [text, number] {
                let range = RangeQuery(field: column.name, lower: bound, upper: nil)
                _ = try? range.documents(in: segment, meter: &meter)
            }
            _ = try? ExistsQuery(field: column.name).documents(in: segment, meter: &meter)
        }
    }

    @Test func `every changed byte and every cut of a column is survived`() throws {
        var random = SeededRandom.forTest("column damage")
        let folder = try ScratchFolder()
        // Sparse with several values, and full with one.
        for round in [1, 0] {
            let corpus = ColumnCorpus(documents: 5, round: round, &random)
            let path = try corpus.segment(in: folder, named: "index\(round)").path
            let sound = try folder.read(path)
            let sections = try SegmentReader(path: path).footer.sections.filter {
                [.column, .columnDictionary, .fields].contains(SectionKind(rawValue: $0.kind))
            }
            #expect(sections.count == 11)
            for section in sections {
                for place in Int(section.byteOffset)..<Int(section.byteOffset + section.byteCount) {
                    for change: UInt8 in [0x01, 0x80, UInt8.random(in: 2...255, using: &random)] {
                        var damaged = sound
                        damaged[place] ^= change
                        SegmentRepair.seal(&damaged)
                        try folder.write(damaged, to: path)
                        exercise(path)
                        // Must end and not trap; a changed value may be a sound one.
                        _ = IndexVerifier.verify(directory: "\(folder.path)/index\(round)")
                    }
                }
            }
        }
    }

    @Test func `a column section cut at any length is refused`() throws {
        var collector = ColumnCollector(kind: .double)
        for document in [UInt32(0), 0, 3] { collector.append(UInt64(document) + 7, of: document) }
        let bytes = collector.encode(documentCount: 4).column.bytes
        #expect(throws: Never.self) { try ColumnLayout(bytes.span, documentCount: 4) }
        for length in bytes.indices {
            #expect(throws: Malformed.self) {
                try ColumnLayout(Array(bytes[..<length]).span, documentCount: 4)
            }
        }
    }
}
