//! What was typed: the command line, checked for form and not yet for meaning.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::render::shard::Shard;

/// Makes a briefing website from plain text and YAML, for right-to-left languages first.
#[derive(Debug, Parser)]
#[command(
    name = "mujaz",
    version,
    after_help = "Examples:\n  mujaz init my-site         make a new site\n  mujaz new briefing \"…\"     \
                  begin a briefing\n  mujaz check                find mistakes, write \
                  nothing\n  mujaz build                write the site into public/"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new site with one briefing and one topic
    #[command(
        after_help = "Examples:\n  mujaz init my-site && cd my-site && mujaz build\n  mujaz \
                      init --theme               copy the theme into the site that is here"
    )]
    Init {
        /// Folder of the new site
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Copy the built-in theme into the site, to change it
        #[arg(long)]
        theme: bool,
    },
    /// Begin a briefing or a topic
    #[command(
        after_help = "Examples:\n  mujaz new briefing \"ممر الشمال والجنوب\" --id instc\n  \
                      mujaz new topic Iran --kind country"
    )]
    New {
        /// What to begin
        what: NewKind,
        /// Its title
        title: String,
        /// File name without suffix; made of the title when that is Latin
        #[arg(long)]
        id: Option<String>,
        /// Kind of topic
        #[arg(long, default_value = "theme")]
        kind: String,
        /// Folder of the site
        #[arg(long, default_value = ".", value_name = "DIR")]
        source: PathBuf,
    },
    /// Make briefings of drafts and of archives of other programs
    #[cfg(feature = "import")]
    #[command(
        after_help = "Examples:\n  mujaz import article.docx\n  mujaz import ../hugo-site \
                      --dry-run\n  mujaz import export.xml --into briefings/archive"
    )]
    Import {
        /// Files (.txt, .md, .html, .docx, an export of WordPress) and folders (Hugo, Zola,
        /// Jekyll, or drafts)
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Where and how.
        #[command(flatten)]
        options: ImportOptions,
    },
    /// Build the site
    #[command(
        after_help = "Examples:\n  mujaz build\n  mujaz build --source desk --output \
                      /srv/www/desk --base-url https://desk.example.org/\n  mujaz build \
                      --as-of 2025-03-09T06:00:00Z"
    )]
    Build {
        /// Folder that the site is written into; without this `public`, or `preview` with
        /// `--drafts` or a moment to come
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        /// What both `build` and `check` take.
        #[command(flatten)]
        options: BuildOptions,
        /// What machines take that build one site together.
        #[command(flatten)]
        shared: SharedOptions,
    },
    /// Find once what all machines need that build one large site together
    #[command(
        after_help = "Example:\n  mujaz index --output site.index\n  mujaz build --index \
                      site.index --shard 1/2 --output part-1\n  mujaz build --index \
                      site.index --shard 2/2 --output part-2\n  mujaz build --index \
                      site.index --join part-1 --join part-2"
    )]
    Index {
        /// File that the index is written into
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// What both `build` and `check` take.
        #[command(flatten)]
        options: BuildOptions,
    },
    /// Look at the names in running text: found, held back, or no topic yet
    Links {
        /// What to look at.
        #[command(subcommand)]
        command: LinksCommand,
    },
    /// Give a topic another id, or make one topic of two, everywhere in the sources
    Topic {
        /// What to do with it.
        #[command(subcommand)]
        command: TopicCommand,
    },
    /// Print settings for the server of the site: old addresses, headers, media types
    Host {
        /// Which server.
        #[command(subcommand)]
        command: HostCommand,
    },
    /// Look for words in the briefings, as readers do on the search page
    #[command(
        after_help = "Examples:\n  mujaz search \"الملف النووي\"\n  mujaz search IAEA --lang ar \
                      --format json"
    )]
    Search {
        /// Words; names of topics are found in every language
        query: String,
        /// Where and how.
        #[command(flatten)]
        options: SearchOptions,
    },
    /// List what becomes public when
    #[command(
        after_help = "Examples:\n  mujaz schedule\n  mujaz schedule --next           the \
                      moment of the next build, for cron or at"
    )]
    Schedule {
        /// Where and how.
        #[command(flatten)]
        options: ScheduleOptions,
    },
    /// Show the site in a browser while you write: drafts too, each change at once
    #[cfg(feature = "serve")]
    #[command(
        after_help = "Examples:\n  mujaz serve --open\n  mujaz serve --lan              look \
                      at it on a telephone, too"
    )]
    Serve {
        /// Where and how.
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Build the site and send it to a host: whole, in a safe order, only what has changed
    #[command(
        after_help = "Examples:\n  mujaz deploy live --dry-run\n  mujaz deploy live\n  mujaz \
                      deploy live --rollback     bring back the site before the last deploy"
    )]
    Deploy {
        /// Name of the target under `deploy:` in site.yaml; not needed where there is one
        target: Option<String>,
        /// How.
        #[command(flatten)]
        options: DeployOptions,
    },
    /// Find every mistake, slip of typography and loose end; nothing is built
    #[command(
        after_help = "Examples:\n  mujaz check --strict --format json\n  mujaz check --fix \
                      --dry-run\n  mujaz check --write-baseline   live with what is there \
                      today\n  mujaz check --external         ask other sites whether links \
                      to them work"
    )]
    Check {
        /// What `check` takes.
        #[command(flatten)]
        options: CheckOptions,
    },
}

