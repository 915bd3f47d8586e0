#![no_main]

#[path = "../import_body.rs"]
mod import_body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| import_body::importer(data));
