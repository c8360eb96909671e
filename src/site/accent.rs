//! The publisher's accent: whether it can be read, and the tokens that follow from it.

use super::config::Accent;
use crate::charts::theme::{BACKGROUNDS, contrast};
use crate::charts::{Rgb, Theme};

/// The least contrast of text: WCAG 2.2, success criterion 1.4.3.
const LEAST: f64 = 4.5;

/// How much of the accent is in the background of what is chosen, in per cent.
const SOFT: u16 = 12;

/// Field, what was found, what was expected.
pub(super) fn faults(accent: &Accent) -> Vec<(&'static str, String, String)> {
    let mut faults = Vec::new();
    for (field, text, theme) in
        [("accent.light", &accent.light, Theme::LIGHT), ("accent.dark", &accent.dark, Theme::DARK)]
    {
        let Some(colour) = colour(text) else {
            let short: String = text.chars().take(30).collect();
            let expected = format!("a colour such as \"{}\", in quotes", theme.focus.hex());
            faults.push((field, format!("{short:?}"), expected));
            continue;
        };
        let grounds = grounds(colour, theme);
        let worst = grounds.into_iter().min_by(|a, b| contrast(colour, *a).total_cmp(&contrast(colour, *b)));
        if let Some(ground) = worst.filter(|ground| contrast(colour, *ground) < LEAST) {
            let found = format!(
                "{} with a contrast of {} to {}",
                colour.hex(),
                floor(contrast(colour, ground)),
                ground.hex()
            );
            faults.push((field, found, format!("at least {LEAST}:1 to every background of that theme")));
        }
    }
    faults
}

/// A ratio as text, never rounded up to what is enough.
fn floor(ratio: f64) -> String {
    format!("{:.2}:1", (ratio * 100.0).floor() / 100.0)
}

fn colour(text: &str) -> Option<Rgb> {
    Rgb::from_css(text).filter(|_| text.starts_with('#'))
}

/// Everything that text in the accent stands on.
fn grounds(colour: Rgb, theme: Theme) -> Vec<Rgb> {
    let [raised, sunken] =
        BACKGROUNDS.map(|(_, light, dark)| if theme == Theme::LIGHT { light } else { dark });
    vec![theme.surface, raised, sunken, soft(colour, theme)]
}

/// The surface with a little of the accent in it.
fn soft(colour: Rgb, theme: Theme) -> Rgb {
    let mix = |accent: u8, surface: u8| {
        let mixed = (u16::from(accent) * SOFT + u16::from(surface) * (100 - SOFT)) / 100;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    let (Rgb(red, green, blue), surface) = (colour, theme.surface);
    Rgb(mix(red, surface.0), mix(green, surface.1), mix(blue, surface.2))
}

/// The rules that put the accent in the place of the project's own; nothing for a colour that is none.
pub(super) fn css(accent: &Accent) -> String {
    let (Some(light), Some(dark)) = (colour(&accent.light), colour(&accent.dark)) else {
        return String::new();
    };
    let pair = |light: Rgb, dark: Rgb| format!("light-dark({}, {})", light.hex(), dark.hex());
    let (own, soft) = (pair(light, dark), pair(soft(light, Theme::LIGHT), soft(dark, Theme::DARK)));
    format!("@layer tokens {{\n:root {{\n--accent: {own};\n--focus: {own};\n--accent-soft: {soft};\n}}\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accent(light: &str, dark: &str) -> Accent {
        Accent { light: light.to_owned(), dark: dark.to_owned() }
    }

    #[test]
    fn the_own_accent_passes_and_no_single_colour_does() {
        assert_eq!(faults(&accent(&Theme::LIGHT.focus.hex(), &Theme::DARK.focus.hex())), []);
        for grey in 0..=255 {
            let one = Rgb(grey, grey, grey).hex();
            assert!(!faults(&accent(&one, &one)).is_empty(), "{one}");
        }
    }

    #[test]
    fn a_ratio_just_below_is_not_shown_as_enough() {
        assert_eq!(floor(4.499), "4.49:1");
    }

    #[test]
    fn what_is_no_colour_changes_no_token() {
        let (light, dark) = (Theme::LIGHT.focus.hex(), Theme::DARK.focus.hex());
        assert!(css(&accent(&light, &dark)).contains(&format!("--accent: light-dark({light}, {dark});")));
        assert_eq!(css(&accent("red", &dark)), "");
        assert_eq!(faults(&accent("red", &dark)).len(), 1);
    }
}
