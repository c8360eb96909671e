//! Chromium by ChromeDriver, which passes on commands of Chromium's own protocol.

use super::{
    engine::{Engine, Network, Prepared, Work},
    session::Session,
};
use serde_json::{Value, json};
use std::process::Command;

/// Nothing of the host's settings, no request that the page did not make, and no limit on how many
/// addresses a test may go through in a second.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-ipc-flooding-protection",
];

pub(crate) struct Chromium {
    session: Session,
    /// Whether it notes every request, which costs the page time with each.
    notes: bool,
}

impl Chromium {
    /// Starts it, with notes of every request or without.
    pub(crate) fn start(notes: bool) -> Self {
        let driver = |_: &_| {
            let mut driver = Command::new("chromedriver");
            driver.arg("--port=0");
            driver
        };
        let session = Session::start(driver, |profile| {
            let mut args: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
            args.push(format!("--user-data-dir={}", profile.display()));
            json!({
                "browserName": "chrome",
                "goog:chromeOptions": { "args": args },
                "goog:loggingPrefs": { "browser": "ALL", "performance": if notes { "ALL" } else { "OFF" } },
            })
        });
        let chromium = Self { session, notes };
        if notes {
            chromium.cdp("Network.enable", json!({}));
        }
        chromium
    }

    /// Sends a command of Chromium's own protocol.
    fn cdp(&self, command: &str, params: Value) -> Value {
        self.session
            .post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What a log has collected since it was last asked for.
    fn log(&self, kind: &str) -> Vec<Value> {
        let mut entries = self
            .session
            .post("/se/log", &json!({ "type": kind }))
            .unwrap_or_else(|error| panic!("log {kind}: {error}"));
        entries.as_array_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl Engine for Chromium {
    fn session(&self) -> &Session {
        &self.session
    }

    fn device(&self, width: u32, height: u32, pixel_ratio: f64) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": pixel_ratio, "mobile": false,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics);
    }

    fn media(&self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    fn offline(&self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.cdp("Network.emulateNetworkConditions", conditions);
    }

    fn block(&self, patterns: &[&str]) {
        self.cdp("Network.setBlockedURLs", json!({ "urls": patterns }));
    }

    fn javascript(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !on }));
    }

    fn prepare(&self, source: &str) -> Prepared {
        let script = self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
        Prepared(script["identifier"].as_str().expect("the script's name").to_owned())
    }

    fn unprepare(&self, prepared: Prepared) {
        self.cdp("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": prepared.0 }));
    }

    fn evaluate(&self, source: &str) {
        let script = json!({ "script": source, "args": [] });
        self.session.post("/execute/sync", &script).unwrap_or_else(|error| panic!("{error}"));
    }

    fn screenshot(&self, of_all: bool) -> String {
        let shot = json!({ "format": "png", "captureBeyondViewport": of_all });
        self.cdp("Page.captureScreenshot", shot)["data"].as_str().expect("the picture's data").to_owned()
    }

    fn console(&self) -> Vec<String> {
        let text =
            |entry: Value| format!("{}: {}", entry["level"], entry["message"].as_str().unwrap_or_default());
        self.log("browser").into_iter().map(text).collect()
    }

    fn requests(&self) -> Vec<String> {
        let mut urls = Vec::new();
        let entries = if self.notes { self.log("performance") } else { Vec::new() };
        for entry in entries {
            let message = entry["message"].as_str().unwrap_or_default();
            let event: Value = serde_json::from_str(message).unwrap_or_default();
            let event = &event["message"];
            if event["method"] == "Network.requestWillBeSent"
                && let Some(url) = event["params"]["request"]["url"].as_str()
            {
                urls.push(url.to_owned());
            }
        }
        urls
    }

    fn forget(&self, origin: &str) {
        self.cdp("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" }));
        self.cdp("Network.clearBrowserCache", json!({}));
        self.cdp("Page.resetNavigationHistory", json!({}));
    }

    fn heap_bytes(&self) -> Option<u64> {
        self.cdp("HeapProfiler.collectGarbage", json!({}));
        self.cdp("Runtime.getHeapUsage", json!({}))["usedSize"].as_f64().map(|bytes| bytes as u64)
    }

    fn work(&self) -> Option<Work> {
        // Of the processor, so that what else the machine does counts little.
        self.cdp("Performance.enable", json!({ "timeDomain": "threadTicks" }));
        let metrics = self.cdp("Performance.getMetrics", json!({}));
        let metrics = metrics["metrics"].as_array()?;
        let of = |name: &str| {
            let seconds = metrics.iter().find(|metric| metric["name"] == name)?["value"].as_f64()?;
            Some(seconds * 1000.0)
        };
        Some(Work {
            all: of("TaskDuration")?,
            script: of("ScriptDuration")?,
            style: of("RecalcStyleDuration")?,
            layout: of("LayoutDuration")?,
        })
    }

    fn network(&self, slower: Option<Network>) {
        self.cdp("Network.enable", json!({}));
        let latency = slower.map_or(0, |network| network.latency_ms);
        let speed = slower.map_or(-1, |network| i64::from(network.bytes_per_s));
        let conditions = json!({
            "offline": false, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed,
        });
        self.cdp("Network.emulateNetworkConditions", conditions);
        if slower.is_none() && !self.notes {
            self.cdp("Network.disable", json!({}));
        }
    }

    fn slow_down(&self, times: f64) {
        self.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": times }));
    }

    fn wheel(&self, pixels: f64, per_second: f64) {
        let gesture = json!({
            "x": 640, "y": 400, "yDistance": -pixels, "speed": per_second.round(),
            "gestureSourceType": "mouse", "preventFling": true,
        });
        self.cdp("Input.synthesizeScrollGesture", gesture);
    }
}
