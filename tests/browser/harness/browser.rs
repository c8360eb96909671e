//! ChromeDriver, one headless Chromium, and the WebDriver commands both understand.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use ureq::Agent;

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

/// One browser with one tab. Dropping it ends both processes and removes the profile.
pub(crate) struct Browser {
    agent: Agent,
    driver: Child,
    endpoint: String,
    chromium: Option<u64>,
    profile: PathBuf,
}

impl Browser {
    /// Starts both programs with an empty profile.
    pub(crate) fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("tokscope-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&profile).expect("a folder for the browser profile");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on the PATH: run `cargo xtask setup`");
        let port = port_of(&mut driver);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let endpoint = format!("http://127.0.0.1:{port}/session");
        let mut browser = Self { agent, driver, endpoint, chromium: None, profile };
        browser.new_session();
        browser
    }

    fn new_session(&mut self) {
        let mut args: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
        args.push(format!("--user-data-dir={}", self.profile.display()));
        let session = self.post(
            "",
            &json!({ "capabilities": { "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": { "args": args },
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                "timeouts": { "script": 30_000, "pageLoad": 30_000 },
            } } }),
        );
        let session = session.unwrap_or_else(|error| panic!("no browser session: {error}"));
        self.chromium = session["capabilities"]["goog:processID"].as_u64();
        let id = session["sessionId"].as_str().expect("a session id");
        self.endpoint = format!("{}/{id}", self.endpoint);
    }

    /// Sends a WebDriver command; the error is the driver's own words.
    pub(crate) fn post(&self, command: &str, body: &Value) -> Result<Value, String> {
        let answer = self.agent.post(format!("{}{command}", self.endpoint)).send_json(body);
        let mut answer = answer.map_err(|error| format!("{command}: {error}"))?;
        let mut answer: Value =
            answer.body_mut().read_json().map_err(|error| format!("{command}: {error}"))?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            None => Ok(value),
            Some(error) => {
                let message = value["message"].as_str().unwrap_or_default();
                Err(format!("{command}: {error}: {}", message.lines().next().unwrap_or_default()))
            }
        }
    }

    /// Sends a command of Chromium's own protocol.
    pub(crate) fn cdp(&self, command: &str, params: Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What a log has collected since it was last asked for.
    pub(crate) fn log(&self, kind: &str) -> Vec<Value> {
        let mut entries = self
            .post("/se/log", &json!({ "type": kind }))
            .unwrap_or_else(|error| panic!("log {kind}: {error}"));
        entries.as_array_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session ends Chromium; one that does not answer any more is ended by its id.
        let closed = self.chromium.is_none() || self.agent.delete(&self.endpoint).call().is_ok();
        if !closed && let Some(id) = self.chromium {
            drop(Command::new("kill").arg(id.to_string()).status());
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
        drop(std::fs::remove_dir_all(&self.profile));
    }
}

/// The free port that the driver chose, from what it prints when it is ready.
fn port_of(driver: &mut Child) -> u16 {
    let stdout = driver.stdout.take().expect("the driver's output");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines
        .find_map(|line| line.strip_suffix('.')?.split_once("successfully on port ")?.1.parse().ok())
        .expect("the driver says its port");
    // Keep reading: a full pipe would stop the driver.
    std::thread::spawn(move || lines.for_each(drop));
    port
}
