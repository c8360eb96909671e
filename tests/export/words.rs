//! Captions, citations and snippets.

use tokscope::charts::offered::{Chart, of_view};
use tokscope::export::view::{Export, citation, csv, embed, html, json, markdown};
use tokscope::query::{Choices, Embed, from_query};

use super::made_up::{self, Random};
use super::{export, of};

#[test]
fn every_export_says_what_it_is_and_where_from() {
    let index = made_up::index(&mut Random::new(2));
    export(&index, "hardware=rig-1&conc=all", |export| {
        let link = "https://example.org/bench/?hardware=rig-1&conc=all";
        let text = markdown::markdown(export);
        assert!(
            text.starts_with("**Decode, tok/s** – Hardware: Rig 1 · 16 GiB; Concurrency: all\n\n| Model |"),
            "{text}"
        );
        assert!(text.contains("* Source: made up, 2026-01, none (here)\n"), "{text}");
        assert!(text.contains(&format!("* [This view]({link})\n")), "{text}");
        assert!(
            text.contains(", latest run 2026-01-") && text.contains("Tokscope index version 1\n"),
            "{text}"
        );

        let foot = export.foot(&export.results());
        assert_eq!(foot[..2], ["Hardware: Rig 1 · 16 GiB; Concurrency: all", "Source: made up (2026-01)"]);
        assert!(
            foot[2].starts_with("Latest run 2026-01-")
                && foot[2].ends_with(&format!(" · Tokscope index version 1 · {link}")),
            "{foot:?}"
        );
        assert_eq!(export.foot(&[]), [link.to_owned()]);

        let cited = citation::plain(export);
        assert!(cited.contains(link) && cited.contains("Source: made up (2026-01, none)."), "{cited}");
        let cited = citation::bibtex(export);
        assert!(
            cited.starts_with("@misc{tokscope-2026-01-") && cited.contains("@misc{tokscope-source-here,\n"),
            "{cited}"
        );
        assert!(cited.contains(&format!("  url = {{{link}}},\n")), "{cited}");
        let key = |text: &str| text.lines().next().unwrap().to_owned();
        let other = super::export(&index, "hardware=rig-1&conc=all&metric=prefill", citation::bibtex);
        assert!(key(&cited) != key(&other) && key(&cited) == key(&citation::bibtex(export)), "{other}");
        let cited = citation::cff(export);
        assert!(
            cited.starts_with("cff-version: 1.2.0\n") && cited.contains(&format!("\nurl: \"{link}\"\n")),
            "{cited}"
        );

        let html = "https://example.org/bench/?hardware=rig-1&amp;conc=all";
        let frame = embed::frame(export);
        let start =
            format!("<iframe src=\"{html}&amp;embed=1\" title=\"Decode, tok/s\" width=\"100%\" height=\"");
        assert!(frame.starts_with(&start), "{frame}");
        assert!(
            frame.contains(" sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\""),
            "{frame}"
        );
        // What MDX takes for code or text, and strict policies refuse.
        assert!(!frame.contains("style") && !frame.contains('{'), "{frame}");
        assert!(embed::frame_of(export, Embed::Table).contains(&format!("{html}&amp;embed=table\"")));
        let element = embed::element(export, Embed::Table);
        assert!(element.contains("src=\"https://example.org/bench/tokscope-chart.js\""), "{element}");
        let own = "<tokscope-chart src=\"https://example.org/bench/\" query=\"hardware=rig-1&amp;conc=all&amp;embed=table\" ";
        assert!(element.contains(own) && element.contains(&format!("<a href=\"{html}\">")), "{element}");
        assert!(embed::image(export, "a\"b.svg").contains("<img src=\"a&quot;b.svg\" alt=\"Decode, tok/s\""));
        assert_eq!(
            embed::markdown_image(export, "chart (1).svg"),
            format!("[![Decode, tok/s](chart%20%281%29.svg)]({link})\n")
        );
    });
}

