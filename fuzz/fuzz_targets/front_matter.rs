#![no_main]

#[path = "../active.rs"]
#[allow(dead_code, reason = "not every target makes HTML")]
mod active;
#[path = "../bodies.rs"]
#[expect(dead_code, reason = "each target runs one of the bodies")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::front_matter(data));
