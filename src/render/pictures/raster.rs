//! Bytes of a JPEG, PNG or WebP file -> its header, its pixels, and smaller files of them.
//! The one file that names the codecs.
//!
//! A file of a few kilobytes can announce a picture of gigabytes, so that its header is
//! asked first and decoding has limits. The same pixels give the same bytes on every
//! machine: one thread for each file, and no conversion of colours. A colour profile goes
//! along instead.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader,
    Limits,
};

use crate::render::pictures::metadata::{Container, with_profile};

/// Most pixels that are decoded.
pub(super) const MAX_PIXELS: u64 = 50_000_000;

/// Most bytes that the pixels of one picture may take.
const MAX_DECODED_BYTES: u64 = 256 * 1024 * 1024;

/// Longest side of a WebP picture.
pub(super) const MAX_WEBP_SIDE: u32 = 16_383;

/// Quality of smaller JPEG files.
pub(super) const JPEG_QUALITY: u8 = 80;

/// Quality of JPEG files that stand for the whole picture.
pub(super) const WHOLE_JPEG_QUALITY: u8 = 90;

/// Quality of WebP files.
pub(super) const WEBP_QUALITY: u8 = 75;

/// Why a picture cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Damaged,
    /// Its width and height, where they are known.
    TooLarge(Option<(u32, u32)>),
}

/// What the header of a picture says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    /// Width as it is seen.
    pub(super) width: u32,
    /// Height as it is seen.
    pub(super) height: u32,
    /// How the pixels must be turned, as Exif counts; 1 for not at all.
    pub(super) orientation: u8,
    /// Whether something may be transparent.
    pub(super) has_alpha: bool,
}

/// How a file is made of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Jpeg(u8),
    Png,
    /// `is_drawn`: with all pixels kept where that is the smaller file.
    Webp {
        is_drawn: bool,
    },
}

/// A decoded picture, the right way up.
pub(super) struct Pixels {
    image: DynamicImage,
    /// Colour profile, unless it is the usual one.
    profile: Option<Vec<u8>>,
}

fn decoder(bytes: &[u8], container: Container) -> Result<impl ImageDecoder + '_, Fault> {
    let format = match container {
        Container::Jpeg => ImageFormat::Jpeg,
        Container::Png => ImageFormat::Png,
        Container::Webp => ImageFormat::WebP,
        Container::Gif | Container::Avif => return Err(Fault::Damaged),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    let is_too_large = MAX_PIXELS < u64::from(width) * u64::from(height)
        || MAX_DECODED_BYTES < decoder.total_bytes();
    if is_too_large {
        return Err(Fault::TooLarge(Some((width, height))));
    }
    Ok(decoder)
}

fn fault(error: ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => Fault::TooLarge(None),
        _ => Fault::Damaged,
    }
}

/// Reads a header.
pub(super) fn header(bytes: &[u8], container: Container) -> Result<Header, Fault> {
    let mut decoder = decoder(bytes, container)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Fault::Damaged);
    }
    let has_alpha = decoder.color_type().has_alpha();
    let orientation = orientation(&mut decoder);
    let is_turned = 5 <= orientation.to_exif();
    let (width, height) = if is_turned { (height, width) } else { (width, height) };
    Ok(Header { width, height, orientation: orientation.to_exif(), has_alpha })
}

/// Exif that cannot be read turns nothing.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

impl Pixels {
    /// Decodes a picture and turns it the right way up.
    pub(super) fn decode(bytes: &[u8], container: Container) -> Result<Self, Fault> {
        let mut decoder = decoder(bytes, container)?;
        let orientation = orientation(&mut decoder);
        let profile = decoder.icc_profile().unwrap_or_default();
        let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
        image.apply_orientation(orientation);
        // Two forms are enough; each encoder takes both or the first.
        let image = match image {
            DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => image,
            other if other.color().has_alpha() => other.into_rgba8().into(),
            other => other.into_rgb8().into(),
        };
        Ok(Self { image, profile: profile.filter(|it| is_worth_keeping(it)) })
    }

