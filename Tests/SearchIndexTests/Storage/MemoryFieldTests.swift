import TestSupport
import Testing

@testable import SearchIndex

/// Tokens in memory become postings, however many bits their documents and positions need.
struct MemoryFieldTests {
    /// Which documents have high positions.
    enum HighPositions: CaseIterable {
        case none, one, all
    }

    /// The positions of each term in one document.
    private typealias Document = [[UInt8]: [UInt32]]
    /// The documents that have a term by their numbers, with its positions.
    private typealias Postings = [[UInt8]: [UInt32: [UInt32]]]

    private struct Run {
        var data = FieldData(Field(name: "body", kind: .text))
        var documents: [Document] = []

        init(_ random: inout SeededRandom, _ high: HighPositions) {
            let count = Int.random(in: 1...60, using: &random)
            // Some runs have few terms, or none.
            let most = [0, 1, 30, 30, 30].randomElement(using: &random) ?? 30
            let long = Int.random(in: 0..<count, using: &random)
            for document in 0..<count {
                var positions: Document = [:]
                var position: UInt32 = 0
                let isHigh = high == .all || high == .one && document == long
                for token in 0..<Int.random(in: 0...most, using: &random) {
                    if token == 3, isHigh {
                        position = .random(in: 1 << 29...1 << 30, using: &random)
                        data.jump(to: position, ahead: 0)
                    } else if Int.random(in: 0..<12, using: &random) == 0 {
                        position += .random(in: 0...100, using: &random)
                        data.jump(to: position, ahead: 0)
                    }
                    let term = Array(
                        "\(Int.random(in: 0..<25, using: &random))-of-all-the-terms".utf8
                            .suffix(Int.random(in: 14...19, using: &random)))
                    data.append(term.span)
                    positions[term, default: []].append(position)
                    position += 1
                }
                data.endDocument(UInt32(document))
                documents.append(positions)
            }
            data.finish()
        }
    }

