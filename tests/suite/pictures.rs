//! Pictures: what pages print of them, which files are made, and what must never get out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use mujaz::diag::Diagnostic;
use mujaz::fingerprint::Keeps;
use mujaz::memo::Memo;
use mujaz::model::Clock;
use mujaz::render::edition::Press;
use mujaz::render::{Memory, Nowhere, Sink};
use mujaz::write::Purpose;
use mujaz::write::manifest::About;
use mujaz::{BuildInfo, Built, load, write};
use tempfile::TempDir;

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 30'/>";

/// A site with one briefing whose text is `body`, and these files.
fn site(image: &str, body: &str, files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let config = "title: نشرة\nbase_url: https://desk.example/news/\n";
    put("content/site.yaml", config.as_bytes());
    let image = match image {
        "" => String::new(),
        file => format!("image: {{file: {file}, alt: خريطة, credit: الدفتر}}\n"),
    };
    let text = format!("---\ntitle: عنوان\ndate: 2025-03-09\n{image}---\n\n{body}\n");
    put("content/briefings/one.md", text.as_bytes());
    for (path, bytes) in files {
        put(path, bytes);
    }
    folder
}

fn build(root: &Path, sink: &dyn Sink) -> Built {
    let sources = load::load(root).unwrap();
    let mut built = build_of(&sources.value, sink);
    built.diagnostics.extend(sources.diagnostics);
    built
}

fn build_of(sources: &load::Sources, sink: &dyn Sink) -> Built {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    mujaz::build(sources, &info, sink, &|_| {})
}

/// The files of a site without mistakes.
#[track_caller]
fn files(
    image: &str,
    body: &str,
    files: &[(&str, Vec<u8>)],
) -> BTreeMap<String, Vec<u8>> {
    let folder = site(image, body, files);
    let memory = Memory::default();
    let built = build(folder.path(), &memory);
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    memory.files.into_inner().unwrap()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

/// The page of the briefing.
fn page(files: &BTreeMap<String, Vec<u8>>) -> String {
    let (path, _) = files
        .iter()
        .find(|(path, _)| path.starts_with("briefings/") && path.ends_with("index.html"))
        .unwrap();
    text(files, path)
}

/// The `<picture>` or `<img>` elements of a text.
fn images(html: &str) -> Vec<BTreeMap<String, String>> {
    let tags = html.split("<img ").skip(1).map(|it| it.split('>').next().unwrap());
    tags.map(attributes).collect()
}

fn attributes(tag: &str) -> BTreeMap<String, String> {
    let mut parts = tag.split('"');
    let mut found = BTreeMap::new();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        found.insert(name.trim().trim_end_matches('=').to_owned(), value.to_owned());
    }
    found
}

/// Widths and paths in the output of a `srcset`.
fn candidates(srcset: &str) -> Vec<(u32, String)> {
    let entries = srcset.split(", ").filter(|it| !it.is_empty());
    entries
        .map(|it| {
            let (href, width) = it.split_once(' ').unwrap();
            let path = href.strip_prefix("/news/").unwrap().to_owned();
            (width.trim_end_matches('w').parse().unwrap(), path)
        })
        .collect()
}

fn webp_srcset(html: &str) -> String {
    let tag = html.split("<source ").nth(1).unwrap().split('>').next().unwrap();
    assert_eq!(attributes(tag)["type"], "image/webp");
    attributes(tag)["srcset"].clone()
}

/// Red at the left, blue at the right.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = u8::try_from((x + y) % 32).unwrap();
        if x < width / 2 { Rgb([223 + shade, 0, 0]) } else { Rgb([0, 0, 223 + shade]) }
    })
}

fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image: DynamicImage = image.into();
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(flag(width, height), ImageFormat::Jpeg)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encode(flag(width, height), ImageFormat::Png)
}

fn transparent_png(width: u32, height: u32) -> Vec<u8> {
    let image = RgbaImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgba([255, 255, 255, 255]) } else { Rgba([0, 0, 0, 0]) }
    });
    encode(image, ImageFormat::Png)
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], content].concat()
}

