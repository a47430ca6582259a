/// What parts of a plan's lists can add to a document's score together.
struct ListBounds {
    /// One behind the other: what the optional lists from each place on can add, and zero; what the
    /// required lists from each place on and all optional ones can, and the latter alone; and what all
    /// lists but the first required one and the one at each place can.
    private var sums: [Float] = []
    private var optionalCount = 0
    private var requiredCount = 0

    /// Makes them the bounds of a plan's lists.
    mutating func set(_ plan: borrowing ListPlan) {
        optionalCount = plan.optional.count
        requiredCount = plan.required.count
        sums.removeAll(keepingCapacity: true)
        sums += repeatElement(0, count: optionalCount + 2 * requiredCount + 2)
        for index in (0..<optionalCount).reversed() {
            sums[index] = sums[index + 1] + plan.optional[index].maximum
        }
        let start = optionalCount + 1
        let allOptional = sums[0]
        sums[start + requiredCount] = allOptional
        for index in (0..<requiredCount).reversed() {
            sums[start + index] = sums[start + index + 1] + plan.required[index].maximum
        }
        // Summed anew for each: a difference would have an error of the size of what is taken off.
        for left in 0..<requiredCount {
            var sum = allOptional
            for index in plan.required.indices.dropFirst() where index != left {
                sum += plan.required[index].maximum
            }
            sums[start + requiredCount + 1 + left] = sum
        }
    }

    /// What the optional lists from a place on can add; zero behind the last.
    func optional(from place: Int) -> Float { sums[place] }

    /// What the required lists from a place on, perhaps behind the last, and all optional ones can
    /// add.
    func required(from place: Int) -> Float { sums[optionalCount + 1 + place] }

    /// What all lists but the first required one and the required one at a place can add.
    func others(than place: Int) -> Float { sums[optionalCount + requiredCount + 2 + place] }
}
