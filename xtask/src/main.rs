//! Sets up, serves, builds and tests Tokscope.
fn main() {}
