import Testing
import WireProtocol

/// The relations that must hold between the protocol's numbers.
@Suite struct ProtocolLimitsTests {
    private typealias Limits = ProtocolLimits

    @Test func `sizes fit into each other`() {
        #expect(Limits.maxSubmitBytes <= Limits.maxMessageBytes)
        #expect(Limits.resultChunkBytes * 4 <= Limits.maxMessageBytes)
        #expect(Limits.maxHits * PackedHit.byteCount <= Limits.maxMessageBytes)
    }

    @Test func `the largest SUBMIT has no more frames than a message may have`() {
        #expect(Limits.maxItems + 2 <= Limits.maxFrames)
        #expect(Limits.maxTaskWindow + 2 <= Limits.maxFrames)
    }

    @Test func `a client may have several full SUBMITs outstanding`() {
        #expect(Limits.maxOutstandingItems >= 4 * Limits.maxItems)
        #expect(Limits.defaultHits <= Limits.maxHits)
        #expect(Limits.defaultResultWindow <= Limits.maxResultWindow)
    }

    @Test func `the wait for a replica lies within the default budget`() {
        #expect(Limits.noWorkersWait < Limits.defaultBudget)
        #expect(Limits.defaultBudget <= Limits.maxBudget)
        #expect(Limits.maxBudget < .milliseconds(Int64(UInt32.max)))
    }

    @Test func `suspicion takes three missed pings, loss twelve, and a client's loss ten`() {
        #expect(Limits.workerSuspicion == Limits.workerPingInterval * 3)
        #expect(Limits.workerExpiry == Limits.workerPingInterval * 12)
        #expect(Limits.clientExpiry == Limits.clientPingInterval * 10)
    }

    @Test func `a silent broker is left only after unanswered pings`() {
        #expect(Limits.brokerSilence >= Limits.clientPingInterval * 3)
        #expect(Limits.brokerSilence >= Limits.workerPingInterval * 3)
        #expect(Limits.reconnectBackoffMin < Limits.reconnectBackoffMax)
        #expect(Limits.healthMinimumInterval < Limits.healthInterval)
    }

    @Test func `every 64-bit number that is handed back survives binary64`() {
        let largest = Limits.randomNumberBound - 1
        #expect(UInt64(Double(largest)) == largest)
        #expect(Double(largest) != Double(largest - 1))
    }
}

@Suite struct ErrorCodeTests {
    @Test func `only errors of the cluster's state are retryable`() {
        let retryable = WireErrorCode.allCases.filter(\.isRetryable)
        #expect(retryable == [.busy, .noWorkers, .workerLost])
        #expect(!WireErrorCode.UNRECOGNIZED(99).isRetryable)
    }

    @Test(arguments: WireErrorCode.allCases.filter { $0 != .unspecified })
    func `a code's name is the one that JSON shows`(_ code: WireErrorCode) throws {
        let failed = WireFailed(code, "")
        let json = String(decoding: try WireCodec.json.encode(failed), as: UTF8.self)
        #expect(json.hasPrefix(#"{"code":"\#(code.name)""#))
        #expect(failed.retryable == code.isRetryable)
    }

    @Test func `codes have the numbers of the page`() {
        let codes: [WireErrorCode] = [
            .unspecified, .badRequest, .notFound, .deadline, .cancelled, .busy, .noWorkers,
            .workerLost, .poison, .unauthorized, .unsupported, .tooLarge, .internal,
        ]
        #expect(codes.map(\.rawValue) == Array(0...12))
    }

    @Test func `the states of a ledger sum to its shards, without overflow`() {
        var coverage = WireCoverage()
        #expect(coverage.isBalanced && coverage.isComplete)
        coverage.shards = 5
        coverage.ok = 3
        coverage.skipped = 1
        #expect(!coverage.isBalanced)
        coverage.failed = 1
        #expect(coverage.isBalanced && !coverage.isComplete)
        coverage.failed = 0
        coverage.degraded = 1
        #expect(coverage.isBalanced && !coverage.isComplete)
        coverage.ok = .max
        coverage.skipped = .max
        #expect(!coverage.isBalanced)
    }

    @Test(arguments: [
        WireError.missingHeader, .truncatedHeader(byteCount: 3), .oversizedHeader(byteCount: 40),
        .badMagic(found: [0, 0x0A, 0xFF]), .unsupportedVersion(found: 2),
        .unknownCommand(found: 99), .reservedFlags(found: 64), .priorityOutOfRange(found: 12),
        .tooManyFrames(found: 2000), .noItems, .tooManyItems(found: 1001),
        .tooLarge(command: .submit, byteCount: 9, limit: 8),
    ])
    func `an error's text says what was found or expected`(_ error: WireError) {
        let text = error.description
        #expect(text.contains("expected") || text.contains("version 1"), "\(text)")
        if case .unsupportedVersion = error {
            #expect(text == "protocol version 2; expected 1: the versions spoken here are 1 to 1")
            #expect(error.code == .unsupported)
        }
        if case .badMagic = error { #expect(text.contains("00 0a ff")) }
    }
}