    private static func postings(
        _ field: MemoryField, segments: Int
    ) throws -> [Postings] {
        var postings = [Postings](repeating: [:], count: segments)
        let stream = try (field as any MergeField).terms(from: nil)
        var previous: [UInt8]?
        while let term = stream.term {
            if let previous { #expect(BytesOrder.compare(previous.span, term.span) < 0) }
            previous = term
            var gathered = [PostingsWriter.Term](
                repeating: PostingsWriter.Term(), count: segments)
            try stream.collect(into: &gathered)
            for (segment, gathered) in gathered.enumerated() {
                #expect(gathered.documents == gathered.documents.sorted())
                var differences = gathered.positions[...]
                for (document, frequency) in zip(gathered.documents, gathered.frequencies) {
                    var position: UInt32 = 0
                    let positions = differences.prefix(Int(frequency)).map { difference in
                        position += difference
                        return position
                    }
                    differences = differences.dropFirst(Int(frequency))
                    #expect(postings[segment][term]?[document] == nil)
                    postings[segment][term, default: [:]][document] = positions
                }
                #expect(differences.isEmpty)
            }
            try stream.advance()
        }
        return postings
    }

    @Test(arguments: HighPositions.allCases)
    func `a run's tokens become the postings of one or several segments`(
        high: HighPositions
    ) throws {
        var random = SeededRandom.forTest("memory field, one run, \(high)")
        for _ in 0..<60 {
            let run = Run(&random, high)
            let segments = Int.random(in: 1...3, using: &random)
            var numbers: [UInt32] = []
            var places: [UInt32] = []
            var counts = [UInt32](repeating: 0, count: segments)
            var expected = [Postings](repeating: [:], count: segments)
            for document in run.documents {
                let segment = Int.random(in: 0..<segments, using: &random)
                places.append(UInt32(segment))
                guard Int.random(in: 0..<5, using: &random) > 0 else {
                    numbers.append(DocumentPlacement.dropped)
                    continue
                }
                // Those in between are of other sources.
                counts[segment] += .random(in: 0...3, using: &random)
                numbers.append(counts[segment])
                for (term, positions) in document {
                    expected[segment][term, default: [:]][counts[segment]] = positions
                }
                counts[segment] += 1
            }
            let placement = DocumentPlacement(
                numbers: numbers, segments: segments == 1 ? nil : places)
            let field = try MemoryField(.init(data: run.data, placement: placement))
            #expect(try Self.postings(field, segments: segments) == expected)
        }
    }

    @Test(arguments: HighPositions.allCases)
    func `the tokens of several runs become the postings of a segment`(
        high: HighPositions
    ) throws {
        var random = SeededRandom.forTest("memory field, several runs, \(high)")
        for _ in 0..<60 {
            let runs = (0..<Int.random(in: 1...4, using: &random)).map { _ in Run(&random, high) }
            var numbers = runs.map { [UInt32](repeating: .max, count: $0.documents.count) }
            var next = runs.map { _ in 0 }
            var places: [PlacementPlan.Place] = []
            var expected: Postings = [:]
            while let run = runs.indices.filter({ next[$0] < runs[$0].documents.count })
                .randomElement(using: &random)
            {
                defer { next[run] += 1 }
                guard Int.random(in: 0..<6, using: &random) > 0 else { continue }
                let number = UInt32(places.count)
                numbers[run][next[run]] = number
                places.append(.init(source: UInt32(run), document: UInt32(next[run])))
                for (term, positions) in runs[run].documents[next[run]] {
                    expected[term, default: [:]][number] = positions
                }
            }
            guard !places.isEmpty else { continue }
            let parts = zip(runs, numbers).map {
                MemoryField.Part(data: $0.data, placement: DocumentPlacement(numbers: $1))
            }
            let threads = Int.random(in: 1...3, using: &random)
            let field = try MemoryField(parts, places, threads: threads)
            #expect(try Self.postings(field, segments: 1) == [expected])
        }
    }

    @Test(arguments: [0, 1, 2], [0, 1, 2])
    func `a run may have fewer terms than there are threads, or none`(
        first: Int, second: Int
    ) throws {
        let tables = [first, second].map { count in
            var table = TermTable()
            for number in 0..<count { _ = table.intern(Array("term \(number)".utf8).span) }
            return table
        }
        for threads in 1...4 {
            let terms = try RunTerms(tables, threads: threads)
            #expect(terms.count == max(first, second))
            for place in 0..<terms.count {
                var bytes: [UInt8] = []
                terms.append(place, to: &bytes)
                #expect(bytes == Array("term \(place)".utf8))
            }
        }
    }

    @Test
    func `tokens take 32 bits beside one of a high position, and 64 where many are high`() {
        let base: UInt32 = 1_000_000
        func format(_ positions: [UInt32]) -> TokenFormat? {
            var tokens = FieldTokens()
            for (document, position) in positions.enumerated() {
                tokens.jump(to: position, ahead: 0)
                tokens.append(0)
                tokens.endDocument(UInt32(document))
            }
            let count = UInt32(positions.count)
            var documents = [Array(base..<base + count)]
            let format = TokenFormat(
                [.init(run: 0, documents: 0..<count)], of: [tokens], &documents)
            if let format {
                for (place, (document, position)) in zip(documents[0], positions).enumerated() {
                    let token = format.first(of: document) as UInt32 + position
                    let origin = format.origin(of: format.place(of: token))
                    #expect(origin.document == base + UInt32(place))
                    #expect(origin.position + format.position(of: token) == position)
                }
            }
            return format
        }
        let low = [UInt32](repeating: 1000, count: 5000)
        #expect(format(low)?.positionBits == 19)
        #expect(format(low + [1 << 30])?.positionBits == 19)
        #expect(format([UInt32](repeating: 1 << 30, count: 5000)) == nil)
    }
}
