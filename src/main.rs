//! The page's entry: report panics to the document, then start.

fn main() {
    tokscope::app::start();
}
