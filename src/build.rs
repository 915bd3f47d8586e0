//! Tells cargo that the built-in theme is part of the program: a template or a style
//! sheet that was added, changed or removed makes the next build embed it anew. The program
//! gets a hash of all that it is made of, by which it knows the cache of another one.
#![expect(
    clippy::disallowed_methods,
    reason = "it runs before the program, on its own sources"
)]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    let mut hasher = DefaultHasher::new();
    for path in ["src", "templates", "static", "Cargo.toml", "Cargo.lock"] {
        if Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
            add(Path::new(path), &mut hasher);
        }
    }
    println!("cargo::rustc-env=MUJAZ_SOURCES={:016x}", hasher.finish());
}

fn add(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)
            .expect("the sources can be read")
            .map(|it| it.expect("the sources can be read").path())
            .collect();
        entries.sort();
        for entry in entries {
            add(&entry, hasher);
        }
    } else {
        fs::read(path).expect("the sources can be read").hash(hasher);
    }
}
