/// Some members of stored documents, named by the keys that lead to them, joined by dots.
///
/// Names mean what they mean in a schema: `a.b` selects from `{"a":{"b":1}}`,
/// `{"a":[{"b":1},{"b":2}]}` and `{"a.b":1}` alike, and `a` all of `a`. Immutable.
public struct DocumentSelection: Sendable {
    /// The most names.
    public static let maximumNames = 256

    private let paths: FieldPaths

    /// A selection; nil for no name, for an empty one, and for more than `maximumNames`.
    public init?(_ names: [String]) {
        guard 1...Self.maximumNames ~= names.count, !names.contains("") else { return nil }
        paths = FieldPaths(names.map { Field(name: $0, kind: .keyword) })
    }

    /// The document with the selected members only, in their order.
    ///
    /// Keys and values are copied byte for byte. Objects and arrays on the way to a selected member
    /// stay if they hold one; their other members and elements are left out. Linear in the bytes.
    ///
    /// - Throws: `JSONError` when the bytes are not a JSON object.
    public func selected(from document: [UInt8]) throws(JSONError) -> [UInt8] {
        var copier = MemberCopier(paths: paths)
        try copier.copyObject(document.span)
        try copier.scanner.finish(document.span)
        return copier.output
    }
}

/// One walk over a document.
private struct MemberCopier {
    let paths: FieldPaths
    var scanner = JSONScanner()
    var output: [UInt8] = []
    /// The keys that lead to the object under the scanner, joined by dots; empty at the top.
    private var path: [UInt8] = []

    init(paths: FieldPaths) { self.paths = paths }

    /// Copies the selected members of the object that follows.
    ///
    /// Recursion ends where the scanner refuses deeper nesting.
    ///
    /// - Returns: whether there are any; a pair of braces is written in any case.
    @discardableResult
    mutating func copyObject(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let outer = path.count
        defer { path.removeSubrange(outer...) }
        output.append(UInt8(ascii: "{"))
        try scanner.enterObject(bytes)
        var isEmpty = true
        var before = scanner.byteOffset
        while let kind = try scanner.nextMember(bytes) {
            path.removeSubrange(outer...)
            if outer > 0 { path.append(UInt8(ascii: ".")) }
            path += scanner.key
            let start = output.count
            if !isEmpty { output.append(UInt8(ascii: ",")) }
            output.append(copying: bytes.extracting(Self.key(bytes, from: before, scanner)))
            output.append(UInt8(ascii: ":"))
            if try copyValue(kind, bytes) {
                isEmpty = false
            } else {
                output.removeSubrange(start...)
            }
            before = scanner.byteOffset
        }
        output.append(UInt8(ascii: "}"))
        return !isEmpty
    }

    /// Copies what is selected of a value whose path is in `path`; false when nothing is.
    private mutating func copyValue(
        _ kind: JSONKind, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        let target = paths.target(of: path.span)
        if target.field == nil, target.isPrefix {
            if kind == .object { return try copyObject(bytes) }
            if kind == .array { return try copyArray(bytes) }
        }
        let start = scanner.byteOffset
        try scanner.skipValue(bytes)
        guard target.field != nil else { return false }
        output.append(copying: bytes.extracting(start..<scanner.byteOffset))
        return true
    }

    private mutating func copyArray(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        output.append(UInt8(ascii: "["))
        try scanner.enterArray(bytes)
        var isEmpty = true
        while let kind = try scanner.nextElement(bytes) {
            let start = output.count
            if !isEmpty { output.append(UInt8(ascii: ",")) }
            if try copyValue(kind, bytes) {
                isEmpty = false
            } else {
                output.removeSubrange(start...)
            }
        }
        output.append(UInt8(ascii: "]"))
        return !isEmpty
    }

    /// The place of the key, quotes included, that the scanner read last, from an offset before it.
    private static func key(
        _ bytes: Span<UInt8>, from before: Int, _ scanner: JSONScanner
    ) -> Range<Int> {
        var start = before
        while start < scanner.byteOffset, bytes[start] != UInt8(ascii: "\"") { start += 1 }
        var end = scanner.byteOffset
        while end > start, bytes[end - 1] != UInt8(ascii: "\"") { end -= 1 }
        return start..<end
    }
}
