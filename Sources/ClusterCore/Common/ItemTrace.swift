import WireMessages

/// The trace that an item is part of: `traceparent` and `tracestate` of W3C Trace Context
/// (https://www.w3.org/TR/trace-context/).
///
/// They are passed on as they came, since brokers and workers record no spans of their own. A malformed
/// `traceparent` counts as none, its `tracestate` then too; a malformed `tracestate` is left out.
package struct ItemTrace: Hashable, Sendable {
    /// Of version 00, 55 characters: version, trace id, parent id and flags in lower-case hexadecimal.
    package let parent: String
    /// Empty, or a list of at most 32 members `key=value`, of at most 512 characters.
    package let state: String

    /// Nil without a valid `traceparent`, in particular for an empty one. O(length), at most 1 KiB.
    package init?(parent: String, state: String) {
        guard !parent.isEmpty, let valid = Self.parent(parent) else { return nil }
        self.parent = valid
        self.state = Self.isState(state) ? state : ""
    }

    /// Where the parts of a `traceparent` stand, in bytes.
    private enum Part {
        static let version = 0..<2
        static let traceID = 3..<35
        static let parentID = 36..<52
        static let flags = 53..<55
    }

    /// In the form of version 00; nil for a malformed one.
    ///
    /// Of a later version only the parts of version 00 are known, and of its flags only "sampled".
    private static func parent(_ text: String) -> String? {
        let bytes = text.utf8.span
        let end = Part.flags.upperBound
        let hyphen = UInt8(ascii: "-")
        guard bytes.count >= end,
            areDigits(bytes, Part.version), bytes[Part.version.upperBound] == hyphen,
            areDigits(bytes, Part.traceID), bytes[Part.traceID.upperBound] == hyphen,
            areDigits(bytes, Part.parentID), bytes[Part.parentID.upperBound] == hyphen,
            areDigits(bytes, Part.flags),
            !Part.traceID.allSatisfy({ bytes[$0] == UInt8(ascii: "0") }),
            !Part.parentID.allSatisfy({ bytes[$0] == UInt8(ascii: "0") })
        else { return nil }
        switch (bytes[0], bytes[1]) {
        case (UInt8(ascii: "0"), UInt8(ascii: "0")): return bytes.count == end ? text : nil
        case (UInt8(ascii: "f"), UInt8(ascii: "f")): return nil
        default:
            guard bytes.count == end || bytes[end] == hyphen else { return nil }
            let isSampled = hexadecimal(bytes[end - 1]).map { $0 & 1 == 1 } ?? false
            return "00\(text.dropFirst(2).prefix(end - 4))\(isSampled ? "01" : "00")"
        }
    }

    private static func areDigits(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for position in range where hexadecimal(bytes[position]) == nil { return false }
        return true
    }

    /// The value of a lower-case digit.
    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func isState(_ text: String) -> Bool {
        guard !text.isEmpty else { return true }
        guard text.utf8.count <= 512 else { return false }
        let members = text.utf8.split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard members.count <= 32 else { return false }
        return members.allSatisfy { member in
            let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
            let trailing = member.reversed().prefix { blanks.contains($0) }.count
            let member = member.dropLast(trailing).drop { blanks.contains($0) }
            return member.isEmpty || isMember(member)
        }
    }

    /// Whether a member is `key=value`: a key of lower-case letters, digits and `_-*/@`, a value of
    /// visible characters and blanks without `,` and `=`.
    private static func isMember(_ member: Substring.UTF8View) -> Bool {
        guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let (key, value) = (member[..<equals], member[equals...].dropFirst())
        guard (1...256).contains(key.count), (1...256).contains(value.count),
            let first = key.first, isKeyStart(first)
        else { return false }
        return key.allSatisfy { isKeyStart($0) || "_-*/@".utf8.contains($0) }
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isKeyStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension ItemTrace {
    /// Of an item of a SUBMIT, whose own trace goes before the SUBMIT's.
    init?(_ item: WireItem, defaults: WireSubmit) {
        if item.traceparent.isEmpty {
            self.init(parent: defaults.traceparent, state: defaults.tracestate)
        } else {
            self.init(parent: item.traceparent, state: item.tracestate)
        }
    }

    /// Adds the trace to a task.
    func describe(_ task: inout WireTask) {
        task.options.traceparent = parent
        task.options.tracestate = state
    }

    /// Adds the trace to the fetch of an item's documents.
    func describe(_ task: inout WireFetchTask) {
        task.traceparent = parent
        task.tracestate = state
    }
}
