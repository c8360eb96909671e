//! The filters that offer several values at once.

use super::selection::Selection;
use super::{Choice, Choices};
use crate::index::Index;

/// A filter that offers several values at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// Rigs.
    Hardware,
    /// Engine and accelerator.
    Backend,
    /// Weight formats.
    Quant,
    /// Modes.
    Mode,
}

impl Facet {
    /// Every facet, in the order of the controls.
    pub const ALL: [Self; 4] = [Self::Hardware, Self::Backend, Self::Quant, Self::Mode];

    /// The name on the control; in lower case, the glossary id.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hardware => "Hardware",
            Self::Backend => "Backend",
            Self::Quant => "Quant",
            Self::Mode => "Mode",
        }
    }

    /// The values chosen.
    pub fn chosen(self, selection: &Selection) -> &Vec<usize> {
        match self {
            Self::Hardware => &selection.hardware,
            Self::Backend => &selection.backend,
            Self::Quant => &selection.quant,
            Self::Mode => &selection.mode,
        }
    }

    /// The values chosen, to change them.
    pub fn chosen_mut(self, selection: &mut Selection) -> &mut Vec<usize> {
        match self {
            Self::Hardware => &mut selection.hardware,
            Self::Backend => &mut selection.backend,
            Self::Quant => &mut selection.quant,
            Self::Mode => &mut selection.mode,
        }
    }

    /// The values offered.
    pub fn choices(self, choices: &Choices) -> &Vec<Choice> {
        match self {
            Self::Hardware => &choices.hardware,
            Self::Backend => &choices.backend,
            Self::Quant => &choices.quant,
            Self::Mode => &choices.mode,
        }
    }

    /// The value of a configuration.
    pub fn of(self, index: &Index, choices: &Choices, configuration: usize) -> usize {
        let columns = &index.configurations;
        let position = |column: &[u32]| column.get(configuration).map_or(usize::MAX, |&value| value as usize);
        match self {
            Self::Hardware => position(&columns.hardware),
            Self::Backend => {
                choices.choice_of_backend.get(position(&columns.backend)).copied().unwrap_or(usize::MAX)
            }
            Self::Quant => position(&columns.quant),
            Self::Mode => position(&columns.mode),
        }
    }

    /// For each value, whether any result at all has it: what none has is not offered.
    pub fn used(self, index: &Index, choices: &Choices) -> Vec<bool> {
        if let Some(totals) = &index.totals {
            return totals.facets.get(self as usize).into_iter().flatten().map(|&count| count > 0).collect();
        }
        let mut used = vec![false; self.choices(choices).len()];
        for configuration in 0..index.configuration_count() {
            if let Some(used) = used.get_mut(self.of(index, choices, configuration)) {
                *used |= !index.results_of(configuration).is_empty();
            }
        }
        used
    }
}

/// For each shape, whether any result at all has it.
pub fn shapes_used(index: &Index) -> Vec<bool> {
    if let Some(totals) = &index.totals {
        return totals.shapes.iter().map(|&count| count > 0).collect();
    }
    let mut used = vec![false; index.catalog.shapes.len()];
    for &shape in &index.results.shape {
        if let Some(used) = used.get_mut(usize::from(shape)) {
            *used = true;
        }
    }
    used
}
