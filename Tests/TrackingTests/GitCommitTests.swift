import FoundationEssentials
import RunTracking
import TestSupport
import Testing
import Tracking

@Suite("Git commit of a working directory")
struct GitCommitTests {
    private let directory: TemporaryDirectory
    private let commit = "0123456789abcdef0123456789abcdef01234567"

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ text: String, to path: String) throws {
        let file = directory.url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func name(_ path: String = "work/inner/") -> String? {
        GitCommit.name(at: directory.url.appending(path: path).path())
    }

    @Test("A branch is read from a subdirectory")
    func branch() throws {
        try write("ref: refs/heads/main\n", to: "work/.git/HEAD")
        #expect(name() == nil)
        try write("\(commit)\n", to: "work/.git/refs/heads/main")
        #expect(name() == commit)
    }

    @Test("A packed branch is read")
    func packed() throws {
        try write("ref: refs/heads/main\n", to: "work/.git/HEAD")
        try write(
            "# pack-refs\n\(String(commit.reversed())) refs/heads/x\n\(commit) refs/heads/main\n",
            to: "work/.git/packed-refs")
        #expect(name() == commit)
    }

    @Test("A detached commit is read")
    func detached() throws {
        try write("\(commit)\n", to: "work/.git/HEAD")
        #expect(name() == commit)
    }

    @Test("A worktree is read")
    func worktree() throws {
        try write("gitdir: ../main/.git/worktrees/w\n", to: "work/.git")
        try write("ref: refs/heads/topic\n", to: "main/.git/worktrees/w/HEAD")
        try write("../..\n", to: "main/.git/worktrees/w/commondir")
        try write("\(commit)\n", to: "main/.git/refs/heads/topic")
        #expect(name() == commit)
    }

    @Test("An invalid repository has no commit")
    func nonsense() throws {
        try write("ref: refs/heads/main\n", to: "work/.git/HEAD")
        try write("not a commit\n", to: "work/.git/refs/heads/main")
        #expect(name() == nil)
    }
}
