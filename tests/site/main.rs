//! What a page says of itself: the publisher's file, broken and hostile, and what is made of it.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

#[allow(dead_code, reason = "the tests of the command line need more of it")]
#[path = "../cli/folder.rs"]
mod folder;
#[path = "../charts/xml.rs"]
mod xml;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use folder::Folder;
use serde_json::Value;
use tokscope::import::read_data_dir;
use tokscope::index::Index;
use tokscope::query::{Choices, View, from_query};
use tokscope::site::page::{css, with_site, with_site_elsewhere};
use tokscope::site::{Config, Hidden, Licence, Link, card, files, read};

/// A built page in little, with all that is replaced in it.
const PAGE: &str = "<!doctype html><html><head><title>T</title><meta name=\"description\" content=\"D\"></head>\
                    <body><div id=\"app\"><header><div class=\"site-title\"><h1>N</h1></div></header></div></body></html>";

/// Text that ends elements, attributes, comments and scripts, and characters that XML cannot hold.
const HOSTILE: &str = "</title></script><script>alert(1)</script><!--\"'&amp; ]]> \u{202e}\u{fffe}é";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn index() -> Index {
    Index::build(&read_data_dir(&root().join("tests/fixtures/data")).dataset)
}

/// The fixture with hostile names of models, rigs and engines.
fn hostile_index() -> Index {
    let mut dataset = read_data_dir(&root().join("tests/fixtures/data")).dataset;
    dataset.catalog.families.iter_mut().for_each(|family| family.name = HOSTILE.to_owned());
    dataset.catalog.hardware.iter_mut().for_each(|rig| rig.short = HOSTILE.to_owned());
    dataset.runs.iter_mut().for_each(|run| run.value.backend.engine = HOSTILE.to_owned());
    Index::build(&dataset)
}

fn published() -> Config {
    Config { base_url: Some("https://example.org/a&b".to_owned()), ..Config::of_the_project() }
}

fn hostile_config() -> Config {
    let link = Link { label: HOSTILE.to_owned(), url: "https://example.org/?a=1&b=2".to_owned() };
    Config {
        name: HOSTILE.to_owned(),
        lead: Some(HOSTILE.to_owned()),
        title: None,
        description: HOSTILE.to_owned(),
        header: vec![link.clone()],
        footer: vec![link],
        publisher: Some(HOSTILE.to_owned()),
        licence: Some(Licence { name: HOSTILE.to_owned(), url: "https://example.org/".to_owned() }),
        citation: Some(HOSTILE.to_owned()),
        ..published()
    }
}

impl Folder {
    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// What is wrong with a `site.yaml`.
    fn findings(text: &str) -> Vec<String> {
        let folder = Self::empty();
        folder.write("site.yaml", text);
        let (config, findings) = read(&folder.0);
        assert_eq!(config.is_none(), !findings.is_empty());
        findings.iter().map(ToString::to_string).collect()
    }
}

fn tokscope(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokscope")).args(args).output().unwrap()
}

#[test]
fn everything_wrong_is_named_with_its_line() {
    let found = Folder::findings(
        "name: \"\"\n\
         description: d\n\
         base_url: https://example.org/?q=1\n\
         accent:\n  light: \"#888888\"\n  dark: \"8ab4f8\"\n\
         header:\n  - label: Code\n    url: http://example.org\n  - label: Notes\n    url: javascript:alert(1)\n\
         footer:\n  - label: x\n    url: https://user:word@example.org\n\
         licence:\n  name: CC0-1.0\n  url: \"https://exa mple.org\"\n",
    );
    let https = "expected an address that begins with https://, without blanks";
    assert_eq!(
        found,
        [
            "site.yaml:1: name: found an empty text, expected at least one word".to_owned(),
            "site.yaml:3: base_url: found \"https://example.org/?q=1\", \
             expected an address such as https://example.org/speed/, without ? and #"
                .to_owned(),
            "site.yaml:5: accent.light: found #888888 with a contrast of 3.10:1 to #eef0f3, \
             expected at least 4.5:1 to every background of that theme"
                .to_owned(),
            "site.yaml:6: accent.dark: found \"8ab4f8\", expected a colour such as \"#8ab4f8\", in quotes"
                .to_owned(),
            format!("site.yaml:9: header[0].url: found \"http://example.org\", {https}"),
            format!("site.yaml:11: header[1].url: found \"javascript:alert(1)\", {https}"),
            format!("site.yaml:14: footer[0].url: found \"https://user:word@example.org\", {https}"),
            format!("site.yaml:17: licence.url: found \"https://exa mple.org\", {https}"),
        ]
    );
}

