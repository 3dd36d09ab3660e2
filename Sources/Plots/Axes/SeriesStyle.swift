/// The look of one of several series: a colour, and dashes and a marker that distinguish it without colour.
struct SeriesStyle {
    let colour: Colour
    let dashes: [Double]
    let marker: Marker

    /// Creates the style of the series at an index; the first sixty styles are all different.
    init(_ place: Int) {
        colour = Colour.series[place % Colour.series.count]
        dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]][place % 4]
        marker = [.circle, .square, .triangle, .diamond, .pointedDown][place % 5]
    }

    var stroke: Stroke { Stroke(colour: colour, width: 2, dashes: dashes) }
}
