extension FieldValue {
    /// The form that columns give a number of a kind; nil for a value of another kind.
    func bits(of kind: Field.Kind) -> UInt64? {
        switch (self, kind) {
        case (.integer(let value), .integer), (.date(let value), .date): ColumnBits.of(value)
        case (.double(let value), .double): value.isNaN ? nil : ColumnBits.of(value)
        case (.bool(let value), .bool): ColumnBits.of(value)
        default: nil
        }
    }
}

extension RangeQuery {
    /// The range in the unsigned form of a numeric column; nil when no value can be inside.
    func bits(of kind: Field.Kind) -> ClosedRange<UInt64>? {
        guard let first = Self.bits(lower, kind, open: 0),
            let last = Self.bits(upper, kind, open: .max)
        else { return nil }
        var least = first
        var greatest = last
        if let lower, !lower.isInclusive {
            guard least < .max else { return nil }
            least += 1
        }
        if let upper, !upper.isInclusive {
            guard greatest > 0 else { return nil }
            greatest -= 1
        }
        return least <= greatest ? least...greatest : nil
    }

    private static func bits(_ bound: RangeBound?, _ kind: Field.Kind, open: UInt64) -> UInt64? {
        guard let bound else { return open }
        return bound.value.bits(of: kind)
    }

    /// The ordinals of a dictionary that lie inside; nil when none does.
    func ordinals(in dictionary: ValueDictionary) throws(IndexError) -> ClosedRange<UInt64>? {
        var first: UInt64 = 0
        var end = UInt64(dictionary.count)
        if let lower {
            guard case .text(let bytes) = lower.value else { return nil }
            let (ordinal, isFound) = try dictionary.lowerBound(bytes)
            first = ordinal + (isFound && !lower.isInclusive ? 1 : 0)
        }
        if let upper {
            guard case .text(let bytes) = upper.value else { return nil }
            let (ordinal, isFound) = try dictionary.lowerBound(bytes)
            end = ordinal + (isFound && upper.isInclusive ? 1 : 0)
        }
        return first < end ? first...(end - 1) : nil
    }

    /// Whether a term is above the upper end.
    func isBelow(_ term: [UInt8]) -> Bool {
        guard let upper, case .text(let bytes) = upper.value else { return false }
        let order = BytesOrder.compare(term.span, bytes.span)
        return order > 0 || (order == 0 && !upper.isInclusive)
    }
}
