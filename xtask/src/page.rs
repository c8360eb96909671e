//! Serving and building the page with Trunk.

use crate::{
    beside::Beside,
    budget,
    command::{AtPath, Outcome, cargo, command, root, run},
    finish,
    setup::{self, Tools},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Sets up and serves the page, rebuilding it on every change.
pub(crate) fn serve(args: &[String]) -> Outcome {
    let tools = setup::for_the_page()?;
    // A folder of its own, so that dist/ stays what `cargo xtask build` made of it.
    run(trunk(&tools, &["serve", "--offline", "--dist", "target/serve"]).args(args))
}

/// Sets up, builds the page for release into dist/ and holds it to its size budget.
pub(crate) fn build() -> Outcome {
    // Each of these ends with crates that leave a core idle for minutes. What fails beside the others fails again where
    // it is needed, and is shown there.
    let renderer = Beside::start("renderer", &mut finish::renderer())?;
    let first = if setup::lacks_trunk()? { Some(first_program()?) } else { None };
    let tools = setup::for_the_page()?;
    drop(first.map(Beside::end));
    let built = build_with(&tools);
    drop(renderer.end());
    built
}

/// Compiles the program of the first view as Trunk will.
fn first_program() -> Outcome<Beside> {
    setup::wasm_target()?;
    println!("compiling the page beside its tools: target/first-program.log");
    let mut compile = cargo(&["build", "--release", "--locked", "--target", "wasm32-unknown-unknown"]);
    compile.args(["--no-default-features", "--features", "app", "--bin", "tokscope-page"]);
    Beside::start("first-program", &mut in_release(compile))
}

/// The page as it is released, but compiled in a fraction of the time: larger and slower, so it is not weighed.
pub(crate) fn build_quickly() -> Outcome {
    const SETTINGS: [(&str, &str); 4] =
        [("OPT_LEVEL", "1"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("INCREMENTAL", "true")];
    let mut trunk = release(&setup::for_the_page()?);
    for (name, value) in SETTINGS {
        trunk.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    run(&mut trunk)?;
    complete(&root().join("dist"))
}

/// Builds the page for release with tools that are already there.
pub(crate) fn build_with(tools: &Tools) -> Outcome {
    run(&mut release(tools))?;
    let dist = root().join("dist");
    complete(&dist)?;
    budget::check(&dist)
}

fn release(tools: &Tools) -> Command {
    in_release(trunk(tools, &["build", "--release", "--offline"]))
}

/// The command with what goes for the page that is released.
fn in_release(mut command: Command) -> Command {
    // Panic messages carry source paths: without this, those of the builder's home.
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped_paths());
    command
}

/// What follows Trunk: shorter scripts, and what keeps the page for later.
fn complete(dist: &Path) -> Outcome {
    minify_scripts(dist)?;
    // Last, for it knows every file by its content.
    run(finish::tokscope(true, &["offline"]).arg(dist))
}

/// Shortens the scripts; Trunk's own minifier does not know their syntax.
fn minify_scripts(dist: &Path) -> Outcome {
    setup::npm_tools()?;
    let terser = root().join("node_modules/.bin/terser");
    for entry in fs::read_dir(dist).at(dist)? {
        let script = entry?.path();
        // The build still puts something into the service worker.
        let is_open = script.file_name().is_some_and(|name| name == "sw.js");
        if !is_open && script.extension().is_some_and(|extension| extension == "js") {
            run(Command::new(&terser)
                .arg(&script)
                .args(["--module", "--compress", "--mangle", "-o"])
                .arg(&script))?;
        }
    }
    Ok(())
}

fn trunk(tools: &Tools, args: &[&str]) -> Command {
    let mut trunk = command("trunk", args);
    // Some terminals set this to 1, which Trunk does not read as a boolean.
    trunk.env("PATH", tools.path()).env_remove("NO_COLOR");
    trunk
}

/// Flags that give the folders of this repository and of cargo's crates fixed names.
fn remapped_paths() -> String {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    [(Some(root()), "tokscope"), (cargo_home, "cargo")]
        .into_iter()
        .filter_map(|(path, name)| Some((path?.into_os_string().into_string().ok()?, name)))
        // The variable separates flags by spaces, so a path with one cannot be in it.
        .filter(|(path, _)| !path.contains(char::is_whitespace))
        .map(|(path, name)| format!("--remap-path-prefix={path}={name}"))
        .collect::<Vec<_>>()
        .join(" ")
}
