//! What axe finds in the page.

use super::page::Page;
use serde_json::{Value, json};

impl Page {
    /// Fails with the rule and the elements for each violation that axe finds in what is there now. Sections far from the
    /// screen, which browsers lay out when they come near it, have no place of their own before: they are shown meanwhile.
    pub(crate) fn assert_accessible(&self, when: &str) {
        const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
        const AUDIT: &str = "const done = arguments[arguments.length - 1]; \
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']; \
            const rules = { 'target-size': { enabled: true } }; \
            const show = (how) => document.querySelectorAll('.section').forEach( \
                (section) => { section.style.contentVisibility = how; }); \
            show('visible'); \
            axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'] }).then( \
                ({ violations }) => done(violations.map(({ id, help, nodes }) => \
                    `${id}: ${help}\\n` + nodes.map(({ target, failureSummary }) => \
                        `  ${target.join(' ')}\\n    ${failureSummary.replaceAll('\\n', '\\n    ')}`).join('\\n'))), \
                (error) => done([String(error)])).finally(() => show(''));";
        let axe = std::fs::read_to_string(AXE).expect("axe-core is installed: run `cargo xtask setup`");
        self.engine.evaluate(&format!("if (!window.axe) {{ {axe} }}"));
        self.wait_for("window.axe");
        let found = self.run_async(AUDIT, json!([]));
        let found = found.as_array().map_or(&[][..], Vec::as_slice);
        let list: Vec<&str> = found.iter().filter_map(Value::as_str).collect();
        assert!(list.is_empty(), "axe, {when}:\n{}", list.join("\n"));
    }
}
