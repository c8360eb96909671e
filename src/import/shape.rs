//! Workload shapes by their token counts: those of the catalog, or new ones.

use crate::model::catalog::Shape;
use crate::model::dataset::Catalog;

/// How much is read and written, and what stood in the context before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Work {
    /// Tokens that are read; 0 for none.
    pub(super) prompt: u32,
    /// Tokens that are generated; 0 for none.
    pub(super) output: u32,
    /// Tokens in the context before, whose reading is not timed.
    pub(super) depth: u32,
    /// True where a client asks a server.
    pub(super) served: bool,
}

impl Work {
    /// False where a source says no token counts; a request to a server has a prompt and an answer.
    pub(super) fn is_known(self) -> bool {
        let (reads, writes) = (self.prompt > 0, self.output > 0);
        if self.served { reads && writes } else { reads || writes }
    }

    /// The shape of the catalog with exactly these counts, or else a new one.
    pub(super) fn shape(self, catalog: Option<&Catalog>) -> Shape {
        let new = self.new_shape();
        let shapes = catalog.map(|catalog| catalog.shapes.as_slice()).unwrap_or_default();
        let known = shapes.iter().find(|shape| shape.id == new.id).or_else(|| {
            // A shape of the catalog says nothing of a context before.
            shapes.iter().filter(|_| self.depth == 0).find(|shape| self.is(shape))
        });
        known.cloned().unwrap_or(new)
    }

    fn is(self, shape: &Shape) -> bool {
        let is = |count: u32, min: Option<u32>, max: Option<u32>| match count {
            0 => min.is_none() && max.is_none(),
            count => min == Some(count) && max == Some(count),
        };
        // Served shapes have texts of their own, which equal counts do not make the same.
        !(self.served || shape.served)
            && is(self.prompt, shape.prompt_tokens_min, shape.prompt_tokens_max)
            && is(self.output, shape.output_tokens_min, shape.output_tokens_max)
    }

    fn new_shape(self) -> Shape {
        let Self { prompt, output, depth, served } = self;
        let (id, label) = match (prompt, output) {
            _ if served => (format!("served_{prompt}_{output}"), format!("{prompt} in / {output} out")),
            (prompt, 0) => (format!("pp{prompt}"), format!("pp{prompt}")),
            (0, output) => (format!("tg{output}"), format!("tg{output}")),
            _ => (format!("mixed_{prompt}_{output}"), format!("pp{prompt}+tg{output}")),
        };
        let (id, label) = match depth {
            0 => (id, label),
            depth => (format!("{id}@d{depth}"), format!("{label} @ d{depth}")),
        };
        let some = |count: u32| Some(count).filter(|&count| count > 0);
        Shape {
            id,
            label,
            served,
            about: self.about(),
            prompt_tokens_min: some(prompt),
            prompt_tokens_max: some(prompt),
            output_tokens_min: some(output),
            output_tokens_max: some(output),
        }
    }

    fn about(self) -> String {
        let Self { prompt, output, depth, served } = self;
        if served {
            return format!(
                "Requests to a server with a prompt of {prompt} tokens and an answer of {output}."
            );
        }
        let work = match (prompt, output) {
            (prompt, 0) => format!("reads a synthetic prompt of {prompt} tokens"),
            (0, 1) => "generates 1 token".to_owned(),
            (0, output) => format!("generates {output} tokens"),
            _ => format!("reads a synthetic prompt of {prompt} tokens, then generates {output}"),
        };
        let before = match depth {
            0 => String::new(),
            depth => format!(", behind a context of {depth} tokens whose reading is not timed"),
        };
        format!("The engine {work}{before}; timed from inside and without a server.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(prompt: u32, output: u32, depth: u32, served: bool) -> Work {
        Work { prompt, output, depth, served }
    }

    #[test]
    fn shapes_are_named_by_their_counts() {
        let id = |work: Work| work.shape(None).id;
        assert_eq!(id(work(512, 0, 0, false)), "pp512");
        assert_eq!(id(work(0, 128, 4096, false)), "tg128@d4096");
        assert_eq!(id(work(512, 128, 0, false)), "mixed_512_128");
        assert_eq!(id(work(14, 24, 0, true)), "served_14_24");
    }

    #[test]
    fn a_shape_of_the_catalog_with_the_same_counts_is_taken() {
        let known = Shape { id: "tg_512".to_owned(), ..work(0, 512, 0, false).new_shape() };
        let catalog = Catalog { shapes: vec![known], ..Catalog::default() };
        let id = |work: Work| work.shape(Some(&catalog)).id;
        assert_eq!(id(work(0, 512, 0, false)), "tg_512");
        assert_eq!(id(work(0, 512, 1, false)), "tg512@d1");
        assert_eq!(id(work(512, 512, 0, false)), "mixed_512_512");
        assert_eq!(id(work(0, 512, 0, true)), "served_0_512");
        assert!(!work(0, 512, 0, true).is_known() && work(0, 512, 0, false).is_known());
    }
}
