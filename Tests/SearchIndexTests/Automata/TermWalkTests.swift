import TestSupport
import Testing

@testable import SearchIndex

struct TermWalkTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func randomTerms(_ count: Int, using random: inout SeededRandom) -> [[UInt8]] {
        var terms = Set<[UInt8]>()
        while terms.count < count {
            let length = Int.random(in: 1...9, using: &random)
            let text = (0..<length).map { _ in
                ["a", "b", "c", "d", "é", "日"].randomElement(using: &random)!
            }
            terms.insert(Array(text.joined().utf8))
        }
        return terms.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test(arguments: [1, 16, 17, 400, 3_000])
    func `seeking gives the first term that is not below the target`(count: Int) throws {
        var random = SeededRandom.forTest("seeking \(count)")
        let terms = randomTerms(count, using: &random)
        let dictionary = try folder.dictionary(terms)
        for _ in 0..<50 {
            var iterator = TermRangeIterator(dictionary)
            var place = 0
            while place < terms.count {
                if Bool.random(using: &random) {
                    #expect(try iterator.next() != nil)
                } else {
                    // From the current term on, with a jump of any length.
                    let jump = 1 << Int.random(in: 0...11, using: &random)
                    let near = terms[
                        min(terms.count - 1, place + Int.random(in: 0..<jump, using: &random))]
                    let target = Bool.random(using: &random) ? near : Array(near.dropLast())
                    let from = max(0, place - 1)
                    let isBehindFirst = place > 0
                    let expected = terms[(isBehindFirst ? from : 0)...].firstIndex {
                        !$0.lexicographicallyPrecedes(target)
                    }
                    let entry = try iterator.seek(target.span)
                    #expect((entry == nil) == (expected == nil))
                    place = expected ?? terms.count
                }
                if place < terms.count { #expect(iterator.term == terms[place]) }
                place += 1
            }
        }
    }

    @Test func `a walk gives all terms that match, in order, with their entries`() throws {
        var random = SeededRandom.forTest("walks")
        let terms = randomTerms(2_000, using: &random)
        let dictionary = try folder.dictionary(terms)
        let patterns: [ExpansionQuery.Pattern] =
            ["", "a", "ab", "é", "日d", "zz"].map { .prefix(Array($0.utf8)) }
            + ["*", "a*", "*a", "a?c*", "?", "*日*", "b*d?"].map { .wildcard(Array($0.utf8)) }
            + ["a.*", "(ab|cd)+", "[^a]*", ".{3}", "", "(é|日)+.?"].map { .regex(Array($0.utf8)) }
            + ["abc", "日ab", "dddd", "a"].flatMap { term in
                [1, 2].map {
                    .fuzzy(
                        term: Array(term.utf8), distance: $0, prefixLength: 0, transpositions: true)
                }
            }
        for pattern in patterns {
            var automaton = try pattern.automaton()
            let expected = terms.filter { automaton.matches($0.span) }
            var walk = TermWalk(dictionary, try pattern.automaton())
            var meter = WorkMeter(control: .none)
            var found: [[UInt8]] = []
            while let entry = try walk.next(&meter) {
                found.append(walk.term)
                #expect(try dictionary.lookup(walk.term) == entry)
            }
            #expect(found == expected, "\(pattern)")
        }
    }

    @Test func `a walk asks the meter and stops when it says so`() throws {
        var random = SeededRandom.forTest("stopped walk")
        let dictionary = try folder.dictionary(randomTerms(5_000, using: &random))
        var walk = TermWalk(
            dictionary, try ExpansionQuery.Pattern.wildcard(Array("*x".utf8)).automaton())
        var meter = WorkMeter(control: SearchControl { .deadline })
        #expect(throws: SearchError.deadline) { try walk.next(&meter) }
    }
}

struct ExpansionTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// The segments of a one-shard index whose documents hold the words, one list a document.
    private func segment(_ documents: [[String]], named name: String) throws -> SegmentReader {
        let lines = documents.map { #"{"body":"\#($0.joined(separator: " "))"}"# }
        let directory = try folder.build(
            lines, named: name, schema: try Schema(fields: [.text("body")]))
        let shard = try ShardReader(
            directory: directory, number: ShardNumber(0),
            of: try IndexDescription(directory: directory))
        return try #require(shard.segments.first)
    }

    private func documents(of set: DocumentSet) -> [UInt32] {
        (0..<UInt32(set.documentCount)).filter { set.contains($0) }
    }

    private func randomDocuments(_ count: Int, using random: inout SeededRandom) -> [[String]] {
        (0..<count).map { _ in
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    ["a", "b", "c", "é"].randomElement(using: &random)!
                }.joined()
            }
        }
    }

    @Test func `the documents are those that hold any matching word`() throws {
        var random = SeededRandom.forTest("expansion")
        let lists = randomDocuments(700, using: &random)
        let segment = try segment(lists, named: "one")
        for pattern in ["ab*", "*", "?", "a?c", "*é", "zz*"] {
            let pattern = ExpansionQuery.Pattern.wildcard(Array(pattern.utf8))
            var automaton = try pattern.automaton()
            let expected = lists.indices.filter { number in
                lists[number].contains { automaton.matches(Array($0.utf8).span) }
            }
            var meter = WorkMeter(control: .none)
            let found = try ExpansionQuery(field: "body", pattern: pattern).documents(
                in: segment, meter: &meter, limits: ExpansionLimits())
            #expect(documents(of: found) == expected.map { UInt32($0) }, "\(pattern)")
        }
    }

    @Test func `the limit counts the terms of all segments together`() throws {
        var random = SeededRandom.forTest("expansion limit")
        let lists = (0..<2).map { _ in randomDocuments(60, using: &random) }
        let segments = try lists.enumerated().map { try segment($1, named: "\($0)") }
        let terms = Set(lists.joined().joined().map { Array($0.utf8) })
            .sorted { $0.lexicographicallyPrecedes($1) }
        let query = ExpansionQuery(field: "body", pattern: .prefix([]))
        for limit in [1, 10, terms.count - 1, terms.count, terms.count + 1] {
            var meter = WorkMeter(control: .none)
            let cut = try query.expansion(
                in: segments, meter: &meter,
                limits: ExpansionLimits(maximumTerms: limit, excess: .cut))
            #expect(cut.isCut == (limit < terms.count))
            let kept = Set(terms.prefix(limit))
            for (number, segment) in segments.enumerated() {
                let found = try query.documents(
                    holding: cut.entries[number], in: segment, meter: &meter)
                let expected = lists[number].indices.filter { document in
                    lists[number][document].contains { kept.contains(Array($0.utf8)) }
                }
                #expect(documents(of: found) == expected.map { UInt32($0) })
            }
            let limits = ExpansionLimits(maximumTerms: limit)
            if limit < terms.count {
                #expect(throws: SearchError.tooManyTerms(field: "body", limit: limit)) {
                    try query.expansion(in: segments, meter: &meter, limits: limits)
                }
            } else {
                #expect(
                    try !query.expansion(in: segments, meter: &meter, limits: limits).isCut)
            }
        }
    }

    @Test func `a field that the segment lacks has no documents`() throws {
        let segment = try segment([["a"]], named: "one")
        var meter = WorkMeter(control: .none)
        let query = ExpansionQuery(field: "other", pattern: .prefix([]))
        let found = try query.documents(in: segment, meter: &meter, limits: ExpansionLimits())
        #expect(found.count == 0)
    }
}
