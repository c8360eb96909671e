//! What a file system says of a file, by which one that has not changed is known without reading it.

use std::fs::Metadata;

/// Size, times and place of a file. Who changes a file leaves another stamp, however the time of its content is set
/// afterwards: the time of the last change of any kind is not for programs to set, and a file that takes the place of
/// another one has its own number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Nanoseconds since 1970 at which the content was written, as far as anybody may say so.
    pub(super) written: Nanoseconds,
    /// The same for the last change of the file, its name or its times.
    pub(super) changed: Nanoseconds,
    /// The number of the file in its file system.
    pub(super) number: u64,
    /// The file system.
    pub(super) device: u64,
}

/// Nanoseconds since 1970; in 64 bits they last until the year 2262.
pub(super) type Nanoseconds = i64;

/// Clocks of file systems go on in steps, of two seconds at most (FAT).
const LONGEST_STEP: Nanoseconds = 2_000_000_000;

impl Stamp {
    /// The stamp of a file, where the system has all that makes one.
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let time = |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
        Some(Self {
            size: metadata.size(),
            written: time(metadata.mtime(), metadata.mtime_nsec())?,
            changed: time(metadata.ctime(), metadata.ctime_nsec())?,
            number: metadata.ino(),
            device: metadata.dev(),
        })
    }

    /// Elsewhere the time of the last change can be set, or is not to be had: every file is read.
    #[cfg(not(unix))]
    pub(super) fn of(_metadata: &Metadata) -> Option<Self> {
        None
    }

    /// True where a change after a moment of the file system's own clock leaves another stamp: the file was at rest
    /// for a step of that clock before it. Git calls other files racily clean.
    pub(super) fn rested(&self, moment: Nanoseconds) -> bool {
        self.written.max(self.changed).checked_add(LONGEST_STEP).is_some_and(|then| then < moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_rests_when_its_clock_has_gone_on() {
        let stamp = |written, changed| Stamp { size: 1, written, changed, number: 1, device: 1 };
        let now = 1_800_000_000_000_000_000;
        for (written, changed, rested) in [
            (0, 0, true),
            (now - LONGEST_STEP - 1, 0, true),
            (0, now - LONGEST_STEP, false),
            (now, now, false),
            // Times that were set to the future say nothing.
            (now + 1, 0, false),
            (i64::MAX, 0, false),
        ] {
            assert_eq!(stamp(written, changed).rested(now), rested, "{written} {changed}");
        }
    }
}
