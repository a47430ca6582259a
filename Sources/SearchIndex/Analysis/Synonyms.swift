/// Rules that say which words stand for which others.
///
/// One rule a line; empty lines and those that begin with `#` count for nothing:
///
///     tv, television, telly
///     wi-fi, wireless => wlan
///     new york => new york, nyc
///
/// Words of a group without `=>` stand for each other. With `=>` each of the left side is replaced
/// by all of the right side, which may name it to keep it. A comma separates words; behind a
/// backslash any character is a plain one. Only the left side of `=>`, and what the right side
/// keeps of it, may have several words.
public struct Synonyms: Sendable, Hashable {
    /// The most rules.
    public static let maximumRules = 10_000
    /// The most bytes of all rules together, and of a file of them.
    public static let maximumBytes = 1 << 20
    /// The most words, or groups of words, on each side of a rule.
    public static let maximumMembers = 64
    /// The most words that one member may have.
    public static let maximumWords = 8
    /// The most terms that can stand for one input, over all rules.
    public static let maximumOutputs = 64

    /// A rule cut into its sides.
    struct Rule: Sendable, Hashable {
        /// What the rule looks for, each as UTF-8.
        let inputs: [[UInt8]]
        /// What replaces it; nil in a group of equivalents.
        let outputs: [[UInt8]]?
    }

    /// The text of every rule, in order.
    public let lines: [String]
    /// The rules, beside `lines`.
    let rules: [Rule]

    /// Rules from lines; those without a rule are left out.
    ///
    /// - Throws: `SynonymError` with the line that is wrong.
    public init(lines: some Sequence<String>) throws(SynonymError) {
        var kept: [String] = []
        var rules: [Rule] = []
        var byteCount = 0
        for (number, line) in lines.enumerated() {
            let bytes = Self.trimmed(Array(line.utf8)[...])
            guard let first = bytes.first, first != UInt8(ascii: "#") else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            byteCount += bytes.count
            guard rules.count < Self.maximumRules, byteCount <= Self.maximumBytes else {
                throw SynonymError(.tooMany, rule: text, line: number + 1)
            }
            do throws(SynonymError.Reason) {
                rules.append(try Self.rule(bytes))
            } catch {
                throw SynonymError(error, rule: text, line: number + 1)
            }
            kept.append(text)
        }
        self.lines = kept
        self.rules = rules
    }

    /// Rules from the bytes of a file, UTF-8 with or without a byte order mark.
    ///
    /// - Throws: `SynonymError` with the line that is wrong.
    public init(file bytes: [UInt8]) throws(SynonymError) {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var texts: [String] = []
        for (number, line) in lines.enumerated() {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw SynonymError(.invalidUTF8, rule: "", line: number + 1)
            }
            texts.append(text)
        }
        try self.init(lines: texts)
    }

    /// Rules are equal when the bytes of their lines are.
    public static func == (left: Self, right: Self) -> Bool {
        left.lines.elementsEqual(right.lines) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Hashes the lines.
    public func hash(into hasher: inout Hasher) { hasher.combine(lines) }
}

// Reading one rule.
extension Synonyms {
    private static func rule(_ bytes: ArraySlice<UInt8>) throws(SynonymError.Reason) -> Rule {
        var sides: [[[UInt8]]] = [[[]]]
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            var byte = bytes[offset]
            let following = offset + 1 < bytes.endIndex ? bytes[offset + 1] : nil
            offset += 1
            if byte == UInt8(ascii: ",") {
                sides[sides.count - 1].append([])
                continue
            }
            if byte == UInt8(ascii: "="), following == UInt8(ascii: ">") {
                sides.append([[]])
                offset += 1
                continue
            }
            if byte == UInt8(ascii: "\\") {
                guard let following else { throw .badEscape }
                byte = following
                offset += 1
            }
            let member = sides[sides.count - 1].count - 1
            sides[sides.count - 1][member].append(byte)
        }
        guard sides.count <= 2 else { throw .tooManyArrows }
        let members = sides.map { $0.map { Array(trimmed($0[...])) } }
        guard members.allSatisfy({ !$0.contains([]) }) else { throw .emptyMember }
        guard members.allSatisfy({ $0.count <= maximumMembers }) else { throw .tooManyMembers }
        if members.count == 1, members[0].count == 1 { throw .alone }
        return Rule(inputs: members[0], outputs: members.count == 2 ? members[1] : nil)
    }

    /// The bytes without ASCII white space around them.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}

/// Why synonyms were refused.
public struct SynonymError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Error, Hashable, Sendable {
        /// The line is not UTF-8.
        case invalidUTF8
        /// More than one `=>`.
        case tooManyArrows
        /// Nothing before, between or behind commas or `=>`.
        case emptyMember
        /// A single word without `=>`.
        case alone
        /// A backslash at the end.
        case badEscape
        /// More than `Synonyms.maximumMembers` on one side.
        case tooManyMembers
        /// More rules, or bytes, than allowed.
        case tooMany
        /// The chain in front of the synonyms makes no term of it.
        case noTerm(String)
        /// More than `Synonyms.maximumWords` words.
        case tooManyWords(String)
        /// Several words where only one can stand.
        case severalWords(String)
        /// More than `Synonyms.maximumOutputs` terms for one input.
        case tooManyOutputs(String)
    }

    /// What is wrong.
    public let reason: Reason
    /// The text of the rule.
    public let rule: String
    /// The number of its line, from 1; nil when only the rule is known.
    public let line: Int?

    /// An error in a rule.
    public init(_ reason: Reason, rule: String, line: Int? = nil) {
        self.reason = reason
        self.rule = rule
        self.line = line
    }

    /// One sentence with the rule and what is expected.
    public var description: String {
        let number = line.map { " \($0)" } ?? ""
        return "synonym rule\(number) \"\(Self.shown(rule))\": \(explanation)"
    }

    /// The beginning of a text that may be long.
    private static func shown(_ text: String) -> String {
        text.unicodeScalars.count > 80 ? String(text.unicodeScalars.prefix(80)) + "…" : text
    }

    private var explanation: String {
        switch reason {
        case .invalidUTF8: "not UTF-8"
        case .tooManyArrows: "more than one =>; write one, or \\= for a plain sign"
        case .emptyMember: "nothing before, between or behind its commas or =>"
        case .alone: "a single word; write several with commas, or =>"
        case .badEscape: "a backslash at the end; write \\\\ for a plain one"
        case .tooManyMembers: "more than \(Synonyms.maximumMembers) words on one side"
        case .tooMany:
            "the list is longer than \(Synonyms.maximumRules) rules or "
                + "\(Synonyms.maximumBytes) bytes"
        case .noTerm(let member): "the filters before it make no term of \"\(Self.shown(member))\""
        case .tooManyWords(let member):
            "\"\(Self.shown(member))\" has more than \(Synonyms.maximumWords) words"
        case .severalWords(let member):
            "\"\(Self.shown(member))\" is several words, which only the left side of => may "
                + "have, and a right side that keeps it; write \(Self.shown(member)) => "
                + "\(Self.shown(member)), WORD"
        case .tooManyOutputs(let member):
            "more than \(Synonyms.maximumOutputs) words stand for \"\(Self.shown(member))\""
        }
    }
}
