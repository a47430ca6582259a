/// The search of one query in one segment, window by window.
///
/// Steps per window: (1) find the next window that can hold a match; (2) evaluate the tree on it
/// as sets of documents, rare parts first, looking up others only where something is left; (3) add
/// the contributions of the matching leaves in the canonical order into dense scores; (4) offer
/// the matches to the collector.
struct SegmentSearch {
    private var plan: SearchPlan
    private let segment: SegmentContext
    private var bitmaps: WindowBitmaps
    private var matches: [LeafMatches]
    private var scores: [Float]
    private var meter: WorkMeter
    private var phrase = PhraseMatcher()

    /// Documents that matched so far.
    private(set) var totalHits: UInt64 = 0

    init(_ query: Query, in segment: SegmentContext, meter: WorkMeter) throws(SearchError) {
        self.plan = try SearchPlan(query, context: segment)
        self.segment = segment
        self.bitmaps = WindowBitmaps(slots: plan.nodes.count)
        self.matches = [LeafMatches](repeating: LeafMatches(), count: plan.leaves.count)
        self.scores = [Float](repeating: 0, count: WindowBitmaps.windowLength)
        self.meter = meter
    }

    /// Searches the whole segment.
    mutating func run(into collector: inout TopKCollector) throws(SearchError) {
        try meter.check()
        let end = UInt32(segment.documentCount)
        var next: UInt32 = 0
        while next < end, let candidate = try nextCandidate(of: 0, from: next), candidate < end {
            let length = UInt32(WindowBitmaps.windowLength)
            let first = candidate / length * length
            let window = Window(first: first, count: Int(min(length, end - first)))
            try evaluate(0, in: window, candidates: nil)
            if !bitmaps.isEmpty(0) {
                let count = bitmaps.count(0)
                totalHits += UInt64(count)
                try meter.spend(count)
                score(window)
                try collect(window, into: &collector)
            }
            next = window.end
        }
    }
}

extension SegmentSearch {
    /// All documents that match, without scores.
    mutating func allMatches() throws(SearchError) -> DocumentSet {
        try meter.check()
        var found = DocumentSetBuilder(documentCount: segment.documentCount)
        let end = UInt32(segment.documentCount)
        var next: UInt32 = 0
        while next < end, let candidate = try nextCandidate(of: 0, from: next), candidate < end {
            let length = UInt32(WindowBitmaps.windowLength)
            let first = candidate / length * length
            let window = Window(first: first, count: Int(min(length, end - first)))
            try evaluate(0, in: window, candidates: nil)
            for index in 0..<WindowBitmaps.windowLength / 64 {
                var word = bitmaps.word(index, of: 0)
                while word != 0 {
                    found.insert(first + UInt32(index * 64 + word.trailingZeroBitCount))
                    word &= word - 1
                }
            }
            next = window.end
        }
        return found.finish()
    }
}

// Step 1: finding windows.
extension SegmentSearch {
    /// A document number from `document` on before which the node matches nothing, or nil.
    private mutating func nextCandidate(
        of node: Int, from document: UInt32
    ) throws(SearchError) -> UInt32? {
        switch plan.nodes[node] {
        case .none: return nil
        case .all: return document
        case .leaf(let leaf):
            var latest = document
            for scanner in plan.leaves[leaf].scanners {
                let next = try plan.scanners[scanner].nextDocument(from: latest)
                guard let next else { return nil }
                latest = next
            }
            return latest
        case .boolean(let must, let should, _):
            return must.isEmpty
                ? try earliest(of: should, from: document) : try latest(of: must, from: document)
        }
    }

    private mutating func latest(
        of nodes: [Int], from document: UInt32
    ) throws(SearchError) -> UInt32? {
        var latest = document
        for node in nodes {
            guard let next = try nextCandidate(of: node, from: latest) else { return nil }
            latest = next
        }
        return latest
    }

    private mutating func earliest(
        of nodes: [Int], from document: UInt32
    ) throws(SearchError) -> UInt32? {
        var earliest: UInt32?
        for node in nodes {
            guard let next = try nextCandidate(of: node, from: document) else { continue }
            if next == document { return document }
            earliest = min(earliest ?? next, next)
        }
        return earliest
    }
}

