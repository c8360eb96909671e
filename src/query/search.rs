//! Which configurations the words of a search find.

use super::backend_label;
use crate::index::Index;
use crate::model::dataset::Catalog;

/// The most words that are looked at.
const MOST_WORDS: usize = 20;

/// Words to find, each looked up once in every name instead of once in every row.
pub(super) struct Search {
    words: Vec<Found>,
}

/// For each list of names, which of them contain one word: families, quants, rigs, backends, modes, and from
/// [`VARIANTS`] on the variants of each family.
struct Found(Vec<Vec<bool>>);

const VARIANTS: usize = 5;

impl Search {
    /// Words that some name has side by side, such as `12 GB`, are one: it must be the name that has them all.
    pub(super) fn new(index: &Index, text: &str) -> Self {
        let mut words: Vec<Found> = Vec::new();
        let mut last = String::new();
        for word in text.split_whitespace().take(MOST_WORDS) {
            let before = last.len();
            last.push(' ');
            last.push_str(word);
            let mut found = Found::of(index, &last);
            if before > 0 && found.any() {
                words.pop();
            } else {
                last = word.to_owned();
                found = Found::of(index, word);
            }
            words.push(found);
        }
        Self { words }
    }

    /// True where each word is in some name of the configuration.
    pub(super) fn finds(&self, index: &Index, configuration: usize) -> bool {
        let columns = &index.configurations;
        let at = |column: &[u32]| column.get(configuration).map_or(usize::MAX, |&value| value as usize);
        let family = at(&columns.family);
        let places = [
            (0, family),
            (1, at(&columns.quant)),
            (2, at(&columns.hardware)),
            (3, at(&columns.backend)),
            (4, at(&columns.mode)),
            (family.saturating_add(VARIANTS), at(&columns.variant)),
        ];
        self.words.iter().all(|Found(lists)| {
            places
                .iter()
                .any(|&(list, place)| lists.get(list).and_then(|list| list.get(place)) == Some(&true))
        })
    }
}

impl Search {
    /// False where no configuration of these families and rigs can have each word in some name.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub(super) fn may_find(&self, families: &[u32], rigs: &[u32]) -> bool {
        let among = |list: Option<&Vec<bool>>, places: &[u32]| {
            list.is_some_and(|list| places.iter().any(|&place| list.get(place as usize) == Some(&true)))
        };
        let any = |list: Option<&Vec<bool>>| list.is_some_and(|list| list.contains(&true));
        self.words.iter().all(|Found(lists)| {
            let variants =
                families.iter().map(|&family| lists.get((family as usize).saturating_add(VARIANTS)));
            among(lists.first(), families)
                || among(lists.get(2), rigs)
                || [1, 3, 4].into_iter().any(|list| any(lists.get(list)))
                || variants.into_iter().any(any)
        })
    }
}

impl Found {
    /// Looks a word up in every name.
    fn of(index: &Index, word: &str) -> Self {
        let Catalog { families, quants, hardware, .. } = &index.catalog;
        let word = squeezed(word);
        let mut lists = vec![Vec::new(); VARIANTS + families.len()];
        let mut note = |list: usize, names: &[&str]| {
            if let Some(list) = lists.get_mut(list) {
                list.push(names.iter().any(|name| contains(&squeezed(name), &word)));
            }
        };
        for (position, family) in families.iter().enumerate() {
            note(0, &[&family.name]);
            for variant in &family.variants {
                note(VARIANTS + position, &[&variant.name]);
            }
        }
        for quant in quants {
            note(1, &[&quant.id]);
        }
        for rig in hardware {
            note(2, &[&rig.name, &rig.short, &rig.id]);
        }
        for backend in &index.backends {
            note(3, &[&backend_label(backend), backend.accelerator.slug()]);
        }
        for mode in &index.modes {
            note(4, &[mode]);
        }
        Self(lists)
    }

    fn any(&self) -> bool {
        self.0.iter().flatten().any(|&found| found)
    }
}

/// Lower case, without blanks and hyphens between a letter and a digit, and GiB as GB, which names of rigs
/// mix: `RTX 5070` and `rtx5070` are one. In ASCII only: names of models and machines have little else, and
/// the full table is large.
#[inline(never)]
fn squeezed(text: &str) -> Vec<u8> {
    let meet = |a: u8, b: u8| a.is_ascii_alphabetic() && b.is_ascii_digit();
    let mut squeezed: Vec<u8> = Vec::new();
    for byte in text.bytes().map(|byte| byte.to_ascii_lowercase()) {
        if let &[.., before, b' ' | b'-'] = squeezed.as_slice()
            && (meet(before, byte) || meet(byte, before))
        {
            squeezed.pop();
        }
        if byte == b'b' && squeezed.ends_with(b"gi") {
            squeezed.pop();
        }
        squeezed.push(byte);
    }
    squeezed
}

/// True where a name contains a word. Numbers count as wholes: `12` and `12gb` are not in `112gb`, nor
/// is `12` in `128gb`.
#[inline(never)]
fn contains(name: &[u8], word: &[u8]) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_number = word.iter().all(u8::is_ascii_digit);
    (0..name.len()).any(|at| {
        let (before, rest) = name.split_at(at);
        rest.strip_prefix(word).is_some_and(|after| {
            let cuts_before = is_digit(before.last()) && is_digit(word.first());
            let cuts_after = is_number && is_digit(after.first());
            !cuts_before && !cuts_after
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_hyphens_between_letters_and_digits_do_not_matter() {
        for (text, expected) in [
            ("RTX 5070", "rtx5070"),
            ("Gemma-4", "gemma4"),
            ("geforce-rtx-5070-12gb", "geforce-rtx5070-12gb"),
            ("11.94 GiB", "11.94gb"),
            ("a - 4 ", "a - 4 "),
            ("-a 1-", "-a1-"),
            ("É 4 É", "É 4 É"),
        ] {
            assert_eq!(String::from_utf8(squeezed(text)).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_number_is_found_as_a_whole_only() {
        for (name, word, expected) in [
            ("128gb", "12", false),
            ("112gb", "12gb", false),
            ("rig0 112 12gb", "12gb", true),
            ("12gb", "12", true),
            ("llama3.1", "3", true),
            ("b8940", "b89", true),
            ("e2b", "2b", true),
            ("12b", "2b", false),
        ] {
            assert_eq!(contains(name.as_bytes(), word.as_bytes()), expected, "{word} in {name}");
        }
    }
}
