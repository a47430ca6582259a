import TestSupport
import Testing

@testable import SearchIndex

/// Whatever the bytes of an index are, once its checksums are right: no search of any kind traps,
/// reads out of range or goes on for ever.
@Suite(.timeLimit(.minutes(10)))
struct DamagedSearchTests {
    @Test
    func `the lists have blocks of every kind, several groups of positions and short lists`() throws
    {
        let subject = try DamageSubject(DamageCorpus.lists, DamageCorpus.listsSchema())
        let field = subject.reader.fields[0]
        var kinds: [BlockKind: Set<Int>] = [:]
        var blockCounts: Set<Int> = []
        for term in ["ape", "bee", "cat", "dog", "eel", "fox"] {
            let entry = try #require(try field.lookup(Array(term.utf8)))
            try field.postings.read { (bytes) throws(Malformed) in
                let list = try PostingsLayout(
                    entry, bytes, base: 0, hasPositions: true,
                    documentCount: field.documentCount)
                blockCounts.insert(list.blockCount)
                for block in 0..<list.blockCount {
                    let header = try list.header(ofBlock: block, bytes)
                    kinds[header.kind, default: []].insert(header.count)
                }
            }
        }
        #expect(blockCounts.isSuperset(of: [1, 2]))
        for kind in [BlockKind.packed, .bitset, .listed] {
            #expect(kinds[kind]?.contains(128) == true, "\(kind)")
        }
        #expect(kinds[.packed]?.contains { $0 < 128 } == true)
        #expect(kinds[.listed]?.contains { $0 < 128 } == true)
    }

    @Test
    func `no search of lists traps on a changed byte of theirs`() throws {
        var random = SeededRandom.forTest("damaged lists")
        let subject = try DamageSubject(DamageCorpus.lists, DamageCorpus.listsSchema())
        let field = try #require(subject.reader.fields.first)
        for kind in [SectionKind.terms, .termIndex, .postings, .positions] {
            let section = try #require(subject.image.place(of: kind, field: 0))
            for place in subject.image.sections[section].bytes.indices {
                let term = try subject.term(of: field, kind, place) ?? "ape"
                let search = DamageCorpus.listsSearch(term)
                for change in DamageSubject.changes(&random) {
                    try subject.check(section, search, at: place) { $0[place] ^= change }
                }
            }
        }
    }

    @Test
    func `no search traps on a changed byte of typed fields or documents`() throws {
        var random = SeededRandom.forTest("damaged fields")
        let subject = try DamageSubject(DamageCorpus.typed, DamageCorpus.typedSchema())
        let fields = try DamageCorpus.typedSchema().fields.map(\.name)
        for (section, found) in subject.image.sections.enumerated() {
            let search =
                found.field == SegmentFormat.noField
                ? DamageCorpus.typedDocuments
                : DamageCorpus.typedSearch(fields[Int(found.field)])
            for place in found.bytes.indices {
                for (turn, change) in DamageSubject.changes(&random).enumerated() {
                    let part = search.part(place + turn, of: 3)
                    try subject.check(section, part, at: place) { $0[place] ^= change }
                }
            }
        }
    }

    @Test
    func `no search traps on a section that is cut or too long`() throws {
        let lists = try DamageSubject(DamageCorpus.lists, DamageCorpus.listsSchema())
        let typed = try DamageSubject(DamageCorpus.typed, DamageCorpus.typedSchema())
        let fields = try DamageCorpus.typedSchema().fields.map(\.name)
        for (section, found) in lists.image.sections.enumerated() where found.field == 0 {
            let kind = try #require(SectionKind(rawValue: found.kind))
            for length in found.bytes.indices {
                let term = try lists.term(of: lists.reader.fields[0], kind, length) ?? "ape"
                let search = DamageCorpus.listsSearch(term).part(length, of: 3)
                try lists.check(section, search, extents: [.all], at: length) {
                    $0 = Array($0[..<length])
                }
            }
        }
        for (section, found) in typed.image.sections.enumerated() {
            let search =
                found.field == SegmentFormat.noField
                ? DamageCorpus.typedDocuments
                : DamageCorpus.typedSearch(fields[Int(found.field)])
            for length in 0..<found.bytes.count + 10 {
                let part = search.part(length, of: 3)
                try typed.check(section, part, extents: [.all], at: length) {
                    $0 = Array(($0 + [UInt8](repeating: 0xFF, count: 10))[..<length])
                }
            }
        }
    }

    @Test
    func `no search traps on a changed byte of the section table or trailer`() throws {
        var random = SeededRandom.forTest("damaged tables")
        let subject = try DamageSubject(DamageCorpus.typed, DamageCorpus.typedSchema())
        let sound = subject.image.bytes
        let table = sound.count - subject.image.sections.reduce(16) { $0 + $1.bytes.count }
        let search = DamageCorpus.typedDocuments
        for place in sound.count - table..<sound.count {
            for change in DamageSubject.changes(&random) {
                var damaged = sound
                damaged[place] ^= change
                SegmentRepair.seal(&damaged)
                if let index = try subject.bed.open(segment: damaged) {
                    #expect(
                        search.part(place, of: 2).run(on: index),
                        "byte \(place) of the file ^ \(change)")
                }
            }
        }
    }

    @Test
    func `no search traps on a changed byte of the index's description`() throws {
        var random = SeededRandom.forTest("damaged descriptions")
        let subject = try DamageSubject(DamageCorpus.typed, DamageCorpus.typedSchema())
        let reader = try EmbeddedIndex(directory: subject.bed.directory)
        let sealed = reader.description.encoded
        let object = Array(
            try #require(sealed.lastIndex(of: UInt8(ascii: ",")).map { sealed[..<$0] }))
        let search = DamageCorpus.typedDocuments
        for place in object.indices {
            for change in DamageSubject.changes(&random) {
                var damaged = object + [UInt8(ascii: "}")]
                damaged[place] ^= change
                if let index = try subject.bed.open(description: damaged) {
                    #expect(search.run(on: index), "byte \(place) of the description ^ \(change)")
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `no merge traps on a changed byte`(isTyped: Bool) throws {
        var random = SeededRandom.forTest("damaged merges")
        let subject =
            isTyped
            ? try DamageSubject(DamageCorpus.typed, DamageCorpus.typedSchema())
            : try DamageSubject(DamageCorpus.lists, DamageCorpus.listsSchema())
        for (section, found) in subject.image.sections.enumerated() {
            // A merge takes as long as many searches: some bytes of each section in each run.
            let step = max(4, found.bytes.count / 8)
            let first = Int.random(in: 0..<step, using: &random)
            for place in stride(from: first, to: found.bytes.count, by: step) {
                for change in DamageSubject.changes(&random) {
                    var bytes = found.bytes
                    bytes[place] ^= change
                    var image = subject.image
                    image.sections[section] = found.replacing(bytes)
                    try subject.bed.merge(segment: image.bytes)
                }
            }
        }
    }
}
