import TestSupport
import Testing

@testable import SearchIndex

/// The inner loops against what they say.
struct CandidateKernelsTests {
    @Test func `a sum reaches what is needed exactly when it is not less`() {
        var random = SeededRandom.forTest("sums that reach")
        var values: [Float] = [
            0, .leastNonzeroMagnitude, .leastNormalMagnitude, 1, Float(1).nextUp,
            Float(1).nextDown, .greatestFiniteMagnitude, -1, -.greatestFiniteMagnitude,
        ]
        for _ in 0..<200 {
            let value = Float.random(in: 0..<40, using: &random)
            values += [value, value.nextUp]
        }
        for sum in values + [.infinity] {
            for needed in values + [-.infinity, -0.0] {
                #expect(
                    CandidateKernels.one(if: sum, reaches: needed) == (sum >= needed ? 1 : 0),
                    "\(sum) and \(needed)")
            }
            if sum < .infinity {
                #expect(CandidateKernels.one(if: sum, reaches: .infinity) == 0)
            }
        }
    }
}
