/// The order of terms and ids: as unsigned bytes, a prefix before what it begins.
enum BytesOrder {
    /// A negative number when `left` comes before `right`, zero when they are equal, else positive.
    static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        let common = min(left.count, right.count)
        for index in 0..<common where left[index] != right[index] {
            return Int(left[index]) - Int(right[index])
        }
        return left.count - right.count
    }
}