// Step 2: evaluating the tree.
extension SegmentSearch {
    /// Sets the node's bitmap to its matches in the window, those outside `candidates` left out.
    private mutating func evaluate(
        _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        switch plan.nodes[node] {
        case .none: bitmaps.clear(node)
        case .all:
            bitmaps.fill(node, count: window.count)
            if let candidates { bitmaps.formIntersection(node, with: candidates) }
        case .leaf(let leaf): try evaluateLeaf(leaf, node, in: window, candidates: candidates)
        case .boolean(let must, let should, let mustNot):
            if must.isEmpty {
                try evaluateUnion(should, node, in: window, candidates: candidates)
            } else {
                try evaluateIntersection(must, node, in: window, candidates: candidates)
                // Optional parts score only; what they match is already in the set.
                for child in should where !bitmaps.isEmpty(node) {
                    try evaluate(child, in: window, candidates: node)
                }
                if bitmaps.isEmpty(node) { return }
            }
            for child in mustNot where !bitmaps.isEmpty(node) {
                try evaluate(child, in: window, candidates: node)
                bitmaps.subtract(node, child)
            }
        }
    }

    private mutating func evaluateUnion(
        _ children: [Int], _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        bitmaps.clear(node)
        for child in children {
            try evaluate(child, in: window, candidates: candidates)
            bitmaps.formUnion(node, with: child)
        }
    }

    private mutating func evaluateIntersection(
        _ children: [Int], _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        var remaining = candidates
        for child in children {
            try evaluate(child, in: window, candidates: remaining)
            bitmaps.copy(child, to: node)
            if bitmaps.isEmpty(node) { return }
            remaining = node
        }
    }

    private mutating func evaluateLeaf(
        _ leaf: Int, _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        let known = plan.leaves[leaf]
        matches[leaf].removeAll()
        bitmaps.clear(node)
        if known.scanners.count == 1 {
            try plan.scanners[known.scanners.lowerBound].collect(
                window, candidates: candidates, slot: node, &bitmaps, &matches[leaf], &meter)
        } else {
            try phrase.collect(
                known, &plan.scanners, window, candidates: candidates, slot: node, &bitmaps,
                &matches[leaf], &meter)
        }
    }
}

// Steps 3 and 4: scoring and collecting.
extension SegmentSearch {
    /// Adds up the scores of the root's matches; those of other documents stay zero.
    private mutating func score(_ window: Window) {
        // A group counts only where all groups above it match.
        for group in plan.scoringGroups {
            if let parent = group.parent {
                bitmaps.formIntersection(group.node, with: parent)
            }
        }
        for leaf in plan.scoringLeaves {
            switch plan.nodes[leaf.node] {
            case .leaf(let number): scoreLeaf(number, under: leaf.parent, window)
            case .all(let boost): scoreAll(boost, leaf, window)
            case .none, .boolean: break
            }
        }
    }

    private mutating func scoreLeaf(_ number: Int, under parent: Int?, _ window: Window) {
        let leaf = plan.leaves[number]
        let matches = matches[number]
        let bitmaps = bitmaps
        var scores: [Float] = []
        swap(&scores, &self.scores)
        segment.withScoring(field: leaf.field) { codes, norms in
            for index in matches.documents.indices {
                let document = Int(matches.documents[index])
                if let parent, !bitmaps.contains(document, in: parent) { continue }
                let norm = norms[Int(codes[Int(window.first) + document])]
                scores[document] += BM25.contribution(
                    weight: leaf.weight, frequency: matches.frequencies[index], norm: norm)
            }
        }
        swap(&scores, &self.scores)
    }

    private mutating func scoreAll(
        _ boost: Float, _ leaf: SearchPlan.Scoring, _ window: Window
    ) {
        let slot = leaf.parent ?? leaf.node
        for document in 0..<window.count where bitmaps.contains(document, in: slot) {
            scores[document] += boost
        }
    }

    private mutating func collect(
        _ window: Window, into collector: inout TopKCollector
    ) throws(SearchError) {
        for index in 0..<WindowBitmaps.windowLength / 64 {
            var word = bitmaps.word(index, of: 0)
            while word != 0 {
                let document = index * 64 + word.trailingZeroBitCount
                word &= word - 1
                let score = scores[document]
                scores[document] = 0
                if collector.admits(score) {
                    try segment.offer(window.first + UInt32(document), score, to: &collector)
                }
            }
        }
    }
}
