//! The page keeps itself: without a network, and over a deployment.

use crate::{
    Test,
    harness::{dist, page::Page},
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) const TESTS: &[Test] = &[
    ("after_a_visit_the_page_needs_no_network", after_a_visit_the_page_needs_no_network),
    ("a_new_build_is_offered_and_never_mixed", a_new_build_is_offered_and_never_mixed),
    ("what_belongs_to_no_build_is_not_kept", what_belongs_to_no_build_is_not_kept),
];

/// Waits until the page is kept, and opens it as it is kept.
fn visit(page: &mut Page) {
    page.reset();
    page.open("");
    page.run_async("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done());", json!([]));
    page.open("");
    page.wait_for("navigator.serviceWorker.controller");
}

fn after_a_visit_the_page_needs_no_network(_: &mut Page) {
    let mut page = Page::keeping(dist());
    visit(&mut page);
    page.server().go_down();
    for query in ["", "?metric=ttft&conc=all", "?view=checks", "?view=compare"] {
        page.open(query);
        assert_eq!(page.count("#boot-error:not([hidden])"), 0, "{query}");
        assert!(page.count("main table tbody tr") > 3 || query == "?view=compare", "{query}");
    }
    // The worker that reads own results is a program of its own.
    page.open("?view=import");
    page.click(".fold:has(#own-text) summary");
    page.type_into("#own-text", "| model | size | params | backend | ngl | test | t/s |\n| --- | --- | --- | --- | --- | --- | --- |\n| llama 8B Q4_K - Medium | 4.58 GiB | 8.03 B | CUDA | 99 | tg128 | 71.34 ± 0.12 |\n");
    page.click(".fold:has(#own-text) button");
    page.wait_for("document.querySelectorAll('#files .own-list > li').length === 1");
    page.assert_quiet();
}

/// A copy of the build, which a test may change.
pub(crate) struct Deployed(pub(crate) PathBuf);

impl Deployed {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tokscope-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for file in fs::read_dir(dist()).unwrap() {
            let file = file.unwrap().path();
            // Whatever is changed below has no compressed form.
            if file.is_file() && file.extension().is_none_or(|extension| extension != "br") {
                fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
            }
        }
        Self(folder)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    /// Deploys another build: the same programs, whose names end in these digits, a word more in the title, and a worker
    /// that knows them. Returns the old name of a program.
    pub(crate) fn deploy_another(&self, word: &str, digits: &str) -> String {
        let page = self.read("index.html");
        let named = |name: &str| -> String {
            let (_, from) = page.split_once(&format!("{name}-")).unwrap();
            let (hash, _) = from.split_once(|c: char| !c.is_ascii_hexdigit()).unwrap();
            format!("{name}-{hash}")
        };
        let (page_program, whole) = (named("tokscope-page"), named("tokscope-whole"));
        let renamed = |text: &str| {
            text.replace(&page_program, &format!("tokscope-page-{digits}"))
                .replace(&whole, &format!("tokscope-whole-{digits}"))
        };
        for file in fs::read_dir(&self.0).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if renamed(name) != name {
                fs::rename(&path, self.0.join(renamed(name))).unwrap();
            }
        }
        let title = page.find("</title>").unwrap();
        self.write("index.html", &renamed(&format!("{} {word}{}", &page[..title], &page[title..])));
        let worker = self.read("sw.js");
        let (head, rest) = worker.split_once("files: ").unwrap();
        let (files, tail) = rest.split_once(" };").unwrap();
        let files: Vec<(String, String)> = serde_json::from_str(files).unwrap();
        // Hashes of what is no longer the same are left out.
        let files = files.into_iter().map(|(path, hash)| {
            let hash = if path == "./" { String::new() } else { hash };
            (renamed(&path), hash)
        });
        let files = serde_json::to_string(&files.collect::<Vec<_>>()).unwrap();
        self.write(
            "sw.js",
            &format!("{head}files: {files} }};{tail}").replacen(
                "version: \"",
                &format!("version: \"{word}"),
                1,
            ),
        );
        format!("{whole}.js")
    }
}

impl Drop for Deployed {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn is_new(page: &Page) -> bool {
    page.text_of("document.title").ends_with(" B")
}

fn a_new_build_is_offered_and_never_mixed(_: &mut Page) {
    let deployed = Deployed::new("deployed");
    // Of a hash that begins with a zero, Trunk writes a digit less.
    deployed.deploy_another("A", "aaaaaaaaaaaaaaa");
    let mut page = Page::keeping(deployed.0.clone());
    visit(&mut page);
    let gone = deployed.deploy_another("B", "00000000000000bb");
    assert!(!Path::new(&deployed.0).join(&gone).exists());
    page.open("?metric=ttft");
    assert!(!is_new(&page), "the build that is kept answers");
    page.wait_for("document.querySelector('#newer button')");
    page.assert_accessible("with a newer version");
    // Its programs are no longer on the server.
    page.click("nav a:nth-child(2)");
    page.wait_for("document.querySelector('main h2') && location.search.includes('view=model')");
    page.wait_for_state("ready");
    assert!(!is_new(&page), "nothing is forced");
    page.click("#newer button");
    page.wait_for("document.title.endsWith(' B')");
    page.wait_for_state("ready");
    assert!(page.address().contains("metric=ttft"), "the view stays: {}", page.address());
    assert_eq!(page.count("#newer button"), 0);
    // A page of the build before, open beside this one, still gets its programs.
    let status =
        page.run_async("fetch(arguments[0]).then(({ status }) => arguments[1](status));", json!([gone]));
    assert_eq!(status, json!(200), "{gone}");
    page.open("");
    assert!(is_new(&page));
    page.assert_quiet();
}

fn what_belongs_to_no_build_is_not_kept(_: &mut Page) {
    let deployed = Deployed::new("cut");
    let mut page = Page::keeping(deployed.0.clone());
    visit(&mut page);
    // In the middle of a deployment: the worker of the new build, and one file of yet another.
    deployed.deploy_another("B", "00000000000000bb");
    deployed.write("tokscope-page-00000000000000bb.js", "throw new Error('of another build');");
    page.expect_console("integrity");
    page.expect_console("digest");
    page.expect_console("waitUntil() was passed a promise that rejected");
    let ended = "const done = arguments[0]; (async () => { \
        const kept = await navigator.serviceWorker.getRegistration(); \
        await kept.update(); \
        const coming = kept.installing; \
        if (coming) await new Promise((over) => coming.addEventListener('statechange', over)); \
        done([coming?.state, kept.waiting === null]); \
    })();";
    let ended: Value = page.run_async(ended, json!([]));
    assert_eq!(ended, json!(["redundant", true]));
    page.open("");
    assert!(!is_new(&page), "the build that is kept answers");
    assert_eq!(page.count("#newer button"), 0);
    page.assert_quiet();
}