    /// A small picture that is always the same.
    #[cfg(test)]
    pub(super) fn sample(has_alpha: bool) -> Self {
        let pixels = image::RgbaImage::from_fn(42, 28, |x, y| {
            let [x, y] = [x, y].map(|it| u8::try_from(it).expect("it is small"));
            let (noise, alpha) = (x.wrapping_mul(37) ^ y.wrapping_mul(101), 5 * x);
            image::Rgba([6 * x, 9 * y, noise, if has_alpha { alpha } else { 255 }])
        });
        let image = DynamicImage::from(pixels);
        let image = if has_alpha { image } else { image.into_rgb8().into() };
        let mut profile = vec![7; 64];
        profile.splice(16..20, *b"RGB ");
        Self { image, profile: Some(profile) }
    }

    /// The same picture in another size.
    pub(super) fn resize(&self, width: u32, height: u32) -> Self {
        let profile = self.profile.clone();
        let scale =
            |it: &DynamicImage| it.resize_exact(width, height, FilterType::CatmullRom);
        let image = match &self.image {
            // The colour of what cannot be seen must not leak over its edge.
            DynamicImage::ImageRgba8(pixels) => {
                let mut pixels = pixels.clone();
                for pixel in pixels.pixels_mut() {
                    let [colours @ .., alpha] = &mut pixel.0;
                    for it in colours {
                        *it = narrow(u16::from(*it) * u16::from(*alpha) / 255);
                    }
                }
                let mut pixels = scale(&pixels.into()).into_rgba8();
                for pixel in pixels.pixels_mut() {
                    let [colours @ .., alpha] = &mut pixel.0;
                    for it in colours {
                        *it = narrow(u16::from(*it) * 255 / u16::from(*alpha).max(1));
                    }
                }
                pixels.into()
            }
            other => scale(other),
        };
        Self { image, profile }
    }

    /// Writes a file; nothing where the format cannot hold the picture.
    pub(super) fn encode(&self, encoding: Encoding) -> Option<Vec<u8>> {
        let Self { image, profile } = self;
        let (width, height) = (image.width(), image.height());
        let mut out = Vec::new();
        let profile = profile.clone();
        match encoding {
            Encoding::Jpeg(quality) => {
                let mut encoder = JpegEncoder::new_with_quality(&mut out, quality);
                if let Some(profile) = profile {
                    encoder.set_icc_profile(profile).ok()?;
                }
                let pixels = image.to_rgb8();
                let kind = image::ExtendedColorType::Rgb8;
                encoder.write_image(&pixels, width, height, kind).ok()?;
            }
            Encoding::Png => {
                let mut encoder = PngEncoder::new(&mut out);
                if let Some(profile) = profile {
                    encoder.set_icc_profile(profile).ok()?;
                }
                let kind = image.color().into();
                encoder.write_image(image.as_bytes(), width, height, kind).ok()?;
            }
            Encoding::Webp { is_drawn } => {
                let has_alpha = image.color().has_alpha();
                let encoder = if has_alpha {
                    webp::Encoder::from_rgba(image.as_bytes(), width, height)
                } else {
                    webp::Encoder::from_rgb(image.as_bytes(), width, height)
                };
                let quality = f32::from(WEBP_QUALITY);
                out = encoder.encode_simple(false, quality).ok()?.to_vec();
                if is_drawn {
                    let exact = encoder.encode_simple(true, quality).ok()?;
                    if exact.len() < out.len() {
                        out = exact.to_vec();
                    }
                }
                if let Some(profile) = profile {
                    out = with_profile(&out, &profile, (width, height), has_alpha)?;
                }
            }
        }
        Some(out)
    }
}

fn narrow(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Whether colours would look different without a profile. One for other than RGB does not
/// fit pixels that are RGB now, and browsers take sRGB where there is none.
fn is_worth_keeping(profile: &[u8]) -> bool {
    let usual = b"sRGB IEC61966-2.1";
    profile.get(16..20) == Some(b"RGB ")
        && !profile.windows(usual.len()).any(|it| it == usual)
}
