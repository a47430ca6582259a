import Testing

@testable import SwiftletClient

/// Searches of tasks that are cancelled, at a broker that is not there and so never answers.
@Suite(.timeLimit(.minutes(1)))
struct SearchCancellationTests {
    /// Far longer than the test may take.
    private let options = SearchOptions(budget: .seconds(250))

    @Test(arguments: [true, false])
    func `a cancelled search ends at once`(isCancelledBefore: Bool) async throws {
        let client = try SearchClient(endpoints: ["ipc:///tmp/swiftlet-nobody-listens"])
        let (started, starting) = AsyncStream<Void>.makeStream()
        // Opened after the cancellation, so that the search begins in a task that is cancelled.
        let (gate, gatekeeper) = AsyncStream<Void>.makeStream()
        let search = Task {
            starting.finish()
            if isCancelledBefore { for await _ in gate {} }
            return await client.answers(to: [SearchRequest("word")], options: options)
        }
        for await _ in started {}
        search.cancel()
        gatekeeper.finish()
        #expect(await search.value.map { $0.failureCode } == ["CANCELLED"])
        await client.close()
    }

    @Test func `closing a client ends its searches, those after it too`() async throws {
        let client = try SearchClient(endpoints: ["ipc:///tmp/swiftlet-nobody-listens"])
        async let answers = client.answers(to: [SearchRequest("word")], options: options)
        await client.close()
        #expect(await answers.map { $0.failureCode } == ["CANCELLED"])
    }
}

extension Result<SearchResponse, SearchError> {
    fileprivate var failureCode: String? {
        if case .failure(let error) = self { error.code } else { nil }
    }
}
