//! Text made fit to print: cleaned, elided, wrapped.

use super::metrics::{Weight, text_width};

/// One line of what somebody else wrote: without characters that do not print or that turn the
/// direction of what follows, white space as single spaces.
pub fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{a0}' {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if prints(c) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// False for controls, for marks that embed, override or isolate a direction, and for the code
/// points XML has no place for.
fn prints(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fdd0}'..='\u{fdef}')
        && u32::from(c) & 0xfffe != 0xfffe
}

/// True where a character belongs to the one before it: combining marks, joiners, variation
/// selectors, skin tones. An approximation of grapheme clusters that needs no tables.
pub(super) fn extends(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{93a}'..='\u{93c}' | '\u{93e}'..='\u{94f}' | '\u{e31}'
        | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200d}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The text, or as much of its start as fits before `…`, within a width in pixels.
///
/// Never cuts between a character and its marks. Empty where not even `…` fits.
pub fn elide(text: &str, most: f64, size: u32, weight: Weight) -> String {
    if text_width(text, size, weight) <= most {
        return text.to_owned();
    }
    let mut width = 0.0;
    let mut fits = 0;
    let room = most - text_width("…", size, weight);
    let mut joined = false;
    for (at, c) in text.char_indices() {
        if width <= room && !extends(c) && !joined {
            fits = at;
        }
        joined = c == '\u{200d}';
        width += text_width(c.encode_utf8(&mut [0; 4]), size, weight);
    }
    if room < 0.0 {
        return String::new();
    }
    let start = text.get(..fits).unwrap_or_default();
    // A separator or space before the ellipsis reads like a slip.
    format!("{}…", start.trim_end_matches([' ', '·', ',']))
}

/// The same beside others: where they begin alike, the middle goes instead of the end, so that the words in which the
/// text parts from them stay.
pub(super) fn elide_among(
    text: &str,
    others: &mut dyn Iterator<Item = &str>,
    most: f64,
    size: u32,
    weight: Weight,
) -> String {
    let short = elide(text, most, size, weight);
    if short == text {
        return short;
    }
    let room = most - text_width("…", size, weight);
    let blanks = || text.bytes().enumerate().filter(|(_, byte)| *byte == b' ').map(|(at, _)| at);
    // Where the last of them is left, and the first place from which all fits that tells it from the others.
    let (mut last, mut first, mut too_early) = (0, usize::MAX, 0);
    for other in others.filter(|other| *other != text) {
        let alike = text.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let from = blanks().take_while(|at| *at < alike).last().unwrap_or_default();
        last = last.max(alike);
        // What is behind an earlier place is wider: no place is measured twice.
        if from > too_early && from < first {
            match text.get(from..) {
                Some(end) if text_width(end, size, weight) <= room => first = from,
                _ => too_early = from,
            }
        }
    }
    let to = blanks().find(|at| *at > last).unwrap_or(text.len());
    if last == 0 || short.len() > to + '…'.len_utf8() {
        return short;
    }
    let from = if first < text.len() { first } else { too_early };
    if from == 0 {
        return short;
    }
    let (start, end) = text.split_at(from);
    let end = elide(end, room, size, weight);
    elide(start, most - text_width(&end, size, weight), size, weight) + &end
}

