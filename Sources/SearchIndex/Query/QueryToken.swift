/// A word of the query language with its place in the text.
struct QueryToken {
    enum Kind {
        case open, close, and, or, not, plus, minus, end
        /// `*` standing alone.
        case all
        /// `name:`; a value or a parenthesis follows.
        case field([UInt8])
        case word(QueryWord)
        /// The content of a quote, and the slop behind it, 0 when there is none.
        case quoted([UInt8], slop: UInt32)
        /// What stands between slashes, escapes kept.
        case expression([UInt8])
        /// A range or a comparison in the place of a field's value.
        case range(RangeText)
        /// The values of `IN […]`.
        case set([ValueText])
        /// `^number`.
        case boost(Float)
    }

    let kind: Kind
    /// The offset of the token's first byte.
    let byteOffset: Int
}

/// A word with its operators.
struct QueryWord {
    /// The bytes, escapes resolved, `~` and the distance left out if there is one.
    var content: [UInt8] = []
    /// Where `content` has an unescaped `*` or `?` that counts as a wildcard; ascending.
    var wildcards: [Int] = []
    /// The distance of a fuzzy word.
    var distance: Int?

    /// The content before the only wildcard, a `*` at the end; nil for another kind of pattern.
    var prefix: [UInt8]? {
        guard wildcards == [content.count - 1], content.last == UInt8(ascii: "*") else {
            return nil
        }
        return content.dropLast()
    }

    /// The content as a wildcard pattern: what is no wildcard is escaped where it looks like one.
    var pattern: [UInt8] {
        var pattern: [UInt8] = []
        var wildcards = wildcards[...]
        for (place, byte) in content.enumerated() {
            if wildcards.first == place {
                wildcards.removeFirst()
            } else if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?")
                || byte == UInt8(ascii: "\\")
            {
                pattern.append(UInt8(ascii: "\\"))
            }
            pattern.append(byte)
        }
        return pattern
    }
}

/// A value in a range or set, not yet read as its field's kind.
struct ValueText {
    let bytes: [UInt8]
    let byteOffset: Int
}

/// A range, not yet read as its field's kind; nil is an open end.
struct RangeText {
    struct Bound {
        let value: ValueText
        let isInclusive: Bool
    }

    let lower: Bound?
    let upper: Bound?
}
