//! `mujaz host`: settings for the server of a site. Writes nothing; what it prints is data.

use crate::cli::args::{Format, HostCommand};
use crate::cli::{Outcome, read_linked, report};
use crate::error::Error;
use crate::load;
use crate::render::hosts;

/// Prints the settings of a server.
pub(super) fn run(command: &HostCommand) -> Result<Outcome, Error> {
    let (HostCommand::Nginx { source } | HostCommand::Caddy { source }) = command;
    let loaded = load::load(source)?;
    let why_not = "the site has errors; settings are made when it has none";
    let Some((site, links)) = read_linked(&loaded, false, Format::Human, why_not) else {
        return Ok(Outcome::HasErrors);
    };
    let rules = hosts::rules(&site.config, &links.routes);
    report::data(&match command {
        HostCommand::Nginx { .. } => hosts::nginx::snippet(&rules),
        HostCommand::Caddy { .. } => hosts::caddy::snippet(&rules),
    });
    Ok(Outcome::Done)
}
