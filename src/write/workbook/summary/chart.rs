//! The charts of the summary: bars that are read in print, without colours.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartLineDashType, ChartSolidFill, ChartType, Color,
};

use super::{Summary, WIDTHS};
use crate::values::{
    language::Language,
    number::{self, Decimal},
};

const FILL: Color = Color::RGB(0x7F_9D_B9);

/// Bars of one kind.
pub(super) struct Series<'s> {
    pub name: &'s str,
    /// Column of the table with their lengths.
    pub column: u16,
    /// Whether they only mark what the others are held against.
    pub is_mark: bool,
}

/// Where bars begin.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub mark: Decimal,
    /// Whether the axis begins at zero however long the bars are.
    pub from_zero: bool,
}

impl Summary<'_> {
    /// Bars from the mark on to both sides: who is above and who below is seen without colours.
    pub(super) fn chart(
        &self,
        title: &str,
        (first, last): (u32, u32),
        series: &[Series<'_>],
        axis: Axis,
        height: u32,
    ) -> Chart {
        let name = self.names[3].as_str();
        let font = |size: f64| {
            let mut font = ChartFont::new();
            font.set_name(&*self.style.profile.font).set_size(size);
            font
        };
        let mut title_font = font(12.0);
        title_font.set_bold();
        let mut chart = Chart::new(ChartType::Bar);
        for own in series {
            let fill = if own.is_mark { Color::White } else { FILL };
            let bars = chart
                .add_series()
                .set_name(own.name)
                .set_categories((name, first, 1, last, 1))
                .set_values((name, first, own.column, last, own.column))
                .set_format(
                    ChartFormat::new()
                        .set_solid_fill(ChartSolidFill::new().set_color(fill))
                        .set_border(ChartLine::new().set_color(Color::Black).set_width(0.5)),
                )
                .set_gap(45);
            // A mark needs no figure beside it.
            if !own.is_mark {
                bars.set_data_label(ChartDataLabel::new().show_value().set_font(&font(9.0)));
            }
        }
        chart.title().set_name(title).set_font(&title_font);
        if series.len() > 1 {
            chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9.0));
        } else {
            chart.legend().set_hidden();
        }
        // The crate calls the upright axis of bars `y`, though it holds the categories.
        chart
            .y_axis()
            .set_reverse()
            .set_label_position(ChartAxisLabelPosition::Low)
            .set_font(&font(9.0))
            // The axis is the mark.
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::Black).set_width(2.0)));
        let figures = chart.x_axis();
        figures
            .set_crossing(ChartAxisCrossing::AxisValue(number::to_f64_for_display(axis.mark)))
            .set_font(&font(9.0))
            .set_num_format(if self.input.language == Language::Vi { "[$-42A]General" } else { "General" })
            .set_major_gridlines(true)
            .set_major_gridlines_line(
                ChartLine::new()
                    .set_color(Color::RGB(0xD0_D0_D0))
                    .set_width(0.5)
                    .set_dash_type(ChartLineDashType::Dash),
            );
        if axis.from_zero {
            figures.set_min(0);
        }
        chart.set_width(WIDTHS.iter().sum::<u32>() - 2).set_height(height);
        chart.set_alt_text(title);
        chart
    }
}
