//! Rasterising: outlines to shares of pixels, and a canvas of few colours to PNG.
//!
//! A text is one outline, so that letters that touch leave no seam. The one file that names
//! `png`.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels are few, and inside of the canvas"
)]

use crate::colour::Rgb;

/// Width of a card in pixels.
pub const WIDTH: u32 = 1200;
/// Height of a card in pixels.
pub const HEIGHT: u32 = 630;

const ROW: usize = WIDTH as usize;
const ROWS: usize = HEIGHT as usize;

/// Steps from paper to ink.
const STEPS: u8 = 31;

/// What something is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Muted,
    Accent,
    Rule,
}

impl Ink {
    const ALL: [Self; 4] = [Self::Text, Self::Muted, Self::Accent, Self::Rule];

    /// Place in the palette of its faintest step; its fullest is `STEPS - 1` further.
    fn base(self) -> u8 {
        1 + self as u8 * STEPS
    }
}

/// Edges of a text on the canvas.
///
/// Every edge leaves in each row what it changes: how much of the pixel it crosses, and of
/// all pixels right of it, lies inside. The sum along the row is the share of each pixel.
pub(super) struct Outline {
    changes: Vec<f32>,
    /// Where there are any; the text is filled nowhere else.
    touched: Touched,
}

/// Rows and columns, the last ones left out.
struct Touched {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
}

impl Touched {
    const NOTHING: Self = Self { top: ROWS, bottom: 0, left: CHANGES, right: 0 };
}

/// Two more than pixels, for what changes behind the last one.
const CHANGES: usize = ROW + 2;

impl Outline {
    /// An empty outline.
    pub(super) fn new() -> Self {
        let changes = vec![0.0; ROWS * CHANGES];
        Self { changes, touched: Touched::NOTHING }
    }

    /// Adds a straight edge. What lies outside of the canvas is left out.
    pub(super) fn edge(&mut self, from: (f32, f32), to: (f32, f32)) {
        let (sign, upper, lower) =
            if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        let height = lower.1 - upper.1;
        if height <= 0.0 {
            return;
        }
        let slope = (lower.0 - upper.0) / height;
        let last = lower.1.min(HEIGHT as f32);
        let mut y = upper.1.max(0.0);
        let column = |it: f32| it.clamp(0.0, ROW as f32) as usize;
        self.touched = Touched {
            top: self.touched.top.min(y as usize),
            bottom: self.touched.bottom.max(last.ceil() as usize),
            // A pixel more at each side, because the way along an edge is rounded.
            left: self.touched.left.min(column(from.0.min(to.0) - 1.0)),
            right: self.touched.right.max(column(from.0.max(to.0) + 1.0) + 2),
        };
        while y < last {
            let row = y as usize;
            let next = (row as f32 + 1.0).min(last);
            let x = |y: f32| upper.0 + (y - upper.1) * slope;
            self.cross(row, x(y), x(next), (next - y) * sign);
            y = next;
        }
    }

    /// Adds the part of an edge that lies in one row, from `a` to `b`; `height` has the sign
    /// of its direction.
    fn cross(&mut self, row: usize, a: f32, b: f32, height: f32) {
        let most = ROW as f32;
        let (a, b) = (a.clamp(0.0, most), b.clamp(0.0, most));
        let (left, right) = if a < b { (a, b) } else { (b, a) };
        let (first, last) = (left as usize, right as usize);
        let start = row * CHANGES;
        if first == last {
            let inside = (left + right) * 0.5 - first as f32;
            self.changes[start + first] += height * (1.0 - inside);
            self.changes[start + first + 1] += height * inside;
            return;
        }
        let part = height / (right - left);
        let mut x = left;
        for column in first..=last {
            let end = (column as f32 + 1.0).min(right);
            let height = part * (end - x);
            let inside = (x + end) * 0.5 - column as f32;
            self.changes[start + column] += height * (1.0 - inside);
            self.changes[start + column + 1] += height * inside;
            x = end;
        }
    }
}

/// A card that is being drawn: for each pixel the place of its colour in the palette.
pub(super) struct Canvas {
    /// Row by row; 0 is paper.
    pub(super) pixels: Vec<u8>,
}

impl Canvas {
    /// Blank paper.
    pub(super) fn new() -> Self {
        Self { pixels: vec![0; ROW * ROWS] }
    }

    /// Fills an outline, and empties it for the next text.
    pub(super) fn fill(&mut self, outline: &mut Outline, ink: Ink) {
        let Touched { top, bottom, left, right } =
            std::mem::replace(&mut outline.touched, Touched::NOTHING);
        for row in top..bottom {
            let start = row * CHANGES;
            let changes = &mut outline.changes[start + left..start + right];
            let pixels = &mut self.pixels[row * ROW + left..(row + 1) * ROW];
            let (mut share, mut color) = (0.0_f32, 0);
            for (change, pixel) in changes.iter_mut().zip(pixels) {
                // Most pixels are like their neighbour.
                if *change != 0.0 {
                    share += *change;
                    let step = (share.abs().min(1.0) * f32::from(STEPS) + 0.5) as u8;
                    color = if step == 0 { 0 } else { ink.base() + step - 1 };
                }
                *pixel = (*pixel).max(color);
            }
            changes.fill(0.0);
        }
    }

    /// Fills a rectangle of whole pixels.
    pub(super) fn rectangle(
        &mut self,
        x: usize,
        y: usize,
        size: (usize, usize),
        ink: Ink,
    ) {
        let rows = self.pixels.chunks_exact_mut(ROW).skip(y).take(size.1);
        for row in rows {
            for pixel in row.iter_mut().skip(x).take(size.0) {
                *pixel = ink.base() + STEPS - 1;
            }
        }
    }

    /// The card as a PNG with a palette.
    pub(super) fn to_png(&self, paper: Rgb, color: impl Fn(Ink) -> Rgb) -> Vec<u8> {
        let mut palette = paper.0.to_vec();
        for ink in Ink::ALL {
            let Rgb(full) = color(ink);
            for step in 1..=u16::from(STEPS) {
                let whole = u16::from(STEPS);
                palette.extend(paper.0.iter().zip(full).map(|(from, to)| {
                    let sum = u16::from(*from) * (whole - step) + u16::from(to) * step;
                    u8::try_from((sum + whole / 2) / whole).unwrap_or(u8::MAX)
                }));
            }
        }
        encode(&self.pixels, palette).expect("memory takes every image")
    }
}

fn encode(pixels: &[u8], palette: Vec<u8>) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(1 << 15);
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    // Cards are made by the thousand: a third smaller would take as long as all the rest.
    encoder.set_deflate_compression(png::DeflateCompression::FdeflateUltraFast);
    encoder.set_filter(png::Filter::Sub);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
