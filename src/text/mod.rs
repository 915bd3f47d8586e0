//! Knowledge of languages and scripts, and of nothing else: no module here knows what a
//! briefing or a site is.

pub mod bidi_runs;
pub mod bytes;
pub mod clitics;
pub mod collate;
pub mod date;
pub mod direction;
pub mod fold;
pub mod hebrew_numeral;
pub mod homographs;
pub mod isolate;
pub mod lang;
pub mod link_destination;
pub mod localized;
mod month_names;
pub mod number;
pub mod parts;
pub mod plural;
pub mod reading;
pub mod slug;
pub mod spelling;
pub mod stop_words;
pub mod written_date;
