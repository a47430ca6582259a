// The filters that replace characters.
extension TermBuffer {
    /// Puts the scalars of `range` of `text` in lower case and makes them the term.
    mutating func assignLowercase(_ range: Range<Int>, of text: Span<UInt8>) {
        let properties = UnicodeProperties.shared
        removeAll()
        var place = range.lowerBound
        while place < range.upperBound {
            let scalar = UTF8Scalar(text, at: place)
            place += scalar.length
            if scalar.value == 0x130 {
                // The one scalar whose lowercase is two: i, combining dot above.
                append(scalar: 0x69)
                append(scalar: 0x307)
            } else {
                append(scalar: properties.lowercase(scalar.value))
            }
        }
    }

    /// Replaces letters and digits outside ASCII by the ASCII ones that they stand for, and removes
    /// combining marks behind ASCII.
    mutating func assignFolded(_ text: Span<UInt8>) {
        let folding = ASCIIFolding.shared
        removeAll()
        var place = 0
        var lastIsASCII = false
        while place < text.count {
            let scalar = UTF8Scalar(text, at: place)
            place += scalar.length
            if scalar.value < 0x80 {
                append(UInt8(truncatingIfNeeded: scalar.value))
                lastIsASCII = true
            } else if let folded = folding.replacement(of: scalar.value) {
                for index in folded { append(folding.bytes[index]) }
                lastIsASCII = true
            } else if !lastIsASCII || !ASCIIFolding.isCombiningMark(scalar.value) {
                append(scalar: scalar.value)
                lastIsASCII = false
            }
        }
    }

    /// Whether all bytes are ASCII.
    var isASCII: Bool { withBytes { bytes in bytes.indices.allSatisfy { bytes[$0] < 0x80 } } }

    /// Puts the term in lower case.
    mutating func lowercase() {
        if isASCII {
            for index in 0..<count { bytes[index] = ASCII.lowercase(bytes[index]) }
        } else {
            let old = array
            assignLowercase(0..<old.count, of: old.span)
        }
    }

    /// Folds the term to ASCII where it can be.
    mutating func foldToASCII() {
        if isASCII { return }
        let old = array
        assignFolded(old.span)
    }
}
