//! What Trunk calls after each build: the data, and for release the static view, the style inside it and the policy.

use crate::{
    command::{AtPath, Failure, Outcome, cargo, root, run},
    html, setup,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The content security policy of the published page, but for the hash of its style. The one of a script is that of the
/// line that stands before everything in `index.html`.
/// Trunk.toml holds the same one for `trunk serve`, with a nonce for its reload script.
const POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval' 'sha256-PzNk0OzwDYqkrRpgXgBRCuoa6nFA7x57DhWE16ec1Ok='; \
    style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    object-src 'none'; require-trusted-types-for 'script'; trusted-types default";

/// The styles that the page may have: files of its own host.
const STYLES: &str = "style-src 'self';";

/// The policy of a document with these rules inside it, and no other ones.
fn with_rules(policy: &str, css: &str) -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(css));
    policy.replace(STYLES, &format!("style-src 'self' 'sha256-{hash}';"))
}

/// What the page may ask: its own host.
const ASKS: &str = "connect-src 'self';";

/// What the document with somebody else's results may ask, once its reader agrees: any host that encrypts, and this
/// machine. Nothing else in its policy is looser.
const FOREIGN_ASKS: &str = "connect-src 'self' https: http://localhost:* http://127.0.0.1:*;";

/// The policy of the document with somebody else's results.
fn foreign_policy() -> String {
    POLICY.replace(ASKS, FOREIGN_ASKS)
}

/// Completes the page in Trunk's staging folder.
pub(crate) fn run_hook() -> Outcome {
    let staging = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Failure("TRUNK_STAGING_DIR is not set: Trunk calls this".to_owned()))?;
    let release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    if release {
        for sheet in ["tokscope-whole.css", "tokscope-import.css"] {
            let sheet = staging.join(sheet);
            let css = fs::read_to_string(&sheet).at(&sheet)?;
            fs::write(&sheet, html::without_comments(&css)).at(&sheet)?;
        }
    }
    let whole = [".js", "_bg.wasm", ".css", "-embed.js", "-foreign.js", "-place.js"];
    name_program(&staging, "tokscope-whole", &whole)?;
    name_program(&staging, "tokscope-import", &[".js", "_bg.wasm", "-worker.js", ".css"])?;
    let index = staging.join("index.json");
    let first = staging.join("first.json");
    run(tokscope(release, &["index", "data", "-o"]).arg(&index).arg("--first").arg(&first))?;
    let (page, foreign) = (staging.join("index.html"), staging.join("foreign.html"));
    if release {
        join_scripts(&staging)?;
        let bare = fs::read_to_string(&page).at(&page)?;
        fs::write(&foreign, html::foreign(&bare)?).at(&foreign)?;
        fs::write(&page, html::with_other(&bare, "./foreign.html")?).at(&page)?;
        run(tokscope(release, &["snapshot"]).arg(&index).arg("--html").arg(&page))?;
    }
    // Workflows know the address that their host will give the page.
    let base_url = env::var_os("TOKSCOPE_BASE_URL").unwrap_or_default();
    run(tokscope(release, &["site", "data", "--dist"]).arg(&staging).arg("--base-url").arg(base_url))?;
    if !release {
        return Ok(());
    }
    let linked = fs::read_to_string(&page).at(&page)?;
    for (page, policy) in [(&page, POLICY), (&foreign, &foreign_policy())] {
        let text = fs::read_to_string(page).at(page)?;
        let (text, css) = html::with_style_inside(&text, &staging)?;
        fs::write(page, html::with_policy(&text, &with_rules(policy, &css))?).at(page)?;
    }
    html::remove_style_sheets(&linked, &staging)?;
    shorten_programs(&staging)
}

/// The native program, built when it is not up to date.
///
/// Its development build: it runs for a fraction of a second here, and an optimised one takes minutes to
/// compile. While someone waits for `trunk serve`, not even the renderer of the first view is compiled.
pub(crate) fn tokscope(release: bool, args: &[&str]) -> Command {
    let features = if release { "snapshot" } else { "cli" };
    let mut command = cargo(&["run", "--quiet", "--bin", "tokscope", "--features", features, "--"]);
    command.args(args);
    command
}

/// Compiles what [`tokscope`] runs for a release.
pub(crate) fn renderer() -> Command {
    cargo(&["build", "--quiet", "--bin", "tokscope", "--features", "snapshot"])
}

