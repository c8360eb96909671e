//! Colours of charts, light and dark. The page's own copy is `style/tokens.css`; a test compares.
//!
//! The series come from the palette of Okabe and Ito, a subset a theme, because yellow, orange and
//! sky blue vanish on white. They differ in lightness too, so that they survive a grey printer,
//! and colour is never the only cue: the accelerator is in the text of every bar. CPU is neutral
//! in both themes: nearly black on white, nearly white on black.

use super::spec::Series;

/// An opaque colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    const fn new(hex: u32) -> Self {
        let [_, red, green, blue] = hex.to_be_bytes();
        Self(red, green, blue)
    }

    /// `#0072b2`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Reads what a browser gives for a computed colour, `rgb(0, 114, 178)`, or `#0072b2`.
    ///
    /// `None` for anything else. An alpha is ignored: system colours are opaque.
    pub fn from_css(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(hex) = text.strip_prefix('#') {
            return if hex.len() == 6 { u32::from_str_radix(hex, 16).ok().map(Self::new) } else { None };
        }
        let inner = text.strip_prefix("rgba(").or_else(|| text.strip_prefix("rgb("))?.strip_suffix(')')?;
        let mut parts = inner.split([',', ' ', '/']).filter(|part| !part.is_empty());
        let mut channel = || parts.next()?.parse().ok();
        Some(Self(channel()?, channel()?, channel()?))
    }
}

/// Relative luminance from 0 to 1: WCAG 2.2, definition of relative luminance.
fn luminance(colour: Rgb) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

/// How far two colours are told apart, from 1 to 21: WCAG 2.2, definition of contrast ratio.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What the page writes on beside the surface: custom property, light and dark colour.
/// Charts need none of them; they stand here because colours stand nowhere else.
pub const BACKGROUNDS: [(&str, Rgb, Rgb); 2] = [
    ("--raised", Rgb::new(0xf6_f7f9), Rgb::new(0x1b_1f26)),
    ("--sunken", Rgb::new(0xee_f0f3), Rgb::new(0x20_252d)),
];

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Text.
    pub ink: Rgb,
    /// Secondary text and the zero line.
    pub muted: Rgb,
    /// Grid lines.
    pub grid: Rgb,
    /// What everything is drawn on.
    pub surface: Rgb,
    /// The ring around the chosen bar.
    pub focus: Rgb,
    /// Bars of published results, in the order of [`Series::ALL`]; read with [`Theme::series`].
    pub series: [Rgb; 6],
}

impl Theme {
    /// For a light surface.
    pub const LIGHT: Self = Self {
        ink: Rgb::new(0x1a_1d21),
        muted: Rgb::new(0x5a_626d),
        grid: Rgb::new(0xe4_e7eb),
        surface: Rgb::new(0xff_ffff),
        focus: Rgb::new(0x0b_57d0),
        series: [
            Rgb::new(0x00_9e73),
            Rgb::new(0xd5_5e00),
            Rgb::new(0x00_72b2),
            Rgb::new(0x33_373d),
            Rgb::new(0xcc_79a7),
            Rgb::new(0x52_565d),
        ],
    };

    /// For a dark surface.
    pub const DARK: Self = Self {
        ink: Rgb::new(0xe8_eaed),
        muted: Rgb::new(0xa2_a9b4),
        grid: Rgb::new(0x2b_3038),
        surface: Rgb::new(0x14_171c),
        focus: Rgb::new(0x8a_b4f8),
        series: [
            Rgb::new(0x00_9e73),
            Rgb::new(0xd5_5e00),
            Rgb::new(0x56_b4e9),
            Rgb::new(0xd5_d9de),
            Rgb::new(0xcc_79a7),
            Rgb::new(0x6c_727c),
        ],
    };

    /// For forced colours: the reader's system colours alone. `ink` and `surface` are `CanvasText`
    /// and `Canvas`, `focus` is `Highlight`, `muted` is `GrayText` or again `CanvasText`.
    pub const fn forced(ink: Rgb, surface: Rgb, focus: Rgb, muted: Rgb) -> Self {
        Self { ink, muted, grid: muted, surface, focus, series: [ink; 6] }
    }

