extension Duration {
    /// As a number of seconds.
    var seconds: Double { self / .seconds(1) }
}
