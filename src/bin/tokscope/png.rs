//! A chart as pixels: its SVG, drawn with the font that stands in `font/` and with no other.
//!
//! Arimo has the widths of Liberation Sans, which the layout is made with. The files are cut to Latin and Greek
//! letters and common signs; `font/OFL.txt` is their licence. Without the system's fonts, equal charts are equal
//! pixels on every machine.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

const FAMILY: &str = "Arimo";
const REGULAR: &[u8] = include_bytes!("font/Arimo-Regular.ttf");
const BOLD: &[u8] = include_bytes!("font/Arimo-Bold.ttf");

/// Why there are no pixels.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PngError {
    /// What the reader of SVG says.
    #[error("cannot draw: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// No memory for so many pixels.
    #[error("cannot draw {0} × {1} pixels, expected fewer")]
    Size(u32, u32),
    /// What the writer of PNG says.
    #[error("cannot write pixels: {0}")]
    Encode(String),
}

/// Draws a chart with `scale` pixels for each CSS pixel.
pub(crate) fn to_png(svg: &str, scale: u8) -> Result<Vec<u8>, PngError> {
    let mut fonts = Database::new();
    for font in [REGULAR, BOLD] {
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    fonts.set_sans_serif_family(FAMILY);
    let options = Options { font_family: FAMILY.to_owned(), fontdb: Arc::new(fonts), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * u32::from(scale), size.height() * u32::from(scale));
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    let scale = f32::from(scale);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Encode(error.to_string()))
}
