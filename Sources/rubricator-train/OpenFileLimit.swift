import Glibc

/// How many files this process may hold open.
enum OpenFileLimit {
    /// Raises it as far as the process may: the run of a trial that may go on keeps its journal, its lock and, in a folder, its
    /// database open, and a long search has hundreds of these.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
