import Glibc

/// Unique keys by which runs are found again.
enum RunKey {
    /// Returns 32 random hexadecimal digits.
    static func random() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}

/// Times as MLflow represents them.
package enum Timestamp {
    /// Returns the current time in milliseconds since 1970.
    package static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
    }
}
