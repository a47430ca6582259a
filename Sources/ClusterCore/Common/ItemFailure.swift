package import SearchIndex
package import WireMessages
import WireProtocol

/// Why an item has no answer.
package struct ItemFailure: Error, Equatable, Sendable {
    /// The stable code.
    package let code: WireErrorCode
    /// What, where, what was expected, what to do.
    package let message: String
    /// In the query's text, in bytes of UTF-8.
    package var position: Int?
    /// When a retry makes sense, in milliseconds; 0 if unknown.
    package var retryAfterMilliseconds: UInt32 = 0
    /// What became of the shards asked, as a broker reported it; nil if none were.
    package var coverage: WireCoverage?

    package init(_ code: WireErrorCode, _ message: String, position: Int? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }
}

extension ItemFailure {
    /// A number was chosen that this version does not know: to pass over it would do something else.
    init<Choice: RawRepresentable<Int> & CaseIterable>(unknown choice: Choice, of field: String) {
        self.init(
            .badRequest,
            "\(field) \(choice.rawValue); expected 0 to \(Choice.allCases.count - 1)")
    }

    /// What the engine says, with the code that clients see.
    package init(_ error: SearchError) {
        let code: WireErrorCode =
            switch error {
            case .cancelled: .cancelled
            case .deadline: .deadline
            case .tooManyTerms, .tooManyExcludedTerms: .tooLarge
            case .noSuchDocument: .notFound
            case .pattern, .unsupported, .sort, .noText: .badRequest
            case .index: .internal
            }
        self.init(code, "\(error)")
    }

    /// The body of a FAILED message, without coverage.
    var wire: WireFailed {
        var failed = WireFailed(code, message)
        failed.retryAfterMs = retryAfterMilliseconds
        if let position { failed.position = UInt32(clamping: position) }
        return failed
    }
}
