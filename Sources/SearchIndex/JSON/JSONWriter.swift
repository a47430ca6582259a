/// Builds compact JSON text in a byte array, commas included.
///
/// The caller keeps objects and arrays balanced; `key` comes before each value of an object.
public struct JSONWriter: Sendable {
    /// The text so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// An empty writer.
    public init() {}

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the innermost object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the innermost array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes a member's key.
    public mutating func key(_ name: String) {
        separate()
        Self.appendQuoted(Array(name.utf8).span, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string from UTF-8 bytes.
    public mutating func string(_ content: Span<UInt8>) {
        separate()
        Self.appendQuoted(content, to: &bytes)
    }

    /// Writes a string.
    public mutating func string(_ content: String) { string(Array(content.utf8).span) }

    /// Writes an integer.
    public mutating func integer(_ value: some BinaryInteger) { raw(value.description) }

    /// Writes a number as the shortest text that reads back the same; null when not finite.
    public mutating func number(_ value: Float) {
        raw(value.isFinite ? Self.withoutFraction(value.description) : "null")
    }

    /// Writes a number as the shortest text that reads back the same; null when not finite.
    public mutating func number(_ value: Double) {
        raw(value.isFinite ? Self.withoutFraction(value.description) : "null")
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes bytes that are a JSON value already.
    public mutating func value(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Appends `content`, UTF-8 bytes, as a quoted JSON string; malformed bytes become U+FFFD.
    public static func appendQuoted(_ content: Span<UInt8>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var offset = 0
        while offset < content.count {
            let byte = content[offset]
            if byte >= 0x80 {
                let scalar = UTF8Scalar(content, at: offset)
                UTF8Encoder.encode(scalar.value) { output.append($0) }
                offset += scalar.length
            } else {
                appendEscaped(byte, to: &output)
                offset += 1
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x09: letter = UInt8(ascii: "t")
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            output.append(contentsOf: Array("\\u00".utf8))
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 0x0F)])
            return
        default:
            output.append(byte)
            return
        }
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
    }

    private static func withoutFraction(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
