//! Work that is done on every core.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Run files that a thread reads before it asks for more.
pub(super) const SOME_FILES: NonZeroUsize = match NonZeroUsize::new(32) {
    Some(files) => files,
    None => NonZeroUsize::MIN,
};

/// How many threads there is work for on this machine.
pub(super) fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// What a function gives for each item, in the order of the items, however many threads call it. A thread takes a
/// handful of items at once: few enough that all threads end at about the same time.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    handful: NonZeroUsize,
    threads: NonZeroUsize,
    of: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let first = next.fetch_add(handful.get(), Ordering::Relaxed);
            let taken = items.iter().skip(first).take(handful.get());
            if taken.len() == 0 {
                return done;
            }
            done.push((first, taken.map(&of).collect::<Vec<R>>()));
        }
    };
    let most = items.len().div_ceil(handful.get());
    let mut parts = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get().min(most)).map(|_| scope.spawn(work)).collect();
        let mut parts = work();
        for other in others {
            match other.join() {
                Ok(more) => parts.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    });
    parts.sort_unstable_by_key(|(first, _)| *first);
    parts.into_iter().flat_map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_order_of_the_items() {
        for threads in [1, 2, 7].into_iter().filter_map(NonZeroUsize::new) {
            for (count, handful) in [(0, 1), (1, 1), (1, 32), (32, 32), (33, 32), (1_000, 7)] {
                let items: Vec<usize> = (0..count).collect();
                let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
                let handful = NonZeroUsize::new(handful).unwrap_or(NonZeroUsize::MIN);
                assert_eq!(each(&items, handful, threads, |item| item * 2), doubled);
            }
        }
    }
}
