/// The documents frame of a RESULT: one JSON array of stored documents, in the order of the hits.
package enum DocumentArray {
    /// Joins ready-made JSON values into one array, without decoding or changing them; `[]` if
    /// there are none.
    ///
    /// - Parameter documents: each the octets of one complete JSON value.
    /// - Complexity: linear in the octets; one allocation.
    package static func splice(_ documents: [ArraySlice<UInt8>]) -> Frame {
        var frame = Frame()
        frame.reserveCapacity(documents.reduce(2) { $0 + $1.count + 1 })
        frame.append(UInt8(ascii: "["))
        for (position, document) in documents.enumerated() {
            if position > 0 { frame.append(UInt8(ascii: ",")) }
            frame.append(contentsOf: document)
        }
        frame.append(UInt8(ascii: "]"))
        return frame
    }

    /// Cuts an array into the octets of its elements, which share the frame's storage.
    ///
    /// Follows nesting and strings only; the elements themselves are not checked to be JSON.
    ///
    /// - Throws: `WireError.malformedMessage` if the frame is no array or its brackets or strings do
    ///   not close.
    /// - Complexity: linear in the octets.
    package static func split(_ frame: Frame) throws(WireError) -> [ArraySlice<UInt8>] {
        var elements: [ArraySlice<UInt8>] = []
        var cursor = Cursor()
        var start = 1
        for (offset, byte) in frame.enumerated() {
            guard !cursor.hasEnded else { throw malformed("bytes after the array", offset) }
            let isSeparator = cursor.advance(over: byte)
            guard offset > 0 || byte == UInt8(ascii: "[") else { throw malformed("no array", 0) }
            if isSeparator || cursor.hasEnded {
                let element = frame[start..<offset]
                if !(cursor.hasEnded && elements.isEmpty && element.isEmpty) {
                    elements.append(element)
                }
                start = offset + 1
            }
        }
        guard cursor.hasEnded else { throw malformed("the array does not end", frame.count) }
        return elements
    }

    private static func malformed(_ what: String, _ offset: Int) -> WireError {
        .malformedMessage(type: "documents", reason: "\(what), at byte \(offset)")
    }

    /// Where in the nesting a scan is.
    private struct Cursor {
        private var depth = 0
        private var isInString = false
        private var isEscaped = false
        private(set) var hasEnded = false

        /// Steps over a byte; true if it is a comma between the array's own elements.
        mutating func advance(over byte: UInt8) -> Bool {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                return false
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                hasEnded = depth <= 0
            case UInt8(ascii: ","): return depth == 1
            default: break
            }
            return false
        }
    }
}
