//! The page's entry for every view; the first view's own entry is `main.rs`.

fn main() {
    tokscope::app::start();
}
