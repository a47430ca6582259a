// Step 3: scoring. Only where a document is in the bitmap of a sum's root does the sum count; there
// the bitmaps of all groups above a matching leaf are of the same window.
extension SegmentSearch {
    /// Adds up the scores of the matches of a sum's root; those of other documents stay as they are.
    mutating func add(_ sum: ScoreSum, to scores: inout [Float], _ window: Window) {
        // A group counts only where all groups above it match.
        for group in sum.groups {
            if let parent = group.parent {
                bitmaps.formIntersection(group.node, with: parent)
            }
        }
        for item in sum.items {
            switch item.part {
            case .leaf(let number): addLeaf(number, of: item.group, to: &scores, window)
            case .constant(let score):
                bitmaps.forEach(in: item.node, and: item.group) { scores[$0] += score }
            case .best(let sums, let tieBreaker):
                addBest(sums, tieBreaker, item, to: &scores, window)
            }
        }
    }

    private mutating func addLeaf(
        _ number: Int, of group: Int, to scores: inout [Float], _ window: Window
    ) {
        let leaf = plan.leaves[number]
        let matches = matches[number]
        let bitmaps = bitmaps
        segment.withScoring(field: leaf.field) { codes, norms in
            for index in matches.documents.indices {
                let document = Int(matches.documents[index])
                guard bitmaps.contains(document, in: group) else { continue }
                let norm = norms[Int(codes[Int(window.first) + document])]
                scores[document] += BM25.contribution(
                    weight: leaf.weight, frequency: matches.frequencies[index], norm: norm)
            }
        }
    }

    private mutating func addBest(
        _ sums: [ScoreSum], _ tieBreaker: Float, _ item: ScoreSum.Item,
        to scores: inout [Float], _ window: Window
    ) {
        guard bitmaps.intersects(item.node, item.group) else { return }
        var best = spareScores.popLast() ?? BestScores(count: WindowBitmaps.windowLength)
        for sum in sums {
            add(sum, to: &best.current, window)
            bitmaps.forEach(in: sum.root, and: sum.root) { best.take($0) }
        }
        bitmaps.forEach(in: item.node, and: item.group) {
            scores[$0] += best.score($0, tieBreaker: tieBreaker)
        }
        for sum in sums { bitmaps.forEach(in: sum.root, and: sum.root) { best.reset($0) } }
        spareScores.append(best)
    }
}

// Bounds.
extension SegmentSearch {
    /// What a sum exceeds in no document of a window.
    ///
    /// Addition in `Float` never gives less when an addend grows, so the sum of bounds in the same
    /// order bounds the sum itself; only the order within a `best` differs, hence the slack.
    mutating func bound(
        of sum: ScoreSum, _ bounds: ScoreBounds, _ window: Window
    ) throws(SearchError) -> Float {
        var total: Float = 0
        for item in sum.items {
            guard let next = try nextCandidate(of: item.node, from: window.first),
                next < window.end
            else { continue }
            switch item.part {
            case .leaf(let number): total += bounds.maxima[number]
            case .constant(let score): total += score
            case .best(let sums, let tieBreaker):
                var best: Float = 0
                var all: Float = 0
                for sum in sums {
                    let bound = try bound(of: sum, bounds, window)
                    best = max(best, bound)
                    all += bound
                }
                total += (best + tieBreaker * max(0, all - best)) * bounds.slack
            }
        }
        return total * bounds.slack
    }
}

/// What the leaves of a plan add at most, anywhere in the segment.
struct ScoreBounds {
    /// By leaf.
    private(set) var maxima: [Float] = []
    /// What sums of bounds are multiplied by against rounding.
    let slack: Float

    init(_ plan: SearchPlan, _ segment: SegmentContext) throws(SearchError) {
        slack = 1 + 8 * Float(plan.score.addendCount + 1) * .ulpOfOne
        for leaf in plan.leaves {
            // A phrase occurs at most as often as its first term, if exact as any of its terms.
            let scanners = leaf.slop > 0 ? leaf.scanners.prefix(1) : leaf.scanners[...]
            var least = Float.infinity
            for scanner in scanners {
                let term = plan.scanners[scanner]
                least = min(least, try segment.maximum(of: term, field: leaf.field))
            }
            maxima.append(leaf.weight * least)
        }
    }
}
