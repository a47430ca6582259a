/// What a decoder found wrong in bytes; the section it reads adds file and name.
struct Malformed: Error, Hashable {
    /// The offset from the start of the section, in bytes.
    let byteOffset: Int
    /// What was expected there.
    let expected: String
    /// What was found there, where it says more than the offset.
    let found: String?

    init(at byteOffset: Int, expected: String, found: String? = nil) {
        self.byteOffset = byteOffset
        self.expected = expected
        self.found = found
    }
}
