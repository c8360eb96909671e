//! A WebDriver program with one headless browser, and the commands that all of them understand.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use ureq::Agent;

/// One browser with one tab. Dropping it ends both processes and removes the profile.
pub(crate) struct Session {
    agent: Agent,
    driver: Child,
    endpoint: String,
    browser: Option<u64>,
    profile: PathBuf,
}

impl Session {
    /// Starts a driver and its browser; both keep what they write in an empty folder, which `driver` and
    /// `capabilities` are made for.
    pub(crate) fn start(
        driver: impl FnOnce(&PathBuf) -> Command,
        capabilities: impl FnOnce(&PathBuf) -> Value,
    ) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("tokscope-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&profile).expect("a folder for the browser profile");
        let mut driver = driver(&profile);
        let name = driver.get_program().to_string_lossy().into_owned();
        let mut driver =
            driver.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap_or_else(
                |error| panic!("{name} is not on the PATH ({error}): run `cargo xtask setup`"),
            );
        let port = port_of(&mut driver);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let endpoint = format!("http://127.0.0.1:{port}/session");
        let capabilities = capabilities(&profile);
        let mut session = Self { agent, driver, endpoint, browser: None, profile };
        session.begin(capabilities);
        session
    }

    fn begin(&mut self, mut capabilities: Value) {
        capabilities["timeouts"] = json!({ "script": 55_000, "pageLoad": 55_000 });
        let session = self.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let session = session.unwrap_or_else(|error| panic!("no browser session: {error}"));
        let id = |name: &str| session["capabilities"][name].as_u64();
        self.browser = id("goog:processID").or_else(|| id("moz:processID"));
        let id = session["sessionId"].as_str().expect("a session id");
        self.endpoint = format!("{}/{id}", self.endpoint);
    }

    /// The browser's process, where the driver says so.
    pub(crate) fn process(&self) -> Option<u64> {
        self.browser
    }

    /// Sends a command with something to do; the error is the driver's own words.
    pub(crate) fn post(&self, command: &str, body: &Value) -> Result<Value, String> {
        let answer = self.agent.post(format!("{}{command}", self.endpoint)).send_json(body);
        value(command, answer)
    }

    /// Sends a command that asks for something.
    pub(crate) fn get(&self, command: &str) -> Result<Value, String> {
        value(command, self.agent.get(format!("{}{command}", self.endpoint)).call())
    }

    /// Sends a command that ends something.
    pub(crate) fn delete(&self, command: &str) -> Result<Value, String> {
        value(command, self.agent.delete(format!("{}{command}", self.endpoint)).call())
    }
}

type Answer = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

fn value(command: &str, answer: Answer) -> Result<Value, String> {
    let mut answer = answer.map_err(|error| format!("{command}: {error}"))?;
    // The log of a page that fetches a million results is long.
    let body = answer.body_mut().with_config().limit(1 << 30);
    let mut answer: Value = body.read_json().map_err(|error| format!("{command}: {error}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        None => Ok(value),
        Some(error) => {
            let message = value["message"].as_str().unwrap_or_default();
            Err(format!("{command}: {error}: {}", message.lines().next().unwrap_or_default()))
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Closing the session ends the browser; one that does not answer any more is ended by its id.
        let closed = self.browser.is_none() || self.delete("").is_ok();
        if !closed && let Some(id) = self.browser {
            drop(Command::new("kill").arg(id.to_string()).status());
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
        drop(std::fs::remove_dir_all(&self.profile));
    }
}

/// The free port that the driver chose, from what it prints when it is ready:
/// `… successfully on port 40123.` or `… Listening on 127.0.0.1:40123`.
fn port_of(driver: &mut Child) -> u16 {
    let stdout = driver.stdout.take().expect("the driver's output");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines
        .find_map(|line| {
            let (_, port) = line
                .split_once("successfully on port ")
                .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
            port.trim_end_matches('.').parse().ok()
        })
        .expect("the driver says its port");
    // Keep reading: a full pipe would stop the driver.
    std::thread::spawn(move || lines.for_each(drop));
    port
}
