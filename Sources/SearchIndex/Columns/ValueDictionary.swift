/// The different values of a keyword or facet column, ascending as bytes; the place of a value is
/// its ordinal. Front-coded in blocks of 16. Immutable.
struct ValueDictionary: Sendable {
    /// The values of a block.
    static let blockLength = 16

    /// The number of values.
    let count: Int
    let section: FileSection

    /// Opens a dictionary; reads its count and checks the length of its index.
    init(_ section: FileSection) throws(IndexError) {
        self.section = section
        count = try section.read { (bytes) throws(Malformed) in
            var cursor = ByteCursor()
            let count = Int(try cursor.integer(bytes, as: UInt32.self))
            try cursor.skip(8 * Self.blocks(count), bytes)
            return count
        }
    }

    /// The value with an ordinal; constant time.
    ///
    /// - Throws: `corrupt` also for an ordinal that is not below `count`.
    func value(_ ordinal: UInt64) throws(IndexError) -> [UInt8] {
        guard ordinal < UInt64(count) else {
            throw section.corrupt(
                Malformed(at: 0, expected: "ordinals below \(count)", found: "\(ordinal)"))
        }
        var result: [UInt8] = []
        let index = Int(ordinal)
        try visit(block: index / Self.blockLength) { place, value in
            if place == index { result = value }
            return place < index
        }
        return result
    }

    /// All values.
    func values() throws(IndexError) -> [[UInt8]] {
        var values: [[UInt8]] = []
        for block in 0..<Self.blocks(count) {
            try visit(block: block) { _, value in
                values.append(value)
                return true
            }
        }
        return values
    }

    /// The number of values below `bytes`, and whether the next one is `bytes`; logarithmic.
    func lowerBound(_ bytes: [UInt8]) throws(IndexError) -> (ordinal: UInt64, isFound: Bool) {
        var low = 0
        var high = Self.blocks(count)
        while low < high {
            let middle = low + (high - low) / 2
            let first = try value(UInt64(middle * Self.blockLength))
            if BytesOrder.compare(first.span, bytes.span) <= 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0 else { return (0, false) }
        var result = min(low * Self.blockLength, count)
        var isFound = false
        try visit(block: low - 1) { place, value in
            let order = BytesOrder.compare(value.span, bytes.span)
            guard order >= 0 else { return true }
            result = place
            isFound = order == 0
            return false
        }
        return (UInt64(result), isFound)
    }

    /// Calls `body` with the ordinals and values of a block until it returns false.
    func visit(
        block: Int, _ body: (Int, [UInt8]) -> Bool
    ) throws(IndexError) {
        try section.read { (bytes) throws(Malformed) in
            let start = bytes.loadInteger(at: 4 + 8 * block, as: UInt64.self)
            guard start <= UInt64(bytes.count) else {
                throw Malformed(at: 4 + 8 * block, expected: "an offset inside the section")
            }
            var cursor = ByteCursor(at: Int(start))
            var value: [UInt8] = []
            let first = block * Self.blockLength
            for place in first..<min(count, first + Self.blockLength) {
                let shared = try cursor.length(bytes, limit: value.count, of: "a shared prefix")
                let rest = try cursor.length(
                    bytes, limit: Field.maximumKeywordBytes - shared, of: "a value length")
                let offset = try cursor.skip(rest, bytes)
                value.removeSubrange(shared...)
                value.append(copying: bytes.extracting(offset..<offset + rest))
                guard body(place, value) else { return }
            }
        }
    }

    /// The section of ascending values.
    static func encode(_ values: [[UInt8]]) -> [UInt8] {
        var content: [UInt8] = []
        var index: [UInt8] = []
        let start = 4 + 8 * blocks(values.count)
        for (place, value) in values.enumerated() {
            var shared = 0
            if place % blockLength == 0 {
                index.appendInteger(UInt64(start + content.count))
            } else {
                let previous = values[place - 1]
                while shared < min(previous.count, value.count), previous[shared] == value[shared] {
                    shared += 1
                }
            }
            content.appendVarint(UInt64(shared))
            content.appendVarint(UInt64(value.count - shared))
            content.append(contentsOf: value[shared...])
        }
        var bytes: [UInt8] = []
        bytes.appendInteger(UInt32(values.count))
        return bytes + index + content
    }

    static func blocks(_ count: Int) -> Int { (count + blockLength - 1) / blockLength }
}