/// Exif as a phone writes it: orientation, a place, and a name that can be found again.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    tiff.extend(3_u16.to_be_bytes());
    let canary = u32::try_from(8 + 2 + 3 * 12 + 4).unwrap();
    // Maker, orientation, the directory of the place.
    for (tag, kind, count, value) in [
        (0x010F_u16, 2_u16, 12_u32, canary),
        (0x0112, 3, 1, u32::from(orientation) << 16),
        (0x8825, 4, 1, canary + 12),
    ] {
        tiff.extend(tag.to_be_bytes());
        tiff.extend(kind.to_be_bytes());
        tiff.extend(count.to_be_bytes());
        tiff.extend(value.to_be_bytes());
    }
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(b"CANARYMAKER\0");
    // One entry: the map datum, with the latitude in clear.
    tiff.extend([0, 1, 0, 0x12, 0, 2, 0, 0, 0, 20]);
    tiff.extend((canary + 12 + 18).to_be_bytes());
    tiff.extend([0; 4]);
    tiff.extend(b"CANARYPLACE 33.3152\0");
    tiff
}

/// A JPEG with everything that must not get out.
fn talkative_jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = jpeg(width, height);
    let (start, rest) = plain.split_at(2);
    let mut bytes = start.to_vec();
    let with_head = [b"Exif\0\0".to_vec(), exif(orientation)].concat();
    bytes.extend(segment(0xE1, &with_head));
    bytes.extend(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>CANARYXMP</x>"));
    bytes.extend(segment(0xED, b"Photoshop 3.0\0CANARYIPTC"));
    bytes.extend(segment(0xFE, b"CANARYCOMMENT"));
    bytes.extend(rest);
    bytes.extend(b"CANARYFILM");
    bytes
}

/// A chunk of PNG; nobody checks its sum here.
fn talkative_png(width: u32, height: u32) -> Vec<u8> {
    let plain = png(width, height);
    let (head, rest) = plain.split_at(8 + 25);
    let content = b"Author\0CANARYAUTHOR";
    let mut bytes = head.to_vec();
    bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
    bytes.extend(b"tEXt");
    bytes.extend(content);
    // The sum of this chunk, so that decoders read on.
    bytes.extend(crc(&[b"tEXt".as_slice(), content].concat()).to_be_bytes());
    bytes.extend(rest);
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

/// A WebP with an Exif chunk behind its pixels.
fn talkative_webp(width: u32, height: u32) -> Vec<u8> {
    let pixels = flag(width, height);
    let plain = webp::Encoder::from_rgb(&pixels, width, height).encode(75.0);
    let mut body = b"WEBPVP8X\x0A\0\0\0\x08\0\0\0".to_vec();
    for side in [width, height] {
        body.extend(&(side - 1).to_le_bytes()[..3]);
    }
    body.extend(&plain[12..]);
    let exif = exif(1);
    body.extend(b"EXIF");
    body.extend(u32::try_from(exif.len()).unwrap().to_le_bytes());
    body.extend(&exif);
    body.extend(vec![0; exif.len() % 2]);
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, &body].concat()
}

