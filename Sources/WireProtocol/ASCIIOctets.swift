/// Octets that are UTF-8 without further looking.
extension ArraySlice<UInt8> {
    /// Whether all of them are ASCII. O(octets).
    package var isASCII: Bool { allSatisfy { $0 < 0x80 } }
}

extension String {
    /// The text of octets in ASCII; nil for others, which may not be UTF-8.
    init?(ascii octets: ArraySlice<UInt8>) {
        guard octets.isASCII else { return nil }
        self.init(decoding: octets, as: UTF8.self)
    }
}
