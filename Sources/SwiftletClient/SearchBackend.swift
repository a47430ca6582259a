/// Something that answers queries: a cluster, or an index in this process.
package protocol SearchBackend: Sendable {
    /// The answers, one for each request, in their order.
    func answers(
        to requests: [SearchRequest], options: SearchOptions
    ) async -> [Result<SearchResponse, SearchError>]
}