/// A GIF of two frames.
fn moving_gif() -> Vec<u8> {
    let mut bytes = b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
    bytes.extend(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0");
    for _ in 0..2 {
        bytes.extend(
            b"\x21\xF9\x04\0\x0A\0\0\0\x2C\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x01\0",
        );
    }
    bytes.push(0x3B);
    bytes
}

fn size(bytes: &[u8]) -> (u32, u32) {
    let image = image::load_from_memory(bytes).unwrap();
    (image.width(), image.height())
}

#[test]
fn the_picture_of_the_head_comes_first_and_all_others_wait() {
    let body = "نص.\n\n![الأول](beside.png)\n\n![الثاني](static.svg)";
    let all = files(
        "head.jpg",
        body,
        &[
            ("content/briefings/head.jpg", jpeg(900, 600)),
            ("content/briefings/beside.png", png(30, 20)),
            ("static/static.svg", SVG.to_vec()),
        ],
    );
    let found = images(&page(&all));
    let value = |at: usize, name: &str| found[at].get(name).map(String::as_str);
    assert_eq!(found.len(), 3);
    assert_eq!((value(0, "width"), value(0, "height")), (Some("900"), Some("600")));
    assert_eq!(value(0, "fetchpriority"), Some("high"));
    assert_eq!((value(0, "loading"), value(0, "decoding")), (None, None));
    for (at, width, height) in [(1, "30", "20"), (2, "40", "30")] {
        assert_eq!(
            (value(at, "width"), value(at, "height")),
            (Some(width), Some(height))
        );
        assert_eq!(value(at, "loading"), Some("lazy"));
        assert_eq!(value(at, "decoding"), Some("async"));
        assert_eq!(value(at, "fetchpriority"), None);
    }
    assert_eq!(value(2, "src"), Some("/news/static.svg"));
    assert_eq!(value(2, "srcset"), None);
    assert_eq!(all["static.svg"], SVG);
}

#[test]
fn sizes_go_up_to_the_original_and_no_further() {
    for (width, expected) in [
        (300, vec![300]),
        (800, vec![480, 800]),
        (1000, vec![480, 800, 1000]),
        (1650, vec![480, 800, 1200, 1600]),
    ] {
        let picture = ("content/briefings/a.jpg", jpeg(width, 66));
        let all = files("", "![وصف](a.jpg)", &[picture]);
        let html = page(&all);
        let image = &images(&html)[0];
        assert_eq!(image["sizes"], "(min-width: 42rem) 38rem, 100vw");
        for (srcset, suffix) in
            [(image["srcset"].clone(), "jpg"), (webp_srcset(&html), "webp")]
        {
            let found = candidates(&srcset);
            let widths: Vec<u32> = found.iter().map(|it| it.0).collect();
            assert_eq!(widths, expected);
            for (width, path) in found {
                assert!(path.starts_with("assets/pictures/a."), "{path}");
                assert!(path.ends_with(&format!(".{width}.{suffix}")), "{path}");
                assert_eq!(size(&all[&path]).0, width, "{path}");
            }
        }
        // The whole picture is there for links.
        let whole = format!(".{width}.jpg");
        assert!(all.keys().any(|it| it.ends_with(&whole)), "{whole}");
    }
}

/// Its files would have the name of the bytes that were looked at, and be believed by it.
#[test]
fn a_picture_that_changes_while_the_site_is_built_is_told() {
    let folder = site("", "![وصف](a.png)", &[("content/briefings/a.png", png(600, 40))]);
    let sources = load::load(folder.path()).unwrap().value;
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let proof = mujaz::prepare(&sources, &info, &Memo::default(), Keeps::Nothing);
    assert_eq!(proof.diagnostics, []);
    fs::write(folder.path().join("content/briefings/a.png"), png(600, 41)).unwrap();
    let run = Press::new(&proof.edition).run(None, &Memory::default(), &|_| {});
    let codes: Vec<&str> = run.diagnostics.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["unreadable-file"], "{:?}", run.diagnostics);
    assert!(run.diagnostics[0].message.contains("was changed"), "{:?}", run.diagnostics);
}

#[test]
fn formats_fall_back_to_what_every_browser_shows() {
    for (name, bytes, suffix) in [
        ("a.png", png(600, 40), "png"),
        ("a.png", transparent_png(600, 40), "png"),
        ("a.webp", talkative_webp(600, 40), "jpg"),
        ("a.jpeg", jpeg(600, 40), "jpg"),
    ] {
        let path = format!("content/briefings/{name}");
        let all = files("", &format!("![وصف]({name})"), &[(path.as_str(), bytes)]);
        let html = page(&all);
        let image = &images(&html)[0];
        for (width, path) in candidates(&image["srcset"]) {
            assert!(path.ends_with(suffix), "{name}: {path}");
            assert_eq!(size(&all[&path]), (width, width * 40 / 600), "{name}: {path}");
        }
        assert!(image["src"].ends_with(&format!(".600.{suffix}")));
    }
}

