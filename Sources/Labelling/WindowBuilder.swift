/// Puts sentences' pieces together in windows: `[CLS] s1 [SEP] s2 [SEP] … [SEP]`, a new one wherever the next sentence
/// would not fit.
struct WindowBuilder {
    private(set) var windows: [Window] = []
    private let windowPieces: Int
    private let opening: Int32
    private let closing: Int32
    private var ids: [Int32]
    private var spans: [Range<Int>] = []

    /// Windows of at most `windowPieces`, special pieces included.
    init(windowPieces: Int, opening: Int32, closing: Int32) {
        self.windowPieces = windowPieces
        self.opening = opening
        self.closing = closing
        ids = [opening]
    }

    /// Adds a sentence, which is cut already.
    mutating func append(_ pieces: some Collection<Int32>) {
        if ids.count + pieces.count + 1 > windowPieces { closeWindow() }
        let start = ids.count
        ids += pieces
        ids.append(closing)
        spans.append(start..<ids.count)
    }

    /// The windows of everything that was added.
    consuming func finish() -> [Window] {
        if !spans.isEmpty { closeWindow() }
        return windows
    }

    private mutating func closeWindow() {
        windows.append(Window(ids: ids, spans: spans))
        ids = [opening]
        spans = []
    }
}
