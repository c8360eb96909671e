//! Installs what is missing, and nothing else.
//!
//! Cargo tools go to a folder per name and version in the user's cache, so that a second clone
//! finds them; a right version that is already on the PATH is used as it is.

use crate::command::{AtPath, Failure, Outcome, cargo, command, output, root, run, which};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// The newest Trunk that the pinned compiler builds.
const TRUNK: &str = "0.21.14";

/// What drives Firefox.
const GECKODRIVER: &str = "0.37.0";

/// What the documentation is built with.
const MDBOOK: &str = "0.5.4";

/// The folders of installed tools, to be put before the PATH.
#[derive(Default)]
pub(crate) struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// The PATH for every command that needs the tools.
    pub(crate) fn path(&self) -> OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let all = self.folders.iter().cloned().chain(env::split_paths(&path));
        env::join_paths(all).unwrap_or(path)
    }

    /// What to tell someone who wants to call Trunk without this crate.
    pub(crate) fn hint(&self) -> String {
        if self.folders.is_empty() {
            return "everything is there; `trunk serve` works as it is".to_owned();
        }
        let folders: Vec<_> = self.folders.iter().map(|f| f.display().to_string()).collect();
        format!(
            "everything is there; for plain `trunk serve`:\n  export PATH=\"{}:$PATH\"",
            folders.join(":")
        )
    }
}

/// The tools for building the page, npm's tools and the browser.
pub(crate) fn everything() -> Outcome<Tools> {
    let tools = for_the_page()?;
    npm_tools()?;
    chromium()?;
    Ok(tools)
}

/// True where Trunk is neither on the PATH nor among the installed tools.
pub(crate) fn lacks_trunk() -> Outcome<bool> {
    Ok(which("trunk").is_none() && !cache_folder()?.join(format!("trunk-{TRUNK}")).exists())
}

/// The tools for building the page: the WASM target, Trunk, wasm-bindgen.
pub(crate) fn for_the_page() -> Outcome<Tools> {
    wasm_target()?;
    // Trunk is told to stay offline, and tells cargo the same: all crates have to be there before.
    run(&mut cargo(&["fetch", "--quiet", "--locked"]))?;
    let bindgen = locked_version("wasm-bindgen")?;
    let mut tools = Tools::default();
    // Trunk without its defaults has no downloader: it cannot reach the network at all.
    cargo_tool(
        &mut tools,
        "trunk",
        &format!("trunk@{TRUNK}"),
        TRUNK,
        &["--locked", "--no-default-features"],
    )?;
    // Its published lock file names a version that the registry does not have, so not `--locked`.
    cargo_tool(
        &mut tools,
        "wasm-bindgen",
        &format!("wasm-bindgen-cli@{bindgen}"),
        &bindgen,
        &["--no-default-features"],
    )?;
    remove_build_folder()?;
    Ok(tools)
}

/// The tools for the examples of the recipes: mdBook, MkDocs, Hugo, npm's.
pub(crate) fn for_the_recipes() -> Outcome<Tools> {
    let mut tools = mdbook()?;
    python_tools(&mut tools)?;
    npm_tools()?;
    Ok(tools)
}

/// mdBook, for the documentation.
pub(crate) fn mdbook() -> Outcome<Tools> {
    let mut tools = Tools::default();
    // Without its defaults it has no server, which nothing here needs and which is half of its crates.
    let spec = format!("mdbook@{MDBOOK}");
    cargo_tool(&mut tools, "mdbook", &spec, MDBOOK, &["--locked", "--no-default-features"])?;
    remove_build_folder()?;
    Ok(tools)
}

pub(crate) fn wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = output(&mut command("rustc", &["--print", "sysroot"]))
        .ok_or_else(|| Failure("rustc does not answer".to_owned()))?;
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    println!("adding the {TARGET} target");
    run(&mut command("rustup", &["target", "add", TARGET]))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Outcome<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).at(&path)?;
    let name = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name)
        .find_map(|line| line.strip_prefix("version = "))
        .map(|version| version.trim_matches('"').to_owned())
        .ok_or_else(|| Failure(format!("no package {package}: {}", path.display())))
}

/// Makes sure of one cargo tool; `spec` is what `cargo install` is asked for.
fn cargo_tool(tools: &mut Tools, program: &str, spec: &str, version: &str, options: &[&str]) -> Outcome {
    let says_version = |program: &Path| {
        output(&mut command(program, &["--version"])).is_some_and(|text| {
            text.split_whitespace().nth(1).map(|v| v.trim_start_matches('v')) == Some(version)
        })
    };
    if which(program).is_some_and(|found| says_version(&found)) {
        return Ok(());
    }
    let home = cache_folder()?.join(spec.replace('@', "-"));
    if !says_version(&home.join("bin").join(program)) {
        println!("installing {spec} into {}", home.display());
        install(&home, spec, options)?;
    }
    tools.folders.push(home.join("bin"));
    Ok(())
}

