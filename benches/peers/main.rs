//! mujaz, Hugo and Zola on the same archive, in one run.
//!
//! `cargo bench --bench peers` writes an archive of Arabic briefings in the form of each
//! generator, builds it from nothing, again unchanged, and again after a change in one
//! text, and prints tables of medians with what the others need for each second of mujaz.
//! Seconds of two days or machines say little; the ratios of one run do.
//! docs/PERFORMANCE.md says what is compared and what is not.
//!
//! - `MUJAZ_BENCH_SIZES=1000,10000,50000`: numbers of briefings (1000,10000);
//! - `MUJAZ_BENCH_RUNS=5`: how often each build is measured (3);
//! - `MUJAZ_BENCH_DIR=DIR`: where sites are written, best on a RAM file system (a
//!   temporary folder);
//! - `MUJAZ_BENCH_RELATIONS=10000`: up to which size Hugo also looks for names by regular
//!   expressions, which takes minutes (1000).
//!
//! `hugo` and `zola` are looked for on the path; one that is not there is left out.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reads its settings, runs programs and may panic"
)]

mod archive;
#[expect(dead_code, reason = "each bench needs another part")]
#[path = "../corpus/mod.rs"]
mod corpus;
mod floor;
mod machine;
mod measure;
mod report;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::{Archive, Form};
use crate::measure::Cost;

/// A program on one of the sites.
#[derive(Debug, Clone)]
struct Tool {
    /// As the table names it.
    name: &'static str,
    form: Form,
    program: PathBuf,
    /// The line that says which version it is, if it is a program of others.
    version: Option<String>,
    /// `{site}` and `{output}` stand for the folders.
    arguments: &'static [&'static str],
    /// What it keeps in the site's folder from build to build.
    kept: &'static [&'static str],
    /// The largest archive it is run on.
    up_to: usize,
}

/// The name of the tool that the others are compared with.
const MUJAZ: &str = "mujaz";
/// The name of the least work.
const FLOOR: &str = "floor";

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|it| it.join(&name)).find(|it| it.is_file())
}

