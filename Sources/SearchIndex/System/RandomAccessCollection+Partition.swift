extension RandomAccessCollection {
    /// The first index whose element and all behind it satisfy a condition, which those before do not;
    /// the end when there is none. O(log n).
    @inline(__always)
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if isBehind(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
