//! From bytes to text: byte order marks, UTF-16 as PowerShell writes it, and bytes that are neither.

use std::borrow::Cow;

use super::finding::Say;

/// The text behind bytes; what is no text becomes a replacement character, and is said.
///
/// UTF-16 is known by its byte order mark alone: without one, bytes are UTF-8.
pub(super) fn text<'a>(bytes: &'a [u8], say: &mut Say<'_>) -> Cow<'a, str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf_16(rest, u16::from_le_bytes, say)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf_16(rest, u16::from_be_bytes, say)),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(rest, say),
        bytes => utf_8(bytes, say),
    }
}

fn utf_8<'a>(bytes: &'a [u8], say: &mut Say<'_>) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            say.at(
                line_after(before),
                "",
                "bytes that are not UTF-8",
                "text in UTF-8, or UTF-16 with its mark; a spreadsheet saves it as \"CSV UTF-8\"",
            );
            String::from_utf8_lossy(bytes)
        }
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16, say: &mut Say<'_>) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut wrong = !rest.is_empty();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units)
        .map(|read| {
            read.unwrap_or_else(|_| {
                wrong = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if wrong {
        say.whole("bytes that are not UTF-16", "text in UTF-16, as its first two bytes say");
    }
    text
}

/// The line on which the byte behind these stands, from 1.
pub(super) fn line_after(before: &[u8]) -> u32 {
    let breaks = before.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_encodings_are_taken_away() {
        let read = |bytes: &[u8]| {
            let mut say = Say::new("f");
            (text(bytes, &mut say).into_owned(), say.findings.len())
        };
        let utf_16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}a±𝄞".encode_utf16().flat_map(order).collect()
        };
        assert_eq!(read("\u{feff}a±𝄞".as_bytes()), ("a±𝄞".to_owned(), 0));
        assert_eq!(read(&utf_16(u16::to_le_bytes)), ("a±𝄞".to_owned(), 0));
        assert_eq!(read(&utf_16(u16::to_be_bytes)), ("a±𝄞".to_owned(), 0));
        assert_eq!(read(b"\xff\xfea"), (String::new(), 1));
        assert_eq!(read(b"a\n\xb1"), ("a\n\u{fffd}".to_owned(), 1));
        assert_eq!(read(b"\xff\xfe\x00\xd8"), ("\u{fffd}".to_owned(), 1));
    }
}
