/// The search of one query in one segment, window by window.
///
/// Steps per window: (1) find the next window that can hold a match, and leave it out if nothing in
/// it can be among the best and matches are not counted; (2) evaluate the tree on it as sets of
/// documents, rare parts first, looking up others only where something is left; (3) add the
/// contributions of the matching leaves in the canonical order into dense scores; (4) offer the
/// matches to the collector.
struct SegmentSearch {
    var plan: SearchPlan
    let segment: SegmentContext
    var bitmaps: WindowBitmaps
    var matches: [LeafMatches]
    var meter: WorkMeter
    /// Buffers for sums inside of sums, as many as they are deep.
    var spareScores: [BestScores] = []
    private var phrase = PhraseMatcher()
    /// 1, or -1 where the lowest scores are the best.
    private var sign: Float = 1

    init(_ query: Query, in segment: SegmentContext, meter: WorkMeter) throws(SearchError) {
        self.meter = meter
        self.plan = try SearchPlan(query, context: segment, meter: &self.meter)
        self.segment = segment
        self.bitmaps = WindowBitmaps(slots: plan.nodes.count)
        self.matches = [LeafMatches](repeating: LeafMatches(), count: plan.leaves.count)
    }

    /// Offers every document that can be among the best, and counts: all matches, or, if the count
    /// is not wanted, those that were met.
    mutating func run(
        into collector: inout TopKCollector, totals: TotalCounting
    ) throws(SearchError) -> TotalHits {
        var total = TotalHits(count: 0, isExact: true)
        let bounds = totals == .none ? try ScoreBounds(plan, segment) : nil
        if bounds != nil, collector.limit == 0 { return TotalHits(count: 0, isExact: false) }
        try meter.check()
        var scores = [Float](repeating: 0, count: WindowBitmaps.windowLength)
        var next: UInt32 = 0
        while let window = try nextWindow(from: next) {
            next = window.end
            if let bounds,
                try bound(of: plan.score, bounds, window)
                    < collector.threshold(in: segment.number).score
            {
                total.isExact = false
                continue
            }
            try evaluate(window)
            if bitmaps.isEmpty(0) { continue }
            let count = bitmaps.count(0)
            total.count += UInt64(count)
            try meter.spend(count)
            add(plan.score, to: &scores, window)
            try collect(window, &scores, into: &collector)
        }
        return total
    }

    /// Offers every match, and counts all, its score negated: the lowest scores are then the best.
    mutating func runLowest(into collector: inout TopKCollector) throws(SearchError) -> TotalHits {
        sign = -1
        return try run(into: &collector, totals: .exact)
    }

    /// All documents that match, without scores.
    mutating func allMatches() throws(SearchError) -> DocumentSet {
        try meter.check()
        var found = DocumentSetBuilder(documentCount: segment.documentCount)
        var next: UInt32 = 0
        while let window = try nextWindow(from: next) {
            next = window.end
            try evaluate(window)
            bitmaps.forEach(in: 0, and: 0) { found.insert(window.first + UInt32($0)) }
        }
        return found.finish()
    }

    /// Sets the root's bitmap to the matches in a window.
    private mutating func evaluate(_ window: Window) throws(SearchError) {
        try evaluate(0, in: window, candidates: nil)
        if let deleted = segment.deleted { bitmaps.subtract(0, deleted, in: window) }
    }

    /// Offers the root's matches, and sets their scores back to zero.
    private func collect(
        _ window: Window, _ scores: inout [Float], into collector: inout TopKCollector
    ) throws(SearchError) {
        for index in 0..<WindowBitmaps.windowLength / 64 {
            var word = bitmaps.word(index, of: 0)
            while word != 0 {
                let document = index * 64 + word.trailingZeroBitCount
                word &= word - 1
                let score = sign * scores[document]
                scores[document] = 0
                if collector.admits(score) {
                    try segment.offer(window.first + UInt32(document), score, to: &collector)
                }
            }
        }
    }
}

// Step 1: finding windows.
extension SegmentSearch {
    /// The first window from `document` on that can hold a match, or nil.
    private mutating func nextWindow(from document: UInt32) throws(SearchError) -> Window? {
        // Windows that are left out cost a look at every node, too.
        try meter.spend(plan.nodes.count)
        let end = UInt32(segment.documentCount)
        guard document < end, let candidate = try nextCandidate(of: 0, from: document),
            candidate < end
        else { return nil }
        let length = UInt32(WindowBitmaps.windowLength)
        let first = candidate / length * length
        return Window(first: first, count: Int(min(length, end - first)))
    }

    /// A document number from `document` on before which the node matches nothing, or nil.
    mutating func nextCandidate(
        of node: Int, from document: UInt32
    ) throws(SearchError) -> UInt32? {
        switch plan.nodes[node] {
        case .none: return nil
        case .all: return document
        case .set(let set): return plan.sets[set].next(from: document)
        case .leaf(let leaf):
            var latest = document
            for scanner in plan.leaves[leaf].scanners {
                let next = try plan.scanners[scanner].nextDocument(from: latest)
                guard let next else { return nil }
                latest = next
            }
            return latest
        case .group(let group):
            return group.required.isEmpty
                ? try earliest(of: group.optional, from: document)
                : try latest(of: group.required, from: document)
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
    ///
    /// Wherever a node's bitmap is not empty after this, those of its children that score are
    /// those of the same window.
    private mutating func evaluate(
        _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        switch plan.nodes[node] {
        case .none: bitmaps.clear(node)
        case .all:
            bitmaps.fill(node, count: window.count)
            if let candidates { bitmaps.formIntersection(node, with: candidates) }
        case .set(let set):
            bitmaps.copy(plan.sets[set], in: window, to: node)
            if let candidates { bitmaps.formIntersection(node, with: candidates) }
        case .leaf(let leaf): try evaluateLeaf(leaf, node, in: window, candidates: candidates)
        case .group(let group):
            if group.required.isEmpty {
                try evaluateOptional(group, node, in: window, candidates: candidates)
            } else {
                try evaluateRequired(group, node, in: window, candidates: candidates)
            }
            for child in group.excluded where !bitmaps.isEmpty(node) {
                try evaluate(child, in: window, candidates: node)
                bitmaps.subtract(node, child)
            }
        }
    }

    private mutating func evaluateOptional(
        _ group: SearchPlan.Group, _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        bitmaps.clear(node)
        for child in group.optional {
            try evaluate(child, in: window, candidates: candidates)
            if group.minimum <= 1 { bitmaps.formUnion(node, with: child) }
        }
        if group.minimum > 1 {
            bitmaps.formThreshold(node, minimum: group.minimum, of: group.optional)
        }
    }

    private mutating func evaluateRequired(
        _ group: SearchPlan.Group, _ node: Int, in window: Window, candidates: Int?
    ) throws(SearchError) {
        var remaining = candidates
        for child in group.required {
            try evaluate(child, in: window, candidates: remaining)
            bitmaps.copy(child, to: node)
            if bitmaps.isEmpty(node) { return }
            remaining = node
        }
        for child in group.optional { try evaluate(child, in: window, candidates: node) }
        if group.minimum > 0 {
            bitmaps.formThreshold(node, minimum: group.minimum, of: group.optional)
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
