//! `mujaz index`, and `mujaz build` on several machines: the index is made once, each machine
//! makes a part with it, and one of them joins the parts. The joined site is the one that a
//! single machine would have made, byte for byte; docs/SCALE.md has the figures.

use std::path::Path;

use crate::cache::parts::{Index, put_record, read_record};
use crate::cli::args::{BuildOptions, SharedOptions};
use crate::cli::{Outcome, build, plural, replace, report};
use crate::diag::{Severity, SourcePath};
use crate::error::Error;
use crate::load::{self, Sources};
use crate::memo::Memo;
use crate::render::shard::Shard;
use crate::write::{Part, Staging};
use crate::{BuildInfo, Built};

/// What one of several machines has been given.
#[derive(Debug)]
pub(super) struct Share {
    /// The part that it makes; none where it joins parts.
    pub(super) shard: Option<Shard>,
    /// Whether it is for a moment to come, which is a preview.
    pub(super) is_ahead: bool,
    memo: Memo,
    parts: Vec<Part>,
}

impl Share {
    /// Reads what other machines have made; nothing where this one builds alone. The moment
    /// and the address of the index are those of all parts.
    pub(super) fn read(
        shared: &SharedOptions,
        info: &mut BuildInfo,
    ) -> Result<Option<Self>, Error> {
        let SharedOptions { shard, index, join } = shared;
        if shard.is_none() && join.is_empty() && index.is_none() {
            return Ok(None);
        }
        let (mut memo, mut is_ahead) = (Memo::default(), false);
        if let Some(path) = index {
            let index = Index::read(path)?;
            info.clock.now = index.now;
            is_ahead = index.is_ahead;
            info.stamp = index.stamp;
            info.base_url = index.base_url;
            memo = index.memo;
        }
        let mut parts = Vec::with_capacity(join.len());
        for folder in join {
            parts.push(Part::in_folder(folder)?);
            memo.printed.extend(read_record(folder)?);
        }
        Ok(Some(Self { shard: *shard, is_ahead, memo, parts }))
    }

    /// Builds a part, or joins parts.
    pub(super) fn build(
        self,
        files: &Sources,
        info: &BuildInfo,
        staging: Staging,
        progress: &(dyn Fn(usize) + Sync),
    ) -> (Built, Staging, Memo) {
        let Self { shard, memo, parts, .. } = self;
        let staging = staging.with_parts(parts);
        let (built, memo) = match shard {
            None => crate::build_again(files, info, &memo, &staging, progress),
            Some(shard) => {
                let (built, memo) =
                    crate::build_shard(files, info, &memo, shard, &staging, progress);
                put_record(&memo, &staging);
                (built, memo)
            }
        };
        (built, staging, memo)
    }
}

/// Writes the index of a site.
pub(super) fn index(options: &BuildOptions, output: &Path) -> Result<Outcome, Error> {
    let info = build::build_info(options)?;
    let sources = load::load(&options.source)?;
    let mut diagnostics = sources.diagnostics;
    let memo = crate::index(&sources.value, &info).drain_into(&mut diagnostics);
    if diagnostics.iter().any(|it| it.severity == Severity::Error) {
        crate::diag::drop_echoes(&mut diagnostics);
        crate::diag::sort(&mut diagnostics);
        let text_of = |path: &SourcePath| sources.value.text(path).map(str::to_owned);
        report::diagnostics(&diagnostics, options.format, &text_of);
        report::summary("the site has errors; no index was written");
        return Ok(Outcome::HasErrors);
    }
    let n = memo.mentions.len();
    let BuildInfo { clock, stamp, base_url } = info;
    let is_ahead = build::is_ahead(options);
    let index = Index { now: clock.now, is_ahead, stamp, base_url, memo };
    replace(output, &index.to_bytes())?;
    let (n, output) = (plural(n, "briefing"), output.display());
    report::summary(&format!("wrote the index of {n} into `{output}`"));
    Ok(Outcome::Done)
}
