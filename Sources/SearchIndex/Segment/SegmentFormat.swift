/// The numbers of the segment file format, version 4; `docs/index-format.md` describes it.
enum SegmentFormat {
    /// The first eight bytes of a segment file: "SWLTSEG" and a line feed.
    static let magic: [UInt8] = Array("SWLTSEG\n".utf8)
    /// The last eight bytes of a segment file: "SWLTEND" and a line feed.
    static let endMagic: [UInt8] = Array("SWLTEND\n".utf8)
    /// The version this code writes and reads.
    static let version: UInt32 = 4
    /// The length of the header: magic, version, four zero bytes.
    static let headerBytes = 16
    /// The length of one entry of the section table.
    static let sectionEntryBytes = 24
    /// The length of the trailer that ends the file.
    static let trailerBytes = 56
    /// The most sections a file may have.
    static let maximumSections = 8 * Schema.maximumFields
    /// The field number of sections that belong to no field.
    static let noField: UInt16 = .max
    /// The documents of a full postings block.
    static let blockLength = 128
    /// The bytes of a block's metadata: data offset, kind and widths, best bound; four more with
    /// positions.
    static let blockMetadataBytes = 8
    /// The most bounds stored for a block.
    static let maximumBlockBounds = 3
    /// The most bounds stored for a term with more than one block.
    static let maximumTermBounds = 8
    /// The numbers of hits whose lowest score in a term's list is stored.
    static let storedRanks = [10, 100, 1000]
    /// The terms of a dictionary block.
    static let termsPerBlock = 16
    /// The bytes of a dictionary block's entry in the term index: 5 of offset, 7 of the first term.
    static let termIndexEntryBytes = 12
    /// The bytes of a stored block's entry in the store index.
    static let storeEntryBytes = 24
    /// The uncompressed bytes after which a stored block is closed.
    static let storeBlockBytes = 16 * 1024
    /// The greatest position of a token.
    static let maximumPosition: UInt32 = 1 << 31 - 1
    /// What the positions of a field's next value start behind the last position of the one before.
    static let valueGap: UInt32 = 100
}

/// How the postings of a block are encoded.
enum BlockKind: UInt8 {
    /// Bit-packed gaps.
    case packed = 0
    /// One bit a document; for dense blocks.
    case bitset = 1
    /// Bits of the bitmap that a dense list has for all documents of the segment.
    case listed = 2
}

/// What a section holds.
enum SectionKind: UInt16, CaseIterable {
    /// Number, name, kind and statistics of every indexed field.
    case fields = 1
    /// Front-coded terms of a field with their numbers.
    case terms = 16
    /// Where each block of 16 terms starts.
    case termIndex = 17
    /// Document numbers and frequencies of a field's terms.
    case postings = 18
    /// Positions of a field's terms; text fields only.
    case positions = 19
    /// One length code per document.
    case lengths = 20
    /// The values of a field by document.
    case column = 21
    /// The different values of a keyword or facet column.
    case columnDictionary = 22
    /// One order key per document.
    case orderKeys = 32
    /// Where each document's id starts.
    case idOffsets = 33
    /// The ids' bytes.
    case ids = 34
    /// Where each block of stored documents is.
    case storeIndex = 35
    /// Compressed blocks of stored documents.
    case store = 36

    /// The name for errors, with the field's name where there is one.
    func name(field: String?) -> String {
        let own =
            switch self {
            case .fields: "fields"
            case .terms: "terms"
            case .termIndex: "term index"
            case .postings: "postings"
            case .positions: "positions"
            case .lengths: "lengths"
            case .column: "column"
            case .columnDictionary: "column dictionary"
            case .orderKeys: "order keys"
            case .idOffsets: "id offsets"
            case .ids: "ids"
            case .storeIndex: "store index"
            case .store: "store"
            }
        return field.map { "\(own) of field \"\($0)\"" } ?? own
    }
}
