/// The name of a supervised process, which is also the name of its node, of its log file and of
/// its sockets.
///
/// 1 to 64 bytes out of `A-Z a-z 0-9 . _ -`, starting with a letter or a digit: such a name is a
/// safe file name, part of an ipc path, part of a ZeroMQ topic and command-line argument.
package struct ChildName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes: with it `NAME.clients` still leaves 35 bytes of an ipc path of
    /// 107 bytes for its folder.
    package static let longestBytes = 64

    /// What a name may be, in words for error messages.
    package static let rule =
        "1 to \(longestBytes) characters out of A-Z a-z 0-9 . _ -, the first a letter or digit"

    /// The name as text; ASCII only.
    package let text: String

    /// The name `text`, or nil when it breaks ``rule``.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= Self.longestBytes, let first = bytes.first,
            Self.isLetterOrDigit(first),
            bytes.allSatisfy({ Self.isLetterOrDigit($0) || Self.marks.contains($0) })
        else { return nil }
        self.text = text
    }

    /// The name as text.
    package var description: String { text }

    /// Orders by bytes.
    package static func < (left: ChildName, right: ChildName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static let marks: [UInt8] = [
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
    ]

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            false
        }
    }
}
