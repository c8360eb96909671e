//! Every chart case as a picture, kept as text in `tests/snapshots/`, and what must hold for any numbers.
//!
//! After a wanted change, `UPDATE_SNAPSHOTS=1 cargo test --test charts` writes the pictures anew; look at
//! them before committing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "charts/cases.rs"]
mod cases;
#[cfg(feature = "cli")]
#[path = "charts/plots.rs"]
mod plots;
#[path = "charts/points.rs"]
mod points;
#[path = "charts/properties.rs"]
mod properties;
#[path = "charts/xml.rs"]
mod xml;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tokscope::charts::svg::elements;
use tokscope::charts::theme::tokens;
use tokscope::charts::{Look, Options, Theme, layout, to_svg};
use tokscope::format::Locale;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("tests/snapshots")
}

/// Compares with the stored picture, or stores it.
fn check(name: &str, svg: &str) {
    assert_eq!(xml::check(svg), Ok(()), "{name} is not well formed");
    let path = folder().join(format!("{name}.svg"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, svg).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == svg, "{name} differs from {}; see the head of this file", path.display());
}

#[test]
fn every_case_looks_as_stored() {
    for case in cases::all() {
        check(case.name, &to_svg(&case.spec, case.width, case.look));
    }
}

/// Pictures of charts from the bundled data, which only the command line's part can read.
const PLOTS: [&str; 8] = [
    "roofline",
    "roofline-dark",
    "roofline-320",
    "roofline-raw",
    "quant-ladder",
    "quant-ladder-320-dark",
    "history",
    "history-320-dark",
];

/// The name of the picture with a bar under the pointer, which a file of its own never shows.
const CHOSEN: &str = "chosen";

#[test]
fn the_chosen_bar_is_marked() {
    for (theme, name) in [(Theme::LIGHT, CHOSEN.to_owned()), (Theme::DARK, format!("{CHOSEN}-dark"))] {
        let spec = cases::chat();
        let layout = layout(&spec, 600.0, Options::page(Locale::default()));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"Arial\">\n",
            layout.width, layout.height
        );
        let plain = svg.len();
        elements(&mut svg, &layout, Look::Fixed(theme), Some(99));
        let sides = |svg: &str| svg.matches(&theme.focus.hex()).count();
        assert_eq!(sides(&svg), 0, "a bar that is not there is marked");
        svg.truncate(plain);
        elements(&mut svg, &layout, Look::Fixed(theme), Some(2));
        svg.push_str("</svg>\n");
        assert_eq!(sides(&svg), 4, "sides of a frame");
        assert!(svg.contains("fill-opacity"));
        check(&name, &svg);
    }
}

#[test]
fn every_stored_picture_has_its_case() {
    let mut known: BTreeSet<String> = cases::all().iter().map(|case| format!("{}.svg", case.name)).collect();
    known.extend([format!("{CHOSEN}.svg"), format!("{CHOSEN}-dark.svg")]);
    known.extend(points::names().map(|name| format!("{name}.svg")));
    known.extend(PLOTS.map(|name| format!("{name}.svg")));
    let stored = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let stored: BTreeSet<String> = stored.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(stored.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "pictures of no case");
}

#[test]
fn equal_charts_are_equal_to_the_byte() {
    for case in cases::all() {
        assert_eq!(
            to_svg(&case.spec, case.width, case.look),
            to_svg(&case.spec.clone(), case.width, case.look)
        );
    }
}

#[test]
fn hostile_text_stays_text() {
    let svg = to_svg(&cases::hostile_labels(), 720.0, Look::Fixed(Theme::LIGHT));
    assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains("\" onload"));
    assert!(svg.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!svg.contains('\u{202e}') && !svg.contains('\u{ffff}'));
}

#[test]
fn a_file_for_a_readme_is_small_and_follows_the_reader() {
    let svg = to_svg(&cases::chat(), 720.0, Look::Auto);
    assert!(svg.len() < 30_000, "{} bytes", svg.len());
    assert!(svg.contains("prefers-color-scheme:dark"));
    let elements = svg.split("</style>").nth(1).unwrap();
    assert!(!elements.contains('#'), "a colour outside the style sheet");
    assert!(svg.contains("role=\"img\"") && svg.contains("<title id=") && svg.contains("<desc id="));
}

#[test]
fn colours_agree_with_the_style_sheet() {
    let css = fs::read_to_string(root().join("style/tokens.css")).unwrap().to_lowercase();
    for (name, light, dark) in tokens() {
        let rule = format!("{name}: light-dark({light}, {dark});");
        assert!(css.contains(&rule), "style/tokens.css does not say `{rule}`");
    }
}
