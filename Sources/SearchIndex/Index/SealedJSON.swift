/// A small JSON file that carries the checksum of its own bytes.
///
/// The object's last member is `"crc32c"`, eight hexadecimal digits: the CRC-32C of all bytes
/// before the comma in front of it. One line feed ends the file.
enum SealedJSON {
    private static let prefix = Array(",\"crc32c\":\"".utf8)
    private static let suffix = Array("\"}\n".utf8)
    private static let sealBytes = prefix.count + 8 + suffix.count

    /// The greatest file that is read, in bytes.
    static let maximumBytes = 16 * 1024 * 1024

    /// Adds the checksum to a JSON object that is not empty.
    static func seal(_ object: [UInt8]) -> [UInt8] {
        precondition(object.last == UInt8(ascii: "}"), "only objects are sealed")
        var bytes = Array(object.dropLast())
        let checksum = CRC32C.checksum(bytes.span)
        bytes += prefix
        bytes += Array(Hexadecimal.text(checksum).utf8)
        bytes += suffix
        return bytes
    }

    /// The bytes of the file at `path` once its checksum is found right.
    static func read(path: String) throws(IndexError) -> [UInt8] {
        let file = try MappedFile(path: path)
        guard file.byteCount <= maximumBytes else {
            throw damaged(path, expected: "at most \(maximumBytes) bytes")
        }
        let bytes = file.withBytes(0..<file.byteCount) { source in
            var copy: [UInt8] = []
            copy.append(copying: source)
            return copy
        }
        guard bytes.count > sealBytes else { throw damaged(path, expected: "a checksum member") }
        let object = Array(bytes.dropLast(sealBytes)) + [UInt8(ascii: "}")]
        guard seal(object) == bytes else {
            throw damaged(path, expected: "the checksum of the bytes before it")
        }
        return bytes
    }

    private static func damaged(_ path: String, expected: String) -> IndexError {
        IndexError(
            .corrupt, "damaged or edited file", file: path, expected: expected,
            advice: "restore the file from a replica or rebuild the index")
    }
}

/// Reads the members of one sealed file's object; errors name the file and the place.
struct SealedJSONReader {
    /// The file's bytes.
    let bytes: [UInt8]
    private let path: String
    private var scanner = JSONScanner()

    init(path: String) throws(IndexError) {
        self.path = path
        bytes = try SealedJSON.read(path: path)
        try parse { (scanner, bytes) throws(JSONError) in try scanner.enterObject(bytes) }
    }

    /// Enters the object that follows.
    mutating func enterObject() throws(IndexError) {
        try parse { (scanner, bytes) throws(JSONError) in try scanner.enterObject(bytes) }
    }

    /// The next member's key, or nil at the end of the current object.
    mutating func nextMember() throws(IndexError) -> String? {
        try parse { (scanner, bytes) throws(JSONError) in
            guard try scanner.nextMember(bytes) != nil else { return nil }
            return String(decoding: scanner.key, as: UTF8.self)
        }
    }

    /// Reads a string.
    mutating func string() throws(IndexError) -> String {
        try parse { (scanner, bytes) throws(JSONError) in
            var text: [UInt8] = []
            try scanner.readString(bytes, into: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Reads an unsigned integer of at most `limit`.
    mutating func unsigned(limit: UInt64 = .max) throws(IndexError) -> UInt64 {
        let value = try parse { (scanner, bytes) throws(JSONError) in
            try scanner.readUnsigned(bytes)
        }
        guard value <= limit else {
            throw invalid("a number of at most \(limit)", found: "\(value)")
        }
        return value
    }

    /// Reads a build id.
    mutating func buildID() throws(IndexError) -> BuildID {
        let text = try string()
        guard let id = BuildID(text) else {
            throw invalid("32 hexadecimal digits", found: "\"\(text)\"")
        }
        return id
    }

    /// Reads the version and refuses others.
    mutating func formatVersion() throws(IndexError) {
        let version = try unsigned()
        guard version == UInt64(SegmentFormat.version) else {
            throw IndexError(
                .unsupportedVersion, "another format version", file: path,
                expected: "version \(SegmentFormat.version)", found: "version \(version)",
                advice: "rebuild the index with this release")
        }
    }

    /// Reads a schema.
    mutating func schema() throws(IndexError) -> Schema {
        do {
            let bytes = bytes
            return try Schema.read(from: &scanner, bytes.span)
        } catch {
            throw invalid("a valid schema", found: "\(error)")
        }
    }

    /// Reads an array of objects, each by `element`.
    mutating func array<Element>(
        _ element: (inout SealedJSONReader) throws(IndexError) -> Element
    ) throws(IndexError) -> [Element] {
        try parse { (scanner, bytes) throws(JSONError) in try scanner.enterArray(bytes) }
        var elements: [Element] = []
        while try parse({ (scanner, bytes) throws(JSONError) in
            guard try scanner.nextElement(bytes) != nil else { return false }
            try scanner.enterObject(bytes)
            return true
        }) {
            elements.append(try element(&self))
        }
        return elements
    }

    /// Passes over a value that this version does not know.
    mutating func skip() throws(IndexError) {
        try parse { (scanner, bytes) throws(JSONError) in try scanner.skipValue(bytes) }
    }

    /// The value, or the error that the member is missing.
    func required<Value>(_ value: Value?, _ member: String) throws(IndexError) -> Value {
        guard let value else { throw invalid("a member \"\(member)\"", found: "none") }
        return value
    }

    /// The error for content that cannot be used.
    func invalid(_ expected: String, found: String) -> IndexError {
        IndexError(
            .corrupt, "unusable content", file: path, expected: expected, found: found,
            advice: "restore the file from a replica or rebuild the index")
    }

    private mutating func parse<Result>(
        _ body: (inout JSONScanner, Span<UInt8>) throws(JSONError) -> Result
    ) throws(IndexError) -> Result {
        do {
            let bytes = bytes
            return try body(&scanner, bytes.span)
        } catch {
            throw invalid("JSON as this version writes it", found: "\(error)")
        }
    }
}
