//! Bytes of a picture file -> the same picture without what it says about its making.
//!
//! Cameras and phones write where, when and with what a picture was taken; editors write
//! names and drafts. Each container is walked from part to part, and only the parts that
//! decide what is seen are taken over: pixels, colours (ICC) and animation. Whatever comes
//! behind the end (the film of a phone's "live" picture, a second picture) stays out too.
//! Pixels are not decoded. A file that ends before its picture does is told by the way.

/// How the bytes of a picture are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Jpeg,
    Png,
    Webp,
    Gif,
    Avif,
}

impl Container {
    /// The container that the first bytes announce.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let at = |from: usize, text: &[u8]| {
            bytes.get(from..).is_some_and(|it| it.starts_with(text))
        };
        if at(0, &[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if at(0, PNG_SIGNATURE) {
            Some(Self::Png)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::Webp)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(Self::Gif)
        } else if at(4, b"ftypavif") || at(4, b"ftypavis") {
            Some(Self::Avif)
        } else {
            None
        }
    }

    /// Name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Gif => "GIF",
            Self::Avif => "AVIF",
        }
    }

    /// Suffixes of files, the usual one first.
    pub(super) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Gif => &["gif"],
            Self::Avif => &["avif"],
        }
    }
}

/// A picture without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stripped {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// Whether it moves.
    pub(super) is_animated: bool,
    /// Width and height, where the container is all that we read of the picture.
    pub(super) size: Option<(u32, u32)>,
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Takes the metadata out of a picture. `orientation` is what a JPEG goes on saying about
/// which side is up, for files that are published under their own address. Gives nothing
/// for a file that is damaged or ends too early.
pub(super) fn strip(
    bytes: &[u8],
    container: Container,
    orientation: Option<u8>,
) -> Option<Stripped> {
    let stripped = match container {
        Container::Jpeg => jpeg(bytes, orientation),
        Container::Png => png(bytes),
        Container::Webp => webp(bytes),
        Container::Gif => gif(bytes),
        Container::Avif => avif(bytes),
    };
    stripped.filter(|it| it.size.is_none_or(|(w, h)| w != 0 && h != 0))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn part(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

fn jpeg(bytes: &[u8], orientation: Option<u8>) -> Option<Stripped> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xFF, 0xD8]);
    let mut waiting = orientation.map(orientation_segment);
    let mut has_scan = false;
    let mut at = 2;
    loop {
        let [0xFF, mut marker] = array(bytes, at)? else { return None };
        at += 2;
        // A marker may be filled up with any number of 0xFF.
        while marker == 0xFF {
            marker = *bytes.get(at)?;
            at += 1;
        }
        match marker {
            0xD9 => {
                out.extend([0xFF, 0xD9]);
                let stripped = Stripped { bytes: out, is_animated: false, size: None };
                return has_scan.then_some(stripped);
            }
            0x00 | 0xD8 => return None,
            0x01 | 0xD0..=0xD7 => {
                out.extend([0xFF, marker]);
                continue;
            }
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(array(bytes, at)?));
        let segment = part(bytes, at, length)?;
        at += length;
        // Exif stands behind JFIF and before everything else.
        if marker != 0xE0
            && let Some(own) = waiting.take()
        {
            out.extend(own);
        }
        if is_kept_in_jpeg(marker, segment.get(2..)?) {
            out.extend([0xFF, marker]);
            out.extend(segment);
        }
        if marker == 0xDA {
            has_scan = true;
            let begin = at;
            // Pixels go on to the next marker that is neither stuffing nor a restart.
            loop {
                at += bytes.get(at..)?.iter().position(|it| *it == 0xFF)?;
                match bytes.get(at + 1)? {
                    0x00 | 0xD0..=0xD7 => at += 2,
                    0xFF => at += 1,
                    _ => break,
                }
            }
            out.extend(bytes.get(begin..at)?);
        }
    }
}

