import CoreMetrics
import Prometheus
import Testing

@Suite("Prometheus' text format")
struct PrometheusRegistryTests {
    @Test("Every series appears from the start, sorted by name, with help and type")
    func beginnings() {
        let registry = PrometheusRegistry([
            .init("b_total", "Of b."), .init("a_seconds", "Of \\ a\nand more.", buckets: [0.5, 1]),
        ])
        let counter = Counter(label: "b_total", dimensions: [("route", "/x"), ("status", "200")], factory: registry)
        _ = Counter(label: "b_total", dimensions: [("route", "\"/y\\\n")], factory: registry)
        let timer = Timer(label: "a_seconds", dimensions: [], factory: registry)
        #expect(
            registry.text == """
                # HELP a_seconds Of \\\\ a\\nand more.
                # TYPE a_seconds histogram
                a_seconds_bucket{le="0.5"} 0
                a_seconds_bucket{le="1"} 0
                a_seconds_bucket{le="+Inf"} 0
                a_seconds_sum 0
                a_seconds_count 0
                # HELP b_total Of b.
                # TYPE b_total counter
                b_total{route="/x",status="200"} 0
                b_total{route="\\"/y\\\\\\n"} 0

                """)
        counter.increment(by: 2)
        for seconds in [0.25, 0.5, 0.75, 7] { timer.recordSeconds(seconds) }
        #expect(registry.text.contains("b_total{route=\"/x\",status=\"200\"} 2\n"))
        for line in ["bucket{le=\"0.5\"} 2", "bucket{le=\"1\"} 3", "bucket{le=\"+Inf\"} 4", "sum 8.5", "count 4"] {
            #expect(registry.text.contains("a_seconds_\(line)\n"))
        }
    }
}
