//! `Note`: what an import has done with something, in one sentence.

/// What sort of news a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Became something of ours, as it should.
    Mapped,
    /// Became something of ours that the source does not say.
    Guessed,
    /// Has no place here, and is in no file.
    Left,
    /// Needs a human being.
    Look,
}

impl Sort {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Guessed => "guessed",
            Self::Left => "left",
            Self::Look => "look",
        }
    }
}

/// What an import has done with something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The source that it is about.
    pub from: String,
    /// What sort of news it is.
    pub sort: Sort,
    /// One sentence, or what was left.
    pub message: String,
}
