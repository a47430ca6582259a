/// What makes up a canonical score: the leaves that can add to it, in the order of addition.
///
/// The sum is taken in `Float`, depth first. What is inside a `best` is a sum of its own, whose
/// result is one addend of the sum around it.
struct ScoreSum {
    /// One addend.
    enum Part {
        /// What BM25 gives a term or phrase, by its number in the plan.
        case leaf(Int)
        /// The same score for every match.
        case constant(Float)
        /// The highest of some sums plus `tieBreaker` times the others.
        case best([ScoreSum], tieBreaker: Float)
    }

    /// An addend, and where it counts: at the matches of `node` that `group` matches too.
    struct Item {
        let node: Int
        /// The boolean node above, or the node itself at the root.
        let group: Int
        let part: Part
    }

    /// A boolean node, and the one above it; nil at the root.
    struct Group {
        let node: Int
        let parent: Int?
    }

    /// The node whose matches have this score.
    let root: Int
    /// In the canonical order.
    var items: [Item] = []
    /// Parents first.
    var groups: [Group] = []

    /// The sum of a query that is about to become node `root`.
    init(root: Int) { self.root = root }

    /// The number of terms, phrases and constants, those inside of a `best` included.
    var addendCount: Int {
        items.reduce(0) { count, item in
            guard case .best(let sums, _) = item.part else { return count + 1 }
            return sums.reduce(count) { $0 + $1.addendCount }
        }
    }
}

/// Scores of a window's documents while the best of several sums is looked for.
///
/// Adds up what `DisjunctionMaxQuery` defines in one pass: when a sum beats the best so far, the
/// others are all before it.
struct BestScores {
    /// The sum that is looked at; zero where it does not match.
    var current: [Float]
    private var best: [Float]
    /// All sums so far, in their order.
    private var all: [Float]
    /// All but the best.
    private var others: [Float]

    init(count: Int) {
        current = [Float](repeating: 0, count: count)
        best = [Float](repeating: -.infinity, count: count)
        all = [Float](repeating: 0, count: count)
        others = [Float](repeating: 0, count: count)
    }

    /// Takes the current sum of a document that it matches.
    mutating func take(_ document: Int) {
        let score = current[document]
        current[document] = 0
        if score > best[document] {
            best[document] = score
            others[document] = all[document]
        } else {
            others[document] += score
        }
        all[document] += score
    }

    /// The score of a document that one of the sums matches.
    func score(_ document: Int, tieBreaker: Float) -> Float {
        best[document] + tieBreaker * others[document]
    }

    /// Forgets a document.
    mutating func reset(_ document: Int) {
        best[document] = -.infinity
        all[document] = 0
        others[document] = 0
    }
}
