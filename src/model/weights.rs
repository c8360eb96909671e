//! What llama.cpp prints as the type of weights, beside the names that their files have.

/// True where an engine may print these words for weights of this quant: `Q4_K - Medium` for Q4_K_M, `all F32` for F32,
/// `IQ2_M - 2.7 bpw` for IQ2_M.
pub fn may_be_printed(quant: &str, words: &str) -> bool {
    let quant = quant.to_ascii_uppercase();
    let words = words.trim().to_ascii_uppercase();
    let words = words.strip_prefix("ALL ").unwrap_or(&words);
    let (kind, rest) = words.split_once(" - ").unwrap_or((words, ""));
    let size = match rest {
        "SMALL" => "_S",
        "MEDIUM" => "_M",
        "LARGE" => "_L",
        _ => "",
    };
    let name = format!("{}{size}", kind.replace(' ', "_"));
    // The middle size goes without its letter, `IQ3_S mix` is IQ3_M, and `MXFP4 MoE` has a word of its own.
    let others =
        [name.strip_suffix("_M"), name.strip_suffix("_MOE"), (name == "IQ3_S_MIX").then_some("IQ3_M")];
    // Recipes that the engine has no type for print the one that they are nearest to.
    let is_recipe =
        quant.starts_with("UD-") || quant.ends_with("_XL") || (quant.ends_with("_L") && quant != "Q3_K_L");
    let bits = |name: &str| name.bytes().find(u8::is_ascii_digit);
    quant == name || others.contains(&Some(&*quant)) || (is_recipe && bits(&quant) == bits(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_type_has_two_names() {
        for (quant, words) in [
            ("Q4_K_M", "Q4_K - Medium"),
            ("q4_k_m", "Q4_K - Medium"),
            ("Q5_K_S", "Q5_K - Small"),
            ("Q3_K_L", "Q3_K - Large"),
            ("Q2_K", "Q2_K - Medium"),
            ("Q4_K", "Q4_K - Medium"),
            ("Q6_K", "Q6_K"),
            ("Q8_0", "Q8_0"),
            ("F32", "all F32"),
            ("IQ2_XXS", "IQ2_XXS - 2.0625 bpw"),
            ("IQ3_M", "IQ3_S mix - 3.66 bpw"),
            ("TQ1_0", "TQ1_0 - 1.69 bpw ternary"),
            ("MXFP4", "MXFP4 MoE"),
            ("MXFP4_MOE", "MXFP4 MoE"),
            ("UD-Q4_K_XL", "Q4_K - Medium"),
            ("UD-Q8_K_XL", "Q8_0"),
            ("Q6_K_L", "Q6_K"),
        ] {
            assert!(may_be_printed(quant, words), "{quant} {words}");
        }
        for (quant, words) in [
            ("Q4_K_M", "F16"),
            ("Q4_K_M", "Q4_K - Small"),
            ("Q4_K_S", "Q4_K - Medium"),
            ("Q3_K_L", "Q3_K - Medium"),
            ("Q4_0", "Q4_1"),
            ("BF16", "F16"),
            ("F16", "all F32"),
            ("UD-Q4_K_XL", "Q8_0"),
            ("Q8_0", "MXFP4 MoE"),
            ("", "F16"),
        ] {
            assert!(!may_be_printed(quant, words), "{quant} {words}");
        }
    }
}
