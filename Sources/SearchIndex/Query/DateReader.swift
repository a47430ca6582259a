/// Reads a date or time of RFC 3339 (section 5.6) as microseconds since 1970-01-01T00:00:00Z.
///
/// The time may be left out, and then stands for midnight UTC. Digits behind the sixth of a
/// second's fraction are dropped; the leap second 60 counts as the first of the next minute.
struct DateReader {
    let text: [UInt8]
    private var offset = 0

    init(text: [UInt8]) { self.text = text }

    /// The microseconds; nil for anything else.
    mutating func read() -> Int64? {
        guard let day = readDay() else { return nil }
        guard offset < text.count else { return day * 86_400_000_000 }
        guard take("T") || take("t") || take(" "), let time = readTime(), let zone = readZone(),
            offset == text.count
        else { return nil }
        return day * 86_400_000_000 + time - zone
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    private mutating func readDay() -> Int64? {
        guard let year = number(4), take("-"), let month = number(2), take("-"),
            let day = number(2), 1...12 ~= month, day >= 1, day <= Self.days(in: month, year)
        else { return nil }
        // Years that start in March, so that the leap day comes last (Hinnant, "chrono-Compatible
        // Low-Level Date Algorithms", days_from_civil).
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Microseconds since midnight.
    private mutating func readTime() -> Int64? {
        guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60,
            take(":"), let second = number(2), second <= 60
        else { return nil }
        var microseconds: Int64 = 0
        if take(".") {
            let start = offset
            var unit: Int64 = 100_000
            while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 {
                microseconds += Int64(text[offset] - UInt8(ascii: "0")) * unit
                unit /= 10
                offset += 1
            }
            if offset == start { return nil }
        }
        return ((hour * 60 + minute) * 60 + second) * 1_000_000 + microseconds
    }

    /// How many microseconds local time is ahead of UTC.
    private mutating func readZone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isAhead = take("+")
        guard isAhead || take("-"), let hour = number(2), hour < 24, take(":"),
            let minute = number(2), minute < 60
        else { return nil }
        let offset = (hour * 60 + minute) * 60_000_000
        return isAhead ? offset : -offset
    }

    private mutating func number(_ digits: Int) -> Int64? {
        guard offset + digits <= text.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            let digit = text[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
            offset += 1
        }
        return value
    }

    private mutating func take(_ character: Character) -> Bool {
        guard offset < text.count, text[offset] == character.asciiValue else { return false }
        offset += 1
        return true
    }

    private static func days(in month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
