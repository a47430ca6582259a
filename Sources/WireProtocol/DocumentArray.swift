/// The documents frame of a RESULT: one JSON array of stored documents, in the order of the hits.
package enum DocumentArray {
    /// Joins ready-made JSON values into one array, without decoding or changing them; `[]` if
    /// there are none.
    ///
    /// - Parameter documents: each the octets of one complete JSON value.
    /// - Complexity: linear in the octets; one allocation.
    package static func splice(_ documents: [ArraySlice<UInt8>]) -> Frame {
        var frame = Frame()
        frame.reserveCapacity(documents.reduce(2) { $0 + $1.count + 1 })
        frame.append(UInt8(ascii: "["))
        for (position, document) in documents.enumerated() {
            if position > 0 { frame.append(UInt8(ascii: ",")) }
            frame.append(contentsOf: document)
        }
        frame.append(UInt8(ascii: "]"))
        return frame
    }
}
