/// The natural logarithm in plain arithmetic.
///
/// Scores must be the same bit for bit on every host of a cluster, whatever its C library, so the
/// library's `log` is not used. Argument reduction to [sqrt(1/2), sqrt(2)) and the series of the
/// inverse hyperbolic tangent: ln m = 2 (s + s^3/3 + s^5/5 + …) with s = (m - 1) / (m + 1)
/// (Abramowitz and Stegun 4.1.27). The remainder after s^23/23 is below 1e-19.
enum NaturalLogarithm {
    private static let ln2 = 0.693147180559945309417232121458

    /// ln `value` for a finite value above zero; within 4 units in the last place.
    static func of(_ value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "logarithm of \(value)")
        var exponent = Double(value.exponent)
        var significand = value.significand
        if significand > 1.4142135623730951 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        // Written out: the quotients are then constants.
        var sum: Double = 1 / 23
        sum = sum * square + 1 / 21
        sum = sum * square + 1 / 19
        sum = sum * square + 1 / 17
        sum = sum * square + 1 / 15
        sum = sum * square + 1 / 13
        sum = sum * square + 1 / 11
        sum = sum * square + 1 / 9
        sum = sum * square + 1 / 7
        sum = sum * square + 1 / 5
        sum = sum * square + 1 / 3
        sum = sum * square + 1
        return exponent * ln2 + 2 * ratio * sum
    }
}
