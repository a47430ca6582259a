// What candidates meet one after the other: the filter, required lists, optional ones, what excludes.
extension ListSearch {
    /// Narrows the batch to the documents of the filter and of all required lists.
    mutating func meetRequired(
        needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if !plan.filter.isEmpty { buffers.batch.keep(plan.filter) }
        let isPhrase = phrase != nil
        for number in plan.required.indices.dropFirst() where buffers.batch.count > 0 {
            // It met every bitmap.
            if metBitmaps, plan.required[number].hasBitmap { continue }
            try buffers.batch.keepMembers(
                of: &plan.required[number], number: number,
                rest: buffers.bounds.others(than: number),
                isPhrase: isPhrase, needed: isLoose ? -.infinity : needed, bytes)
        }
    }

    /// Drops the candidates that lists of excluded terms hold.
    mutating func removeExcluded(_ bytes: Span<UInt8>) throws(Malformed) {
        for index in plan.excluded.indices where buffers.batch.count > 0 {
            try buffers.batch.remove(&plan.excluded[index], bytes)
        }
    }

    /// Adds what the required lists contribute.
    mutating func scoreRequired(
        leader: inout TermList, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if !isScored, buffers.batch.count > 0 {
            try buffers.batch.score(with: &leader, rest: rest, needed: needed, bytes)
        }
        for number in plan.required.indices.dropFirst() where buffers.batch.count > 0 {
            try buffers.batch.addRequired(
                &plan.required[number], number: number,
                rest: buffers.bounds.required(from: number + 1),
                needed: needed, bytes)
        }
    }

    /// Drops candidates that cannot reach what is needed because one of the phrase's terms occurs too
    /// rarely.
    mutating func limitPhrases(
        leader: inout TermList, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if metBitmaps, buffers.batch.count > 0, leaderTest.isWorthwhile(needed: needed) {
            let before = buffers.batch.count
            try buffers.batch.score(with: &leader, rest: 0, needed: needed, bytes)
            leaderTest.record(kept: buffers.batch.count, of: before)
        }
        guard buffers.batch.count > 0, othersTest.isWorthwhile(needed: needed) else { return }
        let before = buffers.batch.count
        for number in plan.required.indices.dropFirst() where buffers.batch.count > 0 {
            buffers.batch.limit(by: &plan.required[number], needed: needed, bytes)
        }
        othersTest.record(kept: buffers.batch.count, of: before)
    }

    /// Looks the candidates up in the optional lists from a place on, then in what excludes: lists
    /// of excluded terms and of earlier walks.
    mutating func meetOthers(
        optionalFrom first: Int, earlier: Range<Int>, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        for index in plan.optional.indices[first...] where buffers.batch.count > 0 {
            try buffers.batch.addOptional(
                &plan.optional[index], rest: buffers.bounds.optional(from: index + 1),
                needed: needed, bytes
            )
        }
        if !isCounting { try removeExcluded(bytes) }
        for index in earlier where buffers.batch.count > 0 {
            try buffers.batch.remove(&plan.optional[index], bytes)
        }
    }
}