/// What a program says about its version: the last line, because some say more before.
fn version(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().rfind(|it| !it.trim().is_empty())?;
    // Hugo adds where and with what it was built.
    let line = line.split(['-', '+']).next()?;
    Some(line.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

/// The programs that are here. What is missing is said once.
fn tools() -> Vec<Tool> {
    let mut tools = vec![
        Tool {
            name: MUJAZ,
            form: Form::Mujaz,
            program: env!("CARGO_BIN_EXE_mujaz").into(),
            version: None,
            arguments: &["build", "--output", "{output}"],
            kept: &[".mujaz"],
            up_to: usize::MAX,
        },
        Tool {
            name: FLOOR,
            form: Form::Mujaz,
            program: std::env::current_exe().unwrap(),
            version: None,
            arguments: &[floor::AS_FLOOR, "{site}", "{output}"],
            kept: &[],
            up_to: usize::MAX,
        },
    ];
    if let Some(program) = on_path("hugo") {
        let hugo = Tool {
            name: "Hugo",
            form: Form::Hugo,
            version: version(&program, "version"),
            program,
            arguments: &["--quiet", "--source", "{site}", "--destination", "{output}"],
            kept: &["resources", ".hugo_build.lock"],
            up_to: usize::MAX,
        };
        tools.push(hugo.clone());
        tools.push(Tool {
            name: "Hugo, relations",
            arguments: &[
                "--quiet",
                "--source",
                "{site}",
                "--destination",
                "{output}",
                "--config",
                "hugo.toml,relations.toml",
            ],
            up_to: setting("MUJAZ_BENCH_RELATIONS", "1000").parse().unwrap(),
            ..hugo
        });
    } else {
        println!("`hugo` is not on the path: left out.");
    }
    if let Some(program) = on_path("zola") {
        tools.push(Tool {
            name: "Zola",
            form: Form::Zola,
            version: version(&program, "--version"),
            program,
            arguments: &[
                "--root",
                "{site}",
                "build",
                "--output-dir",
                "{output}",
                "--force",
            ],
            kept: &[],
            up_to: usize::MAX,
        });
    } else {
        println!("`zola` is not on the path: left out.");
    }
    tools
}

/// How a build is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Nothing is there but the site.
    Cold,
    /// Everything is as the last build left it.
    Unchanged,
    /// One text has a paragraph more.
    OneChanged,
}

/// What one tool needed for one archive.
#[derive(Debug)]
struct Measured {
    tool: Tool,
    costs: Vec<(Start, Cost)>,
    n_files: usize,
    n_bytes: u64,
}

fn remove(path: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    } else if path.exists() {
        fs::remove_file(path).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// Writes each site, with the settings and the theme that it needs.
fn write_sites(archive: &Archive, folder: &Path, tools: &[Tool]) {
    let mut forms: Vec<Form> = tools.iter().map(|it| it.form).collect();
    forms.sort();
    forms.dedup();
    for form in &forms {
        let site = folder.join(form.folder());
        let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
        match form {
            Form::Mujaz => {
                fs::create_dir_all(site.join("content")).unwrap();
                // The others draw no pictures; all else is as an editor finds it.
                let settings =
                    "title: قياس\nbase_url: https://example.org/\ncards: false\n";
                fs::write(site.join("content/site.yaml"), settings).unwrap();
            }
            Form::Hugo | Form::Zola => copy(&themes.join(form.folder()), &site),
        }
    }
    archive::write(archive, folder, &forms);
}

/// Files in a folder, and their bytes.
fn size(folder: &Path) -> (usize, u64) {
    let (mut n_files, mut n_bytes) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        let (files, bytes) =
            if metadata.is_dir() { size(&entry.path()) } else { (1, metadata.len()) };
        n_files += files;
        n_bytes += bytes;
    }
    (n_files, n_bytes)
}

/// Builds one site once more and keeps what it cost.
fn build(
    folder: &Path,
    n_briefings: usize,
    start: Start,
    round: usize,
    measured: &mut Measured,
) -> Result<(), String> {
    let tool = &measured.tool;
    let site = folder.join(tool.form.folder());
    let output = folder.join(format!("{}.out", tool.name));
    match start {
        Start::Cold => {
            remove(&output);
            tool.kept.iter().for_each(|it| remove(&site.join(it)));
        }
        Start::Unchanged => {}
        Start::OneChanged => {
            let file = archive::source(&site, n_briefings / 2);
            let text = fs::read_to_string(&file).unwrap();
            fs::write(file, format!("{text}\nفقرة أخرى في الجولة {round}.\n")).unwrap();
        }
    }
    let arguments: Vec<&OsStr> = tool
        .arguments
        .iter()
        .map(|it| match *it {
            "{site}" => site.as_os_str(),
            "{output}" => output.as_os_str(),
            other => OsStr::new(other),
        })
        .collect();
    let log = folder.join("log");
    let cost = measure::run(tool.program.as_os_str(), &arguments, &site, &log)?;
    measured.costs.push((start, cost));
    if start == Start::Cold {
        (measured.n_files, measured.n_bytes) = size(&output);
        // A tool that did not see the texts would look fast.
        assert!(n_briefings <= measured.n_files, "{}: too few pages", tool.name);
    }
    Ok(())
}

/// Measures all tools on an archive of one size. They take turns, so that what else the
/// machine does meets all of them.
fn measure_size(
    folder: &Path,
    archive: &Archive,
    tools: &[Tool],
    n_runs: usize,
) -> Vec<Measured> {
    let mut all: Vec<Measured> = tools
        .iter()
        .filter(|it| archive.n_briefings <= it.up_to)
        .map(|it| Measured {
            tool: it.clone(),
            costs: Vec::new(),
            n_files: 0,
            n_bytes: 0,
        })
        .collect();
    for round in 1..=n_runs {
        all.retain_mut(|measured| {
            let name = measured.tool.name;
            eprintln!("{} briefings, round {round}: {name}", archive.n_briefings);
            for start in [Start::Cold, Start::Unchanged, Start::OneChanged] {
                if let Err(said) =
                    build(folder, archive.n_briefings, start, round, measured)
                {
                    assert!(name != MUJAZ && name != FLOOR, "{name}: {said}");
                    println!("{name} has failed and is left out:\n{said}");
                    return false;
                }
            }
            // Outputs of large archives would fill a RAM file system together.
            remove(&folder.join(format!("{name}.out")));
            true
        });
    }
    all
}

fn bench() {
    let sizes = setting("MUJAZ_BENCH_SIZES", "1000,10000");
    let n_runs: usize = setting("MUJAZ_BENCH_RUNS", "3").parse().unwrap();
    let given = std::env::var_os("MUJAZ_BENCH_DIR");
    if let Some(given) = &given {
        fs::create_dir_all(given).unwrap();
    }
    // A folder of its own in the one that was given: what else is there stays.
    let parent = given.map_or_else(std::env::temp_dir, PathBuf::from);
    let work =
        tempfile::Builder::new().prefix("mujaz-peers-").tempdir_in(parent).unwrap();
    let tools = tools();
    println!("{}\n", machine::describe(&tools, work.path(), n_runs));
    let mut of_mujaz = Vec::new();
    for n_briefings in sizes.split(',').map(|it| it.parse::<usize>().unwrap()) {
        let archive = Archive::new(n_briefings);
        let folder = work.path().join(n_briefings.to_string());
        write_sites(&archive, &folder, &tools);
        let all = measure_size(&folder, &archive, &tools, n_runs);
        println!("{}", report::table(&archive, &all));
        of_mujaz.push((n_briefings, report::cpu(&all, MUJAZ)));
        remove(&folder);
    }
    if let Some(line) = report::growth(&of_mujaz) {
        println!("{line}");
    }
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments.first().and_then(|it| it.to_str()) {
        Some(floor::AS_FLOOR) => floor::build(&arguments[1], &arguments[2]),
        Some(measure::AS_PARENT) if !measure::run_as_parent(&arguments[1..]) => {
            return std::process::ExitCode::FAILURE;
        }
        Some(measure::AS_PARENT) => {}
        // `cargo test --benches` runs it without: there is nothing to test.
        _ if arguments.iter().any(|it| it == "--bench") => bench(),
        _ => {}
    }
    std::process::ExitCode::SUCCESS
}
