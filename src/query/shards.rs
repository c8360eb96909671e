//! Which files of an index a selection needs, where the index is in several.

use super::{Selection, search::Search};
use crate::index::{Index, Shard};

/// The shards that may hold what a selection shows, by their places: those with one of its rigs, and with names in
/// which its words are. `index` has the catalog; of which results there are it need not know.
pub fn shards_of(index: &Index, shards: &[Shard], selection: &Selection) -> Vec<usize> {
    let search = Search::new(index, &selection.search);
    let has_rig = |shard: &Shard| {
        let has = |rig: &usize| shard.hardware.iter().any(|&other| other as usize == *rig);
        selection.hardware.is_empty() || selection.hardware.iter().any(has)
    };
    let wanted = |shard: &Shard| has_rig(shard) && search.may_find(&shard.families, &shard.hardware);
    shards.iter().enumerate().filter(|(_, shard)| wanted(shard)).map(|(place, _)| place).collect()
}
