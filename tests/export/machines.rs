//! A chart is the same bytes on every machine: whatever surrounds the program, and as stored here, which whoever
//! runs the tests compares on theirs.
//!
//! After a wanted change `UPDATE_SNAPSHOTS=1 cargo test --features cli --test export machines` writes the files anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use sha2::{Digest, Sha256};

use super::folder::Folder;
use super::root;

const LINK: &str = "https://example.org/bench/?conc=all&bars=all";

/// What the program writes with these surroundings.
fn drawn(arguments: &[&str], surroundings: impl FnOnce(&mut Command)) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokscope"));
    command.arg("chart").arg(LINK).args(arguments);
    surroundings(&mut command);
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    output.stdout
}

fn data() -> String {
    root().join("tests/fixtures/data").to_str().unwrap().to_owned()
}

#[test]
fn nothing_that_surrounds_the_program_changes_a_byte() {
    let folder = Folder::empty();
    let data = data();
    for form in [
        &["--data", &data][..],
        &["--data", &data, "--theme", "dark", "--width", "360", "--chart", "workload-chat"],
        &["--data", &data, "--format", "png", "--scale", "1"],
    ] {
        let usual = drawn(form, |_| {});
        assert!(usual.len() > 1_000);
        let same = |what: &str, surroundings: &dyn Fn(&mut Command)| {
            assert!(drawn(form, |command| surroundings(command)) == usual, "{what}: {form:?}");
        };
        same("no environment", &|command| {
            command.env_clear();
        });
        for locale in ["tr_TR.UTF-8", "ar_EG.UTF-8", "de_DE", "C", "no such locale"] {
            same(locale, &|command| {
                command.envs(["LANG", "LC_ALL", "LC_NUMERIC", "LANGUAGE"].map(|name| (name, locale)));
            });
        }
        for zone in ["Pacific/Kiritimati", "America/St_Johns", "UTC+12"] {
            same(zone, &|command| {
                command.env("TZ", zone);
            });
        }
        same("another home", &|command| {
            command.envs(["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map(|name| (name, "/no/such/folder")));
            command.env("FONTCONFIG_FILE", "/no/such/file").env("TMPDIR", "/no/such/folder");
        });
        same("another folder", &|command| {
            command.current_dir(&folder.0);
        });
        for threads in ["1", "7"] {
            same("threads", &|command| {
                command.env("RAYON_NUM_THREADS", threads);
            });
        }
        same("another time", &|command| {
            command.env("SOURCE_DATE_EPOCH", "0");
        });
        same("no colours", &|command| {
            command.env("NO_COLOR", "1").env("TERM", "dumb");
        });
    }
}

fn stored(name: &str) -> PathBuf {
    root().join("tests/fixtures/charts").join(name)
}

/// Compares with the stored file, or stores it.
fn check(path: &Path, bytes: &[u8]) {
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(path, bytes).unwrap();
        return;
    }
    let stored = fs::read(path).unwrap_or_default();
    assert!(stored == bytes, "{} differs; see the head of this file", path.display());
}

#[test]
fn other_machines_drew_the_same() {
    let data = data();
    let svg = drawn(&["--data", &data], |_| {});
    check(&stored("speed.svg"), &svg);
    for (name, more) in [("speed", &[][..]), ("speed-dark-360", &["--theme", "dark", "--width", "360"])] {
        let form = [&["--data", &data, "--format", "png"][..], more].concat();
        let sum: String =
            Sha256::digest(drawn(&form, |_| {})).iter().map(|byte| format!("{byte:02x}")).collect();
        check(&stored(&format!("{name}.png.sha256")), format!("{sum}  {name}.png\n").as_bytes());
    }
}