/// The text in lines of at most a width in pixels, broken at spaces; the last line is elided.
pub fn wrap(text: &str, most: f64, size: u32, weight: Weight, most_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let joint = if line.is_empty() { 0.0 } else { text_width(" ", size, weight) };
        let wide = text_width(&line, size, weight) + joint + text_width(word, size, weight);
        let is_last = lines.len() + 1 >= most_lines;
        if wide > most && !line.is_empty() && !is_last {
            lines.push(elide(&line, most, size, weight));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        // The rest would be cut anyway; measuring all of it with every word would take minutes.
        if wide > most && is_last {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(elide(&line, most, size, weight));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Weight = Weight::Regular;

    #[test]
    fn what_does_not_print_is_gone() {
        assert_eq!(clean("  a\t\nb\u{0}\u{1b}[31m \u{202e}c\u{2069}\u{ffff}\u{85} "), "a b[31m c");
        assert_eq!(clean("Gemma-4 E4B-it"), "Gemma-4 E4B-it");
        assert_eq!(clean("11.94\u{a0}GiB"), "11.94\u{a0}GiB");
        assert_eq!(clean("\u{feff}\u{fdd0}"), "");
    }

    #[test]
    fn eliding_fits_and_says_so() {
        let text = "Q4_K_M · GeForce RTX 5070 · 11.94 GiB · llama.cpp b9174 (cuda)";
        let full = text_width(text, 12, PLAIN);
        assert_eq!(elide(text, full, 12, PLAIN), text);
        for most in 12..320 {
            let most = f64::from(most);
            let short = elide(text, most, 12, PLAIN);
            assert!(short.ends_with('…') && text_width(&short, 12, PLAIN) <= most, "{short}");
            assert!(!short.ends_with(" …") && !short.ends_with("·…"), "{short}");
        }
        assert_eq!(elide(text, 3.0, 12, PLAIN), "");
        assert_eq!(elide("", 0.0, 12, PLAIN), "");
    }

    #[test]
    fn what_tells_texts_apart_stays() {
        let texts = ["b6077 (vulkan)", "b5922 (vulkan)", "b5922 (vulkan) · fa", "b5922 (vulkan) · fa b=256"];
        let texts = texts.map(|end| format!("UD-Q4_K_XL · Framework Desktop · llama.cpp {end}"));
        let cut = |most: f64| {
            texts
                .iter()
                .map(|text| elide_among(text, &mut texts.iter().map(String::as_str), most, 11, PLAIN))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            cut(250.0),
            [
                "UD-Q4_K_XL · Framework Deskt… b6077 (vulkan)",
                "UD-Q4_K_XL · Framework Deskt… b5922 (vulkan)",
                "UD-Q4_K_XL · Framework D… b5922 (vulkan) · fa",
                "UD-Q4_K_XL · Frame… b5922 (vulkan) · fa b=256"
            ]
        );
        for most in 60..400 {
            let cut = cut(f64::from(most));
            assert!(cut.iter().all(|text| text_width(text, 11, PLAIN) <= f64::from(most)), "{cut:?}");
            let mut apart = cut.clone();
            apart.sort();
            apart.dedup();
            assert!(apart.len() == texts.len() || most < 160, "{cut:?}");
        }
        let alone = elide_among(&texts[0], &mut std::iter::empty(), 250.0, 11, PLAIN);
        assert_eq!(alone, elide(&texts[0], 250.0, 11, PLAIN));
    }

    #[test]
    fn eliding_keeps_marks_with_their_letter() {
        for cluster in ["e\u{301}", "👩‍👩‍👧‍👦", "👍🏽", "Z\u{310}\u{311}"] {
            let text = cluster.repeat(5);
            for most in 12..80 {
                let short = elide(&text, f64::from(most), 12, PLAIN);
                let kept = short.trim_end_matches('…');
                assert_eq!(kept, cluster.repeat(kept.matches(cluster).count()), "{short:?}");
            }
        }
    }

    #[test]
    fn wrapping_breaks_at_spaces() {
        assert_eq!(wrap("one two three", 50.0, 12, PLAIN, 9), ["one two", "three"]);
        assert_eq!(wrap("one two three four", 50.0, 12, PLAIN, 2), ["one two", "three f…"]);
        assert_eq!(wrap("", 50.0, 12, PLAIN, 2), Vec::<String>::new());
        assert_eq!(wrap(&"x ".repeat(100_000), 50.0, 12, PLAIN, 2).len(), 2);
        assert_eq!(wrap("Donaudampfschifffahrt", 50.0, 12, PLAIN, 2).len(), 1);
    }
}
