//! Random inputs, led by which code they reach: libFuzzer over everything that reads what others wrote.

use crate::command::{AtPath, Failure, Outcome, cargo, command, output, root, run};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

/// The counters that libFuzzer needs, from the stable compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// A minute each, unless told otherwise.
const SECONDS: &str = "60";

/// How many run side by side.
const AT_ONCE: usize = 2;

/// What is fuzzed: its name, and folders or files to begin with.
struct Target {
    name: String,
    seeds: Vec<PathBuf>,
}

/// `fuzz [--seconds N] [NAME…]`: all targets, or those whose names contain one of the given.
pub(crate) fn run_all(args: &[String]) -> Outcome {
    let mut seconds = SECONDS;
    let mut names = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            seconds = args.next().map(String::as_str).unwrap_or_default();
        } else {
            names.push(arg.as_str());
        }
    }
    if !seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0) {
        return Err(Failure("--seconds wants a number of seconds for each target".to_owned()));
    }
    let program = build()?;
    let wanted = |target: &Target| names.is_empty() || names.iter().any(|name| target.name.contains(name));
    let targets: Vec<Target> = targets()?.into_iter().filter(wanted).collect();
    if targets.is_empty() {
        return Err(Failure(format!("no target is called {}", names.join(" or "))));
    }
    let mut failed = Vec::new();
    for together in targets.chunks(AT_ONCE) {
        let running: Vec<(&Target, PathBuf, Child)> =
            together.iter().map(|target| start(&program, target, seconds)).collect::<Outcome<_>>()?;
        for (target, log, mut child) in running {
            let status = child.wait()?;
            let text = fs::read_to_string(&log).unwrap_or_default();
            println!("{:<24}{}", target.name, summary(&text));
            if !status.success() {
                let finding = text.lines().find_map(|line| line.split("Test unit written to ").nth(1));
                println!("{:<24}FAILED: {}, log {}", "", finding.unwrap_or("no input"), log.display());
                failed.push(target.name.clone());
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure(format!("failed: {}", failed.join(", ")))) }
}

fn folder(name: &str) -> PathBuf {
    root().join("target/fuzz").join(name)
}

/// Compiles the fuzz target; its crate is apart from the workspace.
fn build() -> Outcome<PathBuf> {
    let host = output(&mut command("rustc", &["--print", "host-tuple"]))
        .ok_or_else(|| Failure("rustc does not say for which machine it compiles".to_owned()))?;
    let manifest = root().join("fuzz/Cargo.toml");
    let build = folder("build");
    let mut cargo = cargo(&["build", "--locked", "--release", "--target", &host]);
    // Told a target, cargo keeps the flags from build scripts, which have no counters to call.
    cargo.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&build).env("RUSTFLAGS", FLAGS);
    run(&mut cargo)?;
    Ok(build.join(host).join("release/tokscope-fuzz"))
}

/// Every target: each tool whose files are known, and what is read beside results.
fn targets() -> Outcome<Vec<Target>> {
    let fixtures = root().join("tests/fixtures");
    let of = |name: &str, seeds: Vec<PathBuf>| Target { name: name.to_owned(), seeds };
    let mut targets = vec![
        of("fixtures", vec![fixtures.join("import")]),
        of("reports", vec![fixtures.join("reports")]),
        of("run-file", vec![fixtures.join("data/runs")]),
        of("desk", vec![fixtures.join("data"), fixtures.join("import"), fixtures.join("reports")]),
        of("index", Vec::new()),
        of("link", Vec::new()),
    ];
    let samples = root().join("../shared/samples");
    if !samples.is_dir() {
        println!("only with the project's own fixtures: ../shared is not here");
        return Ok(targets);
    }
    for entry in fs::read_dir(&samples).at(&samples)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "collections" {
            targets.push(Target { name, seeds: vec![path] });
        }
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

fn start<'a>(program: &Path, target: &'a Target, seconds: &str) -> Outcome<(&'a Target, PathBuf, Child)> {
    let (corpus, findings) = (folder("corpus").join(&target.name), folder("findings"));
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder).at(folder)?;
    }
    if target.name == "index" {
        // Small, as every kind of value is in it.
        let small = corpus.join("small.json");
        let mut generate = cargo(&["run", "--quiet", "--features", "cli", "--", "generate", "40", "-o"]);
        run(generate.arg(&small))?;
    }
    let log = findings.join(format!("{}.log", target.name));
    let to = fs::File::create(&log).at(&log)?;
    let child = command(program, &[])
        .arg(&corpus)
        .args(&target.seeds)
        .arg(format!("-max_total_time={seconds}"))
        .args(["-timeout=20", "-rss_limit_mb=2048", "-max_len=200000", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/{}--", findings.display(), target.name))
        .env("TOKSCOPE_FUZZ", &target.name)
        .stdout(Stdio::null())
        .stderr(to)
        .spawn()
        .at(program)?;
    Ok((target, log, child))
}

/// Inputs that were tried, and edges of the program that they reached.
fn summary(log: &str) -> String {
    let stat = |name: &str| {
        let line = log.lines().rev().find(|line| line.contains(name));
        line.and_then(|line| line.split(name).nth(1)?.split_whitespace().next()).unwrap_or("?").to_owned()
    };
    format!("{:>10} inputs {:>8} edges", stat("stat::number_of_executed_units:"), stat(" cov:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_summed_up() {
        let log =
            "#2\tINITED cov: 12 ft: 3\n#9\tDONE   cov: 345 ft: 9\nstat::number_of_executed_units: 987\n";
        assert_eq!(summary(log), "       987 inputs      345 edges");
        assert_eq!(summary(""), "         ? inputs        ? edges");
    }
    /// The lock file of the targets is apart too, and a build that may not change it fails where it is behind.
    #[test]
    fn the_lock_file_of_the_targets_knows_every_dependency() {
        let read = |file: &str| fs::read_to_string(root().join(file)).unwrap_or_default();
        let (manifest, lock) = (read("Cargo.toml"), read("fuzz/Cargo.lock"));
        let section = |text: &str, start: &str, end: &str| {
            let rest = text.split_once(start).map(|(_, rest)| rest.to_owned()).unwrap_or_default();
            rest.split(end).next().unwrap_or_default().to_owned()
        };
        let needed = section(&manifest, "\n[dependencies]\n", "\n[");
        let of_cli = section(&manifest, "\ncli = [", "]") + &section(&manifest, "\nyaml = [", "]");
        let locked = section(&lock, "\nname = \"tokscope\"\n", "[[");
        let names = needed.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (name, rest) = line.split_once(" = ")?;
            (!rest.contains("optional = true") || of_cli.contains(&format!("\"dep:{name}\""))).then_some(name)
        });
        // With its version where the file has several of one name.
        let is_there = |name: &&str| ["\"", " "].iter().any(|end| locked.contains(&format!("\"{name}{end}")));
        let missing: Vec<&str> = names.filter(|name| !is_there(name)).collect();
        assert_eq!(missing, Vec::<&str>::new(), "cargo update --workspace --manifest-path fuzz/Cargo.toml");
        assert!(locked.contains("\"serde\"") && locked.contains("\"resvg\""), "{locked}");
    }
}