fn is_kept_in_jpeg(marker: u8, content: &[u8]) -> bool {
    match marker {
        // JFIF without its thumbnail, which may show more than the picture does.
        0xE0 => content.starts_with(b"JFIF\0") && content.len() == 14,
        0xE2 => content.starts_with(b"ICC_PROFILE\0"),
        // How colours were transformed.
        0xEE => content.starts_with(b"Adobe"),
        0xE1..=0xEF | 0xFE => false,
        _ => true,
    }
}

/// An Exif segment that holds the orientation and nothing else.
fn orientation_segment(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    segment.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    segment
}

fn png(bytes: &[u8]) -> Option<Stripped> {
    let mut out = PNG_SIGNATURE.to_vec();
    let mut at = PNG_SIGNATURE.len();
    let (mut is_animated, mut has_pixels) = (false, false);
    loop {
        let length = usize::try_from(u32::from_be_bytes(array(bytes, at)?)).ok()?;
        let chunk = part(bytes, at, length.checked_add(12)?)?;
        at += chunk.len();
        let name = chunk.get(4..8)?;
        match name {
            b"IHDR" | b"PLTE" | b"tRNS" | b"iCCP" | b"sRGB" | b"gAMA" | b"cHRM"
            | b"cICP" | b"mDCV" | b"cLLI" | b"sBIT" | b"bKGD" | b"pHYs" | b"acTL"
            | b"fcTL" | b"fdAT" | b"IDAT" | b"IEND" => out.extend(chunk),
            _ => {}
        }
        is_animated |= name == b"acTL";
        has_pixels |= name == b"IDAT";
        if name == b"IEND" {
            let stripped = Stripped { bytes: out, is_animated, size: None };
            return has_pixels.then_some(stripped);
        }
    }
}

/// What the flags of an extended WebP file say.
mod webp_flag {
    pub(super) const ANIMATION: u8 = 0x02;
    pub(super) const METADATA: u8 = 0x04 | 0x08;
    pub(super) const ALPHA: u8 = 0x10;
    pub(super) const ICC: u8 = 0x20;
}

fn webp(bytes: &[u8]) -> Option<Stripped> {
    let length = usize::try_from(u32::from_le_bytes(array(bytes, 4)?)).ok()?;
    let chunks = part(bytes, 8, length)?.get(4..)?;
    let (mut is_animated, mut has_pixels) = (false, false);
    let mut kept: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    let mut at = 0;
    while at < chunks.len() {
        let name: [u8; 4] = array(chunks, at)?;
        let length = usize::try_from(u32::from_le_bytes(array(chunks, at + 4)?)).ok()?;
        let content = part(chunks, at + 8, length)?;
        at += 8 + length + length % 2;
        match &name {
            b"VP8X" => {
                let mut content = content.to_vec();
                let flags = content.first_mut()?;
                is_animated = *flags & webp_flag::ANIMATION != 0;
                *flags &= !webp_flag::METADATA;
                kept.push((name, content));
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ICCP" | b"ANIM" | b"ANMF" => {
                has_pixels |= matches!(&name, b"VP8 " | b"VP8L" | b"ANMF");
                kept.push((name, content.to_vec()));
            }
            _ => {}
        }
    }
    let stripped = Stripped { bytes: riff(&kept), is_animated, size: None };
    has_pixels.then_some(stripped)
}

/// A WebP file of its chunks.
fn riff(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(name);
        body.extend(length_of(content));
        body.extend(content);
        body.extend(vec![0; content.len() % 2]);
    }
    let mut file = b"RIFF".to_vec();
    file.extend(length_of(&body));
    file.extend(body);
    file
}

fn length_of(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}

