/// Why a query was refused, and where in its text.
public struct QueryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong at the offset.
    public enum Reason: Hashable, Sendable {
        /// The text holds no clause.
        case emptyQuery
        /// All words of the text analyse to nothing, such as punctuation.
        case noTerms
        /// Parentheses hold no clause.
        case emptyGroup
        /// A quote is not closed.
        case unclosedQuote
        /// A parenthesis is not closed.
        case unclosedParenthesis
        /// A parenthesis closes none that is open.
        case unexpectedParenthesis
        /// An operator (`AND`, `OR`, `NOT`, `+`, `-`) lacks the clause before or after it.
        case missingOperand(operator: String)
        /// `field:` is not followed by a value.
        case missingValue(field: String)
        /// `:` has no field name before it.
        case missingField
        /// The schema has no such field.
        case unknownField(String)
        /// The field is not indexed.
        case fieldNotIndexed(String)
        /// A word names no field and the schema has no default field.
        case noDefaultField
        /// `^` is not followed by a number from 0 to 1000000, or follows no clause.
        case badBoost
        /// A backslash ends the text.
        case danglingEscape
        /// Something stands directly behind a closing quote.
        case textAfterQuote
        /// The text is not valid UTF-8.
        case invalidUTF8
        /// The text has more than `limit` bytes.
        case tooLong(limit: Int)
        /// The query has more than `limit` clauses.
        case tooManyClauses(limit: Int)
        /// Parentheses, or the tree, are nested deeper than `limit`.
        case tooDeep(limit: Int)
        /// A phrase of a tree has fewer than two terms, or positions that do not ascend.
        case badPhrase(field: String)
        /// A phrase of a tree is on a field without positions.
        case phraseOnKeyword(field: String)
        /// The slop of a phrase is above `QueryLimits.maximumSlop`.
        case badSlop
        /// A range is on a text field, whose terms have no order of meaning.
        case rangeOnText(field: String)
        /// A value is none of the field's kind.
        case badValue(field: String)
        /// A word or pattern is on a field that has values but no terms.
        case fieldWithoutTerms(String)
        /// A pattern has more than `limit` bytes.
        case patternTooLong(limit: Int)
        /// A pattern is malformed or too complex.
        case badPattern(PatternError.Reason)
        /// A range or comparison is not complete.
        case badRange
        /// A set of values is not complete.
        case badSet
        /// A fuzzy term's distance is neither 1 nor 2, or its prefix is negative.
        case badFuzzy
        /// A group asks for more than its `limit` optional clauses, or for a negative number.
        case badMinimumShouldMatch(limit: Int)
        /// A best-of group is empty or its tie breaker is outside 0 to 1.
        case badDisjunctionMax
        /// A number of a more-like-this query is out of range.
        case badMoreLikeThis
    }

    /// The offset of the offending part in the text, in bytes; 0 for a tree.
    public let byteOffset: Int
    /// What is wrong there.
    public let reason: Reason

    /// An error at `byteOffset`.
    public init(byteOffset: Int, reason: Reason) {
        self.byteOffset = byteOffset
        self.reason = reason
    }

    /// One sentence with offset, reason and, where it helps, what to do.
    public var description: String { "query error at byte \(byteOffset): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .emptyQuery: "the query is empty; * matches every document"
        case .noTerms: "the query has no searchable term"
        case .emptyGroup: "the parentheses hold nothing"
        case .unclosedQuote: "the quote is not closed"
        case .unclosedParenthesis: "the parenthesis is not closed"
        case .unexpectedParenthesis: "no parenthesis is open here"
        case .missingOperand(let name): "\(name) lacks a clause before or after it"
        case .missingValue(let field): "\"\(field):\" needs a word, a quote or ( directly after it"
        case .missingField: "':' needs a field name before it; \\: is a plain colon"
        case .unknownField(let field):
            "the schema has no field \"\(field)\"; \\: is a plain colon"
        case .fieldNotIndexed(let field): "field \"\(field)\" is not indexed"
        case .noDefaultField: "the schema has no default field; write field:word"
        case .badBoost: "^ follows a clause and takes a number from 0 to 1000000"
        case .danglingEscape: "a backslash needs a character after it"
        case .textAfterQuote: "a closing quote needs a space, ^ or ) after it"
        case .invalidUTF8: "the query is not valid UTF-8"
        case .tooLong(let limit): "the query has more than \(limit) bytes"
        case .tooManyClauses(let limit): "the query has more than \(limit) clauses"
        case .tooDeep(let limit): "the query is nested deeper than \(limit) levels"
        case .badPhrase(let field):
            "a phrase in field \"\(field)\" needs at least two terms with ascending positions"
        case .phraseOnKeyword(let field): "field \"\(field)\" has no positions for a phrase"
        case .badSlop: "the slop of a phrase is a number from 0 to \(QueryLimits.maximumSlop)"
        case .rangeOnText(let field):
            "text field \"\(field)\" has no ranges; use a field of another kind"
        case .badValue(let field): "the value is none that field \"\(field)\" can have"
        case .fieldWithoutTerms(let field):
            "field \"\(field)\" has no terms; use a value or a range"
        case .patternTooLong(let limit): "the pattern has more than \(limit) bytes"
        case .badPattern(let reason): reason.explanation
        case .badRange:
            "a range is [low TO high], {low TO high}, >value, >=value, <value or <=value; "
                + "* is an open end"
        case .badSet: "a set is IN [value value …], with at least one value"
        case .badFuzzy: "the distance of a fuzzy term is 1 or 2, its prefix 0 or more scalars"
        case .badMinimumShouldMatch(let limit):
            "the number of optional clauses to match is from 0 to their number, \(limit)"
        case .badDisjunctionMax:
            "a best-of group needs at least one query and a tie breaker from 0 to 1"
        case .badMoreLikeThis:
            "more-like-this needs at least 1 query term, 1 term to match and no negative number"
        }
    }
}
