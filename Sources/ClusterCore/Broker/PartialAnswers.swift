import WireMessages

/// What an answer may lack when not every shard has answered.
struct PartialAnswers: Sendable {
    /// The least share of the live documents that it must cover, from 0 to 1.
    let minimumCoverage: Double

    /// Nil when an answer must be of all shards.
    static func reading(_ submit: WireSubmit) throws(ItemFailure) -> PartialAnswers? {
        guard submit.minCoverage >= 0, submit.minCoverage <= 1 else {
            throw ItemFailure(
                .badRequest, "min_coverage \(submit.minCoverage): expected a fraction from 0 to 1")
        }
        guard submit.allowPartial else {
            guard submit.minCoverage == 0 else {
                throw ItemFailure(
                    .badRequest,
                    "min_coverage \(submit.minCoverage) without allow_partial: an answer then covers "
                        + "all; set allow_partial, or leave min_coverage out")
            }
            return nil
        }
        return PartialAnswers(minimumCoverage: submit.minCoverage)
    }
}