/// Questions about names.
#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// What every briefing and topic has, and what an editor should look at
    #[command(after_help = "Example:\n  mujaz links report --format json")]
    Report {
        /// What every question takes.
        #[command(flatten)]
        options: LinksOptions,
    },
    /// Frequent names and expressions that are no topic yet
    #[command(after_help = "Example:\n  mujaz links suggest --limit 50 --min 2")]
    Suggest {
        /// How many are shown
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
        /// How often an expression must appear
        #[arg(long, default_value_t = 3, value_name = "N")]
        min: u32,
        /// What every question takes.
        #[command(flatten)]
        options: LinksOptions,
    },
    /// Why words of a briefing are a link, or are none
    #[command(
        after_help = "Example:\n  mujaz links explain iran-russia-treaty \"موسكو\""
    )]
    Explain {
        /// Id of the briefing; with a language, as in `treaty.en`, only that version
        briefing: String,
        /// Words of its text, or a name of a topic
        words: String,
        /// What every question takes.
        #[command(flatten)]
        options: LinksOptions,
    },
}

impl LinksCommand {
    /// What every question takes.
    pub fn options(&self) -> &LinksOptions {
        match self {
            Self::Report { options }
            | Self::Suggest { options, .. }
            | Self::Explain { options, .. } => options,
        }
    }
}

/// Options of questions about names.
#[derive(Debug, Clone, Args)]
pub struct LinksOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// How the answer is printed: for people, or as one JSON object
    #[arg(long, default_value = "human", value_parser = answer_formats())]
    pub format: Format,
    /// Look at drafts and embargoed texts as well
    #[arg(long)]
    pub drafts: bool,
}

/// Options of a search.
#[derive(Debug, Clone, Args)]
pub struct SearchOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Only briefings in this language
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// How many briefings are shown
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
    /// How the answer is printed: for people, or as one JSON list
    #[arg(long, default_value = "human", value_parser = answer_formats())]
    pub format: Format,
    /// Look into drafts and embargoed texts as well
    #[arg(long)]
    pub drafts: bool,
}

/// Options of the list of what is waiting.
#[derive(Debug, Clone, Args)]
pub struct ScheduleOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// List as if it were this moment (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<jiff::Timestamp>,
    /// Print the next moment alone, and nothing where nothing is waiting
    #[arg(long)]
    pub next: bool,
    /// How the answer is printed: for people, or as one JSON list
    #[arg(long, default_value = "human", value_parser = answer_formats())]
    pub format: Format,
}

/// Edits of topics.
#[derive(Debug, Subcommand)]
pub enum TopicCommand {
    /// Give a topic another id: files, metadata and links
    #[command(
        after_help = "Example:\n  mujaz topic rename instc north-south-corridor --dry-run"
    )]
    Rename {
        /// Id of the topic
        old: String,
        /// Its id from now on
        new: String,
        /// What every edit takes.
        #[command(flatten)]
        options: EditOptions,
    },
    /// Put all that one topic has into another one; its addresses become redirects
    #[command(after_help = "Example:\n  mujaz topic merge tehran iran --dry-run ")]
    Merge {
        /// Id of the topic that disappears
        from: String,
        /// Id of the topic that stays
        into: String,
        /// What every edit takes.
        #[command(flatten)]
        options: EditOptions,
    },
}

/// Servers that settings are made for.
#[derive(Debug, Subcommand)]
pub enum HostCommand {
    /// Settings to be included in a `server` block of nginx
    #[command(after_help = "Example:\n  mujaz host nginx > /etc/nginx/desk.conf")]
    Nginx {
        /// Folder of the site: the one that holds `content/`
        #[arg(long, default_value = ".", value_name = "DIR")]
        source: PathBuf,
    },
    /// Settings to be imported in a Caddyfile
    #[command(after_help = "Example:\n  mujaz host caddy > /etc/caddy/desk.caddy")]
    Caddy {
        /// Folder of the site: the one that holds `content/`
        #[arg(long, default_value = ".", value_name = "DIR")]
        source: PathBuf,
    },
}

/// Options of commands that edit sources.
#[derive(Debug, Clone, Args)]
pub struct EditOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Print what would change as a unified diff, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of an import.
#[cfg(feature = "import")]
#[derive(Debug, Clone, Args)]
pub struct ImportOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Folder under `content/` for briefings: `briefings`, or one in it
    #[arg(long, default_value = "briefings", value_name = "FOLDER")]
    pub into: String,
    /// Language of texts that name none
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How the report is printed: for people, or as one JSON object
    #[arg(long, default_value = "human", value_parser = answer_formats())]
    pub format: Format,
}

