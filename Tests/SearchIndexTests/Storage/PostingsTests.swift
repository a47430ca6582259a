import TestSupport
import Testing

@testable import SearchIndex

/// Postings, positions and bounds of random terms, through real files.
struct PostingsTests {
    private struct Posting: Equatable {
        var document: UInt32
        var positions: [UInt32]
    }

    /// What a field of one term list is, in a file of its own.
    private struct Fixture {
        let section: FileSection
        let positions: FileSection
        let entry: TermEntry

        init(
            _ postings: [Posting], codes: [UInt8], in folder: ScratchFolder
        ) throws {
            var term = PostingsWriter.Term()
            for posting in postings {
                term.documents.append(posting.document)
                term.frequencies.append(UInt32(posting.positions.count))
                var previous: UInt32 = 0
                for position in posting.positions {
                    term.positions.append(position - previous)
                    previous = position
                }
            }
            // Bytes of another term around it must not matter.
            var bytes: [UInt8] = [1, 2, 3]
            var places: [UInt8] = [4, 5]
            var writer = PostingsWriter(
                hasPositions: true, norms: NormParameters(averageLength: 20))
            let fits = writer.append(
                term, lengthCodes: codes, postings: &bytes, positions: &places)
            try #require(fits)
            entry = TermEntry(
                documentFrequency: UInt32(postings.count), globalDocumentFrequency: 0,
                postings: 3..<bytes.count, positions: 2..<places.count)
            try folder.write(bytes + [9], to: folder.path + "/postings")
            try folder.write(places + [9], to: folder.path + "/positions")
            section = try Self.open(folder.path + "/postings")
            positions = try Self.open(folder.path + "/positions")
        }

        func cursor(documentCount: Int) throws -> PostingsCursor {
            try PostingsCursor(
                entry, postings: section, positions: positions, documentCount: documentCount)
        }

