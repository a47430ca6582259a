/// One segment between two word boundaries (UAX #29, Unicode 15.0, section 4.1).
///
/// The rules' names (WB3 to WB999) are those of the annex. Starting at a boundary, the segment is
/// extended scalar by scalar; the only look ahead is the one that WB6, WB7b and WB12 need.
struct WordSegment {
    /// The offset behind the segment.
    let end: Int
    /// Whether the segment holds a letter, a number or an emoji.
    let isTerm: Bool

    /// The segment that starts at the boundary `start`, which lies inside `text`.
    init(_ text: Span<UInt8>, from start: Int, _ properties: UnicodeProperties) {
        var walk = Walk(text, at: start, properties)
        while walk.extend(text, properties) {}
        self.end = walk.offset
        self.isTerm = walk.isTerm
    }
}

/// The state of extending one segment.
private struct Walk {
    private(set) var offset: Int
    private(set) var isTerm = false

    /// Class of the last scalar.
    private var last: WordBreakClass = .other
    /// Class of the last scalar that WB4 does not skip.
    private var base: WordBreakClass = .other
    private var lastIsPictographic = false
    private var regionalIndicators = 0

    init(_ text: Span<UInt8>, at start: Int, _ properties: UnicodeProperties) {
        let first = UTF8Scalar(text, at: start)
        let known = properties.properties(of: first.value)
        offset = start
        base = known.wordBreak
        append(first, known)
    }

    /// Takes the next scalar, or scalars, into the segment unless a boundary comes first.
    mutating func extend(_ text: Span<UInt8>, _ properties: UnicodeProperties) -> Bool {
        guard offset < text.count else { return false }
        let scalar = UTF8Scalar(text, at: offset)
        let known = properties.properties(of: scalar.value)
        let next = known.wordBreak
        // WB3, WB3a, WB3b
        if last == .carriageReturn, next == .lineFeed {
            append(scalar, known)
            return false
        }
        if last.isNewline || next.isNewline { return false }
        if last == .zeroWidthJoiner, known.isPictographic {  // WB3c
            base = next
        } else if next.isIgnored {  // WB4
        } else if last == .space, next == .space {  // WB3d
        } else if joins(next) {  // WB5, WB8 to WB10, WB13 to WB16
            base = next
        } else if let following = followingJoined(text, scalar, next, properties) {
            // WB6, WB7, WB7b, WB7c, WB11, WB12: everything up to the scalar that follows.
            append(scalar, known)
            takeIgnored(text, before: following.offset, properties)
            base = following.known.wordBreak
            append(following.scalar, following.known)
            return true
        } else if base == .hebrewLetter, next == .singleQuote {  // WB7a
            base = next
        } else {  // WB999
            return false
        }
        append(scalar, known)
        return true
    }

    private mutating func append(_ scalar: UTF8Scalar, _ known: ScalarProperties) {
        let current = known.wordBreak
        if !current.isIgnored, known.isAlphanumeric || known.isEmoji { isTerm = true }
        // An emoji that needs the variation selector to be one.
        if scalar.value == 0xFE0F, lastIsPictographic { isTerm = true }
        if current == .regionalIndicator { regionalIndicators += 1 }
        lastIsPictographic = known.isPictographic
        last = current
        offset += scalar.length
    }

    private mutating func takeIgnored(
        _ text: Span<UInt8>, before end: Int, _ properties: UnicodeProperties
    ) {
        while offset < end {
            let scalar = UTF8Scalar(text, at: offset)
            append(scalar, properties.properties(of: scalar.value))
        }
    }

    private func joins(_ next: WordBreakClass) -> Bool {
        switch (base, next) {
        case (.letter, .letter), (.letter, .hebrewLetter), (.hebrewLetter, .letter),
            (.hebrewLetter, .hebrewLetter), (.letter, .numeric), (.hebrewLetter, .numeric),
            (.numeric, .letter), (.numeric, .hebrewLetter), (.numeric, .numeric),
            (.katakana, .katakana):
            true
        case (.letter, .extendNumberLetter), (.hebrewLetter, .extendNumberLetter),
            (.numeric, .extendNumberLetter), (.katakana, .extendNumberLetter),
            (.extendNumberLetter, .extendNumberLetter), (.extendNumberLetter, .letter),
            (.extendNumberLetter, .hebrewLetter), (.extendNumberLetter, .numeric),
            (.extendNumberLetter, .katakana):
            true
        case (.regionalIndicator, .regionalIndicator): !regionalIndicators.isMultiple(of: 2)
        default: false
        }
    }

    private struct Following {
        let offset: Int
        let scalar: UTF8Scalar
        let known: ScalarProperties
    }

    /// The scalar behind the punctuation `middle`, when both belong to this segment.
    private func followingJoined(
        _ text: Span<UInt8>, _ scalar: UTF8Scalar, _ middle: WordBreakClass,
        _ properties: UnicodeProperties
    ) -> Following? {
        guard middle.canJoin(base) else { return nil }
        var place = offset + scalar.length
        while place < text.count {
            let next = UTF8Scalar(text, at: place)
            let known = properties.properties(of: next.value)
            if !known.wordBreak.isIgnored {
                let isJoined =
                    middle == .doubleQuote
                    ? known.wordBreak == .hebrewLetter
                    : base == .numeric
                        ? known.wordBreak == .numeric : known.wordBreak.isLetter
                return isJoined ? Following(offset: place, scalar: next, known: known) : nil
            }
            place += next.length
        }
        return nil
    }
}

extension WordBreakClass {
    /// AHLetter of the annex.
    fileprivate var isLetter: Bool { self == .letter || self == .hebrewLetter }

    fileprivate var isNewline: Bool {
        self == .newline || self == .carriageReturn || self == .lineFeed
    }

    /// Skipped by WB4.
    fileprivate var isIgnored: Bool {
        self == .extend || self == .format || self == .zeroWidthJoiner
    }

    /// Whether this punctuation can stand between `base` and another scalar of its kind.
    fileprivate func canJoin(_ base: WordBreakClass) -> Bool {
        switch self {
        case .midNumberLetter, .singleQuote: base.isLetter || base == .numeric
        case .midLetter: base.isLetter
        case .midNumber: base == .numeric
        case .doubleQuote: base == .hebrewLetter
        default: false
        }
    }
}