/// Options of commands that build.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "nearly each is a switch")]
pub struct BuildOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Address of the site, instead of `base_url` in site.yaml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Show drafts and embargoed texts as well; the pages ask not to be indexed
    #[arg(long)]
    pub drafts: bool,
    /// Build as if it were this moment (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<jiff::Timestamp>,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// How mistakes are printed
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// Print how long each stage took
    #[arg(long)]
    pub timings: bool,
    /// Whether the build is only looked at: it leaves no cache and says little.
    #[arg(skip)]
    pub is_trial: bool,
}

/// Options of `deploy`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct DeployOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Folder that the site is written into before it is sent
    #[arg(long, default_value = "public", value_name = "DIR")]
    pub output: PathBuf,
    /// Print what would be sent and deleted, and write nothing anywhere
    #[arg(long)]
    pub dry_run: bool,
    /// Send what is in the output folder
    #[arg(long)]
    pub no_build: bool,
    /// Agree that this many addresses go
    #[arg(long, value_name = "N")]
    pub allow_deletes: Option<usize>,
    /// Let older content replace newer
    #[arg(long)]
    pub allow_older: bool,
    /// Take off the host at once what is no longer part of the site, and keep no copies of
    /// it: for a text that nobody may read any more
    #[arg(long)]
    pub purge: bool,
    /// Bring back the site that was there before the last deploy
    #[arg(long, conflicts_with_all = ["allow_deletes", "allow_older", "purge"])]
    pub rollback: bool,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// How the plan, the result and mistakes are printed
    #[arg(long, default_value = "human", value_parser = answer_formats())]
    pub format: Format,
}

/// Options of machines that build one site together.
#[derive(Debug, Clone, Default, Args)]
pub struct SharedOptions {
    /// Make one part of several, as in `2/8`
    #[arg(long, value_name = "N/OF", conflicts_with = "join")]
    pub shard: Option<Shard>,
    /// Take over what `mujaz index` has found, with its moment and address
    #[arg(long, value_name = "FILE", conflicts_with_all = ["as_of", "base_url"])]
    pub index: Option<PathBuf>,
    /// Put the parts together that stand in these folders
    #[arg(long, value_name = "DIR")]
    pub join: Vec<PathBuf>,
}

/// Options of `check`.
#[derive(Debug, Clone, Args)]
#[cfg_attr(
    feature = "external",
    expect(
        clippy::struct_excessive_bools,
        reason = "each is a switch that somebody types"
    )
)]
pub struct CheckOptions {
    /// Mend the typography of the sources where that is safe, then check
    #[arg(long)]
    pub fix: bool,
    /// With `--fix`: print what would change as a unified diff, and write nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Leave out the findings that this file lists; without this, those of
    /// `mujaz-baseline.jsonl` in the site's folder, if it is there
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the warnings of today into a file, so that only what is new is reported
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
          conflicts_with = "baseline")]
    pub write_baseline: Option<Option<PathBuf>>,
    /// Ask other sites whether the links to them still work; the one thing that uses the
    /// network
    #[cfg(feature = "external")]
    #[arg(long)]
    pub external: bool,
    /// With `--external`: ask addresses of this machine and its network as well
    #[cfg(feature = "external")]
    #[arg(long, requires = "external")]
    pub external_private: bool,
    /// What both `build` and `check` take.
    #[command(flatten)]
    pub build: BuildOptions,
}

/// Options of the live preview.
#[cfg(feature = "serve")]
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Folder of the site: the one that holds `content/`
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub source: PathBuf,
    /// Port; without this the first free one from 4000 on
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Address of this machine to listen at; without this only this machine can look
    #[arg(long, value_name = "ADDRESS", conflicts_with = "lan")]
    pub host: Option<std::net::IpAddr>,
    /// Let other machines of the network look, by an address with a key
    #[arg(long)]
    pub lan: bool,
    /// Open it in the browser
    #[arg(long)]
    pub open: bool,
    /// Compare files each second, where the system does not tell about changes (network
    /// drives)
    #[arg(long)]
    pub poll: bool,
}

/// What `new` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// A briefing.
    Briefing,
    /// A topic.
    Topic,
}

/// How mistakes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, on stderr.
    Human,
    /// One JSON object a line, on stdout.
    Json,
    /// SARIF 2.1.0, which code hosts show beside the files, on stdout.
    Sarif,
    /// Commands of GitHub Actions, which shows them beside the lines, on stdout.
    Github,
}

/// The formats of answers that are no list of mistakes.
fn answer_formats() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(["human", "json"]);
    names.map(|it| if it == "json" { Format::Json } else { Format::Human })
}

/// A moment as a user types it.
fn moment(text: &str) -> Result<jiff::Timestamp, &'static str> {
    text.parse().map_err(
        |_| "write a moment with its distance to UTC, such as 2025-03-09T06:00:00+03:00",
    )
}
