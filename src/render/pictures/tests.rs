//! What the names of files stand for.

use super::metadata::{Container, strip};
use super::raster::{Encoding, Pixels};
use super::{JPEG_QUALITY, MAX_WIDTH, VERSION, WHOLE_JPEG_QUALITY};

#[test]
fn other_files_have_other_names() {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&MAX_WIDTH.to_le_bytes());
    let jpeg = Encoding::Jpeg(WHOLE_JPEG_QUALITY);
    for (container, encoding, has_alpha) in [
        (Container::Jpeg, jpeg, false),
        (Container::Png, Encoding::Png, false),
        (Container::Png, Encoding::Png, true),
        (Container::Webp, Encoding::Webp { is_drawn: false }, true),
    ] {
        let bytes =
            Pixels::sample(has_alpha).encode(encoding).expect("it can be encoded");
        let stripped = strip(&bytes, container, Some(6)).expect("it is whole");
        hasher.update(&stripped.bytes);
        let whole = Pixels::decode(&bytes, container).expect("it is whole");
        let small = whole.resize(21, 14);
        for encoding in [
            Encoding::Jpeg(JPEG_QUALITY),
            Encoding::Jpeg(WHOLE_JPEG_QUALITY),
            Encoding::Png,
            Encoding::Webp { is_drawn: false },
            Encoding::Webp { is_drawn: true },
        ] {
            for pixels in [&whole, &small] {
                let made = pixels.encode(encoding).expect("it can be encoded");
                hasher.update(&made);
            }
        }
    }
    let hash = hasher.finalize().to_hex();
    let seen = (VERSION, hash.get(..16).unwrap_or_default());
    assert_eq!(
        seen,
        (1, "4bbcdc27d129e5fd"),
        "the same sources give other files, so count up VERSION, and write down the new hash"
    );
}
