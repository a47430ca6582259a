import TestSupport
import Testing

@testable import SearchIndex

struct TopKCollectorTests {
    /// Documents of odd segments come late: keys go round over the segments.
    private struct Keys: OrderKeys {
        func orderKey(of place: SegmentDocument) -> OrderKey {
            OrderKey(UInt64(place.document.rawValue) * 3 + UInt64(2 - place.segment))
        }
    }

    private let keys = Keys()

    private func hit(_ candidate: TopKCollector.Candidate) -> RankedHit {
        RankedHit(score: candidate.score, orderKey: keys.orderKey(of: candidate.document), id: [])
    }

    @Test func `the best are kept as sorting would keep them`() throws {
        var random = SeededRandom.forTest("top-k collector")
        for _ in 0..<300 {
            let count = Int.random(in: 0...60, using: &random)
            let limit = Int.random(in: 0...20, using: &random)
            var collector = TopKCollector(limit: limit)
            var all: [RankedHit] = []
            for number in 0..<count {
                let document = SegmentDocument(
                    segment: Int.random(in: 0...2, using: &random),
                    document: DocumentNumber(UInt32(number)))
                let candidate = TopKCollector.Candidate(
                    score: Float(Int.random(in: -2...4, using: &random)), document: document)
                all.append(hit(candidate))
                guard collector.admits(candidate.score) else { continue }
                try collector.offer(candidate, keys: keys)
            }
            let expected = all.sorted { $0.precedes($1) }.prefix(limit)
            var ranked: [RankedHit] = []
            for segment in 0...2 {
                let own = collector.kept(in: segment).map { hit($0) }
                #expect(own == own.sorted { $0.precedes($1) })
                ranked += own
            }
            #expect(ranked.sorted { $0.precedes($1) } == Array(expected))
        }
    }

    @Test func `a score equal to the worst kept one is still admitted`() throws {
        var collector = TopKCollector(limit: 1)
        let document = SegmentDocument(segment: 0, document: DocumentNumber(0))
        try collector.offer(TopKCollector.Candidate(score: 1, document: document), keys: keys)
        #expect(collector.admits(1))
        #expect(!collector.admits(0.5))
    }

    @Test func `a floor refuses lower scores before anything is kept`() {
        var collector = TopKCollector(limit: 2, floor: 3)
        #expect(collector.admits(3))
        #expect(!collector.admits(2.5))
        collector.raise(to: 4)
        #expect(!collector.admits(3))
        #expect(collector.thresholdScore == 4)
    }
}

struct WindowBitmapsTests {
    @Test func `sets behave like sets of numbers`() {
        var random = SeededRandom.forTest("window bitmaps")
        let length = WindowBitmaps.windowLength
        for _ in 0..<50 {
            var bitmaps = WindowBitmaps(slots: 3)
            var sets = [Set<Int>](repeating: [], count: 3)
            for slot in 0..<3 {
                for _ in 0..<Int.random(in: 0...200, using: &random) {
                    let document = Int.random(in: 0..<length, using: &random)
                    bitmaps.insert(document, into: slot)
                    sets[slot].insert(document)
                }
            }
            bitmaps.formUnion(0, with: 1)
            bitmaps.formIntersection(1, with: 2)
            bitmaps.subtract(2, 1)
            sets[0].formUnion(sets[1])
            sets[1].formIntersection(sets[2])
            sets[2].subtract(sets[1])
            let first = Int.random(in: 0..<length, using: &random)
            let last = Int.random(in: first..<length, using: &random)
            for slot in 0..<3 {
                #expect(bitmaps.count(slot) == sets[slot].count)
                #expect(bitmaps.isEmpty(slot) == sets[slot].isEmpty)
                #expect(sets[slot].allSatisfy { bitmaps.contains($0, in: slot) })
                #expect(
                    bitmaps.containsAny(from: first, through: last, in: slot)
                        == sets[slot].contains { (first...last).contains($0) })
            }
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 4095, 4096])
    func `filling takes exactly the first documents`(count: Int) {
        var bitmaps = WindowBitmaps(slots: 2)
        bitmaps.fill(1, count: count)
        #expect(bitmaps.count(1) == count)
        #expect(bitmaps.isEmpty(0))
        #expect(count == 0 || bitmaps.contains(count - 1, in: 1))
        #expect(count == 4096 || !bitmaps.contains(count, in: 1))
    }

    @Test
    func `a threshold keeps the documents that enough sets hold`() {
        var random = SeededRandom.forTest("thresholds of bitmaps")
        for count in [1, 2, 3, 4, 7, 8, 20] {
            var bitmaps = WindowBitmaps(slots: count + 1)
            var holders = [Int](repeating: 0, count: WindowBitmaps.windowLength)
            for slot in 1...count {
                for document in holders.indices where Bool.random(using: &random) {
                    bitmaps.insert(document, into: slot)
                    holders[document] += 1
                }
            }
            for minimum in 1...count + 1 {
                bitmaps.formThreshold(0, minimum: minimum, of: Array(1...count))
                #expect(
                    holders.indices.allSatisfy {
                        bitmaps.contains($0, in: 0) == (holders[$0] >= minimum)
                    }, "\(minimum) of \(count)")
            }
        }
    }

    @Test(arguments: [3, 2_000])
    func `a window takes and removes its part of a set of the segment`(members: Int) {
        var random = SeededRandom.forTest("windows of sets, \(members)")
        let documentCount = 2 * WindowBitmaps.windowLength + 100
        var builder = DocumentSetBuilder(documentCount: documentCount)
        for _ in 0..<members {
            builder.insert(.random(in: 0..<UInt32(documentCount), using: &random))
        }
        let set = builder.finish()
        for (first, count) in [(0, 4096), (4096, 4096), (8192, 100)] as [(UInt32, Int)] {
            let window = Window(first: first, count: count)
            var bitmaps = WindowBitmaps(slots: 2)
            bitmaps.fill(0, count: 4096)
            bitmaps.copy(set, in: window, to: 0)
            bitmaps.fill(1, count: count)
            bitmaps.subtract(1, set, in: window)
            for document in 0..<count {
                let isMember = set.contains(first + UInt32(document))
                #expect(bitmaps.contains(document, in: 0) == isMember)
                #expect(bitmaps.contains(document, in: 1) != isMember)
            }
            #expect(bitmaps.count(0) + bitmaps.count(1) == count)
        }
    }
}
