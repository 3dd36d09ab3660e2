import Glibc

/// A hold on a directory that no other process or holder can have; given up with the object, or with the process.
///
/// The lock is `flock(2)`'s, on the directory itself, so nothing is left behind. A file system without such locks is
/// trusted to have one user.
package final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// `nil` where somebody else holds the directory.
    package init?(_ path: String) {
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if opened >= 0, flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
