internal import Synchronization

/// A reference that is set at most once and may be read by any thread at any time, without a lock.
///
/// Like `AtomicLazyReference`, whose reading is a call into the runtime that looks up generic types:
/// 40 ns where this takes one load and a count. `Value` stays alive as long as this does.
@safe struct AtomicOnce<Value: AnyObject & Sendable>: ~Copyable, Sendable {
    /// What it was set to, counted up once; never changed after that.
    private let reference = unsafe Atomic<Unmanaged<Value>?>(nil)

    deinit {
        // Nobody else has it any more; what `set` counted up is counted down.
        unsafe reference.load(ordering: .acquiring)?.release()
    }

    /// The value, if it was set.
    @inline(__always)
    var value: Value? {
        // The count that `set` left keeps the value alive until `deinit`.
        unsafe reference.load(ordering: .acquiring)?.takeUnretainedValue()
    }

    /// Sets the value unless it was set before; gives the one that it has now.
    func set(_ value: Value) -> Value {
        let new = unsafe Unmanaged.passRetained(value)
        let (isSet, present) = unsafe reference.compareExchange(
            expected: nil, desired: new, ordering: .acquiringAndReleasing)
        if isSet { return value }
        unsafe new.release()
        // Not nil, or it would have been exchanged.
        return unsafe present?.takeUnretainedValue() ?? value
    }
}
