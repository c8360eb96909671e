//! Words that try to be something else, in every text of an index.

use serde_json::{Map, Value};
use std::{fs, path::Path};

/// Texts of an index, by the last names on the way to them, that stand for something: another word is refused.
pub(crate) const MUST_PARSE: [&str; 7] = [
    "format",
    "backends.accelerator",
    "families.released",
    "sources.date",
    "unlisted.released",
    "words.runs.date",
    "words.totals.latest",
];

/// What runs where text becomes markup or code, and what must not become an address.
const OURS: [&str; 24] = [
    "<script>window.ran = 1</script>",
    "\"><img src=x onerror=\"window.ran = 2\">",
    "'><svg/onload=window.ran=3>",
    "</script><script>window.ran = 4</script>",
    "</style><img src=x onerror=window.ran=5>",
    "</title><body onload=window.ran=6>",
    "<iframe srcdoc=\"<script>parent.ran = 7</script>\"></iframe>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.ran=8&gt;\">",
    "<a href=\"javascript:window.ran=9\">x</a>",
    "<form><button formaction=javascript:window.ran=10>x",
    "<details open ontoggle=window.ran=11>",
    "<input autofocus onfocus=window.ran=12>",
    "<base href=//example.org/>",
    "<meta http-equiv=refresh content=\"0;url=//example.org/\">",
    "<link rel=stylesheet href=//example.org/a.css>",
    "{{constructor.constructor('window.ran=13')()}}",
    "${window.ran=14}",
    "&lt;script&gt;window.ran = 15&lt;/script&gt;",
    "\u{202e}<b>\u{2066}\u{200b}",
    "\u{0}\u{1}\u{7f}\u{feff}\u{fffe}",
    "]]><x>&x;",
    "--><img src=x onerror=window.ran=16>",
    "__proto__",
    "constructor",
];

const ADDRESSES: [&str; 14] = [
    "javascript:window.ran=17",
    " JaVaScRiPt:window.ran=18",
    "java\nscript:window.ran=19",
    "\u{1}javascript:window.ran=20",
    "data:text/html,<script>parent.ran=21</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "//example.org/",
    "https:javascript:window.ran=22",
    "https://example.org/\" onmouseover=\"window.ran=23",
    "http://[::1",
    "view-source:https://example.org/",
];

/// Words for every text, and addresses for those that are one.
pub(crate) struct Words {
    pub(crate) texts: Vec<String>,
    pub(crate) addresses: Vec<String>,
}

/// How an index is filled.
#[derive(Clone, Copy)]
pub(crate) struct Filling {
    /// Which word stands at the first text: another one for each index.
    pub(crate) start: usize,
    /// Whether ids are filled too, so that what refers to them does.
    pub(crate) ids: bool,
}

impl Words {
    /// Those of this file and, where they are, of the collections beside the repository.
    pub(crate) fn all() -> Self {
        let mut words = Self {
            texts: OURS.map(str::to_owned).to_vec(),
            addresses: ADDRESSES.map(str::to_owned).to_vec(),
        };
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hostile");
        if !shared.is_dir() {
            eprintln!("skipped: ../shared is not here");
            return words;
        }
        let json = |path: &str| -> Vec<Value> {
            serde_json::from_str(&fs::read_to_string(shared.join(path)).unwrap()).unwrap()
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        words
            .texts
            .extend(json("dompurify-fixtures/expect.json").iter().filter_map(|one| text(&one["payload"])));
        words.texts.extend(json("blns/blns.json").iter().filter_map(text));
        let formulas = fs::read_to_string(shared.join("csv-injection/Intruder/csv-payload.txt")).unwrap();
        words.texts.extend(formulas.lines().map(str::to_owned));
        let urls = json("wpt-urltestdata/url/tests/urltestdata.json");
        words.addresses.extend(urls.iter().filter_map(|one| text(&one["input"])));
        words.texts.retain(|text| !text.trim().is_empty());
        words
    }

    /// An index with a word in the place of every text that may be any.
    pub(crate) fn fill(&self, index: &Value, filling: Filling) -> Value {
        self.filled(index, "", filling)
    }

    /// `place` is the way there, without positions in lists.
    fn filled(&self, value: &Value, place: &str, filling: Filling) -> Value {
        match value {
            Value::String(text) => Value::String(self.word(text, place, filling)),
            Value::Array(list) => list.iter().map(|one| self.filled(one, place, filling)).collect(),
            Value::Object(object) => {
                let is_map = ["other", "says"].iter().any(|map| place.ends_with(map));
                let entry = |(name, one): (&String, &Value)| {
                    let key = if is_map { self.word(name, "name", filling) + name } else { name.clone() };
                    (key, self.filled(one, &format!("{place}.{name}"), filling))
                };
                Value::Object(object.iter().map(entry).collect::<Map<String, Value>>())
            }
            other => other.clone(),
        }
    }

    /// What stands in the place of a text; the same for the same text at such a place.
    fn word(&self, text: &str, place: &str, filling: Filling) -> String {
        if must_parse(place) {
            return text.to_owned();
        }
        let list = if place.ends_with(".url") { &self.addresses } else { &self.texts };
        // FNV-1a.
        let hash = |bytes: &str| {
            bytes.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        let at =
            |bytes: &str| (usize::try_from(hash(bytes) % 1_000_003).unwrap() + filling.start) % list.len();
        if is_id(place) {
            // Equal where it was, and different where it was.
            return if filling.ids { format!("{}{text}", list[at(text)]) } else { text.to_owned() };
        }
        list[at(&format!("{place}{text}"))].clone()
    }
}

/// True for a text that stands for something.
pub(crate) fn must_parse(place: &str) -> bool {
    MUST_PARSE.iter().any(|known| place == *known || place.ends_with(&format!(".{known}")))
}

/// True for an id, or for what refers to one.
fn is_id(place: &str) -> bool {
    place.ends_with(".id") || place == ".catalog.hardware.sources" || place.ends_with(".aliases")
}