/// Builds a tool beside its place and moves it there, so that what is in its place is whole.
fn install(home: &Path, spec: &str, options: &[&str]) -> Outcome {
    let partial = home.with_added_extension(format!("partial-{}", std::process::id()));
    let mut install = cargo(&["install", spec, "--quiet", "--no-track", "--root"]);
    install.arg(&partial).arg("--target-dir").arg(build_folder()).args(options);
    // Build time matters here, speed does not: a plain build of Trunk is as fast in use.
    for (name, value) in
        [("OPT_LEVEL", "0"), ("LTO", "false"), ("CODEGEN_UNITS", "256"), ("DEBUG", "0"), ("STRIP", "true")]
    {
        install.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    run(&mut install)?;
    if home.exists() {
        fs::remove_dir_all(home).at(home)?;
    }
    fs::rename(&partial, home).at(home)
}

/// One build folder for all tools, which share many crates. Removed in the end.
fn build_folder() -> PathBuf {
    env::temp_dir().join(format!("tokscope-tools-{}", std::process::id()))
}

fn remove_build_folder() -> Outcome {
    let build = build_folder();
    if build.exists() {
        fs::remove_dir_all(&build).at(&build)?;
    }
    Ok(())
}

fn cache_folder() -> Outcome<PathBuf> {
    if let Some(folder) = env::var_os("TOKSCOPE_TOOLS") {
        return Ok(root().join(folder));
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    cache
        .or_else(|| home.map(|home| Path::new(&home).join(".cache")))
        .map(|cache| cache.join("tokscope/tools"))
        .ok_or_else(|| Failure("no home folder to keep tools in: set TOKSCOPE_TOOLS".to_owned()))
}

/// MkDocs, Hugo and DuckDB, as pinned in xtask/requirements.txt, in a folder of Python's own.
fn python_tools(tools: &mut Tools) -> Outcome {
    let list = root().join("xtask/requirements.txt");
    let wanted = fs::read(&list).at(&list)?;
    let home = cache_folder()?.join("python-for-docs");
    let installed = home.join("installed-requirements.txt");
    if !fs::read(&installed).is_ok_and(|content| content == wanted) {
        println!("installing MkDocs, Hugo and DuckDB with pip into {}", home.display());
        if home.exists() {
            fs::remove_dir_all(&home).at(&home)?;
        }
        let make = || output(command("python3", &["-m", "venv"]).arg(&home)).is_some();
        if !make() {
            apt(&["python3", "python3-venv"])?;
            if !make() {
                return Err(by_hand(&["python3", "python3-venv"]));
            }
        }
        const OPTIONS: [&str; 4] = ["install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(command(home.join("bin/pip"), &OPTIONS).arg(&list))?;
        fs::write(&installed, wanted).at(&installed)?;
    }
    tools.folders.push(home.join("bin"));
    Ok(())
}

/// What checks, shortens and renders, as locked in package-lock.json.
pub(crate) fn npm_tools() -> Outcome {
    let lock = root().join("package-lock.json");
    // A copy of the lock file that was installed from: times say nothing after a checkout.
    let installed = root().join("node_modules/.installed-package-lock.json");
    let wanted = fs::read(&lock).at(&lock)?;
    if fs::read(&installed).is_ok_and(|content| content == wanted) {
        return Ok(());
    }
    if which("npm").is_none() {
        return Err(Failure("npm is missing; on Debian: sudo apt-get install -y nodejs npm".to_owned()));
    }
    println!("installing the packages of package.json with npm");
    run(&mut command("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    fs::write(&installed, wanted).at(&installed)
}

/// Chromium and ChromeDriver, from the distribution.
pub(crate) fn chromium() -> Outcome {
    const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
    package(&PACKAGES, || which("chromium").is_some() && which("chromedriver").is_some())
}

/// Firefox from the distribution, and its driver, which Debian has not, from its source.
pub(crate) fn firefox() -> Outcome<Tools> {
    let mut tools = Tools::default();
    package(&["firefox-esr"], || which("firefox").is_some())?;
    let spec = format!("geckodriver@{GECKODRIVER}");
    cargo_tool(&mut tools, "geckodriver", &spec, GECKODRIVER, &["--locked"])?;
    remove_build_folder()?;
    Ok(tools)
}

/// Installs packages of Debian unless what they bring is there.
fn package(packages: &[&str], there: impl Fn() -> bool) -> Outcome {
    if there() {
        return Ok(());
    }
    apt(packages)?;
    if there() { Ok(()) } else { Err(by_hand(packages)) }
}

/// Installs packages of Debian, as root or with a sudo that asks nothing.
fn apt(packages: &[&str]) -> Outcome {
    if which("apt-get").is_none() {
        return Err(by_hand(packages));
    }
    let prefix: &[&str] = if output(&mut command("id", &["-u"])).as_deref() == Some("0") {
        &[]
    } else if output(&mut command("sudo", &["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        return Err(by_hand(packages));
    };
    println!("installing {} with apt", packages.join(", "));
    let apt = |args: &[&str]| {
        let all: Vec<&str> = prefix.iter().chain(&["apt-get"]).chain(args).copied().collect();
        let (program, args) = all.split_first().unwrap_or((&"apt-get", &[]));
        run(command(program, args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y"], packages].concat())
}

/// What to say where nothing can be installed.
fn by_hand(packages: &[&str]) -> Failure {
    let packages = packages.join(" ");
    Failure(format!("not there: {packages}; on Debian: sudo apt-get install -y {packages}"))
}
