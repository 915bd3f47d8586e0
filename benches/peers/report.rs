//! The tables, in Markdown.

use std::fmt::Write as _;

use crate::archive::{Archive, to_f64};
use crate::measure::Cost;
use crate::{FLOOR, MUJAZ, Measured, Start};

fn median(measured: &Measured, start: Start, of: fn(&Cost) -> f64) -> f64 {
    let costs = measured.costs.iter().filter(|(it, _)| *it == start);
    let mut all: Vec<f64> = costs.map(|(_, cost)| of(cost)).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn of<'a>(all: &'a [Measured], name: &str) -> &'a Measured {
    all.iter().find(|it| it.tool.name == name).unwrap()
}

/// Processor time of a build from nothing.
pub(crate) fn cpu(all: &[Measured], name: &str) -> f64 {
    median(of(all, name), Start::Cold, |it| it.cpu)
}

/// Which build, which figure of it, in which unit.
type Column = (Start, fn(&Cost) -> f64, Unit);

/// What the columns show.
const COLUMNS: [Column; 7] = [
    (Start::Cold, |it| it.wall, Unit::Seconds),
    (Start::Cold, |it| it.cpu, Unit::Seconds),
    (Start::Cold, |it| it.peak, Unit::Megabytes),
    (Start::Unchanged, |it| it.wall, Unit::Seconds),
    (Start::Unchanged, |it| it.cpu, Unit::Seconds),
    (Start::OneChanged, |it| it.wall, Unit::Seconds),
    (Start::OneChanged, |it| it.cpu, Unit::Seconds),
];

#[derive(Debug, Clone, Copy)]
enum Unit {
    Seconds,
    Megabytes,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Seconds => format!("{value:.2} s"),
            Self::Megabytes => format!("{value:.0} MB"),
        }
    }
}

/// Wall and processor time and memory of all tools on one archive. The factors in
/// brackets are against mujaz in the same run.
pub(crate) fn table(archive: &Archive, all: &[Measured]) -> String {
    let mut text = format!(
        "{} briefings, {} topics:\n\n| | cold: wall | CPU | peak memory | unchanged: wall \
         | CPU | one changed: wall | CPU | output |\n|---|---|---|---|---|---|---|---|---|\n",
        archive.n_briefings,
        archive.n_topics()
    );
    let ours = of(all, MUJAZ);
    for it in all {
        let _ = write!(text, "| {}", it.tool.name);
        for (start, figure, unit) in COLUMNS {
            let value = median(it, start, figure);
            let _ = write!(text, " | {}", unit.show(value));
            if it.tool.name != MUJAZ {
                let factor = value / median(ours, start, figure);
                let _ = write!(text, " (×{factor:.2})");
            }
        }
        let megabytes = it.n_bytes / 1_000_000;
        let _ = writeln!(text, " | {} files, {megabytes} MB |", it.n_files);
    }
    let ratio = cpu(all, MUJAZ) / cpu(all, FLOOR);
    let _ = writeln!(text, "\nCPU time of mujaz to the floor's: {ratio:.1}.");
    text
}

/// How processor time grows from the smallest to the largest archive: the exponent of
/// the number of briefings, 1 where each costs the same in an archive of any size.
pub(crate) fn growth(of_mujaz: &[(usize, f64)]) -> Option<String> {
    let (least, most) =
        (of_mujaz.iter().min_by_key(|it| it.0)?, of_mujaz.iter().max_by_key(|it| it.0)?);
    if least.0 == most.0 {
        return None;
    }
    let exponent = (most.1 / least.1).ln() / (to_f64(most.0) / to_f64(least.0)).ln();
    Some(format!(
        "From {} to {} briefings the CPU time of mujaz grows with the power {exponent:.2}.",
        least.0, most.0
    ))
}
