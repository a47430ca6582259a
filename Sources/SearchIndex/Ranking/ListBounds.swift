/// What parts of a plan's lists can add to a document's score together.
struct ListBounds {
    /// The optional lists from each place on; one more entry of zero.
    let optionalRest: [Float]
    /// The required lists from each place on, and all optional ones.
    let requiredRest: [Float]
    /// All lists but the first required one and the required one at each place.
    let othersRest: [Float]

    /// The bounds of a plan's lists.
    init(_ plan: borrowing ListPlan) {
        optionalRest = Self.suffixSums(plan.optional, last: 0)
        requiredRest = Self.suffixSums(plan.required, last: optionalRest[0])
        othersRest = Self.sumsWithoutOne(plan.required, last: optionalRest[0])
    }

    private static func suffixSums(_ lists: [TermList], last: Float) -> [Float] {
        var sums = [Float](repeating: last, count: lists.count + 1)
        for index in lists.indices.reversed() {
            sums[index] = sums[index + 1] + lists[index].maximum
        }
        return sums
    }

    private static func sumsWithoutOne(_ lists: [TermList], last: Float) -> [Float] {
        // Summed anew for each: a difference would have an error of the size of what is taken off.
        lists.indices.map { left in
            lists.indices.dropFirst().reduce(last) { $1 == left ? $0 : $0 + lists[$1].maximum }
        }
    }
}
