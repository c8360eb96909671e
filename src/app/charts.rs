//! Charts.
use leptos::prelude::*;
/// Charts.
#[component]
pub fn Charts() -> impl IntoView {}
