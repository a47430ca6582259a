import TestSupport

/// The oracle of patterns: a tree that is matched by trying everything, and its text form.
indirect enum SlowPattern {
    case scalar(Unicode.Scalar)
    case any
    case members([Unicode.Scalar], isNegated: Bool)
    case sequence([SlowPattern])
    case alternatives([SlowPattern])
    case repetition(SlowPattern, ClosedRange<Int>)
    case star(SlowPattern)

    func matches(_ text: [Unicode.Scalar]) -> Bool { ends(text, from: 0).contains(text.count) }

    /// All places where a match that starts at `start` can end.
    private func ends(_ text: [Unicode.Scalar], from start: Int) -> Set<Int> {
        switch self {
        case .scalar(let scalar):
            return start < text.count && text[start] == scalar ? [start + 1] : []
        case .any: return start < text.count ? [start + 1] : []
        case .members(let members, let isNegated):
            guard start < text.count else { return [] }
            return members.contains(text[start]) != isNegated ? [start + 1] : []
        case .sequence(let parts):
            return parts.reduce([start]) { places, part in
                Set(places.flatMap { part.ends(text, from: $0) })
            }
        case .alternatives(let parts): return Set(parts.flatMap { $0.ends(text, from: start) })
        case .repetition(let part, let times):
            var places: Set<Int> = [start]
            var result: Set<Int> = times.contains(0) ? places : []
            for time in stride(from: 1, through: times.upperBound, by: 1) {
                places = Set(places.flatMap { part.ends(text, from: $0) })
                if times.contains(time) { result.formUnion(places) }
            }
            return result
        case .star(let part):
            var result: Set<Int> = [start]
            while true {
                let more = result.union(result.flatMap { part.ends(text, from: $0) })
                if more == result { return result }
                result = more
            }
        }
    }

    /// The pattern in the syntax of regular expressions.
    var expression: String {
        switch self {
        case .scalar(let scalar): Self.escaped(scalar)
        case .any: "."
        case .members(let members, let isNegated):
            "[" + (isNegated ? "^" : "") + members.map(Self.escaped).joined() + "]"
        case .sequence(let parts): parts.map { "(" + $0.expression + ")" }.joined()
        case .alternatives(let parts):
            parts.map { "(" + $0.expression + ")" }.joined(separator: "|")
        case .repetition(let part, 0...1): "(\(part.expression))?"
        case .repetition(let part, let times):
            "(\(part.expression)){\(times.lowerBound),\(times.upperBound)}"
        case .star(let part): "(\(part.expression))*"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9" ~= scalar)
        return isPlain ? "\(scalar)" : "\\\(scalar)"
    }

    static func random(
        of alphabet: [Unicode.Scalar], depth: Int, using random: inout SeededRandom
    ) -> SlowPattern {
        func several() -> [SlowPattern] {
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                .random(of: alphabet, depth: depth - 1, using: &random)
            }
        }
        func one() -> SlowPattern { .random(of: alphabet, depth: depth - 1, using: &random) }
        switch depth == 0
            ? Int.random(in: 0..<4, using: &random) : Int.random(in: 0..<9, using: &random)
        {
        case 0, 1: return .scalar(alphabet.randomElement(using: &random)!)
        case 2: return .any
        case 3:
            let members = (0..<2).map { _ in alphabet.randomElement(using: &random)! }
            return .members(members, isNegated: Bool.random(using: &random))
        case 4, 5, 6: return .sequence(several())
        case 7: return .alternatives(several())
        default:
            if Bool.random(using: &random) { return .star(one()) }
            let least = Int.random(in: 0...2, using: &random)
            return .repetition(one(), least...least + Int.random(in: 0...2, using: &random))
        }
    }
}

/// The edit distance by dynamic programming; with `transpositions`, exchanging two neighbours that
/// are not edited otherwise counts one.
func editDistance(
    _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], transpositions: Bool
) -> Int {
    var rows = [[Int]](
        repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
    for i in 0...left.count {
        for j in 0...right.count {
            if i == 0 || j == 0 {
                rows[i][j] = i + j
                continue
            }
            let same = left[i - 1] == right[j - 1] ? 0 : 1
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same)
            if transpositions, i > 1, j > 1, left[i - 1] == right[j - 2],
                left[i - 2] == right[j - 1]
            {
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
            }
        }
    }
    return rows[left.count][right.count]
}
