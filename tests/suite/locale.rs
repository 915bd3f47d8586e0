//! What languages want of dates, numbers, plurals and order (rtl-rules R2, R23–R29,
//! R109–R125 and section C), and that no machine changes it.

mod drift;
mod order;
mod paint;
mod rows;
mod slugs;

use mujaz::text::date::{DateFormatter, DateStyle};
use mujaz::text::lang::Lang;
use mujaz::text::number::Numbers;

fn lang(tag: &str) -> Lang {
    Lang::parse(tag).unwrap()
}

/// Dates as the tag alone asks for them.
fn dates(tag: &str) -> DateFormatter {
    let lang = lang(tag);
    DateFormatter::new(&lang, &DateStyle::default_for(&lang))
}

fn numbers(tag: &str) -> Numbers {
    dates(tag).numbers()
}

/// `{RLM}` and the like as the letters that they name.
fn visible(text: &str) -> String {
    let names = [
        ("{ALM}", "\u{61C}"),
        ("{LRM}", "\u{200E}"),
        ("{RLM}", "\u{200F}"),
        ("{LRI}", "\u{2066}"),
        ("{PDI}", "\u{2069}"),
        ("{NBSP}", "\u{A0}"),
        ("{ZWNJ}", "\u{200C}"),
        ("{ZWJ}", "\u{200D}"),
    ];
    names.iter().fold(text.to_owned(), |text, (name, it)| text.replace(name, it))
}
