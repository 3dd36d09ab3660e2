/// How one of several series is told from the others: by colour, and without it by dashes and markers.
struct SeriesStyle {
    let colour: Colour
    let dashes: [Double]
    let marker: Marker

    /// The style of the series at a place; the first sixty all differ.
    init(_ place: Int) {
        colour = Colour.series[place % Colour.series.count]
        dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]][place % 4]
        marker = [.circle, .square, .triangle, .diamond, .pointedDown][place % 5]
    }

    var stroke: Stroke { Stroke(colour: colour, width: 2, dashes: dashes) }
}
