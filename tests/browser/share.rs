//! The panel that shares a view: what it gives, to whom, and that no press is lost.

use serde_json::json;
use tokscope::charts::Look;
use tokscope::charts::offered::{Chart, of_view, usual};
use tokscope::export::view::{Export, citation, csv, embed, html, json as index_json, markdown};
use tokscope::index::Index;
use tokscope::query::{Choices, Embed, from_query};

use crate::{
    Test,
    any_page::COMPARED,
    harness::{dist, engine::share, page::Page, server::Fault},
    import::{catch_downloads, download, show_two_builds},
};

pub(crate) const TESTS: &[Test] = &[
    ("a_press_before_any_program_opens_it", a_press_before_any_program_opens_it),
    ("a_press_while_the_first_program_loads_opens_it", a_press_while_the_first_program_loads_opens_it),
    ("a_press_in_the_first_view_opens_it", a_press_in_the_first_view_opens_it),
    ("by_keyboard_alone", by_keyboard_alone),
    ("gives_what_the_command_line_writes", gives_what_the_command_line_writes),
    ("gives_what_is_copied", gives_what_is_copied),
    ("a_picture_has_twice_the_pixels", a_picture_has_twice_the_pixels),
    ("what_the_browser_does_not_copy_is_selected", what_the_browser_does_not_copy_is_selected),
    ("a_worker_that_does_not_start_is_said", a_worker_that_does_not_start_is_said),
    ("own_results_are_in_it_and_in_no_link", own_results_are_in_it_and_in_no_link),
    ("other_views_share_their_link", other_views_share_their_link),
    ("the_control_is_gone_without_scripts", the_control_is_gone_without_scripts),
    ("axe_is_content", axe_is_content),
];

/// Waits until the panel is open and filled.
fn wait_for_panel(page: &Page) {
    page.wait_for("document.querySelector('#share:popover-open .share-panel #share-link')");
}

fn open_panel(page: &mut Page) {
    page.click(".share-button");
    wait_for_panel(page);
}

/// Writes down what the page copies, in place of a clipboard that only people may allow.
fn catch_copies(page: &Page) {
    page.run(
        "window.copied = []; \
         Object.defineProperty(navigator, 'clipboard', { configurable: true, \
           value: { writeText: async (text) => { copied.push(text); } } });",
        json!([]),
    );
}

/// What a press of a button copies.
fn copy(page: &mut Page, label: &str) -> String {
    page.run("copied.length = 0;", json!([]));
    page.click(&format!("#share [aria-label='Copy {label}']"));
    page.wait_for("copied.length === 1");
    page.wait_for("document.querySelector('.share-said').textContent.startsWith('Copied ')");
    page.text_of("copied[0]")
}

