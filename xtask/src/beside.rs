//! A command beside the others: what it says is kept apart, so that it stands in one piece.

use crate::command::{AtPath, Failure, Outcome, line, root};
use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// A command that is running. Dropping it does not wait for it: [`Beside::end`] does.
pub(crate) struct Beside {
    line: String,
    log: PathBuf,
    ending: JoinHandle<(io::Result<ExitStatus>, Duration)>,
}

impl Beside {
    /// Starts the command; what it says goes to `target/<name>.log`.
    pub(crate) fn start(name: &str, command: &mut Command) -> Outcome<Self> {
        let folder = root().join("target");
        fs::create_dir_all(&folder).at(&folder)?;
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).at(&log)?;
        let line = line(command);
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .map_err(|error| Failure(format!("could not start ({error}): {line}")))?;
        let ending = thread::spawn(move || (child.wait(), start.elapsed()));
        Ok(Self { line, log, ending })
    }

    /// Waits for the end: how it went, what was said, and how long it took.
    pub(crate) fn end(self) -> (Outcome, String, Duration) {
        let said = |log: &PathBuf| String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
        let Ok((status, time)) = self.ending.join() else {
            return (
                Err(Failure(format!("nobody waited for: {}", self.line))),
                said(&self.log),
                Duration::ZERO,
            );
        };
        let outcome = match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure(format!("failed ({status}): {}", self.line))),
            Err(error) => Err(Failure(format!("{error}: {}", self.line))),
        };
        (outcome, said(&self.log), time)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn failures_come_with_all_that_was_said() {
        let mut command = Command::new("sh");
        let beside =
            Beside::start("beside-test", command.args(["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        let (outcome, said, _) = beside.end();
        assert_eq!(said, "one\ntwo\n");
        assert!(outcome.unwrap_err().0.contains("exit status: 3"));
    }
}
