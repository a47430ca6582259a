import ClusterCore

/// The trace that a query is part of, after W3C Trace Context (https://www.w3.org/TR/trace-context/).
///
/// A cluster records no spans of its own: it names the trace in what it logs of slow and failed queries,
/// and passes it on to its workers as it is.
public struct TraceContext: Sendable, Hashable {
    /// Version, trace id, parent id and flags, as `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`.
    public let traceparent: String
    /// What tracing systems add of their own; empty for nothing.
    public let tracestate: String

    /// Nil for a malformed `traceparent`; a malformed `tracestate` is left out.
    public init?(traceparent: String, tracestate: String = "") {
        guard let trace = ItemTrace(parent: traceparent, state: tracestate) else { return nil }
        self.traceparent = trace.parent
        self.tracestate = trace.state
    }
}
