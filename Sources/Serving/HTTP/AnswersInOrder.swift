import JSON

/// Answers questions as they arrive, several at a time, and writes each answer as soon as it and all answers before it
/// are ready.
///
/// Reading, answering and writing run concurrently. If the reader of the answers is slow, at most `limit` questions are
/// read ahead.
///
/// - Parameters:
///   - limit: Questions in flight: those that have been read and whose answers have not been written.
///   - reading: Calls `take` with each question. `take` returns once fewer than `limit` questions are in flight.
///   - answering: Answers a question.
///   - writing: Writes an answer.
/// - Throws: The error of `reading` or `writing`; the questions in flight are cancelled.
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

/// Calls `take` with each line of a body that is not blank.
///
/// - Parameters:
///   - content: The body. No more of it is read before `take` has returned.
///   - limit: The largest line in bytes.
///   - take: Receives a line without its line feed.
/// - Throws: ``Problem`` 400 if the body ends early or does not match its header fields, 413 if a line is too long.
func readLines(
    of content: consuming RequestContent, atMost limit: Int, _ take: ([UInt8]) async -> Void
) async throws {
    var content = content
    var buffer = LineBuffer()
    func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy { $0 <= 0x20 } }
    while let part = try await content.next() {
        // Yield, because a client can send blank lines without limit at almost no cost.
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
