/// Dates as text: the profile RFC 3339 of ISO 8601, in the proleptic Gregorian calendar.
///
/// Read are `YYYY-MM-DD` (its first instant in UTC) and `YYYY-MM-DDThh:mm[:ss[.fraction]]` with an
/// optional `Z`, `+hh:mm`, `-hh:mm`, `+hhmm` or `-hhmm`; without one it is UTC. `t`, `z` and a
/// space in place of `T` do as well. Years are 0000 to 9999; second 60 is the next minute's first;
/// digits behind the microsecond are dropped.
public enum DateText {
    private static let microsecondsPerSecond: Int64 = 1_000_000
    private static let secondsPerDay: Int64 = 86_400

    /// The microseconds from 1970-01-01T00:00:00Z to a date; nil when the bytes are none.
    ///
    /// Linear in the number of bytes; allocates nothing.
    public static func microseconds(of text: Span<UInt8>) -> Int64? {
        var reader = DigitReader()
        guard let year = reader.number(digits: 4, text), reader.take("-", text),
            let month = reader.number(digits: 2, text), reader.take("-", text),
            let day = reader.number(digits: 2, text),
            month >= 1, month <= 12, day >= 1, day <= daysInMonth(month, of: year)
        else { return nil }
        let days = dayNumber(year, month, day)
        if reader.isAtEnd(text) { return days * secondsPerDay * microsecondsPerSecond }
        guard reader.take("T", text) || reader.take("t", text) || reader.take(" ", text),
            let time = timeOfDay(&reader, text), let offset = zone(&reader, text),
            reader.isAtEnd(text)
        else { return nil }
        return (days * secondsPerDay - offset) * microsecondsPerSecond + time
    }

    /// `YYYY-MM-DDThh:mm:ss[.ffffff]Z` of a date in microseconds.
    ///
    /// Years outside 0000 to 9999 have a sign and as many digits as they need.
    public static func text(microseconds: Int64) -> String {
        let (seconds, fraction) = divided(microseconds, by: microsecondsPerSecond)
        let (days, second) = divided(seconds, by: secondsPerDay)
        let (year, month, day) = date(dayNumber: days)
        let yearText = (0...9999).contains(year) ? padded(year, 4) : "\(year)"
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }
        return "\(yearText)-\(padded(month, 2))-\(padded(day, 2))T\(time.joined(separator: ":"))"
            + (fraction == 0 ? "Z" : ".\(padded(fraction, 6))Z")
    }

    /// Microseconds from midnight.
    private static func timeOfDay(_ reader: inout DigitReader, _ text: Span<UInt8>) -> Int64? {
        guard let hour = reader.number(digits: 2, text), hour <= 23, reader.take(":", text),
            let minute = reader.number(digits: 2, text), minute <= 59
        else { return nil }
        var micros = (hour * 60 + minute) * 60 * microsecondsPerSecond
        guard reader.take(":", text) else { return micros }
        guard let second = reader.number(digits: 2, text), second <= 60 else { return nil }
        micros += second * microsecondsPerSecond
        guard reader.take(".", text) else { return micros }
        guard let fraction = reader.microseconds(text) else { return nil }
        return micros + fraction
    }

    /// Seconds that the local time is ahead of UTC.
    private static func zone(_ reader: inout DigitReader, _ text: Span<UInt8>) -> Int64? {
        if reader.isAtEnd(text) || reader.take("Z", text) || reader.take("z", text) { return 0 }
        let isBehind = reader.take("-", text)
        guard isBehind || reader.take("+", text), let hour = reader.number(digits: 2, text),
            hour <= 23
        else {
            return nil
        }
        _ = reader.take(":", text)
        guard let minute = reader.number(digits: 2, text), minute <= 59 else { return nil }
        let seconds = (hour * 60 + minute) * 60
        return isBehind ? -seconds : seconds
    }

    private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days from 1970-01-01: E. M. Reingold and N. Dershowitz, "Calendrical Calculations", with
    /// years that begin on the first of March, so that the leap day comes last.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = divided(shifted, by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The inverse of `dayNumber`.
    private static func date(dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = divided(dayNumber + 719_468, by: 146_097)
        let yearOfEra = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Quotient rounded down, and a remainder that is not negative.
    private static func divided(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

/// Reads numbers of a fixed number of digits.
private struct DigitReader {
    private var offset = 0

    func isAtEnd(_ text: Span<UInt8>) -> Bool { offset == text.count }

    mutating func take(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard offset < text.count, text[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func number(digits: Int, _ text: Span<UInt8>) -> Int64? {
        guard digits <= text.count - offset else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            let digit = text[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
            offset += 1
        }
        return value
    }

    /// At least one digit of a fraction of a second; those behind the sixth are passed over.
    mutating func microseconds(_ text: Span<UInt8>) -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 {
            if digits < 6 { value = value * 10 + Int64(text[offset] &- UInt8(ascii: "0")) }
            digits += 1
            offset += 1
        }
        guard digits > 0 else { return nil }
        for _ in 0..<max(0, 6 - digits) { value *= 10 }
        return value
    }
}
