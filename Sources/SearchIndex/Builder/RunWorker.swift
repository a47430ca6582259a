/// Makes runs of lines within a budget of memory: a run that reaches it is written out.
struct RunWorker {
    /// The runs that were written out.
    private(set) var written: [RunSource] = []
    private var builder: RunBuilder
    private let options: IndexBuildOptions
    private let folder: String
    private let name: String
    private let memoryBytes: Int
    private var fileCount = 0
    /// The most bytes of a run, whatever the budget: its tokens, of four bytes each, are numbered with
    /// 32 bits.
    private static let maximumRunBytes = 8 << 30
    /// The most files that stay before they are merged into one.
    private static let maximumFiles = 16

    /// - Parameters:
    ///   - folder: Where runs are written out.
    ///   - name: What no other worker of the build is called.
    ///   - memoryBytes: The budget.
    init(_ options: IndexBuildOptions, folder: String, name: String, memoryBytes: Int) {
        self.options = options
        self.folder = folder
        self.name = name
        self.memoryBytes = memoryBytes
        builder = RunBuilder(options: options)
    }

    /// Adds a line.
    mutating func add(
        _ line: Span<UInt8>, key: OrderKey
    ) throws(DocumentProblem) { try builder.add(line, key: key) }

    /// Adds the lines of a block and returns the bad ones, in order.
    mutating func add(_ block: InputBlock) -> [BadLine] {
        block.add(to: &builder, stopsAtBadLine: options.isStrict)
    }

    /// Writes the run out if it has reached the budget.
    mutating func spillIfNeeded() throws(IndexError) {
        // Sorting needs as much again, and so does what is encoded.
        guard builder.documents.count > 0,
            builder.byteCount > min(memoryBytes / 3, Self.maximumRunBytes)
        else { return }
        try write([RunSource(builder.takeRun(), schema: options.schema)])
        guard written.count >= Self.maximumFiles else { return }
        let runs = written
        written = []
        try write(runs)
        for number in fileCount - runs.count..<fileCount {
            FileSystem.removeTree(path(number))
        }
    }

    /// All runs, the last in memory.
    mutating func finish() -> [RunSource] {
        guard builder.documents.count > 0 else { return written }
        return written + [RunSource(builder.takeRun(), schema: options.schema)]
    }

    private mutating func write(_ runs: [RunSource]) throws(IndexError) {
        fileCount += 1
        written.append(
            try RunSource(
                writing: runs, to: path(fileCount), schema: options.schema,
                memoryBytes: memoryBytes / 3))
    }

    private func path(_ number: Int) -> String { "\(folder)/run-\(name)-\(number)" }
}