    /// The colour of a series.
    pub const fn series(&self, series: Series) -> Rgb {
        let [cuda, rocm, vulkan, cpu, metal, other] = self.series;
        match series {
            Series::Cuda => cuda,
            Series::Rocm => rocm,
            Series::Vulkan => vulkan,
            Series::Cpu => cpu,
            Series::Metal => metal,
            Series::Other => other,
            // The accent, which says what is the reader's in the rest of the page.
            Series::Mine => self.focus,
        }
    }

    /// Every colour with the name of its custom property in `style/tokens.css`.
    pub const fn named(&self) -> [(&'static str, Rgb); 11] {
        let [cuda, rocm, vulkan, cpu, metal, other] = self.series;
        [
            ("--ink", self.ink),
            ("--muted", self.muted),
            ("--grid", self.grid),
            ("--surface", self.surface),
            ("--accent", self.focus),
            ("--series-cuda", cuda),
            ("--series-rocm", rocm),
            ("--series-vulkan", vulkan),
            ("--series-cpu", cpu),
            ("--series-metal", metal),
            ("--series-other", other),
        ]
    }

    /// The custom property a colour of this theme stands for.
    pub fn name_of(&self, colour: Rgb) -> Option<&'static str> {
        self.named().into_iter().find(|(_, known)| *known == colour).map(|(name, _)| name)
    }
}

/// Custom property, light and dark value: what `style/tokens.css` must say.
pub fn tokens() -> Vec<(&'static str, String, String)> {
    let pairs = Theme::LIGHT.named().into_iter().zip(Theme::DARK.named());
    let pairs = pairs.map(|((name, light), (_, dark))| (name, light, dark)).chain(BACKGROUNDS);
    pairs.map(|(name, light, dark)| (name, light.hex(), dark.hex())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE L*, 0 to 100.
    fn lightness(colour: Rgb) -> f64 {
        116.0 * luminance(colour).cbrt() - 16.0
    }

    const BOTH: [Theme; 2] = [Theme::LIGHT, Theme::DARK];

    #[test]
    fn text_and_marks_have_enough_contrast() {
        for theme in BOTH {
            for text in [theme.ink, theme.muted] {
                assert!(contrast(text, theme.surface) >= 4.5, "{}", text.hex());
            }
            for mark in theme.series.into_iter().chain([theme.focus, theme.muted]) {
                assert!(contrast(mark, theme.surface) >= 3.0, "{}", mark.hex());
            }
        }
    }

    #[test]
    fn grid_lines_stay_behind() {
        for theme in BOTH {
            let grid = contrast(theme.grid, theme.surface);
            assert!((1.15..1.6).contains(&grid), "{grid}");
        }
    }

    #[test]
    fn series_differ_in_lightness() {
        for theme in BOTH {
            let mut steps: Vec<f64> = theme.series.into_iter().map(lightness).collect();
            steps.sort_by(f64::total_cmp);
            for (a, b) in steps.iter().zip(steps.iter().skip(1)) {
                assert!(b - a >= 3.0, "{steps:?}");
            }
        }
    }

    #[test]
    fn every_colour_has_one_name() {
        for theme in BOTH {
            for (name, colour) in theme.named() {
                assert_eq!(theme.name_of(colour), Some(name));
            }
        }
    }

    #[test]
    fn computed_colours_are_read() {
        assert_eq!(Rgb::from_css("rgb(0, 114, 178)"), Some(Rgb(0, 114, 178)));
        assert_eq!(Rgb::from_css("rgb(0 114 178)"), Some(Rgb(0, 114, 178)));
        assert_eq!(Rgb::from_css("rgba(1, 2, 3, 0.5)"), Some(Rgb(1, 2, 3)));
        assert_eq!(Rgb::from_css(" #0072b2 "), Some(Rgb(0, 114, 178)));
        for strange in ["", "#", "#fff", "rgb()", "rgb(1,2)", "rgb(256,0,0)", "red", "#é1234"] {
            assert_eq!(Rgb::from_css(strange), None, "{strange}");
        }
    }
}