/// Puts a colour profile into a still WebP file without one.
pub(super) fn with_profile(
    bytes: &[u8],
    profile: &[u8],
    size: (u32, u32),
    has_alpha: bool,
) -> Option<Vec<u8>> {
    let mut head = vec![webp_flag::ICC, 0, 0, 0];
    if let Some(flags) = head.first_mut()
        && has_alpha
    {
        *flags |= webp_flag::ALPHA;
    }
    for side in [size.0, size.1] {
        head.extend(side.checked_sub(1)?.to_le_bytes().get(..3)?);
    }
    let mut chunks = vec![(*b"VP8X", head), (*b"ICCP", profile.to_vec())];
    let body = bytes.get(12..)?;
    let mut at = 0;
    while at < body.len() {
        let name: [u8; 4] = array(body, at)?;
        let length = usize::try_from(u32::from_le_bytes(array(body, at + 4)?)).ok()?;
        if &name != b"VP8X" {
            chunks.push((name, part(body, at + 8, length)?.to_vec()));
        }
        at += 8 + length + length % 2;
    }
    Some(riff(&chunks))
}

fn gif(bytes: &[u8]) -> Option<Stripped> {
    let head = bytes.get(..13)?;
    let width = u16::from_le_bytes(array(head, 6)?);
    let height = u16::from_le_bytes(array(head, 8)?);
    let mut out = head.to_vec();
    let mut at = 13;
    let table = colour_table(*head.get(10)?);
    out.extend(part(bytes, at, table)?);
    at += table;
    let mut n_frames = 0;
    loop {
        let begin = at;
        match *bytes.get(at)? {
            0x3B => {
                out.push(0x3B);
                let size = Some((u32::from(width), u32::from(height)));
                let is_animated = 1 < n_frames;
                let stripped = Stripped { bytes: out, is_animated, size };
                return (n_frames != 0).then_some(stripped);
            }
            0x2C => {
                at += 10 + colour_table(*bytes.get(at + 9)?) + 1;
                at = after_blocks(bytes, at)?;
                n_frames += 1;
                out.extend(bytes.get(begin..at)?);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                let application = part(bytes, at + 3, 11);
                at = after_blocks(bytes, at + 2)?;
                let is_kept = match label {
                    // How often the animation runs.
                    0xFF => application
                        .is_some_and(|it| it == b"NETSCAPE2.0" || it == b"ANIMEXTS1.0"),
                    0xF9 | 0x01 => true,
                    _ => false,
                };
                if is_kept {
                    out.extend(bytes.get(begin..at)?);
                }
            }
            _ => return None,
        }
    }
}

/// Bytes of the colour table that packed flags announce.
fn colour_table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The place behind a list of sub-blocks.
fn after_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

/// Whether an AVIF file says more than its picture. It is a database with addresses in it,
/// so nothing can be cut out of it.
pub(super) fn has_avif_metadata(bytes: &[u8]) -> bool {
    let Some(boxes) = boxes(bytes) else { return false };
    boxes.iter().any(|(name, content)| match name {
        // Of items, Exif has a type of its own; XMP is one of a type of MIME.
        b"meta" => [b"Exif", b"mime"]
            .iter()
            .any(|kind| content.windows(kind.len()).any(|it| it == *kind)),
        // A picture that moves is a film, which has further places for it.
        b"moov" => film_has_metadata(content, MAX_BOX_DEPTH),
        other => is_note(other),
    })
}

/// Deepest boxes of a film that are looked at; those of the standard are five deep.
const MAX_BOX_DEPTH: usize = 16;

fn film_has_metadata(content: &[u8], n_deeper: usize) -> bool {
    // What cannot be read may hide something.
    let Some(boxes) = boxes(content) else { return true };
    boxes.iter().any(|(name, content)| match name {
        b"trak" | b"mdia" | b"minf" | b"edts" | b"mvex" => {
            n_deeper == 0 || film_has_metadata(content, n_deeper - 1)
        }
        other => other == b"meta" || is_note(other),
    })
}

/// Boxes that hold what programs and people like to add.
fn is_note(name: &[u8]) -> bool {
    matches!(name, b"uuid" | b"udta" | b"cprt" | b"\xA9xyz")
}

