//! What a test does with the page.

use super::{
    codes::{decode_base64, key},
    dist,
    engine::{Engine, Kind, Prepared},
    server::{PATH, Server},
};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Far more than any condition takes on a busy machine: reaching it means that it never holds.
const DEADLINE: Duration = Duration::from_secs(30);

/// The page in a browser of its own, served by a server of its own.
///
/// Every method panics with what it was asked for when the browser refuses it.
pub(crate) struct Page {
    pub(super) engine: Box<dyn Engine>,
    server: Server,
    expected_console: Vec<String>,
    expected_origins: Vec<String>,
    requests: Vec<String>,
    /// Names of the scripts that run before those of each page.
    scripts: Vec<Prepared>,
}

impl Page {
    /// Starts the browser and the server of the built page.
    pub(crate) fn start() -> Self {
        Self::serving(dist())
    }

    /// Starts the browser and a server of another folder. The page keeps nothing for later visits, so that each
    /// test sees what the server sends.
    pub(crate) fn serving(folder: PathBuf) -> Self {
        Self::keeping(folder).without_keeping()
    }

    /// The same in a browser that takes no notes of requests, which would cost time with each: for benchmarks.
    pub(crate) fn measured(folder: PathBuf) -> Self {
        Self::with(folder, false).without_keeping()
    }

    /// The same with a page that keeps itself for later visits.
    pub(crate) fn keeping(folder: PathBuf) -> Self {
        Self::with(folder, true)
    }

    fn without_keeping(self) -> Self {
        self.prepare("delete Navigator.prototype.serviceWorker;");
        self
    }

    fn with(folder: PathBuf, notes: bool) -> Self {
        Self {
            engine: Kind::chosen().start(notes),
            server: Server::start(folder),
            expected_console: Vec::new(),
            expected_origins: Vec::new(),
            requests: Vec::new(),
            scripts: Vec::new(),
        }
    }

    /// The server behind the page, to let answers go wrong.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    // ── Going somewhere

    /// Opens the page with a query (`""`, `"?view=hardware"`) and waits until it is ready.
    pub(crate) fn open(&mut self, query: &str) {
        self.open_into(query, "ready");
    }

    /// Opens the page with a query and waits until its root says this state:
    /// `ready`, `no-data`, `failed` or `crashed`.
    pub(crate) fn open_into(&mut self, query: &str, state: &str) {
        self.visit(&self.server.url(query));
        self.wait_for_state(state);
    }

    /// Waits until the page's root says this state, and the table has all rows that it will have.
    pub(crate) fn wait_for_state(&self, state: &str) {
        self.wait_for(&format!("document.documentElement.dataset.state === '{state}'"));
        self.wait_for_rows();
    }

    /// Waits until the rows below the screen have followed a choice.
    pub(crate) fn wait_for_rows(&self) {
        self.wait_for("document.documentElement.dataset.rows !== 'behind'");
    }

    /// Opens an address and waits for the browser's load event only.
    pub(crate) fn visit(&mut self, url: &str) {
        // Firefox' driver takes a load that has not begun after a fifth of a second for none, and answers while the page
        // before is still there. A fragment alone loads nothing.
        let is_sure = Kind::chosen() == Kind::Chromium || url.contains('#');
        if !is_sure {
            self.leave_frames();
            self.run("window.before = true;", json!([]));
        }
        self.command("/url", json!({ "url": url }));
        if !is_sure {
            self.wait_for("!window.before");
        }
    }

    /// Leaves the page by an expression, and does not wait for the load event of the next one.
    ///
    /// A script that stalls holds that event back in Firefox, even one that the page asks for by `import()`.
    pub(crate) fn leave_by(&mut self, expression: &str) {
        self.run(&format!("window.before = true; {expression};"), json!([]));
        self.wait_for("!window.before");
    }

    /// The browser's back button.
    pub(crate) fn back(&mut self) {
        self.command("/back", json!({}));
    }

    /// The browser's forward button.
    pub(crate) fn forward(&mut self) {
        self.command("/forward", json!({}));
    }

    /// The path and query of the address, `?…` only, without the place where the page is served.
    pub(crate) fn address(&self) -> String {
        let address = self.text_of("location.pathname + location.search + location.hash");
        address.strip_prefix(PATH).unwrap_or(&address).to_owned()
    }

