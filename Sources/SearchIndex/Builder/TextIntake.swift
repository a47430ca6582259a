/// Takes the tokens of a field of one document, text after text.
struct TextIntake: Sendable {
    /// The position that the first token of the next text gets.
    private(set) var start: UInt32 = 0
    /// The position after the last token so far.
    private var expected: UInt32 = 0
    /// The last tokens, which the field does not have yet.
    private var batch = TermBatch()

    /// Starts with another document, or another field.
    mutating func reset() {
        start = 0
        expected = 0
    }

    /// Takes a token of at most `TermHead.byteCount` bytes; false when its position is too high.
    @inline(__always)
    mutating func take(
        _ head: TermHead, length: Int, at position: UInt32, _ field: inout FieldData
    ) -> Bool {
        guard take(position, &field) else { return false }
        batch.append(TermTable.Key(head, length: length))
        if batch.isFull { field.append(&batch) }
        return true
    }

    /// Takes a token of any length; false when its position is too high.
    mutating func take(
        _ term: Span<UInt8>, at position: UInt32, _ field: inout FieldData
    ) -> Bool {
        guard term.count > TermHead.byteCount else {
            return take(TermHead(term), length: term.count, at: position, &field)
        }
        guard take(position, &field) else { return false }
        field.append(&batch)
        field.append(term)
        return true
    }

    /// Ends a text.
    ///
    /// - Parameter next: The position that follows its last token's.
    mutating func endText(at next: UInt32, _ field: inout FieldData) {
        field.append(&batch)
        start = next > .max - SegmentFormat.valueGap ? .max : next + SegmentFormat.valueGap
    }

    /// Takes note of the next token's position.
    @inline(__always)
    private mutating func take(_ position: UInt32, _ field: inout FieldData) -> Bool {
        guard position <= SegmentFormat.maximumPosition else { return false }
        if position != expected { field.jump(to: position, ahead: batch.count) }
        expected = position + 1
        return true
    }
}
