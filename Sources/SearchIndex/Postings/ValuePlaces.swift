/// Where the positions of each posting of a block start in the block's list of values.
struct ValuePlaces: Sendable {
    /// Entry i is the sum of the first i frequencies; 129 entries once a block is taken.
    private(set) var starts: [Int] = []
    /// The values of the whole block.
    private(set) var total = 0

    /// Takes the frequencies of a block.
    mutating func set(_ frequencies: [UInt32], count: Int) {
        prepare()
        var sum = 0
        for index in 0..<count {
            starts[index] = sum
            sum &+= Int(frequencies[index])
        }
        starts[count] = sum
        total = sum
    }

    /// Takes a block whose frequencies are all 1.
    mutating func setSingle(count: Int) {
        prepare()
        for index in 0...count { starts[index] = index }
        total = count
    }

    private mutating func prepare() {
        if starts.isEmpty {
            starts = [Int](repeating: 0, count: BlockPacking.blockLength + 1)
        }
    }

    /// Where the values start of a posting that is at `place` of a whole list with the block.
    @inline(__always)
    func start(ofPosting place: Int) -> Int { starts[place % BlockPacking.blockLength] }

    /// Where they end.
    @inline(__always)
    func end(ofPosting place: Int) -> Int { starts[place % BlockPacking.blockLength + 1] }

    /// Where the values of a posting start, and those of the posting before it end.
    @inline(__always)
    subscript(posting: Int) -> Int { starts[posting] }
}
