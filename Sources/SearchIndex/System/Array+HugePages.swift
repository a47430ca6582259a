import Glibc

extension Array where Element: BitwiseCopyable {
    /// The size from which the kernel is asked for huge pages.
    private static var leastHugeBytes: Int { 4 << 20 }

    /// An array of `count` times `value`, for random access: where it is large the kernel is asked
    /// to use huge pages, which cost fewer faults and fewer misses of the page table's cache.
    static func inHugePages(repeating value: Element, count: Int) -> [Element] {
        var array: [Element] = []
        array.reserveCapacity(count)
        let byteCount = count * MemoryLayout<Element>.stride
        if byteCount >= leastHugeBytes {
            // Only whole pages inside of the array's own memory are named, and the advice, which
            // the kernel may ignore, changes no byte of them.
            unsafe array.withUnsafeBufferPointer { buffer in
                guard let base = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress) else {
                    return
                }
                let pageBytes = sysconf(Int32(_SC_PAGESIZE))
                let start = unsafe base.alignedUp(toMultipleOf: pageBytes)
                let length = unsafe byteCount - (start - base)
                _ = unsafe madvise(start, length / pageBytes * pageBytes, MADV_HUGEPAGE)
            }
        }
        array.append(contentsOf: repeatElement(value, count: count))
        return array
    }
}