    /// From now on asks and acts inside the first frame that matches.
    pub(crate) fn enter_frame(&mut self, selector: &str) {
        let element = self.element(selector);
        self.command("/frame", json!({ "id": reference(&element) }));
    }

    /// Asks and acts in the page itself again.
    pub(crate) fn leave_frames(&mut self) {
        self.command("/frame", json!({ "id": null }));
    }

    // ── Asking and waiting

    /// Runs statements in the page; `return` gives the value, `arguments` holds `args`.
    pub(crate) fn run(&self, script: &str, args: Value) -> Value {
        self.command("/execute/sync", json!({ "script": script, "args": args }))
    }

    /// Runs statements as a script of the page itself would, without an answer: what they begin is there for the next
    /// question.
    pub(crate) fn run_as_the_page(&self, script: &str) {
        self.engine.evaluate(script);
    }

    /// Runs statements that end by calling their last argument, a function, with the value.
    pub(crate) fn run_async(&self, script: &str, args: Value) -> Value {
        self.command("/execute/async", json!({ "script": script, "args": args }))
    }

    /// The value of a JavaScript expression.
    pub(crate) fn eval(&self, expression: &str) -> Value {
        self.run(&format!("return {expression};"), json!([]))
    }

    /// The value of a JavaScript expression as text; `""` when it is not text.
    pub(crate) fn text_of(&self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_default().to_owned()
    }

