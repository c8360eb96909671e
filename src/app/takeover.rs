//! The page over itself: another program, or the same one with other data, in the place of the one that runs.

use wasm_bindgen::JsCast;

use super::boot::{LEAVE, PART, TAKEN, UPGRADING, keep_name, move_children};
use super::browser;
use super::hold::Hold;

/// Where the reader was.
struct Whereabouts {
    scroll: (f64, f64),
    /// What stays where it is, in a page whose lines have other heights until they are laid out.
    hold: Option<Hold>,
    focus: Option<Focus>,
    /// Whether each fold was open: a row is in the address, numbers of a chart and a menu are not.
    folds: Vec<bool>,
}

/// What unfolds in place, but for what waits hidden, which another program may not have.
fn folds() -> Vec<web_sys::Element> {
    const SELECTOR: &str = "main details:not([hidden] *, [data-waits] *)";
    let all = browser::document().and_then(|document| document.query_selector_all(SELECTOR).ok());
    let all = all.iter().flat_map(|all| (0..all.length()).filter_map(|at| all.item(at)));
    all.filter_map(|fold| fold.dyn_into().ok()).collect()
}

/// The element in focus, by its id or as one of all elements of its name and class: the same components make
/// the same elements in the same order.
struct Focus {
    selector: String,
    position: u32,
}

impl Whereabouts {
    fn now() -> Self {
        let scroll = browser::window().map_or((0.0, 0.0), |window| {
            (window.scroll_x().unwrap_or_default(), window.scroll_y().unwrap_or_default())
        });
        let is_open = |fold: &web_sys::Element| fold.has_attribute("open");
        let hold = if scroll.1 > 0.0 { Hold::on_screen() } else { None };
        Self { scroll, hold, focus: Focus::now(), folds: folds().iter().map(is_open).collect() }
    }

    fn restore(self) {
        // Where others came or went, nobody knows which is which.
        let folds = folds();
        if folds.len() == self.folds.len() {
            for (fold, is_open) in folds.iter().zip(&self.folds) {
                let _ = fold.toggle_attribute_with_force("open", *is_open);
            }
        }
        if let Some(element) = self.focus.as_ref().and_then(Focus::element) {
            focus(&element);
        }
        if let Some(window) = browser::window() {
            window.scroll_to_with_x_and_y(self.scroll.0, self.scroll.1);
        }
        if let Some(hold) = self.hold {
            hold.keep();
        }
    }
}

impl Focus {
    fn now() -> Option<Self> {
        let document = browser::document()?;
        let element = document.active_element().filter(|element| element.tag_name() != "BODY")?;
        let classes = element.class_list();
        let classes = (0..classes.length()).filter_map(|at| classes.item(at));
        // Classes that stand for a state may differ by now, and words with signs would need escaping.
        let is_plain = |class: &String| {
            !class.starts_with("is-") && class.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let selector = classes
            .filter(is_plain)
            .fold(element.tag_name().to_lowercase(), |selector, class| selector + "." + &class)
            + ":not([hidden] *, [data-waits] *)";
        let all = document.query_selector_all(&selector).ok()?;
        let position = (0..all.length()).find(|&at| all.item(at).as_ref() == Some(element.as_ref()))?;
        Some(Self { selector, position })
    }

    fn element(&self) -> Option<web_sys::Element> {
        let all = browser::document()?.query_selector_all(&self.selector).ok()?;
        all.item(self.position)?.dyn_into().ok()
    }
}

/// Gives an element the focus and leaves the screen where it is.
fn focus(element: &web_sys::Element) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus_with_options(&options);
    }
}

/// Ends the program that runs and puts the elements of `beside` in the place of its own, all in one task: the
/// reader stays where they were or, with `to_top`, begins at the top of another view.
pub fn take_over(place: &web_sys::Element, beside: &web_sys::Element, to_top: bool) {
    let before = Whereabouts::now();
    keep_name(place, beside);
    browser::tell_window(LEAVE);
    place.set_text_content(None);
    move_children(beside, place, None);
    browser::set_root_attribute(UPGRADING, None);
    browser::set_root_attribute(TAKEN, Some(""));
    browser::set_root_attribute(PART, None);
    browser::set_root_attribute("data-state", Some("ready"));
    if to_top {
        browser::focus_later(vec!["main".to_owned()], true);
    } else {
        before.restore();
    }
}