#[test]
fn unknown_and_missing_fields_are_named() {
    let found = Folder::findings("name: n\ndescripton: d\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("site.yaml:2: descripton: found unknown field"), "{found:?}");
    assert!(found[0].contains("description"), "{found:?}");
    let found = Folder::findings("name: n\ndescription: d\nhide: [sources]\n");
    assert!(found.len() == 1 && found[0].starts_with("site.yaml:3: hide[0]: found"), "{found:?}");
    assert!(Folder::findings("name: n\n")[0].contains("description"));
}

#[test]
fn texts_are_one_line_of_some_length() {
    let long = "x".repeat(301);
    let found = Folder::findings(&format!("name: \"a\\nb\"\ndescription: {long}\n"));
    assert_eq!(
        found,
        [
            "site.yaml:1: name: found a line break or another control character, expected one line",
            "site.yaml:2: description: found 301 characters, expected at most 300",
        ]
    );
}

#[test]
fn a_folder_without_the_file_has_the_words_of_the_project() {
    let folder = Folder::empty();
    assert_eq!(read(&folder.0), (Some(Config::of_the_project()), Vec::new()));
    // And so has the folder that comes with it, and the page before any of this.
    assert_eq!(read(&root().join("data")), (Some(Config::of_the_project()), Vec::new()));
    let page = fs::read_to_string(root().join("index.html")).unwrap();
    let config = Config::of_the_project();
    assert!(page.contains(&format!("<title>{}</title>", config.title())));
    assert!(page.contains(&format!("name=\"description\" content=\"{}\"", config.description)));
}

#[test]
fn hostile_words_stay_words() {
    let page = with_site(PAGE, &hostile_config(), &hostile_index()).unwrap();
    // One script, which is data, and nothing that ends an element early.
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(!page.contains("<!--") && page.matches("</title>").count() == 1);
    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["@type"], "Dataset");
    assert_eq!(data["name"], HOSTILE);
    assert_eq!(data["creator"]["name"], HOSTILE);
    let body = page.split("<body>").nth(1).unwrap().replace("</html>", "");
    xml::check(&format!("<body>{body}")).unwrap();
}

/// The document with somebody else's results has the publisher's name and colours, and nothing of their results.
#[test]
fn the_other_document_says_nothing_of_the_publishers_results() {
    const BARE: &str = "<html><head><title>T</title><meta name=\"description\" content=\"D\"></head>\
                        <body><div id=\"app\"><!--tokscope:snapshot--></div></body></html>";
    let page = with_site_elsewhere(BARE, &hostile_config()).unwrap();
    assert!(!page.contains("<script") && page.matches("</title>").count() == 1, "{page}");
    assert!(
        !page.contains("canonical") && !page.contains("ld+json") && !page.contains("site-footer"),
        "{page}"
    );
    assert!(page.contains("noindex") && page.matches("<h1>").count() == 1, "{page}");
    let body = page.split("<body>").nth(1).unwrap().replace("</html>", "");
    xml::check(&format!("<body>{}", body.replace("<!--tokscope:snapshot-->", ""))).unwrap();
    let page = with_site_elsewhere(BARE, &Config::of_the_project()).unwrap();
    assert!(page.contains("<title>Results from elsewhere · Tokscope"), "{page}");
    assert!(with_site_elsewhere("<title></title>", &published()).is_err());
}

#[test]
fn feed_and_map_are_well_formed_for_hostile_names() {
    for (config, index) in [(hostile_config(), hostile_index()), (published(), index())] {
        let made = files(&config, &index);
        let names: Vec<&str> = made.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["feed.xml", "sitemap.xml", "robots.txt", "manifest.webmanifest"]);
        let manifest: Value = serde_json::from_str(&made[3].1).unwrap();
        assert_eq!(
            (&manifest["short_name"], &manifest["start_url"]),
            (&config.name.as_str().into(), &"./".into())
        );
        for (name, text) in made.iter().filter(|(name, _)| name.ends_with(".xml")) {
            let (declaration, document) = text.split_once('\n').unwrap();
            assert_eq!(declaration, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
            xml::check(document).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        }
    }
}

#[test]
fn a_card_is_a_picture_for_hostile_names() {
    for (config, index) in [(hostile_config(), hostile_index()), (published(), index())] {
        xml::check(&card(&config, &index)).unwrap();
    }
    assert!(card(&published(), &index()).contains(">Tokscope</text>"));
}