    /// The rendered text of the first element that matches.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.run("return document.querySelector(arguments[0])?.innerText ?? null;", json!([selector]))
            .as_str()
            .unwrap_or_else(|| panic!("nothing matches {selector}"))
            .to_owned()
    }

    /// How many elements match.
    pub(crate) fn count(&self, selector: &str) -> u64 {
        self.run("return document.querySelectorAll(arguments[0]).length;", json!([selector]))
            .as_u64()
            .unwrap_or_default()
    }

    /// Waits until a JavaScript expression holds. One that throws does not hold yet.
    pub(crate) fn wait_for(&self, condition: &str) {
        let script =
            format!("try {{ return Boolean({condition}); }} catch (error) {{ return String(error); }}");
        let start = Instant::now();
        let mut last = Value::Null;
        while start.elapsed() < DEADLINE {
            last = self.run(&script, json!([]));
            if last == json!(true) {
                return;
            }
            std::thread::sleep(pause(start.elapsed()));
        }
        let said = self.text_of("document.querySelector('#boot-error:not([hidden])')?.innerText");
        let state = self.text_of("document.documentElement.outerHTML.slice(0, 600)");
        let title = self.text_of("document.title");
        panic!(
            "never true: {condition}\nlast answer: {last}\nat {}, {title}: {said}\nin {state}",
            self.address()
        );
    }

    // ── Acting as a reader

    /// Clicks the middle of the first element that matches, after scrolling to it.
    pub(crate) fn click(&mut self, selector: &str) {
        let element = self.element(selector);
        self.command(&format!("/element/{element}/click"), json!({}));
    }

    /// Types into the first element that matches.
    pub(crate) fn type_into(&mut self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.command(&format!("/element/{element}/value"), json!({ "text": text }));
    }

    /// Presses keys one after the other: `"Tab Tab Enter"`, `"Shift+Tab"`, `"a"`.
    pub(crate) fn keys(&mut self, keys: &str) {
        let mut actions = Vec::new();
        for chord in keys.split_whitespace() {
            let parts: Vec<String> = chord.split('+').map(key).collect();
            actions.extend(parts.iter().map(|key| json!({ "type": "keyDown", "value": key })));
            actions.extend(parts.iter().rev().map(|key| json!({ "type": "keyUp", "value": key })));
        }
        self.act(json!({ "type": "key", "id": "keyboard", "actions": actions }));
    }

    /// Moves the mouse over the first element that matches.
    pub(crate) fn hover(&mut self, selector: &str) {
        self.point(selector, "mouse", &[]);
    }

    /// Taps the first element that matches with a finger.
    pub(crate) fn tap(&mut self, selector: &str) {
        self.point(selector, "touch", &["pointerDown", "pointerUp"]);
    }

    /// Moves the mouse to a place in the view.
    pub(crate) fn point_at(&mut self, x: f64, y: f64) {
        let place = json!({ "type": "pointerMove", "x": x.round(), "y": y.round(), "origin": "viewport" });
        self.act(
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [place] }),
        );
    }

    fn point(&mut self, selector: &str, kind: &str, then: &[&str]) {
        let element = self.element(selector);
        self.run("arguments[0].scrollIntoView({ block: 'center' });", json!([reference(&element)]));
        let mut actions =
            vec![json!({ "type": "pointerMove", "x": 0, "y": 0, "origin": reference(&element) })];
        actions.extend(then.iter().map(|action| json!({ "type": action, "button": 0 })));
        self.act(
            json!({ "type": "pointer", "id": kind, "parameters": { "pointerType": kind }, "actions": actions }),
        );
    }

    fn act(&self, source: Value) {
        self.command("/actions", json!({ "actions": [source] }));
    }

    fn element(&self, selector: &str) -> String {
        let found = self.command("/element", json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().and_then(|object| object.values().next()).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("nothing matches {selector}")).to_owned()
    }

    // ── Another device, another reader, another network

    /// The size of the view in CSS pixels, at one device pixel each.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        self.device(width, height, 1.0);
    }

    /// The size of the view in CSS pixels and the device pixels of each.
    pub(crate) fn device(&mut self, width: u32, height: u32, pixel_ratio: f64) {
        self.engine.device(width, height, pixel_ratio);
    }

    /// Media features by name: `&[("prefers-color-scheme", "dark"), ("forced-colors", "active")]`.
    pub(crate) fn media(&mut self, features: &[(&str, &str)]) {
        self.engine.media("", features);
    }

    /// As printed, or back on the screen.
    pub(crate) fn print_media(&mut self, print: bool) {
        self.engine.media(if print { "print" } else { "" }, &[]);
    }

    /// Cuts or restores the network.
    pub(crate) fn offline(&mut self, offline: bool) {
        self.engine.offline(offline);
    }

    /// Blocks requests to addresses that match (`*.wasm`); `&[]` lets everything through again.
    pub(crate) fn block(&mut self, patterns: &[&str]) {
        self.engine.block(patterns);
    }

    /// Turns the page's own scripts off or on, from the next page on.
    pub(crate) fn javascript(&mut self, on: bool) {
        self.engine.javascript(on);
    }

    /// From now on, and in this test alone, runs statements in every page before its own scripts: a browser that lacks
    /// something.
    pub(crate) fn before_scripts(&mut self, source: &str) {
        self.scripts.push(self.engine.prepare(source));
    }

    /// From now on what the pages wait a quarter of a minute for is over at once, and all other time is as it was.
    pub(crate) fn hurry(&mut self) {
        self.before_scripts(
            "{ const wait = setTimeout; \
             window.setTimeout = (act, time, ...all) => wait(act, time === 15000 ? 20 : time, ...all); }",
        );
    }

    /// Runs a script in every document before its own, from the next one on, until [`Page::unprepare`].
    pub(crate) fn prepare(&self, source: &str) -> Prepared {
        self.engine.prepare(source)
    }

    /// Runs that script no longer.
    pub(crate) fn unprepare(&self, prepared: Prepared) {
        self.engine.unprepare(prepared);
    }

    // ── Other tabs

    /// The address of the first other tab, which is closed then; `None` while there is none with an address.
    pub(crate) fn close_other_tab(&mut self) -> Option<String> {
        let tabs = self.tabs();
        let own = self.answer(self.engine.session().get("/window"));
        let other = tabs.iter().find(|tab| **tab != own)?;
        let switch = |tab: &Value| self.command("/window", json!({ "handle": tab }));
        switch(other);
        let address = self.answer(self.engine.session().get("/url"));
        let address = address.as_str().filter(|address| !address.is_empty() && *address != "about:blank");
        if address.is_some() {
            self.answer(self.engine.session().delete("/window"));
        }
        switch(&own);
        address.map(str::to_owned)
    }

    /// How many tabs there are.
    pub(crate) fn count_of_tabs(&self) -> usize {
        self.tabs().len()
    }

    fn tabs(&self) -> Vec<Value> {
        self.answer(self.engine.session().get("/window/handles")).as_array().cloned().unwrap_or_default()
    }

    // ── Looking

    /// Saves what the view shows as PNG.
    pub(crate) fn screenshot(&self, path: &Path) {
        save_base64(&self.engine.screenshot(false), path);
    }

    /// Saves the page from top to bottom as PNG.
    pub(crate) fn screenshot_of_all(&self, path: &Path) {
        save_base64(&self.engine.screenshot(true), path);
    }

    // ── What must not happen

    /// Lets console messages that contain `part` pass in this test.
    pub(crate) fn expect_console(&mut self, part: &str) {
        self.expected_console.push(part.to_owned());
    }

    /// Waits for the console to have one message, which contains `part` and is no fault of the test then.
    pub(crate) fn wait_for_console(&mut self, part: &str) {
        let start = Instant::now();
        let mut said = Vec::new();
        while said.is_empty() && start.elapsed() < DEADLINE {
            std::thread::sleep(pause(start.elapsed()));
            said.extend(self.engine.console());
        }
        assert!(said.len() == 1 && said[0].contains(part), "{part:?} was to be said, not {said:?}");
    }

    /// Lets requests to this origin (`http://127.0.0.1:1234`) pass in this test.
    pub(crate) fn expect_origin(&mut self, origin: &str) {
        self.expected_origins.push(origin.to_owned());
    }

    /// Every address asked for since the test began.
    pub(crate) fn requests(&mut self) -> &[String] {
        self.requests.extend(self.engine.requests());
        &self.requests
    }

    /// Panics when the console is not empty or a request went elsewhere.
    pub(crate) fn assert_quiet(&mut self) {
        let mut noise = String::new();
        for message in self.engine.console() {
            if !self.expected_console.iter().any(|part| message.contains(part)) {
                writeln!(noise, "console: {message}").unwrap();
            }
        }
        let own = self.server.origin() + "/";
        let allowed = self.expected_origins.clone();
        for url in self.requests() {
            let local = ["data:", "blob:", "about:"].iter().any(|scheme| url.starts_with(scheme));
            if !local && !url.starts_with(&own) && !allowed.iter().any(|origin| url.starts_with(origin)) {
                writeln!(noise, "request to elsewhere: {url}").unwrap();
            }
        }
        assert!(noise.is_empty(), "the page was not quiet:\n{noise}");
    }

    /// Forgets what the page has stored and the browser has cached of it, and where the tab has been.
    pub(crate) fn forget(&mut self) {
        self.engine.forget(&self.server.origin());
    }

    /// Forgets everything that the test before this one did.
    pub(crate) fn reset(&mut self) {
        self.server.heal();
        for prepared in std::mem::take(&mut self.scripts) {
            self.engine.unprepare(prepared);
        }
        self.expected_console.clear();
        self.expected_origins.clear();
        self.offline(false);
        self.block(&[]);
        self.javascript(true);
        self.media(&[]);
        self.size(1280, 800);
        self.visit("about:blank");
        self.forget();
        // What the page of that test still asked for on its way out.
        self.server.heal();
        self.engine.console();
        self.requests();
        self.requests.clear();
    }

    fn command(&self, command: &str, body: Value) -> Value {
        self.engine
            .session()
            .post(command, &body)
            .unwrap_or_else(|error| panic!("{error}\nasked for: {}", short(&body)))
    }

    fn answer(&self, answer: Result<Value, String>) -> Value {
        answer.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// How long to wait before asking again: asking costs the browser time that the page needs.
fn pause(waited: Duration) -> Duration {
    (waited / 8).clamp(Duration::from_millis(4), Duration::from_millis(80))
}

fn short(body: &Value) -> String {
    body.to_string().chars().take(300).collect()
}

fn reference(element: &str) -> Value {
    json!({ "element-6066-11e4-a52e-4f735466cecf": element })
}

fn save_base64(text: &str, path: &Path) {
    std::fs::write(path, decode_base64(text)).unwrap_or_else(|error| panic!("{error}: {}", path.display()));
}
