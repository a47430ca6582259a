import WireMessages
import WireProtocol

/// Items that are a query and nothing else: nearly all.
extension WireItem {
    /// Whether it has a query alone, so that all else is as its SUBMIT says. What `ItemReaderTests` does
    /// not find here is shared by mistake.
    var asksNothingElse: Bool {
        !hasLimit && !hasOffset && documents == .default && `operator` == .default
            && after.isEmpty && explain.isEmpty && traceparent.isEmpty && tracestate.isEmpty
    }

    /// The message in protobuf, of a text alone without the general encoder.
    var encoded: Frame {
        guard asksNothingElse, !hasQuery else { return WireCodec.protobuf.encodeOwn(self) }
        var writer = ProtobufWriter(capacity: text.utf8.count + 4)
        writer.append(1, text)
        return writer.frame
    }
}
