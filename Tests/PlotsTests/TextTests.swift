@testable import Plots
import Testing

@Suite("Text on a canvas")
struct TextTests {
    @Test(
        "Wrapped lines are no wider than allowed and lose no text",
        arguments: [
            "BACKGROUND", "Infections by bacteria, viruses, fungi and parasites of humans",
            "val_weighted_precision_of_all",
            "Donaudampfschifffahrtsgesellschaftskapitän", "", "   ", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧",
        ])
    func wrapping(_ text: String) throws {
        let canvas = try Canvas(width: 200, height: 100, format: .svg(hasGround: false))
        let lines = canvas.wrapped(text, width: 90, lines: 20, .label)
        for line in lines { #expect(canvas.width(of: line, .label) <= 90) }
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    @Test("Text that does not fit ends in an ellipsis")
    func ellipsis() throws {
        let canvas = try Canvas(width: 200, height: 100, format: .svg(hasGround: false))
        let lines = canvas.wrapped("one two three four five six seven", width: 60, lines: 2, .label)
        #expect(lines.count == 2)
        #expect(lines[1].hasSuffix("…"))
        #expect(canvas.width(of: lines[1], .label) <= 60)
    }

    @Test("Markup in text is escaped")
    func markup() {
        #expect(
            "<a href=\"x\">'&'\0\u{85}</a>".markup
                == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\u{FFFD}\u{FFFD}&lt;/a&gt;")
    }
}
