import ArgumentParser
import SwiftletClient

/// The trace that a search is part of.
struct TraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With --broker: the trace that the search is part of, in the form of W3C Trace Context.",
            valueName: "00-…-…-01"))
    var traceparent: String?

    @Option(
        help: ArgumentHelp("With --traceparent: its tracestate.", valueName: "key=value,…"))
    var tracestate = ""

    /// Nil without one.
    var context: TraceContext? {
        traceparent.flatMap { TraceContext(traceparent: $0, tracestate: tracestate) }
    }

    func validate() throws {
        if let traceparent, context == nil {
            throw ValidationError(
                "--traceparent \(traceparent): expected 00-TRACE-PARENT-FLAGS with 32, 16 and 2 lower-case "
                    + "hexadecimal digits, the ids not all zeros")
        }
        guard tracestate.isEmpty || context?.tracestate == tracestate else {
            throw ValidationError(
                "--tracestate \(tracestate): expected key=value,… with --traceparent, at most 512 characters"
            )
        }
    }
}
