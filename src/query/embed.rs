//! What a link shows inside other pages: `embed=` beside the selection.

/// The most lines of an embedded table: rows and headings of groups. The others are counted, with the link to them.
pub const MOST_EMBEDDED_LINES: usize = 12;

/// What is shown of a selection where its link is embedded.
///
/// Not a part of the selection: a view that is embedded is the same view, and its link to the full one is the
/// link of the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embed {
    /// One chart: of the shape that was chosen, else of the speed range of every model.
    Chart,
    /// Every chart.
    Charts,
    /// The table.
    Table,
}

impl Embed {
    /// Everything that can be embedded.
    pub const ALL: [Self; 3] = [Self::Chart, Self::Charts, Self::Table];

    /// The word in the query string.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Chart => "1",
            Self::Charts => "charts",
            Self::Table => "table",
        }
    }

    /// What a word stands for; `chart` is the long form of `1`.
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "chart" => Some(Self::Chart),
            _ => Self::ALL.into_iter().find(|embed| embed.slug() == slug),
        }
    }

    /// What a query asks to embed; `None` for a page of its own. Words that mean nothing are a chart, and
    /// [`super::from_query`] says that they were ignored.
    pub fn of_query(query: &str) -> Option<Self> {
        let words = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
        let mut embed = None;
        for (_, word) in words.filter(|(name, _)| name == "embed") {
            embed = Self::from_slug(&word).or(embed).or(Some(Self::Chart));
        }
        embed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_is_embedded() {
        assert_eq!(Embed::of_query("?q=gemma"), None);
        assert_eq!(Embed::of_query("?q=embed"), None);
        for (query, embed) in [
            ("?embed=1", Embed::Chart),
            ("embed=chart&q=gemma", Embed::Chart),
            ("?q=gemma&embed=charts", Embed::Charts),
            ("?embed=table", Embed::Table),
            ("?embed=", Embed::Chart),
            ("?embed=Table", Embed::Chart),
            ("?embed=table&embed=nonesuch", Embed::Table),
            ("?embed=table&embed=1", Embed::Chart),
        ] {
            assert_eq!(Embed::of_query(query), Some(embed), "{query}");
        }
        for embed in Embed::ALL {
            assert_eq!(Embed::from_slug(embed.slug()), Some(embed));
        }
    }
}
