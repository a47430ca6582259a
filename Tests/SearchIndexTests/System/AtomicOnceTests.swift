import Testing

@testable import SearchIndex

/// A reference that is set once.
struct AtomicOnceTests {
    private final class Item: Sendable {
        let number: Int

        init(_ number: Int) { self.number = number }
    }

    private final class Holder: Sendable {
        let once = AtomicOnce<Item>()
    }

    @Test func `the first value stays`() {
        let holder = Holder()
        #expect(holder.once.value == nil)
        let first = Item(1)
        #expect(holder.once.set(first) === first)
        #expect(holder.once.set(Item(2)) === first)
        #expect(holder.once.value === first)
    }

    @Test func `a value lives as long as its holder, and no longer`() {
        var holder: Holder? = Holder()
        weak let kept = holder?.once.set(Item(1))
        weak var refused: Item?
        do {
            let other = Item(2)
            refused = other
            #expect(holder?.once.set(other) !== other)
        }
        #expect(kept?.number == 1)
        #expect(refused == nil)
        holder = nil
        #expect(kept == nil)
    }

    @Test func `threads that set it at once agree on the value`() async {
        for _ in 0..<200 {
            let holder = Holder()
            let seen = await withTaskGroup(of: [Int].self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let own = holder.once.set(Item(number)).number
                        return [own, holder.once.value?.number ?? -1]
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(seen).count == 1 && seen.allSatisfy { $0 >= 0 })
        }
    }
}
