//! What file names and the words of an engine say about a model and its weights.

use super::report::is_quant;

/// Longest name that is kept, in characters; files of real models stay below 100.
const LONGEST_NAME: usize = 200;

/// A model as a source names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Printed {
    /// The name without quant, folder, ending and part number.
    pub(super) name: String,
    /// The quant, where the name says it.
    pub(super) quant: Option<String>,
}

/// The last part of a path, whichever way its slashes lean: folders tell whose machine it was.
pub(super) fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A value without the folders of a path; what is no path stays as it is.
pub(super) fn without_folders(value: &str) -> &str {
    let is_path =
        value.starts_with(['/', '~', '\\']) || value.get(1..3) == Some(":\\") || value.contains("/home/");
    if is_path { base(value) } else { value }
}

/// Reads the name of a weights file: `Qwen3-30B-A3B-UD-Q4_K_XL-00001-of-00002.gguf`.
pub(super) fn of_file(path: &str) -> Printed {
    let base = base(path.trim());
    let stem = base.strip_suffix(".gguf").unwrap_or(base);
    let stem = without_part(stem);
    let name: String = stem.chars().take(LONGEST_NAME).collect();
    let Some(at) = name.rfind(['-', '.', ' ']) else { return Printed { name, quant: None } };
    let (before, last) = name.split_at(at);
    let last = last.get(1..).unwrap_or_default().to_ascii_uppercase();
    if !is_quant(&last) {
        return Printed { name, quant: None };
    }
    match before.strip_suffix("UD").and_then(|before| before.strip_suffix(['-', '.'])) {
        Some(before) => Printed { name: before.to_owned(), quant: Some(format!("UD-{last}")) },
        None => Printed { name: before.to_owned(), quant: Some(last) },
    }
}

/// A name without `-00001-of-00002`.
fn without_part(stem: &str) -> &str {
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = stem.rsplit_once("-of-").and_then(|(before, count)| {
        let (name, part) = before.rsplit_once('-')?;
        (digits(count) && digits(part)).then_some(name)
    });
    parts.unwrap_or(stem)
}

/// Takes the description that llama.cpp prints apart: `qwen3moe 30B.A3B Q4_K - Medium` is a model and
/// the type of its weights, which several quants share.
pub(super) fn of_description(text: &str) -> (String, Option<String>) {
    let text = text.trim().trim_matches('*').trim();
    let text = text.strip_prefix("(guessed)").map_or(text, str::trim_start);
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().rposition(|word| is_quant(word)).filter(|&at| at > 0);
    let Some(at) = at else { return (text.chars().take(LONGEST_NAME).collect(), None) };
    let start = if words.get(at - 1) == Some(&"all") { at - 1 } else { at };
    let part =
        |words: Option<&[&str]>| words.unwrap_or_default().join(" ").chars().take(LONGEST_NAME).collect();
    (part(words.get(..start)), Some(part(words.get(start..))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_say_model_and_quant() {
        for (file, name, quant) in [
            (
                "/home/x/Qwen3-Coder-30B-A3B-Instruct-UD-Q4_K_XL.gguf",
                "Qwen3-Coder-30B-A3B-Instruct",
                "UD-Q4_K_XL",
            ),
            ("C:\\m\\GLM-4.5-Air-UD-Q4_K_XL-00001-of-00002.gguf", "GLM-4.5-Air", "UD-Q4_K_XL"),
            ("gemma-3-27b-it.Q6_K.gguf", "gemma-3-27b-it", "Q6_K"),
            ("tiny-f16.gguf", "tiny", "F16"),
            ("gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b", "MXFP4"),
            ("model.gguf", "model", ""),
            ("phi-4.gguf", "phi-4", ""),
            ("", "", ""),
        ] {
            let printed = of_file(file);
            assert_eq!(
                (printed.name.as_str(), printed.quant.unwrap_or_default().as_str()),
                (name, quant),
                "{file}"
            );
        }
    }

    #[test]
    fn descriptions_say_model_and_type() {
        for (text, name, weights) in [
            ("qwen3moe 30B.A3B Q4_K - Medium", "qwen3moe 30B.A3B", Some("Q4_K - Medium")),
            ("gpt-oss 20B MXFP4 MoE", "gpt-oss 20B", Some("MXFP4 MoE")),
            ("(guessed) llama 7B all F32", "llama 7B", Some("all F32")),
            ("llama ?B F16", "llama ?B", Some("F16")),
            ("llama 7B", "llama 7B", None),
            ("Q8_0", "Q8_0", None),
        ] {
            assert_eq!(of_description(text), (name.to_owned(), weights.map(str::to_owned)), "{text}");
        }
    }
}
