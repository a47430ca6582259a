extension String {
    /// The first 200 bytes, on one line: what users write must not look like lines of a log.
    var asLogText: String {
        let bytes = utf8.prefix(200).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