#[cfg(feature = "cli")]
/// Whose results they are is in every form, and in the link as well.
#[test]
fn somebody_elses_index_is_named() {
    const ADDRESS: &str = "https://elsewhere.example/index.json";
    const LINK: &str = "?data=https%3A%2F%2Felsewhere.example%2Findex.json&conc=all";
    let index = made_up::index(&mut Random::new(2));
    let choices = Choices { data: Some(ADDRESS.to_owned()), ..Choices::of(&index) };
    let (selection, ignored) = from_query(LINK, &choices);
    assert!(ignored.is_empty(), "{ignored:?}");
    let base = Some("https://example.org/bench/");
    let export = Export { index: &index, choices: &choices, selection: &selection, base };
    let bytes = |bytes| String::from_utf8(bytes).unwrap();
    let forms = [
        markdown::markdown(&export),
        csv::csv(&export),
        bytes(json::json(&export)),
        html::html(&export, &[]),
        citation::plain(&export),
        citation::bibtex(&export),
        citation::cff(&export),
        export.foot(&export.results()).join("\n"),
    ];
    for text in forms {
        // Markdown keeps programs from making a link of it.
        let text = text.replace("&#58;", ":");
        assert!(text.contains(ADDRESS) && text.contains("not reviewed"), "{text}");
    }
    assert_eq!(export.link().unwrap(), format!("https://example.org/bench/{LINK}"));
    assert!(embed::frame(&export).contains("data=https%3A%2F%2Felsewhere.example%2Findex.json"));
}

#[test]
fn an_address_of_bibtex_cannot_end_its_field() {
    let mut index = made_up::index(&mut Random::new(2));
    index.catalog.sources[0].url = Some("https://example.org/a b{c}\\d?e_f=%7B&g=1#h~i".to_owned());
    let text = export(&index, "conc=all", citation::bibtex);
    assert!(text.contains("  url = {https://example.org/a%20b%7Bc%7D%5Cd?e_f=%7B&g=1#h~i},\n"), "{text}");
}

#[test]
fn a_saved_page_keeps_names_in_their_place() {
    let mut index = made_up::index(&mut Random::new(2));
    index.catalog.sources[0].name = "left \u{202e}right".to_owned();
    index.runs.statistic[0] = tokscope::model::run::Statistic::Median;
    export(&index, "conc=all", |export| {
        let charts = of_view(export.index, export.choices, export.selection);
        let charts: Vec<String> = charts.iter().map(Chart::to_page).collect();
        let page = html::html(export, &charts);
        assert!(page.contains("<bdi>left \u{202e}right</bdi>"), "{page}");
        assert!(page.contains("<th scope=\"col\">Statistic</th>") && page.contains("<bdi>median</bdi>"));
        // A drawing for screens and one for telephones, with ids that differ.
        assert_eq!(page.matches("<svg ").count(), 2 * charts.len());
        assert!(page.contains(" width=\"800\" ") && page.contains(" width=\"340\" "));
        let mut ids: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    });
}

#[test]
fn a_citation_file_is_yaml() {
    let index = made_up::index(&mut Random::new(2));
    let text = export(&index, "q=a%20%22b%22%3A%20%7Bc", citation::cff);
    for line in text.lines() {
        let (_, value) = line.split_once(": ").unwrap_or((line, ""));
        assert!(!value.starts_with('"') || serde_json::from_str::<String>(value).is_ok(), "{line}");
    }
    assert!(text.contains("Search: a \\\"b\\\": {c"), "{text}");
}

#[test]
fn what_a_view_shows_is_what_is_exported() {
    let mut random = Random::new(4);
    let index = made_up::index(&mut random);
    let choices = Choices::of(&index);
    let mut selection = tokscope::query::Selection::default();
    let shown = tokscope::query::answer(&index, &choices, &selection);
    assert_eq!(of(&index, &choices, &selection).every_result().len(), shown.results);

    let pinned: Vec<usize> = shown.rows.iter().map(|row| row.configuration).take(2).collect();
    selection.view = tokscope::query::View::Compare;
    selection.pinned = pinned.iter().map(|&at| tokscope::query::configuration_slug(&index, at)).collect();
    let results = of(&index, &choices, &selection).results();
    assert!(!results.is_empty());
    assert!(results.iter().all(|&result| pinned.contains(&index.configuration_of(index.run_of(result)))));

    let (family, variant) = index.model(pinned[0]).unwrap();
    selection.view = tokscope::query::View::Models;
    selection.model = Some(tokscope::query::model_slug(family, variant));
    let export = of(&index, &choices, &selection);
    let of_model = |result: &usize| {
        index.model(index.configuration_of(index.run_of(*result))) == Some((family, variant))
    };
    assert!(!export.results().is_empty() && export.results().iter().all(of_model));
    assert_eq!(export.title(), format!("{} {}: Decode, tok/s", family.name, variant.name));
}