/// Gives a program beside the first one, with all of its parts, an address that changes with them, as Trunk does
/// for the first one.
fn name_program(staging: &Path, name: &str, parts: &[&str]) -> Outcome {
    let mut content = Vec::new();
    for part in parts {
        let path = staging.join(format!("{name}{part}"));
        content.extend(fs::read(&path).at(&path)?);
    }
    let new = format!("{name}-{:016x}", fnv1a(&content));
    for part in parts {
        let path = staging.join(format!("{name}{part}"));
        fs::rename(&path, staging.join(format!("{new}{part}"))).at(&path)?;
    }
    let page = staging.join("index.html");
    let text = fs::read_to_string(&page).at(&page)?;
    let named = text.replacen(&format!("{name}\""), &format!("{new}\""), 1);
    if named == text {
        return Err(Failure(format!("no {name} in index.html")));
    }
    fs::write(&page, named).at(&page)
}

/// Puts the script that starts the page behind that of the program which it starts: one answer of the host less to wait
/// for, and the two are always of one build. Their file and the program are named by what they hold.
fn join_scripts(staging: &Path) -> Outcome {
    let page = staging.join("index.html");
    let text = fs::read_to_string(&page).at(&page)?;
    let old = html::program(&text)?;
    let [script, program, boot] =
        [format!("{old}.js"), format!("{old}_bg.wasm"), html::BOOT.to_owned()].map(|file| staging.join(file));
    let glue = fs::read_to_string(&script).at(&script)?;
    if !glue.contains("__wbg_init as default") {
        return Err(Failure(format!(
            "no __wbg_init in {}, by which boot.js starts the program",
            script.display()
        )));
    }
    // A block of its own, for both have names of their own.
    let joined = format!("{glue}\n{{\n{}}}\n", fs::read_to_string(&boot).at(&boot)?);
    let wasm = fs::read(&program).at(&program)?;
    let new = format!("tokscope-page-{:016x}", fnv1a(&[joined.as_bytes(), &wasm].concat()));
    let named = staging.join(format!("{new}.js"));
    fs::write(&named, joined).at(&named)?;
    fs::rename(&program, staging.join(format!("{new}_bg.wasm"))).at(&program)?;
    for gone in [script, boot] {
        fs::remove_file(&gone).at(&gone)?;
    }
    fs::write(&page, html::with_program(&text, &new)?).at(&page)
}

