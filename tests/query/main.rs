//! What holds for every selection, tried on small data sets and selections made up by a fixed generator.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what failed by failing"
)]

mod answers;
mod evidence;
mod first;
mod links;
mod made_up;
mod search;

use made_up::{Random, index, selection};
use tokscope::index::Index;
use tokscope::query::{Choices, Selection};

const INDEXES: u64 = 25;
const SELECTIONS: usize = 16;

/// Calls back with many indexes and, for each, many selections.
fn for_many(mut check: impl FnMut(&Index, &Choices, &Selection)) {
    for seed in 1..=INDEXES {
        let mut random = Random::new(seed);
        let index = index(&mut random);
        let choices = Choices::of(&index);
        for _ in 0..SELECTIONS {
            check(&index, &choices, &selection(&mut random, &index, &choices));
        }
    }
}
