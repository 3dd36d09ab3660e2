/// How long a piece of work takes, in seconds: the median of as many runs as fit in half a second, three at least.
func medianTime(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    var times: [Double] = []
    work()
    while times.count < 3 || times.reduce(0, +) < 0.5 {
        times.append(clock.measure(work) / .seconds(1))
    }
    return times.sorted()[times.count / 2]
}