#[test]
fn the_colour_of_what_cannot_be_seen_does_not_leak() {
    let picture = ("content/briefings/a.png", transparent_png(600, 40));
    let all = files("", "![وصف](a.png)", &[picture]);
    let (path, bytes) = all.iter().find(|it| it.0.ends_with(".480.png")).unwrap();
    let small = image::load_from_memory(bytes).unwrap().to_rgba8();
    for pixel in small.pixels().filter(|it| 8 < it[3]) {
        assert!(pixel[0] > 240, "{path}: {pixel:?}");
    }
    assert!(small.pixels().any(|it| it[3] == 0));
}

#[test]
fn no_file_says_who_took_a_picture_where() {
    let body = "![أ](a.jpg)\n\n![ب](b.png)\n\n![ج](c.webp)\n\n![د](d.jpg)\n\n[هـ](e.jpg)";
    let all = files(
        "head.jpg",
        body,
        &[
            ("content/briefings/head.jpg", talkative_jpeg(900, 60, 1)),
            ("content/briefings/a.jpg", talkative_jpeg(500, 60, 6)),
            ("content/briefings/b.png", talkative_png(500, 60)),
            ("content/briefings/c.webp", talkative_webp(500, 60)),
            ("static/d.jpg", talkative_jpeg(500, 60, 8)),
            ("content/briefings/e.jpg", talkative_jpeg(90, 60, 1)),
            ("static/unused.png", talkative_png(90, 60)),
            ("content/topics/unused.webp", talkative_webp(90, 60)),
        ],
    );
    let mut n_pictures = 0;
    for (path, bytes) in &all {
        for canary in ["CANARY", "33.3152", "\u{0}GPS"] {
            let canary = canary.as_bytes();
            let is_in = bytes.windows(canary.len()).any(|it| it == canary);
            assert!(!is_in, "{path} holds {canary:?}");
        }
        let is_picture = [".jpg", ".png", ".webp"].iter().any(|it| path.ends_with(it));
        if is_picture {
            n_pictures += 1;
            assert!(!bytes.is_empty(), "{path}");
            image::load_from_memory(bytes).unwrap_or_else(|it| panic!("{path}: {it}"));
        }
    }
    assert!(20 < n_pictures, "{n_pictures}");
    // Static files keep their addresses, and what is up in them.
    assert!(all.contains_key("unused.png"));
    let fixed = &all["d.jpg"];
    assert!(fixed.windows(4).any(|it| it == b"Exif"));
}

#[test]
fn a_picture_on_its_side_is_turned() {
    let picture = talkative_jpeg(600, 400, 6);
    let all = files("", "![وصف](a.jpg)", &[("content/briefings/a.jpg", picture)]);
    let html = page(&all);
    let image = &images(&html)[0];
    assert_eq!((image["width"].as_str(), image["height"].as_str()), ("400", "600"));
    let paths =
        candidates(&image["srcset"]).into_iter().chain(candidates(&webp_srcset(&html)));
    for (_, path) in paths {
        // Red was at the left, and is at the top after a quarter to the right.
        let turned = image::load_from_memory(&all[&path]).unwrap().to_rgb8();
        assert_eq!((turned.width(), turned.height()), (400, 600), "{path}");
        let (top, bottom) = (turned.get_pixel(200, 30), turned.get_pixel(200, 570));
        assert!(150 < top[0] && top[2] < 100, "{path}: {top:?}");
        assert!(150 < bottom[2] && bottom[0] < 100, "{path}: {bottom:?}");
    }
}

#[test]
fn a_colour_profile_goes_along() {
    let mut profile = vec![0; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[60..70].copy_from_slice(b"WIDEGAMUT!");
    let mut picture = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut picture);
    encoder.set_icc_profile(profile).unwrap();
    let pixels = flag(600, 40);
    encoder.write_image(&pixels, 600, 40, image::ExtendedColorType::Rgb8).unwrap();
    let all = files("", "![وصف](a.jpg)", &[("content/briefings/a.jpg", picture)]);
    let html = page(&all);
    let srcset = images(&html)[0]["srcset"].clone();
    let paths = candidates(&srcset).into_iter().chain(candidates(&webp_srcset(&html)));
    let mut n_files = 0;
    for (width, path) in paths {
        let bytes = &all[&path];
        assert!(bytes.windows(10).any(|it| it == b"WIDEGAMUT!"), "{path}");
        assert_eq!(size(bytes).0, width, "{path}");
        n_files += 1;
    }
    assert_eq!(n_files, 4);
}

