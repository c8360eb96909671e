//! How wide text is, without asking a browser or a font file.
//!
//! The numbers are the advance widths of Liberation Sans, in thousandths of the font size, read
//! once from its `hmtx` table. Arial and Helvetica have the same ones by design, so the layout
//! holds in any font of [`FONT`]. Only measurements were taken; no font is shipped, and a width is
//! a fact, not a glyph: the licence of the fonts does not reach this table.

use super::text::extends;

/// The font stack of every chart. Single quotes, because it also stands in SVG attributes.
pub const FONT: &str = "Arial, 'Liberation Sans', Helvetica, sans-serif";

/// How thick text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Normal.
    Regular,
    /// Bold.
    Bold,
}

/// Widths of U+0020 to U+007E.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The same in bold.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// The width of a line of text in pixels at a font size in pixels.
pub fn text_width(text: &str, size: u32, weight: Weight) -> f64 {
    let thousandths: u64 = text.chars().map(|c| u64::from(advance(c, weight))).sum();
    #[expect(clippy::cast_precision_loss, reason = "texts have far fewer than 2^42 characters")]
    let thousandths = thousandths as f64;
    thousandths * f64::from(size) / 1000.0
}

/// The advance of a character in thousandths of the font size; for one outside the table an upper
/// guess, so that text is elided early rather than cut off.
fn advance(c: char, weight: Weight) -> u16 {
    let bold = weight == Weight::Bold;
    let code = u32::from(c);
    let table = if bold { &BOLD } else { &REGULAR };
    let listed = code.checked_sub(0x20).and_then(|at| table.get(usize::try_from(at).ok()?));
    if let Some(width) = listed {
        return *width;
    }
    match c {
        '\u{a0}' | '·' => 278,
        '–' => 556,
        '−' | '×' => 584,
        '±' | '≤' | '≥' => 549,
        '°' => 400,
        'µ' => 576,
        '↑' | '↓' => 500,
        '’' if bold => 278,
        '’' => 222,
        _ if extends(c) => 0,
        // Latin, Greek, Cyrillic, Hebrew, Arabic: letters, of which few are wider.
        _ if code < 0x1100 => 760,
        // Hangul, CJK, symbols, emoji: a full em.
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_known_words() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(text_width("761.9", 10, Weight::Regular), 25.02));
        assert!(near(text_width("Vulkan", 10, Weight::Regular), 30.57));
        assert!(near(text_width("Vulkan", 10, Weight::Bold), 32.79));
        assert!(near(text_width("76.3–87.6", 10, Weight::Regular), 44.48));
        assert!(near(text_width("", 10, Weight::Regular), 0.0));
    }

    #[test]
    fn figures_are_tabular() {
        for weight in [Weight::Regular, Weight::Bold] {
            assert!(('0'..='9').all(|digit| advance(digit, weight) == 556));
        }
    }

    #[test]
    fn other_scripts_have_a_width_and_marks_have_none() {
        assert_eq!(advance('漢', Weight::Regular), 1000);
        assert_eq!(advance('🦀', Weight::Regular), 1000);
        assert_eq!(advance('é', Weight::Regular), 760);
        assert_eq!(advance('\u{301}', Weight::Bold), 0);
        assert_eq!(advance('\u{200d}', Weight::Bold), 0);
        assert_eq!(advance('…', Weight::Regular), 1000);
    }
}