/// A short name for the content: changed parts get a new address.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Shortens the programs, each in a process of its own.
///
/// Nothing of them lies in the first kilobyte of the memory: it is the far end of the stack.
fn shorten_programs(staging: &Path) -> Outcome {
    setup::npm_tools()?;
    let wasm_opt = root().join("node_modules/.bin/wasm-opt");
    let mut running = Vec::new();
    for entry in fs::read_dir(staging).at(staging)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let child = Command::new(&wasm_opt)
                .args(["-Os", "--low-memory-unused", "--strip-producers", "--strip-target-features", "-o"])
                .args([&path, &path])
                .spawn();
            running.push((path, child.at(&wasm_opt)?));
        }
    }
    for (path, mut child) in running {
        if !child.wait()?.success() {
            return Err(Failure(format!("wasm-opt failed: {}", path.display())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn served_and_published_policy_are_one() {
        let text = fs::read_to_string(crate::command::root().join("Trunk.toml")).unwrap();
        let list = text.split_once("csp = [").unwrap().1.split_once(']').unwrap().0;
        let served: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        let served = served.join("; ").replace(" 'nonce-{{NONCE}}'", "").replace(" ws: wss:", "");
        assert_eq!(served, POLICY);
    }

    #[test]
    fn the_first_line_of_the_page_is_the_script_that_the_policy_allows() {
        let page = fs::read_to_string(crate::command::root().join("index.html")).unwrap();
        let script = page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let hash = BASE64_STANDARD.encode(Sha256::digest(script));
        assert!(POLICY.contains(&format!(" 'sha256-{hash}';")), "{hash}");
        assert_eq!(page.matches("<script>").count(), 1);
    }

    /// What hosts send with a document of this policy. They know no hash of its rules and allow any, and the policy in
    /// the document holds as well.
    fn sent(policy: &str) -> String {
        policy.replace(STYLES, "style-src 'self' 'unsafe-inline';")
    }

    #[test]
    fn a_document_allows_its_own_rules_alone() {
        let policy = with_rules(POLICY, "");
        // SHA-256 of nothing.
        let nothing = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        assert_eq!(policy, POLICY.replace(STYLES, &format!("style-src 'self' {nothing};")));
        assert_ne!(policy, POLICY);
    }

    /// The files for hosts, with the policies that each of them sends.
    fn hosting() -> [(&'static str, String); 3] {
        ["public/_headers", "docs/hosting/nginx.conf", "docs/hosting/cloudfront-headers.json"]
            .map(|file| (file, fs::read_to_string(crate::command::root().join(file)).unwrap()))
    }

    #[test]
    fn hosts_send_the_policy_of_the_page() {
        let [headers, nginx, cloudfront] = hosting().map(|(_, text)| text);
        assert_eq!(foreign_policy().replace(FOREIGN_ASKS, ASKS), POLICY);
        let (policy, foreign) = (sent(POLICY), sent(&foreign_policy()));
        let (policy, alone) = (policy.as_str(), POLICY);
        let rules = rules(&headers);
        let policies = rules.iter().filter_map(|(path, lines)| {
            let lines = lines.iter().filter_map(|line| line.strip_prefix("Content-Security-Policy: "));
            let lines: Vec<&str> = lines.collect();
            assert!(lines.len() < 2, "{path}");
            Some((*path, *lines.first()?))
        });
        assert_eq!(
            policies.collect::<Vec<_>>(),
            [
                ("/", policy),
                ("/index.html", policy),
                ("/favicon.svg", alone),
                ("/sw.js", alone),
                ("/foreign", &foreign),
                ("/foreign.html", &foreign),
                ("/tokscope-import-*", alone),
            ]
        );
        // One line for both, whose one word depends on the path.
        let lines: Vec<&str> = nginx.lines().filter(|line| line.contains("default-src")).collect();
        let by_path = policy.replace(ASKS, "connect-src $tokscope_asks;");
        assert!(lines.len() == 1 && lines.concat().contains(&format!("\"{by_path}\" always;")), "{lines:?}");
        let (_, map) = nginx.split_once("map $uri $tokscope_asks {").unwrap();
        let map: Vec<&str> = map.split_once('}').unwrap().0.lines().map(str::trim).collect();
        let asks = |asks: &str| asks.replace("connect-src ", "").replace(';', "");
        assert_eq!(
            map,
            [
                "",
                &format!("default \"{}\";", asks(ASKS)),
                &format!("\"~/foreign\\.html$\" \"{}\";", asks(FOREIGN_ASKS)),
            ]
        );
        // One file for each, with nothing else that differs.
        let file = crate::command::root().join("docs/hosting/cloudfront-foreign-headers.json");
        let other = fs::read_to_string(file).unwrap();
        for (text, policy) in [(&cloudfront, policy), (&other, &foreign)] {
            assert!(text.matches("default-src").count() == 1 && text.contains(&format!("\"{policy}\"")));
        }
        let same = |text: &str| text.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(same(&other.replace(&foreign, policy)), same(&cloudfront));
    }

    /// The rules of a file of headers: a path, and the lines below it.
    fn rules(headers: &str) -> Vec<(&str, Vec<&str>)> {
        let mut rules: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in headers.lines().filter(|line| !line.starts_with('#')) {
            match (line.strip_prefix("  "), rules.last_mut()) {
                (Some(header), Some((_, lines))) => lines.push(header),
                _ => rules.push((line, Vec::new())),
            }
        }
        rules
    }

    /// Sandboxed frames in other pages fetch as strangers, and the element's address does not change with what it holds.
    #[test]
    fn other_pages_may_read_everything_and_the_element_is_asked_for_again() {
        let [headers, nginx, cloudfront] = hosting().map(|(_, text)| text);
        let (_, all) = headers.split_once("/*\n").unwrap();
        assert!(all.split("\n/").next().unwrap().contains("  Access-Control-Allow-Origin: *\n"), "{headers}");
        assert_eq!(headers.matches("Access-Control-Allow-Origin").count(), 1, "twice is not at all");
        assert!(nginx.contains("add_header Access-Control-Allow-Origin \"*\";"), "{nginx}");
        assert!(
            cloudfront.contains("\"AccessControlAllowOrigins\": { \"Quantity\": 1, \"Items\": [\"*\"] }")
        );
        let upload = fs::read_to_string(crate::command::root().join("docs/hosting/s3-upload.sh")).unwrap();
        for text in [&headers, &nginx, &upload] {
            assert!(!text.contains("tokscope-*") && !text.contains("tokscope|"), "{text}");
            for part in ["page", "whole", "import"] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }

    #[test]
    fn hosts_send_the_same_of_everything_else() {
        let permissions = |text: &str| {
            let from = text.find("camera=()").unwrap();
            text[from..].split(['"', '\n']).next().unwrap().to_owned()
        };
        let [headers, nginx, cloudfront] = hosting().map(|(_, text)| text);
        assert_eq!(permissions(&headers), permissions(&nginx));
        assert_eq!(permissions(&headers), permissions(&cloudfront));
        for text in [&headers, &nginx] {
            assert!(text.contains("X-Content-Type-Options") && text.contains("nosniff"), "{text}");
        }
        assert!(cloudfront.contains("ContentTypeOptions"));
        let upload = fs::read_to_string(crate::command::root().join("docs/hosting/s3-upload.sh")).unwrap();
        for text in [headers, nginx, upload, cloudfront.clone()] {
            let lasting = text.contains("public, max-age=31536000, immutable");
            assert_eq!(lasting, text != cloudfront, "S3 keeps how long a file lasts");
        }
    }
}
