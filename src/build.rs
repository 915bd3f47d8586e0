//! Tells cargo that the built-in theme is part of the program: a template or a style
//! sheet that was added, changed or removed makes the next build embed it anew.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=src/build.rs");
}
