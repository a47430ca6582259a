package import SearchIndex

/// Something that answers queries: a cluster, or an index in this process.
package protocol SearchBackend: Sendable {
    /// The answers, one for each request, in their order.
    func answers(
        to requests: [SearchRequest], options: SearchOptions
    ) async -> [Result<SearchResponse, SearchError>]

    /// Why the document with an id has the score that the request gives it, or does not match.
    func explanation(
        of request: SearchRequest, documentID id: String, options: SearchOptions
    ) async -> Result<Explanation, SearchError>
}
