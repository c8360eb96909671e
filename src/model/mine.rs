//! Ids of what only this reader has: results that were opened in the page and never left it.
//!
//! Such ids stand in addresses, which are passed on and sent to servers. They therefore say nothing of what they
//! stand for but that it is the reader's own.

/// What every id of the reader's own things begins with.
pub const MINE: &str = "mine-";

/// The id that stands for a text of the reader's own: the same text has the same id.
///
/// FNV-1a (64 bits, folded to 32), which is short and stable; it need not resist an attack, for nobody is let in
/// by it.
pub fn opaque(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{MINE}{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

/// True for an id of the reader's own.
///
/// The program of the first view never has any, and is spared what would become of them: who opens results, kept
/// some, or follows a link to some gets the whole program.
pub fn is_mine(id: &str) -> bool {
    (cfg!(feature = "whole") || !cfg!(feature = "app")) && id.starts_with(MINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_nothing_of_its_text() {
        assert_eq!(opaque("qwen3/8b"), opaque("qwen3/8b"));
        assert_ne!(opaque("qwen3/8b"), opaque("qwen3/8c"));
        assert!(is_mine(&opaque("secret")) && !opaque("secret").contains("secret"));
        assert_eq!(opaque("").len(), MINE.len() + 8);
    }
}
