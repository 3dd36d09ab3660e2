/// How long a piece of work takes, in seconds: the median of as many runs as fit in half a second, three at least and a
/// thousand at most.
func medianTime(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    var times: [Double] = []
    work()
    let end = clock.now + .milliseconds(500)
    while times.count < 3 || times.count < 1_000 && clock.now < end {
        times.append(clock.measure(work) / .seconds(1))
    }
    return times.sorted()[times.count / 2]
}
