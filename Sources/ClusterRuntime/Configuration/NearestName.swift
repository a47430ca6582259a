/// Finds the known name that a mistyped one was probably meant to be.
enum NearestName {
    /// The candidate with the fewest edits from `word`, if they are at most a third of its length
    /// (at least 1); the first of several. O(length² · candidates).
    static func of(_ word: String, among candidates: [String]) -> String? {
        let limit = max(1, word.utf8.count / 3)
        // A longer word is no typing error, and would only cost time.
        guard word.utf8.count <= 64 else { return nil }
        let best = candidates.map { (name: $0, edits: edits(from: word, to: $0)) }
            .min { $0.edits < $1.edits }
        return best.flatMap { $0.edits <= limit ? $0.name : nil }
    }

    /// The Levenshtein distance in bytes: single insertions, deletions and replacements
    /// (Wagner and Fischer, "The String-to-String Correction Problem", J. ACM 21, 1974), kept to
    /// one row.
    static func edits(from source: String, to target: String) -> Int {
        let target = Array(target.utf8)
        var row = Array(0...target.count)
        for (sourceIndex, byte) in source.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = sourceIndex + 1
            for column in target.indices {
                let replaced = diagonal + (target[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[target.count]
    }
}
