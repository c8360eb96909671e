//! What can be chosen where own results stand among published ones.

use crate::index::Index;
use crate::model::mine::{is_mine, opaque};
use crate::query::{Choice, Choices, Facet, is_own};

/// The choices with other words in addresses for values that own results alone have, and other labels for rigs
/// of the reader's own.
pub fn unnamed(mut choices: Choices, index: &Index) -> Choices {
    if !index.catalog.hardware.iter().any(|rig| is_mine(&rig.id)) {
        return choices;
    }
    let own: Vec<bool> = (0..index.configuration_count()).map(|one| is_own(index, one)).collect();
    for facet in Facet::ALL {
        let mut published = vec![false; facet.choices(&choices).len()];
        for configuration in (0..own.len()).filter(|&one| own.get(one) == Some(&false)) {
            if let Some(published) = published.get_mut(facet.of(index, &choices, configuration)) {
                *published = true;
            }
        }
        let list = match facet {
            Facet::Hardware => &mut choices.hardware,
            Facet::Backend => &mut choices.backend,
            Facet::Quant => &mut choices.quant,
            Facet::Mode => &mut choices.mode,
        };
        hide(list, &published);
    }
    for choice in choices.hardware.iter_mut().filter(|choice| is_mine(&choice.slug)) {
        choice.label.push_str(" (mine)");
    }
    let mut published = vec![false; choices.shape.len()];
    for result in 0..index.result_count() {
        let shape = index.results.shape.get(result).map_or(usize::MAX, |&shape| usize::from(shape));
        let is_published = own.get(index.configuration_of(index.run_of(result))) == Some(&false);
        if let Some(published) = published.get_mut(shape).filter(|_| is_published) {
            *published = true;
        }
    }
    hide(&mut choices.shape, &published);
    choices
}

fn hide(list: &mut [Choice], published: &[bool]) {
    for (choice, _) in list.iter_mut().zip(published).filter(|(_, published)| !**published) {
        if !is_mine(&choice.slug) {
            choice.slug = opaque(&choice.slug);
        }
    }
}
