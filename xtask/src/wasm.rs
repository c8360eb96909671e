//! Dropping what a browser does not need from a WASM module.

use crate::command::{Failure, Outcome};

/// The module without its `name` and `producers` sections.
///
/// # Errors
/// When the bytes are not a WASM module.
pub(crate) fn without_notes(module: &[u8]) -> Outcome<Vec<u8>> {
    let broken = || Failure("not a WASM module".to_owned());
    let (header, mut rest) = module.split_at_checked(8).ok_or_else(broken)?;
    if !header.starts_with(b"\0asm") {
        return Err(broken());
    }
    let mut kept = header.to_vec();
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, body) = leb128(after_id).ok_or_else(broken)?;
        let (body, next) = body.split_at_checked(size).ok_or_else(broken)?;
        let section = rest.len() - next.len();
        if !(id == 0 && is_note(body)) {
            kept.extend(rest.iter().take(section));
        }
        rest = next;
    }
    Ok(kept)
}

fn is_note(custom: &[u8]) -> bool {
    leb128(custom)
        .and_then(|(length, rest)| rest.get(..length))
        .is_some_and(|name| name == b"name" || name == b"producers")
}

/// An unsigned number of at most 32 bits, and the bytes after it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (place, &byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(place + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_notes_are_dropped() {
        let custom = |name: &[u8]| {
            let mut section =
                vec![0, u8::try_from(name.len() + 2).unwrap(), u8::try_from(name.len()).unwrap()];
            section.extend(name);
            section.push(7);
            section
        };
        let head = b"\0asm\x01\0\0\0".to_vec();
        let types = vec![1, 1, 0];
        let features = custom(b"target_features");
        let with = [head.clone(), types.clone(), custom(b"name"), features.clone(), custom(b"producers")];
        let without = [head, types, features].concat();
        assert_eq!(without_notes(&with.concat()).unwrap(), without);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(without_notes(b"").is_err());
        assert!(without_notes(b"<!doctype html>").is_err());
        assert!(without_notes(b"\0asm\x01\0\0\0\x01\xff\xff\xff\xff\x7f").is_err());
    }
}