#[test]
fn the_card_that_is_published_has_the_size_of_a_card() {
    let png = fs::read(root().join("public/card.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1200, 630));
    assert!(png.len() < 150_000, "{} bytes", png.len());
}

#[test]
fn the_feed_has_what_rfc_4287_asks_for() {
    let index = index();
    let made = files(&published(), &index);
    let feed = &made[0].1;
    let (head, entries) = feed.split_once("<entry>").unwrap();
    for part in [
        "<title>",
        "<id>https://example.org/a&amp;b/</id>",
        "<updated>2026-",
        "<author><name>",
        "rel=\"self\"",
    ] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    let entries: Vec<&str> = entries.split("<entry>").collect();
    assert_eq!(entries.len(), index.runs.id.len());
    let dates: Vec<&str> = entries
        .iter()
        .map(|entry| entry.split("<updated>").nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert!(dates.iter().all(|date| date.len() == "2026-05-02T00:00:00Z".len()), "{dates:?}");
    assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    let mut ids: Vec<&str> = entries.iter().map(|entry| entry.split("</id>").next().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), entries.len());
}

#[test]
fn every_address_that_is_named_shows_what_it_says() {
    let index = Index::build(&read_data_dir(&root().join("data")).dataset);
    let choices = Choices::of(&index);
    let made = files(&published(), &index);
    let mut queries = Vec::new();
    for (text, start, end) in [(&made[0].1, "<link href=\"", "\""), (&made[1].1, "<loc>", "<")] {
        let addresses = text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap());
        queries.extend(addresses.map(|address| {
            let address = address.replace("&amp;", "&");
            address.strip_prefix("https://example.org/a&b/").unwrap().to_owned()
        }));
    }
    assert!(queries.len() > 100, "{}", queries.len());
    for query in &queries {
        let (_, ignored) = from_query(query, &choices);
        assert!(ignored.is_empty(), "{query}: {ignored:?}");
    }
    assert_eq!(made[0].1.matches("<entry>").count(), 50);
}

#[test]
fn addresses_need_a_base() {
    let config = Config::of_the_project();
    let names: Vec<&str> = files(&config, &index()).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["manifest.webmanifest"]);
    let page = with_site(PAGE, &config, &index()).unwrap();
    assert!(!page.contains("og:") && !page.contains("canonical") && !page.contains("feed"), "{page}");
    assert!(page.contains("application/ld+json"));
    let page = with_site(PAGE, &published(), &index()).unwrap();
    for part in [
        "<link rel=\"canonical\" href=\"https://example.org/a&amp;b/\">",
        "<meta property=\"og:image\" content=\"https://example.org/a&amp;b/card.png\">",
        "<meta name=\"twitter:card\" content=\"summary_large_image\">",
        "\"contentUrl\":\"https://example.org/a\\u0026b/index.json\"",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[test]
fn the_name_goes_into_a_page_with_and_without_a_view() {
    let config = Config { name: "Lab".to_owned(), lead: None, ..Config::of_the_project() };
    let made = with_site(PAGE, &config, &index()).unwrap();
    assert!(made.contains("<div class=\"site-title\"><h1>Lab</h1></div></header>"), "{made}");
    let empty = fs::read_to_string(root().join("index.html")).unwrap();
    let made = with_site(&empty, &config, &index()).unwrap();
    let place = "<div id=\"app\"><div class=\"site-title\"><h1>Lab</h1></div><!--tokscope:snapshot-->";
    assert!(made.contains(place), "{made}");
    let error = with_site("<html></html>", &config, &index()).unwrap_err();
    assert_eq!(error.to_string(), "found no <title>, expected one where the words of site.yaml go");
}

#[test]
fn what_is_hidden_is_on_the_page() {
    let all = [
        Hidden::Models,
        Hidden::Compare,
        Hidden::Hardware,
        Hidden::Checks,
        Hidden::Import,
        Hidden::HowToRead,
        Hidden::Reasoning,
        Hidden::ComingSoon,
    ];
    let css = css(&Config { hide: all.to_vec(), ..Config::of_the_project() });
    let views: Vec<&str> = css.split("view=").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(views.iter().all(|slug| View::ALL.iter().any(|view| view.slug() == *slug)), "{views:?}");
    let source = ["method", "hardware"]
        .map(|name| fs::read_to_string(root().join("src/app").join(name).with_extension("rs")).unwrap());
    let source = source.concat();
    let ids: Vec<&str> = css.split('#').skip(1).map(|rest| rest.split([',', ' ']).next().unwrap()).collect();
    assert!(ids.iter().all(|id| source.contains(&format!("\"{id}\""))), "{ids:?}");
    assert_eq!(views.len() + ids.len(), all.len() + 1);
    assert_eq!(tokscope::site::page::css(&Config::of_the_project()), "");
}

#[test]
fn the_command_writes_what_the_build_needs() {
    let (data, dist) = (Folder::empty(), Folder::empty());
    data.write(
        "site.yaml",
        "name: Lab\ndescription: Ours\naccent: {light: \"#7a1fa2\", dark: \"#d7a3f0\"}\n",
    );
    data.write("card.png", b"\x89PNG\r\n\x1a\nrest");
    dist.write("index.html", PAGE).write("index.json", index().to_json());
    let (data_dir, dist_dir) = (data.0.to_str().unwrap(), dist.0.to_str().unwrap());
    let base = ["site", data_dir, "--dist", dist_dir, "--base-url"];
    let with_base = |url: &str| tokscope(&[&base[..], &[url]].concat());

    let output = with_base("http://example.org");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("found \"http://example.org\", expected"));
    assert_eq!(dist.read("index.html"), PAGE);

    assert!(with_base("https://example.org/speed").status.success());
    let page = dist.read("index.html");
    assert!(page.contains("<title>Lab</title>") && page.contains("href=\"./site.css\""), "{page}");
    assert!(dist.read("site.css").contains("--accent: light-dark(#7a1fa2, #d7a3f0)"));
    assert!(dist.read("robots.txt").contains("Sitemap: https://example.org/speed/sitemap.xml"));
    assert_eq!(fs::read(dist.0.join("card.png")).unwrap(), b"\x89PNG\r\n\x1a\nrest");

    data.write("card.png", "GIF89a");
    let output = with_base("");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("expected a PNG"));
    data.write("site.yaml", "name: Lab\n");
    let output = with_base("");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("site.yaml:1: "), "{output:?}");
}

