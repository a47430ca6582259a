/// Octet 5 of the header. The bits without a name are reserved and must be zero.
package struct HeaderFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The last message about this item (RESULT, FAILED) or request (FAILED of a whole SUBMIT).
    package static let final = HeaderFlags(rawValue: 1)
    /// The answer lacks shards, as its coverage says.
    package static let partial = HeaderFlags(rawValue: 2)
    /// The meta and the message bodies are JSON instead of protobuf.
    package static let json = HeaderFlags(rawValue: 4)
    /// Reserved for answers without a known end. Not sent in version 1.
    package static let stream = HeaderFlags(rawValue: 8)
    /// The tasks of this CALL are also under way on another worker. Not sent in version 1.
    package static let hedge = HeaderFlags(rawValue: 16)
    /// The receiver should fail this work rather than have it done again elsewhere.
    package static let noRetry = HeaderFlags(rawValue: 32)

    /// Every bit that version 1 names.
    package static let known: HeaderFlags = [.final, .partial, .json, .stream, .hedge, .noRetry]
}
