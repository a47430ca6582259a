extension [UInt32] {
    /// Sorts the numbers and removes repeated ones.
    mutating func sortKeepingOneOfEach() {
        sort()
        var kept = 0
        for index in indices where index == 0 || self[index] != self[kept - 1] {
            self[kept] = self[index]
            kept += 1
        }
        removeSubrange(kept...)
    }
}