#[test]
fn what_moves_and_what_is_drawn_passes_through() {
    let body = "![متحرك](a.gif)\n\n![مرسوم](b.svg)";
    let all = files(
        "",
        body,
        &[
            ("content/briefings/a.gif", moving_gif()),
            ("content/briefings/b.svg", SVG.to_vec()),
        ],
    );
    let found = images(&page(&all));
    let expected: [(&str, &str, &[u8]); 2] =
        [("2", "1", &moving_gif()), ("40", "30", SVG)];
    for (image, (width, height, bytes)) in found.iter().zip(expected) {
        assert_eq!((image["width"].as_str(), image["height"].as_str()), (width, height));
        let path = image["src"].strip_prefix("/news/").unwrap();
        assert_eq!(all[path], bytes);
    }
}

/// The mistakes that a check and a build find; a check decodes and encodes nothing.
#[track_caller]
fn mistakes(image: &str, body: &str, files: &[(&str, Vec<u8>)]) -> Vec<Diagnostic> {
    let folder = site(image, body, files);
    let checked = build(folder.path(), &Nowhere).diagnostics;
    let built = build(folder.path(), &Memory::default()).diagnostics;
    assert_eq!(checked, built);
    for it in &checked {
        assert!(it.place.is_some() && it.help.is_some(), "{it:?}");
    }
    checked
}

#[track_caller]
fn check_mistake(path: &str, bytes: Vec<u8>, code: &str, words: &str) {
    let found = mistakes("", "نص.", &[(path, bytes)]);
    let [one] = found.as_slice() else { panic!("{path}: {found:#?}") };
    assert_eq!(one.code, code, "{one:?}");
    assert!(one.message.contains(words), "{one:?}");
    assert_eq!(one.place.as_ref().unwrap().path.as_str(), path);
}

#[test]
fn a_picture_that_cannot_be_shown_is_an_error_with_a_way_out() {
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() * 2 / 3);
        bytes
    };
    let place = "content/briefings/a.";
    for (suffix, bytes) in [
        ("jpg", cut(jpeg(90, 60))),
        ("png", cut(png(90, 60))),
        ("webp", cut(talkative_webp(90, 60))),
        ("gif", cut(moving_gif())),
        (
            "gif",
            b"GIF89a\0\0\x01\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;"
                .to_vec(),
        ),
    ] {
        check_mistake(&format!("{place}{suffix}"), bytes, "bad-picture", "damaged");
    }
    check_mistake("static/a.jpg", cut(jpeg(90, 60)), "bad-picture", "damaged");
    check_mistake("content/briefings/a.png", jpeg(9, 6), "bad-picture", "is a JPEG");
    check_mistake("content/briefings/a.jpg", Vec::new(), "bad-picture", "not a picture");
    let text = b"<html></html>".to_vec();
    check_mistake("content/briefings/a.svg", text, "bad-picture", "not an `svg`");
    let svg = |inside: &str| {
        let open = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>";
        format!("{open}{inside}</svg>").into_bytes()
    };
    let script = svg("\n<script/>");
    check_mistake("content/briefings/a.svg", script, "unsafe-svg", "line 2");
    let marked = [b"\xEF\xBB\xBF".to_vec(), svg("\n\n\u{645}<script/>")].concat();
    check_mistake("static/a.svg", marked, "unsafe-svg", "line 3");
    let far = svg("<image href='https://x.example/'/>");
    check_mistake("static/a.svg", far, "unsafe-svg", "https://x.example/");
    let declaration = b"<?xml version='1.0' encoding='ISO-2022-JP'?>";
    let encoded = [declaration.as_slice(), &svg("")].concat();
    check_mistake("static/a.svg", encoded, "bad-picture", "`ISO-2022-JP`");
}

