import SearchIndex
import TestSupport

/// Random trees of every kind of query over a random corpus.
struct RandomQueries {
    private let vocabulary: [String]
    /// What the regular expressions given out mean.
    private(set) var regexes: [[UInt8]: SlowPattern] = [:]

    init(_ corpus: RandomCorpus) { vocabulary = corpus.vocabulary }

    /// A tree with at most `depth` levels of combinations.
    mutating func query(depth: Int, using random: inout SeededRandom) -> Query {
        guard depth > 0 else { return leaf(&random) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5: return .boolean(group(depth: depth, &random))
        case 5:
            return .constantScore(
                ConstantScoreQuery(
                    query: query(depth: depth - 1, using: &random), boost: boost(&random)))
        case 6, 7:
            return .disjunctionMax(
                DisjunctionMaxQuery(
                    queries: several(1...4, depth - 1, &random),
                    tieBreaker: [0, 0.3, 1].randomElement(using: &random)!))
        default: return leaf(&random)
        }
    }

    private mutating func group(depth: Int, _ random: inout SeededRandom) -> BooleanQuery {
        let should = several(0...4, depth - 1, &random)
        let minimum =
            Bool.random(using: &random) ? 0 : Int.random(in: 0...should.count, using: &random)
        return BooleanQuery(
            must: several(0...2, depth - 1, &random), should: should,
            mustNot: several(-2...1, depth - 1, &random),
            filter: several(-2...2, depth - 1, &random), minimumShouldMatch: minimum)
    }

    private mutating func several(
        _ counts: ClosedRange<Int>, _ depth: Int, _ random: inout SeededRandom
    ) -> [Query] {
        var queries: [Query] = []
        for _ in 0..<max(0, Int.random(in: counts, using: &random)) {
            queries.append(query(depth: depth, using: &random))
        }
        return queries
    }

    private mutating func leaf(_ random: inout SeededRandom) -> Query {
        let boost = boost(&random)
        let fields = ["body", "body", "title", "tag", "color", "place"]
        let field = fields.randomElement(using: &random)!
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return .matchAll(boost: boost)
        case 1: return .matchNone
        case 2..<10:
            return .term(TermQuery(field: field, term: value(of: field, &random), boost: boost))
        case 10..<15: return .phrase(phrase(boost, &random))
        case 15..<18:
            return .expansion(
                ExpansionQuery(field: field, pattern: pattern(&random), boost: boost))
        case 18..<21: return .range(range(boost, &random))
        case 21, 22:
            let typed = Self.field(&random)
            let values = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                RandomCorpus.value(typed.kind, &random)
            }
            return .termSet(TermSetQuery(field: typed.name, values: values, boost: boost))
        default:
            let fields = ["title", "body", "tag", Self.field(&random).name]
            return .exists(ExistsQuery(field: fields.randomElement(using: &random)!, boost: boost))
        }
    }

    private func phrase(_ boost: Float, _ random: inout SeededRandom) -> PhraseQuery {
        var position: UInt32 = 0
        let terms = (0..<Int.random(in: 2...3, using: &random)).map { _ in
            position += UInt32.random(in: 1...2, using: &random)
            return PhraseTerm(term: word(&random), position: position)
        }
        return PhraseQuery(
            field: Bool.random(using: &random) ? "body" : "title", terms: terms,
            slop: UInt32(max(0, Int.random(in: -3...4, using: &random))), boost: boost)
    }

    private mutating func pattern(_ random: inout SeededRandom) -> ExpansionQuery.Pattern {
        let word = word(&random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .prefix(Array(word.prefix(Int.random(in: 1...3, using: &random))))
        case 1:
            let patterns = ["w?", "w*1", "*2*", "?1?", "/a*", "w1*"]
            return .wildcard(Array(patterns.randomElement(using: &random)!.utf8))
        case 2:
            let slow = SlowPattern.sequence([
                .scalar("w"), .random(of: ["0", "1", "2", "w"], depth: 2, using: &random),
            ])
            let expression = Array(slow.expression.utf8)
            regexes[expression] = slow
            return .regex(expression)
        default:
            return .fuzzy(
                term: word, distance: Int.random(in: 1...2, using: &random),
                prefixLength: Int.random(in: 0...2, using: &random),
                transpositions: Bool.random(using: &random))
        }
    }

    private func range(_ boost: Float, _ random: inout SeededRandom) -> RangeQuery {
        let field = Self.field(&random)
        let bounds = (0..<2).map { _ in
            Int.random(in: 0..<4, using: &random) == 0
                ? nil
                : RangeBound(
                    value: RandomCorpus.value(field.kind, &random),
                    isInclusive: Bool.random(using: &random))
        }
        return RangeQuery(field: field.name, lower: bounds[0], upper: bounds[1], boost: boost)
    }

    private func value(of field: String, _ random: inout SeededRandom) -> [UInt8] {
        if field == "place", case .text(let path) = RandomCorpus.value(.facet, &random) {
            return path
        }
        return word(&random)
    }

    private func word(_ random: inout SeededRandom) -> [UInt8] {
        Array(RandomCorpus.word(vocabulary, &random).utf8)
    }

    private func boost(_ random: inout SeededRandom) -> Float {
        [1, 1, 1, 0, 0.5, 2.5].randomElement(using: &random)!
    }

    private static func field(_ random: inout SeededRandom) -> Field {
        (RandomCorpus.typedFields + [.keyword("tag")]).randomElement(using: &random)!
    }
}