/// The boxes that a part of an AVIF file consists of: their names and contents. Nothing if
/// the last one is cut off.
fn boxes(bytes: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let short = u64::from(u32::from_be_bytes(array(bytes, at)?));
        let (head, length) = match short {
            0 => (8, bytes.len() - at),
            1 => (16, usize::try_from(u64::from_be_bytes(array(bytes, at + 8)?)).ok()?),
            other => (8, usize::try_from(other).ok()?),
        };
        let whole = part(bytes, at, length)?;
        found.push((array(whole, 4)?, whole.get(head..)?));
        at += length;
    }
    Some(found)
}

fn avif(bytes: &[u8]) -> Option<Stripped> {
    let boxes = boxes(bytes)?;
    let (_, meta) = boxes.iter().find(|(name, _)| name == b"meta")?;
    let mut size: Option<(u32, u32)> = None;
    let mut is_turned = false;
    for (at, name) in meta.windows(4).enumerate() {
        if name == b"ispe" {
            let width = u32::from_be_bytes(array(meta, at + 8)?);
            let height = u32::from_be_bytes(array(meta, at + 12)?);
            // Tiles and masks have sizes too; none is larger than the picture.
            size = size.max(Some((width, height)));
        }
        is_turned |= name == b"irot" && meta.get(at + 4).is_some_and(|it| it & 1 == 1);
    }
    let size = size.map(|(w, h)| if is_turned { (h, w) } else { (w, h) });
    let is_animated = bytes.get(8..12) == Some(b"avis");
    size.map(|it| Stripped { bytes: bytes.to_vec(), is_animated, size: Some(it) })
}

#[cfg(test)]
mod tests {
    use super::{Container, gif, riff, strip, webp, with_profile};

    /// A JPEG of segments without meaning: SOI, Exif, a comment, a scan, the end, a rest.
    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\
        \xFF\xE1\x00\x0AExif\0\0GP\xFF\xFE\x00\x05who\xFF\xFF\xDA\x00\x02ab\xFF\x00c\
        \xFF\xD0d\xFF\xD9film";

    #[test]
    fn a_jpeg_keeps_its_pixels_and_nothing_behind_them() {
        let stripped = strip(JPEG, Container::Jpeg, None).expect("it is whole");
        let expected: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\
            \xFF\xDA\x00\x02ab\xFF\x00c\xFF\xD0d\xFF\xD9";
        assert_eq!(stripped.bytes, expected);
        let again = strip(&stripped.bytes, Container::Jpeg, None);
        assert_eq!(again.map(|it| it.bytes), Some(expected.to_vec()));
    }

    #[test]
    fn a_jpeg_that_keeps_its_address_keeps_its_orientation() {
        let stripped = strip(JPEG, Container::Jpeg, Some(6)).expect("it is whole");
        let exif =
            b"\xFF\xE1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\
            \x06\0\0\0\0\0\0\0";
        assert!(stripped.bytes.windows(exif.len()).any(|it| it == exif));
    }

    #[test]
    fn every_cut_is_noticed() {
        let whole = JPEG.len() - "film".len();
        for end in 0..whole {
            let cut = JPEG.get(..end).expect("it is shorter");
            assert_eq!(strip(cut, Container::Jpeg, None), None, "{end}");
        }
    }

    #[test]
    fn a_gif_loses_comments_and_keeps_its_frames_and_its_loop() {
        let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let mut file = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
        let repeat = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
        file.extend(repeat);
        file.extend(b"\x21\xFE\x03who\0");
        file.extend(frame);
        file.extend(frame);
        file.push(0x3B);
        let stripped = gif(&file).expect("it is whole");
        assert!(stripped.is_animated);
        assert_eq!(stripped.size, Some((1, 1)));
        assert_eq!(stripped.bytes.len(), file.len() - b"\x21\xFE\x03who\0".len());
        assert!(stripped.bytes.windows(repeat.len()).any(|it| it == repeat));
    }

