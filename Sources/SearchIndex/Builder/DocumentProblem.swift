/// Why a line is no document, and where in the line.
struct DocumentProblem: Error {
    let byteOffset: Int
    let reason: BadLine.Reason

    init(_ byteOffset: Int, _ reason: BadLine.Reason) {
        self.byteOffset = byteOffset
        self.reason = reason
    }
}

/// A problem on its way out of the parser.
enum ParseFailure: Error {
    case json(JSONError)
    case problem(DocumentProblem)
}

func json<Result>(
    _ body: () throws(JSONError) -> Result
) throws(ParseFailure) -> Result {
    do { return try body() } catch { throw .json(error) }
}