/// Calls back with what the library makes of a query of the page that is served.
fn with_export<T>(page: &Page, query: &str, then: impl FnOnce(&Export<'_>) -> T) -> T {
    let index = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let choices = Choices::of(&index);
    let (selection, ignored) = from_query(query, &choices);
    assert_eq!(ignored, [], "{query}");
    let base = page.server().url("");
    then(&Export { index: &index, choices: &choices, selection: &selection, base: Some(&base) })
}

/// The files of the built page that begin and end so.
fn built(start: &str, end: &str) -> String {
    let names =
        std::fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.into_iter().find(|name| name.starts_with(start) && name.ends_with(end)).unwrap()
}

/// The static page alone is there: the whole program comes at once.
fn a_press_before_any_program_opens_it(page: &mut Page) {
    let file = built("tokscope-page", ".js");
    let script = std::fs::read_to_string(dist().join(&file)).unwrap();
    let pressed = format!("document.querySelector('.share-button').click();\n{script}");
    page.server().fault(&file, Fault::Body("text/javascript", pressed));
    page.open("");
    wait_for_panel(page);
    assert_eq!(page.address(), "");
}

/// The first program is on its way: when it comes, the whole one is there already, and stays.
fn a_press_while_the_first_program_loads_opens_it(page: &mut Page) {
    let first = built("tokscope-page", ".wasm");
    page.server().fault(&first, Fault::Stall);
    // Both programs begin here.
    let counting = page.prepare(
        "const begin = WebAssembly.instantiateStreaming; window.begun = 0; \
         WebAssembly.instantiateStreaming = (...all) => begin(...all).finally(() => setTimeout(() => begun++));",
    );
    let url = page.server().url("");
    page.visit(&url);
    page.unprepare(counting);
    open_panel(page);
    page.wait_for_state("ready");
    assert_eq!(page.eval("begun"), 1);
    page.server().heal();
    page.wait_for("begun === 2");
    assert_eq!(
        (page.count("header.site-header"), page.count("main"), page.count("#share .share-panel")),
        (1, 1, 1)
    );
    assert_eq!(page.text_of("document.documentElement.dataset.state"), "ready");
}

fn a_press_in_the_first_view_opens_it(page: &mut Page) {
    page.open("?hardware=geforce-rtx-5070-12gb");
    assert!(!page.requests().iter().any(|url| url.contains("tokscope-whole")), "{:?}", page.requests());
    open_panel(page);
    page.wait_for_state("ready");
    assert_eq!(page.address(), "?hardware=geforce-rtx-5070-12gb");
    let link = page.text_of("document.querySelector('#share-address').value");
    assert_eq!(link, page.server().url("?hardware=geforce-rtx-5070-12gb"));
    let panel = page.text("#share");
    for words in [
        "Decode, tok/s · Hardware: GeForce RTX 5070",
        "Markdown",
        "CSV",
        "JSON",
        "SVG",
        "PNG",
        "Frame",
        "Element",
        "BibTeX",
    ] {
        assert!(panel.contains(words), "{words}: {panel}");
    }
    // A press beside it closes it, and the table stands as it was.
    page.keys("Escape");
    page.wait_for(
        "!document.querySelector('#share:popover-open') && document.activeElement.matches('.share-button')",
    );
    assert_eq!(page.count("#share .share-panel"), 0);
    open_panel(page);
    page.click(".share-close");
    page.wait_for("!document.querySelector('#share:popover-open')");
}

fn by_keyboard_alone(page: &mut Page) {
    page.open("?view=model&model=gemma-3.4b-it");
    catch_copies(page);
    page.run("document.querySelector('.share-button').focus();", json!([]));
    page.keys("Enter");
    wait_for_panel(page);
    page.wait_for("document.activeElement.id === 'share-link'");
    page.keys("Enter");
    page.wait_for("copied.length === 1");
    assert_eq!(page.text_of("copied[0]"), page.server().url("?view=model&model=gemma-3.4b-it"));
    page.wait_for("document.querySelector('.share-said[role=status]').textContent === 'Copied the link'");
    page.keys("Tab");
    assert_eq!(page.text_of("document.activeElement.ariaLabel"), "Copy Markdown");
    page.keys("Enter");
    page.wait_for("copied.length === 2");
    page.keys("Shift+Tab Shift+Tab Shift+Tab");
    assert_eq!(page.text_of("document.activeElement.textContent"), "Close");
    page.keys("Enter");
    page.wait_for(
        "!document.querySelector('#share:popover-open') && document.activeElement.matches('.share-button')",
    );
}

const QUERIES: [&str; 3] = [
    "?hardware=geforce-rtx-5070-12gb",
    "?q=gemma&shape=chat&conc=all&metric=ttft",
    "?view=model&model=gemma-3.4b-it",
];

fn gives_what_the_command_line_writes(page: &mut Page) {
    for query in QUERIES {
        page.open(query);
        catch_downloads(page);
        open_panel(page);
        let name = {
            let saved = "Object.keys(saved).find((name) => name.endsWith('.md'))";
            page.click("#share [aria-label='Save Markdown']");
            page.wait_for(saved);
            page.text_of(saved).trim_end_matches(".md").to_owned()
        };
        assert!(name.starts_with("tokscope-") && name.contains("-20"), "{name}");
        let mut give = |what: &str, ending: &str| {
            let bytes =
                download(page, &format!("#share [aria-label='Save {what}']"), &format!("{name}{ending}"));
            String::from_utf8(bytes).unwrap()
        };
        let given =
            [give("Markdown", ".md"), give("CSV", ".csv"), give("JSON", ".json"), give("web page", ".html")];
        let written = with_export(page, query, |export| {
            let json = String::from_utf8(index_json::json(export)).unwrap();
            let charts = of_view(export.index, export.choices, export.selection);
            let charts: Vec<String> = charts.iter().map(Chart::to_page).collect();
            [markdown::markdown(export), csv::csv(export), json, html::html(export, &charts)]
        });
        for (given, written) in given.iter().zip(&written) {
            assert!(given == written, "{query}: {:.300}\n\n{written:.300}", given);
            assert!(
                given.contains(
                    &page
                        .server()
                        .url(query)
                        .replace('&', if given.starts_with('<') { "&amp;" } else { "&" })
                ) || given.contains("view=model"),
                "{given:.400}"
            );
        }
        // The usual chart, as a file that follows light and dark.
        let (id, svg) = with_export(page, query, |export| {
            let charts = of_view(export.index, export.choices, export.selection);
            let chart = &charts[usual(export.index, export.selection, &charts).unwrap()];
            let foot = export.foot(&chart.results());
            (chart.id().to_owned(), chart.to_svg(800.0, Look::Auto, &foot))
        });
        let given = download(page, "#share [aria-label='Save SVG']", &format!("{name}-{id}.svg"));
        assert!(String::from_utf8(given).unwrap() == svg, "{query}");
    }
}

fn gives_what_is_copied(page: &mut Page) {
    page.open(QUERIES[0]);
    catch_copies(page);
    open_panel(page);
    let copied = ["Markdown", "CSV", "the frame", "the element", "the citation", "BibTeX"]
        .map(|what| copy(page, what));
    page.run(
        "const choice = document.querySelector('[aria-label=\"What to embed\"]'); choice.value = '2'; \
         choice.dispatchEvent(new Event('change', { bubbles: true }));",
        json!([]),
    );
    let table = copy(page, "the frame");
    let written = with_export(page, QUERIES[0], |export| {
        [
            markdown::markdown(export),
            csv::csv(export),
            embed::frame(export),
            embed::element(export, Embed::Chart),
            citation::plain(export),
            citation::bibtex(export),
        ]
    });
    assert_eq!(copied, written);
    assert!(table.contains("embed=table"), "{table}");
    assert!(
        copied[2].contains(&page.server().url("?hardware=geforce-rtx-5070-12gb&amp;embed=1")),
        "{}",
        copied[2]
    );
}

fn a_picture_has_twice_the_pixels(page: &mut Page) {
    page.open("?hardware=geforce-rtx-5070-12gb&shape=chat&theme=dark");
    catch_downloads(page);
    open_panel(page);
    page.click("#share [aria-label='Save PNG']");
    page.wait_for("Object.keys(saved).some((name) => name.endsWith('-workload-chat.png'))");
    page.wait_for("document.querySelector('.share-said').textContent.startsWith('Saved ')");
    let shown = page.run_async(
        "const done = arguments[0]; const [bytes] = Object.values(saved); \
         const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)])); \
         const image = new Image(); image.src = url; \
         image.decode().then(() => { \
           const canvas = document.createElement('canvas'); const { naturalWidth: width, naturalHeight: height } = image; \
           Object.assign(canvas, { width, height }); const context = canvas.getContext('2d'); \
           context.drawImage(image, 0, 0); \
           const colours = new Set(); const { data } = context.getImageData(0, 0, width, height); \
           for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]); \
           done([width, height > 300, data[0], colours.size > 50]); });",
        json!([]),
    );
    // Dark, as the screen is, and with letters, which have many shades.
    assert_eq!(shown, json!([1600, true, 20, true]));
}

fn what_the_browser_does_not_copy_is_selected(page: &mut Page) {
    page.open(QUERIES[0]);
    open_panel(page);
    for refusal in ["undefined", "{ writeText: () => Promise.reject(new Error('no')) }"] {
        page.run(
            &format!(
                "Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {refusal} }});"
            ),
            json!([]),
        );
        page.click("#share [aria-label='Copy BibTeX']");
        page.wait_for("document.activeElement.id === 'share-text'");
        let text = with_export(page, QUERIES[0], citation::bibtex);
        assert_eq!(page.text_of("String(getSelection()) || document.activeElement.value"), text);
        assert_eq!(
            page.eval("(({ selectionStart, selectionEnd, value }) => selectionEnd - selectionStart === value.length)(document.activeElement)"),
            true
        );
        assert!(page.text(".share-said").contains("did not copy BibTeX"), "{}", page.text(".share-said"));
        page.keys("Escape");
        page.wait_for("!document.querySelector('#share:popover-open')");
        open_panel(page);
    }
}

fn a_worker_that_does_not_start_is_said(page: &mut Page) {
    page.expect_console("404");
    page.server().fault(&built("tokscope-import", "_bg.wasm"), Fault::Status(404));
    page.open("?view=model&model=gemma-3.4b-it");
    open_panel(page);
    page.click("#share [aria-label='Save CSV']");
    page.wait_for("document.querySelector('.share-said').textContent.includes('could not be written')");
    // What needs no worker goes on.
    catch_copies(page);
    assert!(copy(page, "Markdown").contains("| Model |"));
}

fn own_results_are_in_it_and_in_no_link(page: &mut Page) {
    show_two_builds(page);
    page.click("#ready a");
    page.wait_for("document.querySelector('tr.row.is-mine')");
    assert!(page.address().contains("mine-"), "{}", page.address());
    catch_copies(page);
    open_panel(page);
    let said = page.text("#share");
    assert!(said.contains("Your own results are in tables"), "{said}");
    // The view is chosen by own rows, which no link can say: where it leads is said beside it.
    assert!(
        said.contains("No link leads to your own results") && said.contains("the published results"),
        "{said}"
    );
    assert_eq!(
        page.eval("document.querySelector('#share-link').getAttribute('aria-describedby')"),
        json!("share-link-note")
    );
    let link = copy(page, "the link");
    assert!(link.starts_with(&page.server().url("")) && !link.contains("mine"), "{link}");
    assert!(
        page.text(".share-said").contains("a link to the published results"),
        "{}",
        page.text(".share-said")
    );
    for what in ["Markdown", "CSV"] {
        let text = copy(page, what);
        assert!(text.contains("192.8") && text.contains("mine"), "{text:.600}");
        // The rigs of the reader's own stand in the rows and in no address.
        let addresses =
            text.split("http").skip(1).map(|rest| rest.split(['"', ')', '\n']).next().unwrap_or_default());
        for address in addresses {
            assert!(!address.contains("mine-"), "{address}");
        }
    }
    let frame = copy(page, "the frame");
    assert!(!frame.contains("mine-"), "{frame}");
}

fn other_views_share_their_link(page: &mut Page) {
    for query in ["?view=hardware", "?view=checks", "?view=method", "?view=model"] {
        page.open(query);
        catch_copies(page);
        open_panel(page);
        assert_eq!(copy(page, "the link"), page.server().url(query));
        assert_eq!(page.count("#share [aria-label^=Save]"), 0, "{query}");
    }
}

fn the_control_is_gone_without_scripts(page: &mut Page) {
    page.javascript(false);
    page.visit(&page.server().url(""));
    assert_eq!(page.count(".share-button"), 1);
    assert_eq!(page.text_of("getComputedStyle(document.querySelector('.share-button')).display"), "none");
    assert_eq!(page.text_of("getComputedStyle(document.querySelector('#share')).display"), "none");
}

fn axe_is_content(page: &mut Page) {
    for (scheme, width) in share([("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280)], 3) {
        page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
        page.size(width, 800);
        for query in ["?hardware=geforce-rtx-5070-12gb", "?view=hardware", COMPARED] {
            page.open(query);
            open_panel(page);
            page.assert_accessible(&format!("{scheme} {width} px, the panel over {query}"));
            let inside = page.eval(
                "(({ left, right, top, bottom }) => left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight) \
                 (document.querySelector('#share').getBoundingClientRect())",
            );
            assert_eq!(inside, true, "{query} at {width} px");
        }
    }
}