#[test]
fn a_header_cannot_ask_for_more_memory_than_there_is() {
    let mut bomb = png(9, 6);
    bomb[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let sum = crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    check_mistake("content/briefings/a.png", bomb, "picture-too-large", "50000 × 50000");
}

/// A picture whose header is whole and whose pixels are not.
fn damaged_png() -> Vec<u8> {
    let mut broken = png(90, 60);
    let at = broken.windows(4).position(|it| it == b"IDAT").unwrap();
    broken[at + 8..at + 40].fill(0xFF);
    broken
}

#[test]
fn pixels_that_cannot_be_decoded_stop_a_check_and_a_build() {
    let path = "content/briefings/a.png";
    let found = mistakes("", "![وصف](a.png)", &[(path, damaged_png())]);
    let codes: Vec<_> = found.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["bad-picture"]);
    assert_eq!(found[0].place.as_ref().unwrap().path.as_str(), path);
    // Nobody decodes what no page shows.
    assert_eq!(mistakes("", "[وصف](a.png)", &[(path, damaged_png())]), []);
}

#[test]
fn of_two_damaged_copies_the_first_is_reported_whatever_the_threads() {
    let copies: Vec<String> =
        (0..8).map(|it| format!("content/briefings/{it}/same.png")).collect();
    let body: Vec<String> =
        (0..8).rev().map(|it| format!("![وصف]({it}/same.png)")).collect();
    let files: Vec<(&str, Vec<u8>)> =
        copies.iter().map(|it| (it.as_str(), damaged_png())).collect();
    for _ in 0..8 {
        let found = mistakes("", &body.join("\n\n"), &files);
        let places: Vec<_> =
            found.iter().map(|it| it.place.as_ref().unwrap().path.as_str()).collect();
        assert_eq!(places, [copies[0].as_str()]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_reported_and_not_published_empty() {
    let body = "![وصف](a.png)\n\n[جدول](b.csv) [نص](c.pdf)";
    for (path, bytes) in [
        ("content/briefings/a.png", png(90, 60)),
        ("content/briefings/b.csv", b"a,b".to_vec()),
        ("content/briefings/c.pdf", b"%PDF".to_vec()),
        ("static/d.mp4", b"film".to_vec()),
        ("static/e.jpg", jpeg(90, 60)),
        ("static/f.svg", SVG.to_vec()),
        ("static/icons/g.svg", SVG.to_vec()),
        ("static/js/h.js", b"1".to_vec()),
    ] {
        let all = [
            ("content/briefings/a.png", png(90, 60)),
            ("content/briefings/b.csv", b"a,b".to_vec()),
            ("content/briefings/c.pdf", b"%PDF".to_vec()),
            (path, bytes),
        ];
        let folder = site("", body, &all);
        let sources = load::load(folder.path()).unwrap();
        // Tests may run as a user to whom every file is readable.
        fs::remove_file(folder.path().join(path)).unwrap();
        for sink in [&Nowhere as &dyn Sink, &Memory::default()] {
            let found = build_of(&sources.value, sink).diagnostics;
            let [one] = found.as_slice() else { panic!("{path}: {found:#?}") };
            assert_eq!(one.code, "unreadable-file", "{one:?}");
            assert_eq!(one.place.as_ref().unwrap().path.as_str(), path);
            assert!(one.message.contains("No such file"), "{one:?}");
        }
    }
}

/// Takes a picture away as soon as the first page is there.
struct Thief<'a>(&'a Path, Memory);

impl Sink for Thief<'_> {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        let _ = fs::remove_file(self.0);
        self.1.put(path, bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        self.1.copy(path, from);
    }
}

#[test]
fn a_picture_that_vanishes_during_a_build_is_reported() {
    let path = "content/briefings/a.png";
    for body in ["![وصف](a.png)", "[وصف](a.png)"] {
        let folder = site("", body, &[(path, png(90, 60))]);
        let thief = Thief(&folder.path().join(path), Memory::default());
        let found = build(folder.path(), &thief).diagnostics;
        let [one] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(one.code, "unreadable-file", "{one:?}");
        assert_eq!(one.place.as_ref().unwrap().path.as_str(), path);
    }
}

#[test]
fn a_mention_of_what_is_no_picture_is_an_error_at_its_place() {
    let codes = |image: &str, body: &str| {
        let pdf = ("content/briefings/a.pdf", b"%PDF".to_vec());
        let found = mistakes(image, body, &[pdf]);
        let place = |it: &Diagnostic| it.place.as_ref().unwrap().span.start;
        found.iter().map(|it| (it.code, 0 < place(it))).collect::<Vec<_>>()
    };
    assert_eq!(codes("", "![وصف](a.pdf)"), [("bad-picture", true)]);
    assert_eq!(codes("", "![وصف](b.heic)"), [("bad-picture", true)]);
    assert_eq!(codes("", "![وصف](b.png)"), [("missing-picture", true)]);
    assert_eq!(codes("b.png", "نص."), [("missing-picture", true)]);
    assert_eq!(codes("a.pdf", "نص."), [("bad-picture", true)]);
}

#[test]
fn the_same_pictures_give_the_same_files() {
    let picture = || {
        let body = "![أ](a.jpg)\n\n![ب](b.png)\n\n![ج](copy.jpg)";
        files(
            "",
            body,
            &[
                ("content/briefings/a.jpg", jpeg(700, 80)),
                ("content/briefings/b.png", transparent_png(700, 80)),
                ("content/briefings/copy.jpg", jpeg(700, 80)),
            ],
        )
    };
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let (alone, together) = (pool(1).install(picture), pool(4).install(picture));
    let names =
        |it: &BTreeMap<String, Vec<u8>>| it.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&alone), names(&together));
    for (path, bytes) in &alone {
        assert!(*bytes == together[path], "{path}");
    }
}

