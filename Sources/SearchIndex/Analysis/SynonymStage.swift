/// Applies synonyms to the terms of one text after the other.
///
/// Of several inputs that begin at a term the longest counts; what it is made of begins no other.
/// Synonyms stand at the position of the input's first term, behind it, and have the bytes of the
/// whole input. Where an input of several terms is replaced, later terms move up, so that it takes
/// one position.
struct SynonymStage: Sendable {
    private let table: SynonymTable
    /// Terms that wait for their turn.
    private var input: [Token] = []
    private var inputHead = 0
    private var output: [Token] = []
    private var outputHead = 0
    private var hasEnded = false
    /// How many positions later terms move up.
    private(set) var shift: UInt32 = 0

    init(_ table: SynonymTable) { self.table = table }

    /// Begins another text.
    mutating func reset() {
        input.removeAll(keepingCapacity: true)
        output.removeAll(keepingCapacity: true)
        inputHead = 0
        outputHead = 0
        hasEnded = false
        shift = 0
    }

    /// Whether a term of the text, or its end, is needed to go on.
    var wantsInput: Bool {
        outputHead == output.count && !hasEnded && input.count - inputHead < table.maximumWords
    }

    /// Takes the next term of the text.
    mutating func add(_ token: Token) { input.append(token) }

    /// The text has no further term.
    mutating func end() { hasEnded = true }

    /// The next term; nil at the end. Not to be called while input is wanted.
    mutating func next() -> Token? {
        if outputHead == output.count {
            output.removeAll(keepingCapacity: true)
            outputHead = 0
            fill()
        }
        guard outputHead < output.count else { return nil }
        outputHead += 1
        return output[outputHead - 1]
    }

    /// Puts what the first waiting terms become into the empty output.
    private mutating func fill() {
        guard inputHead < input.count else { return }
        guard let (count, entry) = table.match(input[inputHead...]) else {
            emit(input[inputHead].term, at: inputHead...inputHead)
            return drop(1)
        }
        let last = inputHead + count - 1
        if entry.keepsInput { emit(input[inputHead].term, at: inputHead...inputHead) }
        for term in entry.terms { emit(term, at: inputHead...last) }
        if entry.keepsInput {
            for place in inputHead + 1..<last + 1 { emit(input[place].term, at: place...place) }
        } else {
            shift += UInt32(count - 1)
        }
        drop(count)
    }

    /// Adds a term made of some waiting ones.
    private mutating func emit(_ term: [UInt8], at places: ClosedRange<Int>) {
        let first = input[places.lowerBound]
        let last = input[places.upperBound]
        output.append(
            Token(
                term: term, position: first.position - shift,
                byteRange: first.byteRange.lowerBound..<last.byteRange.upperBound))
    }

    private mutating func drop(_ count: Int) {
        inputHead += count
        if inputHead >= 64 {
            input.removeFirst(inputHead)
            inputHead = 0
        }
    }
}