#[test]
fn a_check_of_the_data_checks_the_file_too() {
    let folder = Folder::empty();
    folder.write("site.yaml", "name: n\ndescription: d\nbase_url: ftp://example.org\n");
    let output = tokscope(&["check", folder.0.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("site.yaml:3: base_url: found \"ftp://example.org\", expected"), "{text}");
}

#[test]
fn every_field_is_documented() {
    let text = fs::read_to_string(root().join("docs/publishing.md")).unwrap();
    let found = Folder::findings("nothing: 1\nname: n\ndescription: d\n");
    let (_, names) = found[0].rsplit_once(": ").unwrap();
    let names: Vec<&str> = names.split(", ").collect();
    assert!(names.len() > 10, "{found:?}");
    for name in names {
        assert!(text.contains(&format!("`{name}`")), "{name} is not in docs/publishing.md");
    }
}

#[test]
fn a_worker_knows_every_file_by_its_content_and_is_made_anew_for_another() {
    use tokscope::site::offline::{WORKER, is_kept, with_worker, worker};
    let script = fs::read_to_string(root().join("public").join(WORKER)).unwrap();
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let mut files = vec![file("index.html", "page"), file("boot.js", "")];
    let list = |script: &str| -> (String, Vec<(String, String)>) {
        let line = script.lines().find(|line| line.starts_with("const BUILD = ")).unwrap();
        let version = line.split('"').nth(1).unwrap().to_owned();
        let files = line.split_once("files: ").unwrap().1.trim_end_matches(" };");
        (version, serde_json::from_str(files).unwrap())
    };
    let first = worker(&script, &files).unwrap();
    let (version, listed) = list(&first);
    // printf '' | openssl dgst -sha256 -binary | base64
    assert_eq!(listed[0].0, "boot.js");
    assert_eq!(listed[0].1, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(listed[1].0, "./", "the page is what hosts answer the folder with");
    files.reverse();
    assert_eq!(
        worker(&first, &files).unwrap(),
        first,
        "neither the order nor a second time changes anything"
    );
    files[1].1 = b"another page".to_vec();
    assert_ne!(list(&worker(&first, &files).unwrap()).0, version);
    assert!(worker("addEventListener('fetch', () => {});", &files).is_err());

    let page = "<script type=\"module\" src=\"./a.js\" data-js=\"x\"></script>";
    let once = with_worker(page).unwrap();
    assert!(once.contains("data-offline=\"sw.js\""));
    assert_eq!(with_worker(&once).unwrap(), once);
    assert!(with_worker("<p>").is_err());
    let kept =
        ["index.html", "a.wasm", "first.json", "manifest.webmanifest", "feed.xml", "sw.js", "index.html.br"];
    assert_eq!(kept.map(is_kept), [true, true, true, true, false, false, false]);
}