/// Counts what is made anew.
struct Counting<'a> {
    staging: &'a write::Staging,
    n_made: AtomicUsize,
}

impl Sink for Counting<'_> {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.staging.put(path, bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        self.staging.copy(path, from);
    }

    fn make(&self, path: &str, make: &dyn Fn() -> Vec<u8>) {
        self.staging.make(path, &|| {
            let is_picture = path.starts_with("assets/pictures/");
            self.n_made.fetch_add(usize::from(is_picture), Ordering::Relaxed);
            make()
        });
    }
}

#[test]
fn a_second_build_makes_no_picture_again() {
    let picture = "content/briefings/a.jpg";
    let folder = site("", "![وصف](a.jpg)", &[(picture, jpeg(600, 40))]);
    let output = folder.path().join("public");
    let n_made = || {
        let staging =
            write::stage(&output, folder.path(), Purpose::Public, &mut || {}).unwrap();
        let counting = Counting { staging: &staging, n_made: AtomicUsize::new(0) };
        let built = build(folder.path(), &counting);
        assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
        let n_made = counting.n_made.into_inner();
        staging.publish(About::default(), BTreeMap::new()).unwrap();
        n_made
    };
    // Two widths in two formats.
    assert_eq!(n_made(), 4);
    assert_eq!(n_made(), 0);
    fs::write(folder.path().join(picture), jpeg(600, 50)).unwrap();
    assert_eq!(n_made(), 4);
    let left = fs::read_dir(output.join("assets/pictures")).unwrap().count();
    assert_eq!(left, 4, "files of the old picture are gone");
}

#[test]
fn a_picture_that_no_page_shows_is_published_once() {
    let picture = ("content/briefings/a.jpg", talkative_jpeg(900, 60, 1));
    let all = files("", "[الصورة](a.jpg)", &[picture]);
    let pictures: Vec<_> =
        all.keys().filter(|it| it.starts_with("assets/pictures/")).collect();
    assert_eq!(pictures.len(), 1, "{pictures:?}");
    assert!(page(&all).contains(&format!("href=\"/news/{}\"", pictures[0])));
}

#[test]
fn a_title_becomes_the_caption_of_a_figure() {
    let body = "![خريطة](a.png \"الممر من A إلى B\")\n\nنص ![رمز](a.png \"رمز\") في نص.";
    let all = files("", body, &[("content/briefings/a.png", png(30, 20))]);
    let html = page(&all);
    let figure = html.split("<figure class=\"picture\">").nth(1).unwrap();
    let figure = figure.split("</figure>").next().unwrap();
    assert!(
        figure.contains("<picture>") && figure.contains("<figcaption>الممر"),
        "{html}"
    );
    assert!(!html.contains("<p><picture>"), "a figure stands in no paragraph");
    assert!(html.contains("<p>نص <picture>"), "a picture within a sentence stays there");
}