    #[test]
    fn a_profile_goes_into_a_webp_and_exif_out_of_it() {
        let plain = riff(&[(*b"VP8 ", vec![1, 2, 3])]);
        let made = with_profile(&plain, b"icc!", (300, 200), false).expect("it is whole");
        let mut chunks = vec![
            (*b"VP8X", vec![0x20, 0, 0, 0, 0x2B, 1, 0, 199, 0, 0]),
            (*b"ICCP", b"icc!".to_vec()),
            (*b"VP8 ", vec![1, 2, 3]),
        ];
        assert_eq!(made, riff(&chunks));
        chunks[0].1[0] |= 0x08;
        chunks.push((*b"EXIF", b"where".to_vec()));
        assert_eq!(webp(&riff(&chunks)).map(|it| it.bytes), Some(made));
    }

    /// A box of an AVIF file.
    fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).expect("it is short").to_be_bytes();
        [&length, name, content].concat()
    }

    fn avif_file(width: u32, more: &[u8]) -> Vec<u8> {
        let size = [[0; 4], width.to_be_bytes(), 2_u32.to_be_bytes()].concat();
        let meta = [vec![0; 4], boxed(b"ispe", &size)].concat();
        let [head, meta] = [boxed(b"ftyp", b"avis0000"), boxed(b"meta", &meta)];
        [&head, &meta, more, &boxed(b"mdat", b"")].concat()
    }

    #[test]
    fn a_film_has_no_hidden_place_for_metadata() {
        let passes = |more: &[u8]| !super::has_avif_metadata(&avif_file(1, more));
        let track = |it: &[u8]| boxed(b"moov", &boxed(b"trak", &boxed(b"mdia", it)));
        assert!(passes(b""));
        assert!(passes(&track(&boxed(b"mdhd", b"uuid"))));
        for refused in [
            boxed(b"moov", &boxed(b"meta", b"Exif")),
            boxed(b"moov", &boxed(b"udta", b"who")),
            track(&boxed(b"meta", b"")),
            track(&boxed(b"udta", b"")),
            // One that ends too early could go on with anything.
            track(b"\0\0\0\x09mdhd"),
            boxed(b"uuid", b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8<x:xmpmeta/>"),
            boxed(b"udta", b""),
            boxed(b"meta", b"Exif"),
            boxed(b"meta", b"mimeapplication/rdf+xml"),
        ] {
            assert!(!passes(&refused), "{}", refused.escape_ascii());
            let file = avif_file(1, &refused);
            assert!(strip(&file, Container::Avif, None).is_some(), "it is a picture");
        }
    }

    #[test]
    fn a_picture_without_a_side_is_none() {
        let size = |it| strip(&avif_file(it, b""), Container::Avif, None);
        assert_eq!((size(0), size(1).and_then(|it| it.size)), (None, Some((1, 2))));
        let gif = |width| {
            let mut file =
                b"GIF89a\x01\0\x01\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;"
                    .to_vec();
            file[6] = width;
            strip(&file, Container::Gif, None).is_some()
        };
        assert_eq!((gif(0), gif(1)), (false, true));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let webp_file = riff(&[(*b"VP8X", vec![2; 10]), (*b"ANMF", vec![0; 16])]);
        let gif_file =
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF\x21\xFE\x01w\0\x2C\0\
            \0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B";
        let png_file = b"\x89PNG\r\n\x1a\n\0\0\0\x01IDATx0123\0\0\0\0IEND0123";
        let avif_file = b"\0\0\0\x10ftypavif0000\0\0\0\x20meta00000000ispe000001000200\
            \0\0\0\x08mdat";
        let files: [(&[u8], Container); 5] = [
            (JPEG, Container::Jpeg),
            (png_file, Container::Png),
            (&webp_file, Container::Webp),
            (gif_file, Container::Gif),
            (avif_file, Container::Avif),
        ];
        for (file, container) in files {
            assert!(strip(file, container, None).is_some(), "{container:?}");
            for at in 0..file.len() {
                for byte in 0..=u8::MAX {
                    let mut file = file.to_vec();
                    file[at] = byte;
                    let _ = strip(&file, container, Some(6));
                    let _ = super::has_avif_metadata(&file);
                }
                let _ = strip(&file[..at], container, None);
            }
        }
    }
}
