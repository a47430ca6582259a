extension WireCodec {
    /// Encodes a message that this program built, which cannot fail: only values that come from a
    /// peer can have no encoded form, and those are refused when they are read.
    package func encodeOwn(_ body: some WireBody) -> Frame {
        do {
            return try encode(body)
        } catch {
            preconditionFailure("a message of our own does not encode: \(error)")
        }
    }
}
