import TestSupport
import Testing

@testable import SearchIndex

/// Which lists are held in memory, without any lists.
struct PostingsAdmissionTests {
    private func key(_ number: Int) -> PostingsAdmission.Key {
        PostingsAdmission.Key(start: 1000 * number, documentFrequency: 100)
    }

    @Test func `a list is to be made when it was looked into as often as it has blocks`() {
        var admission = PostingsAdmission(budget: 100, halvingWork: 1000)
        #expect(admission.number(of: key(1)) == nil)
        for _ in 1..<4 {
            let (number, isDue) = admission.record(1, of: key(1), blockCount: 4, leastBytes: 10)
            #expect(number == 0 && !isDue)
        }
        #expect(admission.record(1, of: key(1), blockCount: 4, leastBytes: 10).isDue)
        // Until it is finished nobody else makes it.
        #expect(!admission.record(9, of: key(1), blockCount: 4, leastBytes: 10).isDue)
        #expect(admission.finish(0, byteCount: 60) == [])
        #expect(admission.byteCount == 60)
        #expect(!admission.record(99, of: key(1), blockCount: 4, leastBytes: 10).isDue)
    }

    @Test func `a list that could not be made is tried again when its work has doubled`() {
        var admission = PostingsAdmission(budget: 100, halvingWork: 1000)
        #expect(admission.record(8, of: key(1), blockCount: 4, leastBytes: 10).isDue)
        #expect(admission.finish(0, byteCount: nil) == nil)
        #expect(admission.byteCount == 0)
        #expect(!admission.record(7, of: key(1), blockCount: 4, leastBytes: 10).isDue)
        #expect(admission.record(1, of: key(1), blockCount: 4, leastBytes: 10).isDue)
    }

    @Test func `others are displaced only for twice the work that they saved`() {
        var admission = PostingsAdmission(budget: 100, halvingWork: 1000)
        for list in 0..<2 {
            #expect(admission.record(10, of: key(list), blockCount: 4, leastBytes: 40).isDue)
            #expect(admission.finish(list, byteCount: 50) == [])
        }
        _ = admission.record(5, of: key(1), blockCount: 4, leastBytes: 40)
        #expect(!admission.record(20, of: key(2), blockCount: 4, leastBytes: 40).isDue)
        // It was refused, so that only twice that work is worth another look.
        #expect(!admission.record(19, of: key(2), blockCount: 4, leastBytes: 40).isDue)
        #expect(admission.record(1, of: key(2), blockCount: 4, leastBytes: 40).isDue)
        // The least valuable goes, one is enough.
        #expect(admission.finish(2, byteCount: 50) == [0])
        #expect(admission.byteCount == 100)
    }

    @Test func `works are halved in time, so that what was much used once makes room`() {
        var admission = PostingsAdmission(budget: 100, halvingWork: 100)
        #expect(admission.record(90, of: key(0), blockCount: 4, leastBytes: 80).isDue)
        #expect(admission.finish(0, byteCount: 80) == [])
        var rounds = 0
        while rounds < 50, !admission.record(9, of: key(1), blockCount: 4, leastBytes: 80).isDue {
            rounds += 1
        }
        // Without halving it would take 20 rounds to get to 180.
        #expect(rounds > 2 && rounds < 16, "\(rounds)")
        #expect(admission.finish(1, byteCount: 80) == [0])
    }

    @Test func `whatever is asked for, what is held stays within the budget`() {
        var random = SeededRandom.forTest("postings admission")
        for _ in 0..<40 {
            let budget = Int.random(in: 0...2_000, using: &random)
            var admission = PostingsAdmission(
                budget: budget, halvingWork: Int.random(in: 10...5_000, using: &random))
            let sizes = (0..<50).map { _ in Int.random(in: 1...400, using: &random) }
            var held: [Int: Int] = [:]
            for _ in 0..<2_000 {
                let list = Int.random(in: 0..<50, using: &random)
                let size = sizes[list]
                let (number, isDue) = admission.record(
                    Int.random(in: 1...20, using: &random), of: key(list), blockCount: 10,
                    leastBytes: size / 2)
                #expect(admission.number(of: key(list)) == number)
                guard isDue else { continue }
                #expect(held[number] == nil)
                let made = Int.random(in: 0..<10, using: &random) == 0 ? nil : size
                guard let victims = admission.finish(number, byteCount: made) else { continue }
                for victim in victims { #expect(held.removeValue(forKey: victim) != nil) }
                held[number] = size
                #expect(admission.byteCount == held.values.reduce(0, +))
                #expect(admission.byteCount <= budget)
            }
            #expect(budget < 400 || !held.isEmpty)
        }
    }
}