#[test]
fn feeds_have_one_plain_address() {
    let picture = ("content/briefings/a.jpg", jpeg(1700, 60));
    let all = files("", "![وصف](a.jpg \"تعليق\")", &[picture]);
    let feed: serde_json::Value = serde_json::from_slice(&all["feed.json"]).unwrap();
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(!html.contains("<picture") && !html.contains("srcset"), "{html}");
    let image = &images(html)[0];
    let path = image["src"].strip_prefix("https://desk.example/news/").unwrap();
    assert!(path.ends_with(".1600.jpg") && all.contains_key(path), "{path}");
    assert_eq!(image["width"], "1600");
    assert!(
        text(&all, "feed.xml").contains("https://desk.example/news/assets/pictures/")
    );
}

#[test]
fn e1_nothing_beside_a_text_that_is_not_public_is_published() {
    let draft = "---\ntitle: سر\ndate: 2025-03-10\nstatus: draft\n---\n\n\
                 ![خريطة](secret.jpg) و[جدول](secret.csv)\n";
    let site = site(
        "",
        "![خريطة](open.jpg)\n\n[جدول](open.csv)، [الصورة](whole.jpg)",
        &[
            ("content/briefings/two.md", draft.as_bytes().to_vec()),
            ("content/briefings/secret.jpg", jpeg(600, 400)),
            ("content/briefings/secret.csv", b"a,b\n".to_vec()),
            ("content/briefings/open.jpg", jpeg(600, 400)),
            ("content/briefings/open.csv", b"c,d\n".to_vec()),
            ("content/briefings/whole.jpg", jpeg(600, 300)),
            ("content/briefings/forgotten.pdf", b"%PDF-1.4".to_vec()),
        ],
    );
    let memory = Memory::default();
    let built = build(site.path(), &memory);
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    let files = memory.files.into_inner().unwrap();
    let named = |name: &str| files.keys().filter(|it| it.contains(name)).count();
    assert_eq!((named("secret"), named("forgotten")), (0, 0), "{:?}", files.keys());
    assert!(0 < named("/open.") && named("open.csv") == 0, "{:?}", files.keys());
    // A picture that is only linked to has no smaller ones.
    assert_eq!(named("/whole."), 1, "{:?}", files.keys());
}

#[test]
fn e1_a_withdrawn_text_is_in_no_file() {
    let withdrawn = "---\ntitle: مسحوب\ndate: 2025-03-10\nstatus: withdrawn\n\
                     image: {file: wd.jpg, alt: خريطة, credit: الدفتر}\n\
                     key_points: [نقطة المسحوب]\n\
                     key_judgements: [{text: تقدير المسحوب, likelihood: 5}]\n---\n\n\
                     فقرة المسحوب عن النهر.\n\n![خريطة](wd.jpg) و[جدول](wd.csv)\n";
    let topic = "title: {ar: النهر}\nkind: place\nsummary: مجرى ماء.\n";
    let site = site(
        "",
        "نص آخر.",
        &[
            ("content/briefings/wd.md", withdrawn.as_bytes().to_vec()),
            ("content/briefings/wd.jpg", jpeg(600, 400)),
            ("content/briefings/wd.csv", b"a,b\n".to_vec()),
            ("content/topics/river.yaml", topic.as_bytes().to_vec()),
        ],
    );
    let memory = Memory::default();
    let built = build(site.path(), &memory);
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    let files = memory.files.into_inner().unwrap();
    let is_its_file = |path: &str| path.contains("/wd.");
    assert!(!files.keys().any(|it| is_its_file(it)), "{:?}", files.keys());
    let secrets = ["نقطة المسحوب", "تقدير المسحوب", "فقرة المسحوب"];
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for secret in secrets {
            assert!(!text.contains(secret), "{path} holds {secret}");
        }
    }
    // Nor is it told whom the text named.
    assert!(!text(&files, "topics/النهر/index.html").contains("مسحوب"));
}
