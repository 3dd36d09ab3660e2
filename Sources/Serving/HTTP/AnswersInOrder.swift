import JSON

/// Answers questions as they come, several at a time, and writes the answers in the questions' order as soon as they are ready.
///
/// Reading, answering and writing go on side by side. Where writing waits for its reader, no more questions are read than may be
/// in progress.
///
/// - Parameters:
///   - limit: How many questions may be in progress, from being read to their answer's being written.
///   - reading: Calls `take` with each question; `take` returns when there is room for another.
///   - answering: Answers a question.
///   - writing: Writes an answer.
/// - Throws: What `reading` or `writing` throws; whatever is in progress is cancelled.
func answerInOrder<Question: Sendable, Answer: Sendable>(
    atMost limit: Int,
    reading: @escaping @Sendable (_ take: (Question) async -> Void) async throws -> Void,
    answering: @escaping @Sendable (Question) async -> Answer,
    writing: (Answer) async throws -> Void
) async throws {
    let (slots, newSlot) = AsyncStream<AsyncStream<Answer>>.makeStream()
    let (permits, permit) = AsyncStream<Void>.makeStream()
    for _ in 0..<limit { permit.yield() }
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { newSlot.finish() }
            try await withThrowingDiscardingTaskGroup { answers in
                var room = permits.makeAsyncIterator()
                try await reading { question in
                    guard await room.next() != nil else { return }
                    let (slot, answer) = AsyncStream<Answer>.makeStream()
                    newSlot.yield(slot)
                    answers.addTask {
                        answer.yield(await answering(question))
                        answer.finish()
                    }
                }
                newSlot.finish()
            }
        }
        for await slot in slots {
            guard let answer = await slot.first(where: { _ in true }) else { break }
            try await writing(answer)
            permit.yield()
        }
        try await tasks.waitForAll()
    }
}

/// Calls `take` with each line of a request that is not blank.
///
/// - Parameters:
///   - content: The body; it is read no further than `take` returns.
///   - limit: The most bytes of a line.
///   - take: Is given a line without its end.
/// - Throws: ``Problem`` 400 where the body breaks off or is not what its fields say, 413 where a line is too long; what `take`
///   throws.
func readLines(
    of content: consuming RequestContent, atMost limit: Int, _ take: ([UInt8]) async -> Void
) async throws {
    var content = content
    var buffer = LineBuffer()
    func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy { $0 <= 0x20 } }
    while let part = try await content.next() {
        // Others' turn: blank lines cost their sender next to nothing.
        await Task.yield()
        buffer.append(part)
        while let line = buffer.line() {
            guard line.count <= limit else { throw Problem.tooLarge(limit) }
            if !isBlank(line) { await take(line) }
        }
        guard buffer.count <= limit else { throw Problem.tooLarge(limit) }
    }
    let last = buffer.rest()
    if !isBlank(last) { await take(last) }
}
