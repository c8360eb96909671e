//! Firefox by geckodriver, and what it does beyond WebDriver by a script in the browser's own window.

use super::{
    engine::{Engine, Prepared},
    session::Session,
};
use serde_json::{Value, json};
use std::process::Command;

/// Nothing of the host's settings, and no request that the page did not make: what the browser would fetch for
/// itself is turned off, and a proxy that is not there takes what would leave the machine all the same.
/// WebDriver's own settings, which turn off updates, telemetry and safe browsing, stand below these.
fn settings() -> Value {
    json!({
        "app.normandy.enabled": false,
        "app.shield.optoutstudies.enabled": false,
        "app.update.auto": false,
        "browser.region.update.enabled": false,
        "browser.search.suggest.enabled": false,
        "browser.safebrowsing.provider.google4.updateURL": "",
        "browser.safebrowsing.provider.google5.updateURL": "",
        "browser.safebrowsing.provider.mozilla.updateURL": "",
        "datareporting.policy.dataSubmissionEnabled": false,
        "extensions.systemAddon.update.enabled": false,
        "media.gmp-manager.updateEnabled": false,
        "media.gmp-manager.url": "",
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "network.dns.disablePrefetch": true,
        "network.http.speculative-parallel-limit": 0,
        "network.trr.mode": 5,
        "services.settings.server": "data:,nothing",
        "signon.management.page.breach-alerts.enabled": false,
        "toolkit.telemetry.server": "",
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": 9,
        "network.proxy.no_proxies_on": "127.0.0.1",
        // Needed for the script in the browser's window.
        "security.allow_parent_unrestricted_js_loads": true,
        // One process for pages is enough for one tab.
        "dom.ipc.processCount": 1,
        "dom.ipc.processPrelaunch.enabled": false,
        // A mouse, light colours, and no scroll bars that take room, as Chromium has here.
        "ui.primaryPointerCapabilities": 6,
        "ui.allPointerCapabilities": 6,
        "ui.systemUsesDarkTheme": 0,
        "ui.useOverlayScrollbars": 1,
        // A finger may stay for as long as a busy machine takes to lift it, and it was a tap.
        "apz.max_tap_time": 30_000,
        "ui.click_hold_context_menus.delay": 30_000,
    })
}

pub(crate) struct Firefox(Session);

impl Firefox {
    pub(crate) fn start() -> Self {
        let driver = |profile: &std::path::PathBuf| {
            let mut driver = Command::new("geckodriver");
            driver.args(["--port=0", "--websocket-port=0", "--allow-system-access", "--profile-root"]);
            driver.arg(profile);
            // Without this the address of its settings' server is fixed.
            driver.env("MOZ_REMOTE_SETTINGS_DEVTOOLS", "1");
            driver
        };
        let session = Session::start(driver, |_| {
            json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "args": ["-headless", "-remote-allow-system-access"],
                    "prefs": settings(),
                },
            })
        });
        let firefox = Self(session);
        let script = include_str!("firefox.js");
        firefox.in_window("/execute/sync", &json!({ "script": script, "args": [] }));
        firefox
    }

    /// Calls a function of `firefox.js`.
    fn call(&self, function: &str, args: Value) -> Value {
        const SCRIPT: &str = "const [name, all, done] = arguments; \
            (async () => tokscope[name](...all))() \
                .then((value) => done({ value }), (error) => done({ error: String(error) }));";
        let mut answer =
            self.in_window("/execute/async", &json!({ "script": SCRIPT, "args": [function, args] }));
        assert!(answer["error"].is_null(), "{function}: {}", answer["error"]);
        answer["value"].take()
    }

    /// Sends a command to the browser's own window, and goes back to the page.
    fn in_window(&self, command: &str, body: &Value) -> Value {
        let change = |context: &str| {
            let changed = self.0.post("/moz/context", &json!({ "context": context }));
            changed.unwrap_or_else(|error| panic!("the {context} context: {error}"));
        };
        change("chrome");
        let answer = self.0.post(command, body);
        change("content");
        answer.unwrap_or_else(|error| panic!("in the browser's window: {error}"))
    }

    fn texts(&self, function: &str) -> Vec<String> {
        serde_json::from_value(self.call(function, json!([]))).expect("texts")
    }
}

impl Engine for Firefox {
    fn session(&self) -> &Session {
        &self.0
    }

    fn device(&self, width: u32, height: u32, pixel_ratio: f64) {
        self.call("device", json!([width, height, pixel_ratio]));
    }

    fn media(&self, medium: &str, features: &[(&str, &str)]) {
        self.call("media", json!([medium, features]));
    }

    fn offline(&self, offline: bool) {
        self.call("offline", json!([offline]));
    }

    fn block(&self, patterns: &[&str]) {
        self.call("block", json!([patterns]));
    }

    fn javascript(&self, on: bool) {
        self.call("javascript", json!([on]));
    }

    fn prepare(&self, source: &str) -> Prepared {
        Prepared(self.call("prepare", json!([source])).as_str().expect("the script's name").to_owned())
    }

    fn unprepare(&self, prepared: Prepared) {
        self.call("unprepare", json!([prepared.0]));
    }

    fn evaluate(&self, source: &str) {
        self.call("evaluate", json!([source]));
    }

    fn screenshot(&self, of_all: bool) -> String {
        let command = if of_all { "/moz/screenshot/full" } else { "/screenshot" };
        let shot = self.0.get(command).unwrap_or_else(|error| panic!("{error}"));
        shot.as_str().expect("the picture's data").to_owned()
    }

    fn console(&self) -> Vec<String> {
        self.texts("console")
    }

    fn requests(&self) -> Vec<String> {
        self.texts("requests")
    }

    fn forget(&self, _: &str) {
        self.call("forget", json!([]));
    }
}
