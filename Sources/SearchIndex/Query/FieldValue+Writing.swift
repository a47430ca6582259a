extension FieldValue {
    /// The value as text that `init(reading:of:)` takes for the same; malformed UTF-8 becomes U+FFFD.
    public var text: String {
        switch self {
        case .text(let text): String(decoding: text, as: UTF8.self)
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .date(let value): DateText.text(microseconds: value)
        }
    }

    /// Writes the value as JSON: numbers and booleans as such, text and dates as strings.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text.span)
        case .integer(let value): writer.integer(value)
        case .double(let value): writer.number(value)
        case .bool(let value): writer.bool(value)
        case .date: writer.string(text)
        }
    }
}
