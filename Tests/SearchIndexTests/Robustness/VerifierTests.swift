import Testing

@testable import SearchIndex

/// What `index verify` says of an index whose checksums are right and whose content is not.
struct VerifierTests {
    private let subject: DamageSubject

    init() throws {
        subject = try DamageSubject(DamageCorpus.lists, DamageCorpus.listsSchema())
    }

    /// The problems after a change of a section, all of which must be in `found`.
    private func problems(
        _ kind: SectionKind, field: UInt16 = 0, in found: SectionKind? = nil,
        change: (inout [UInt8]) throws -> Void
    ) throws -> [String] {
        let section = try #require(subject.image.place(of: kind, field: field))
        var bytes = subject.image.sections[section].bytes
        try change(&bytes)
        var image = subject.image
        image.sections[section] = image.sections[section].replacing(bytes)
        _ = try subject.bed.open(segment: image.bytes)
        let problems = IndexVerifier.verify(directory: subject.bed.directory)
        let name = (found ?? kind).name(
            field: field == SegmentFormat.noField ? nil : subject.reader.fields[0].name)
        #expect(problems.allSatisfy { $0.section == name }, "\(problems)")
        #expect(!problems.isEmpty)
        return problems.map(\.message)
    }

    /// Where the list of a term starts, and its number of bounds.
    private func list(_ term: String) throws -> (start: Int, bounds: Int, blocks: Int) {
        let field = subject.reader.fields[0]
        let entry = try #require(try field.lookup(Array(term.utf8)))
        let bounds = try field.postings(entry).termBounds().count
        return (entry.postings.lowerBound, bounds, entry.blockCount)
    }

    @Test
    func `an index with every kind of block has no problems`() {
        #expect(IndexVerifier.verify(directory: subject.bed.directory) == [])
    }

    @Test(arguments: [0, 1])
    func `a rank that is not the score of the document there is found`(index: Int) throws {
        let list = try list("ape")
        let messages = try problems(.postings) {
            $0[list.start + 1 + 2 * list.bounds + 2 * index + 1] += 40
        }
        let rank = SegmentFormat.storedRanks[index]
        #expect(messages.contains { $0.contains("at rank \(rank)") }, "\(messages)")
    }

    @Test
    func `a rank beyond the end of a list is found`() throws {
        let list = try list("ape")
        let messages = try problems(.postings) { $0[list.start + 1 + 2 * list.bounds + 4] = 1 }
        #expect(messages.contains { $0.contains("no rank 1000 of 14") }, "\(messages)")
    }

    @Test
    func `a block whose best bound is not first is found`() throws {
        let list = try list("ape")
        let best = list.start + 1 + 2 * (list.bounds + 3) + 4 * list.blocks + 6
        let data = list.start + 1 + 2 * (list.bounds + 3) + 4 * list.blocks + 12 * list.blocks
        let messages = try problems(.postings) { bytes in
            for byte in 0..<2 { bytes.swapAt(best + byte, data + byte) }
        }
        #expect(messages.contains { $0.contains("best bound of block 0 first") }, "\(messages)")
    }

    @Test
    func `a block with a posting that no pair bounds is found`() throws {
        let list = try list("bee")
        let best = list.start + 1 + 2 * (list.bounds + 3) + 4 * list.blocks + 6
        let messages = try problems(.postings) { $0[best + 1] = 255 }
        #expect(messages.contains { $0.contains("bound") }, "\(messages)")
    }

    @Test
    func `a list with a posting that no pair of the term bounds is found`() throws {
        let list = try list("ape")
        let messages = try problems(.postings) {
            $0[list.start + 2 * list.bounds] = 255
        }
        #expect(messages.contains { $0.contains("bounds of document") }, "\(messages)")
    }

    @Test
    func `a length that the postings do not add up to is found`() throws {
        let messages = try problems(.lengths) { $0[0] += 1 }
        #expect(messages.contains { $0.contains("expected code") }, "\(messages)")
    }

    @Test(arguments: [
        Double.nan.bitPattern, Double.infinity.bitPattern, Double(0).bitPattern,
        Double(-1).bitPattern,
    ])
    func `norms of no possible average length are refused`(bits: UInt64) throws {
        let messages = try problems(.fields, field: SegmentFormat.noField) { bytes in
            for byte in 0..<8 { bytes[18 + byte] = UInt8(bits >> UInt64(8 * byte) & 0xFF) }
        }
        #expect(messages.contains { $0.contains("average length above 0") }, "\(messages)")
    }

    @Test(arguments: [(26, Float.nan), (26, -1), (26, 1e6), (30, .nan), (30, 1.5)])
    func `norms with parameters out of range are refused`(place: Int, value: Float) throws {
        let messages = try problems(.fields, field: SegmentFormat.noField) { bytes in
            for byte in 0..<4 {
                bytes[place + byte] = UInt8(value.bitPattern >> UInt32(8 * byte) & 0xFF)
            }
        }
        #expect(messages.contains { $0.contains("k1 and b in range") }, "\(messages)")
    }

    @Test
    func `more tokens than the positions can hold are refused, so that no merge is cut to pieces`()
        throws
    {
        let messages = try problems(.fields, field: SegmentFormat.noField) { $0[11] = 1 }
        #expect(messages.contains { $0.contains("tokens of field \"body\"") }, "\(messages)")
    }

    @Test
    func `a bit behind the last document of a list with a bitmap is found`() throws {
        let list = try list("fox")
        let bitmap = list.start + 1 + 2 * (list.bounds + 3) + (4 + 12) * list.blocks
        let messages = try problems(.postings) { $0[bitmap + 170] |= 1 }
        #expect(messages.contains { $0.contains("a bitmap of") }, "\(messages)")
    }

    @Test
    func `norms of another average length than that of the index are found`() throws {
        let messages = try problems(.fields, field: SegmentFormat.noField) { $0[24] ^= 1 }
        #expect(messages.contains { $0.contains("average length") }, "\(messages)")
    }
}
