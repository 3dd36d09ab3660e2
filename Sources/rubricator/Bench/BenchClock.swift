/// The median time of a piece of work in seconds, over as many runs as fit in half a second, at least 3 and at most 1,000.
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
