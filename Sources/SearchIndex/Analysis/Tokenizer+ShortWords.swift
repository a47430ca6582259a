extension Tokenizer {
    /// Gives `body` the next words of ASCII letters and digits, of at most `TermHead.byteCount`
    /// bytes, for `simple`; `nextRun` goes on at the first of another kind.
    ///
    /// The words of a block are found without a loop over their bytes, and none is copied.
    ///
    /// - Returns: False when `body` did.
    @inline(__always)
    mutating func takeShortWords(
        of text: Span<UInt8>,
        _ body: (_ head: TermHead, _ length: Int, _ position: UInt32) -> Bool
    ) -> Bool {
        let setBits = lowercases ? ASCII.lowercaseBits : 0
        guard text.count >= TermHead.byteCount else { return true }
        while true {
            let start = bits.start
            var words = bits.words
            // A word at the block's end may go on behind it.
            let block = bits.end < text.count ? WordBits.blockBytes : WordBits.blockBytes + 1
            var wasGiven = true
            while words != 0 {
                let first = words.trailingZeroBitCount
                let count = (~(words &>> UInt64(first))).trailingZeroBitCount
                guard count <= TermHead.byteCount, first + count < block,
                    !bits.hasOthers(from: first, count: count), nextPosition < .max
                else { break }
                let head = TermHead(text, at: start + first, count: count, setting: setBits)
                wasGiven = body(head, count, nextPosition)
                nextPosition += 1
                words &= .max << UInt64(first + count)
                if !wasGiven { break }
            }
            bits.drop(before: words == 0 ? bits.end : start + words.trailingZeroBitCount)
            guard wasGiven else { return false }
            let next = bits.next ?? bits.end..<bits.end
            guard next.upperBound == bits.end, bits.end < text.count,
                next.lowerBound > start || bits.end == start
            else { return true }
            bits = WordBits(text, from: next.lowerBound)
        }
    }
}
