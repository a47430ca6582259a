extension QueryError {
    /// What could stand at the offset instead, in a few words; nil where nothing would help.
    public var expected: String? {
        switch reason {
        case .emptyQuery, .noTerms, .emptyGroup: "a word, a quote or *"
        case .unclosedQuote: "a closing \""
        case .unclosedParenthesis: "a closing )"
        case .missingOperand: "a clause before and after the operator"
        case .missingValue: "a value directly behind the colon"
        case .missingField, .unknownField: "the name of a field, or \\:"
        case .fieldNotIndexed: "an indexed field"
        case .noDefaultField: "field:word"
        case .badBoost: "a number from 0 to \(Int(Field.maximumWeight)) behind a clause"
        case .danglingEscape: "a character behind the backslash"
        case .textAfterQuote: "white space, ^, ~ or )"
        case .badPattern: "a regular expression as docs/query-language.md has it"
        case .badRange: "[low TO high], {low TO high} or a comparison"
        case .badSet: "IN [value value …]"
        case .badSlop: "a number from 0 to \(QueryLimits.maximumSlop)"
        case .badFuzzy: "~, ~1 or ~2"
        case .badValue: "a value of the field's kind"
        case .rangeOnText: "a keyword, facet, number, bool or date field"
        case .fieldWithoutTerms: "a value or a range"
        case .phraseOnKeyword: "a text field"
        case .badPhrase: "two or more terms with ascending positions"
        case .badMinimumShouldMatch(let limit): "a number from 0 to \(limit)"
        case .badDisjunctionMax: "one or more queries, and a tie breaker from 0 to 1"
        case .badMoreLikeThis: "at least 1 query term and 1 to match"
        case .tooLong(let limit), .patternTooLong(let limit): "at most \(limit) bytes"
        case .tooManyClauses(let limit): "at most \(limit) clauses"
        case .tooDeep(let limit): "at most \(limit) levels"
        case .invalidUTF8: "UTF-8"
        case .unexpectedParenthesis: nil
        }
    }
}