        private static func open(_ path: String) throws -> FileSection {
            let file = try MappedFile(path: path)
            return try #require(
                FileSection(
                    file, name: "test", byteOffset: 0, byteCount: UInt64(file.byteCount)))
        }
    }

    private func randomPostings(
        _ count: Int, gap: UInt32, _ random: inout SeededRandom
    ) -> [Posting] {
        var document: UInt32 = 0
        return (0..<count).map { index in
            document +=
                index == 0
                ? UInt32.random(in: 0..<gap, using: &random)
                : UInt32.random(in: 1...gap, using: &random)
            var position: UInt32 = 0
            let frequency =
                Int.random(in: 1...10, using: &random) < 8
                ? 1 : Int.random(in: 1...300, using: &random)
            let positions = (0..<frequency).map { _ in
                position += UInt32.random(in: 1...40, using: &random)
                return position
            }
            return Posting(document: document, positions: positions)
        }
    }

    @Test func `the widths of a block's groups of positions stand in front of them`() throws {
        let folder = try ScratchFolder()
        // 300 positions in three groups: of 3 bits, of 1 bit, and 44 of 5 bits.
        let gaps =
            [Int](repeating: 7, count: 128) + [Int](repeating: 1, count: 128)
            + [Int](repeating: 20, count: 44)
        var position: UInt32 = 0
        let positions = gaps.map { gap in
            position += UInt32(gap)
            return position
        }
        let fixture = try Fixture(
            [Posting(document: 3, positions: positions)],
            codes: [UInt8](repeating: 1, count: 10), in: folder)
        let bytes = try fixture.positions.read { (bytes) throws(Malformed) in
            (0..<bytes.count).map { bytes[$0] }
        }
        // Two bytes of another term come first, one behind.
        #expect(Array(bytes[2..<5]) == [3, 1, 5])
        #expect(bytes.count == 2 + 3 + 16 * 3 + 16 * 1 + (44 * 5 + 7) / 8 + 1)
        var cursor = try fixture.cursor(documentCount: 10)
        #expect(try cursor.nextBlock())
        var found: [UInt32] = []
        try cursor.appendPositions(ofPosting: 0, to: &found)
        #expect(found == positions)
    }

    @Test(arguments: [1, 2, 127, 128, 129, 255, 256, 257, 2_000])
    func `postings and positions come back block by block`(count: Int) throws {
        var random = SeededRandom.forTest("postings \(count)")
        for gap: UInt32 in [1, 3, 1_000, 100_000] {
            let postings = randomPostings(count, gap: gap, &random)
            let documentCount = Int(postings[count - 1].document) + 1
            let codes = [UInt8](repeating: 7, count: documentCount)
            let folder = try ScratchFolder()
            let fixture = try Fixture(postings, codes: codes, in: folder)
            var cursor = try fixture.cursor(documentCount: documentCount)
            var found: [Posting] = []
            while try cursor.nextBlock() {
                if cursor.blockCount > 1 {
                    #expect(
                        try cursor.lastDocument(ofBlock: cursor.block).rawValue
                            == cursor.documents[cursor.count - 1])
                }
                for index in 0..<cursor.count {
                    var positions: [UInt32] = []
                    try cursor.appendPositions(ofPosting: index, to: &positions)
                    #expect(positions.count == Int(cursor.frequencies[index]))
                    found.append(
                        Posting(document: cursor.documents[index], positions: positions))
                }
            }
            #expect(found == postings)
            #expect(try cursor.nextBlock() == false)
        }
    }

    @Test
    func `positions of any posting come back in any order`() throws {
        var random = SeededRandom.forTest("positions in any order")
        let postings = randomPostings(400, gap: 5, &random)
        let documentCount = Int(postings[399].document) + 1
        let folder = try ScratchFolder()
        let fixture = try Fixture(
            postings, codes: [UInt8](repeating: 1, count: documentCount), in: folder)
        var cursor = try fixture.cursor(documentCount: documentCount)
        while try cursor.nextBlock() {
            for _ in 0..<300 {
                let index = Int.random(in: 0..<cursor.count, using: &random)
                var positions: [UInt32] = []
                try cursor.appendPositions(ofPosting: index, to: &positions)
                #expect(positions == postings[cursor.block * 128 + index].positions)
            }
        }
    }

    @Test(arguments: [1, 100, 128, 129, 1_000, 5_000])
    func `seeking finds the first block that reaches the target`(count: Int) throws {
        var random = SeededRandom.forTest("seek \(count)")
        let postings = randomPostings(count, gap: 9, &random)
        let documents = postings.map(\.document)
        let last = documents[count - 1]
        let folder = try ScratchFolder()
        let fixture = try Fixture(
            postings, codes: [UInt8](repeating: 1, count: Int(last) + 50), in: folder)
        for _ in 0..<20 {
            var cursor = try fixture.cursor(documentCount: Int(last) + 50)
            var target: UInt32 = 0
            while target < last + 40 {
                target += UInt32.random(in: 0...max(1, last / 5), using: &random)
                let expected = documents.first { $0 >= target }
                let found = try cursor.seekBlock(DocumentNumber(target))
                #expect(found == (expected != nil))
                let current = cursor.documents.prefix(cursor.count)
                #expect(current.first { $0 >= target } == expected)
                if target == 0 { target = 1 }
            }
        }
    }

    @Test
    func `bounds of blocks and terms cover every posting and stay few`() throws {
        var random = SeededRandom.forTest("bounds")
        for _ in 0..<20 {
            let count = Int.random(in: 1...700, using: &random)
            let postings = randomPostings(count, gap: 4, &random)
            let documentCount = Int(postings[count - 1].document) + 1
            let codes = (0..<documentCount).map { _ in UInt8.random(in: 1...90, using: &random) }
            let folder = try ScratchFolder()
            let fixture = try Fixture(postings, codes: codes, in: folder)
            var cursor = try fixture.cursor(documentCount: documentCount)
            let termBounds = try cursor.termBounds()
            // Lists of one block are decoded sooner than bounds are read.
            #expect(count <= 128 ? termBounds.isEmpty : (1...8).contains(termBounds.count))
            while count > 128, try cursor.nextBlock() {
                let bounds = try cursor.bounds(ofBlock: cursor.block)
                #expect((1...4).contains(bounds.count))
                for index in 0..<cursor.count {
                    let code = codes[Int(cursor.documents[index])]
                    for list in [bounds, termBounds] {
                        #expect(
                            list.contains {
                                $0.frequency >= cursor.frequencies[index]
                                    && $0.lengthCode.rawValue <= code
                            })
                    }
                }
            }
        }
    }

    @Test
    func `few undominated pairs are kept exactly`() {
        var builder = ScoreBoundBuilder()
        for (frequency, code) in [(1, 5), (3, 9), (2, 9), (3, 20), (7, 12), (1, 6)] {
            builder.insert(frequency: UInt32(frequency), lengthCode: UInt8(code))
        }
        let pairs = builder.finish(limit: 4).map { [$0.frequency, UInt32($0.lengthCode.rawValue)] }
        #expect(pairs == [[1, 5], [3, 9], [7, 12]])
        builder.insert(frequency: 1_000, lengthCode: 3)
        #expect(
            builder.finish(limit: 4)
                == [ScoreBound(frequency: .max, lengthCode: LengthCode(rawValue: 3))])
    }
}
