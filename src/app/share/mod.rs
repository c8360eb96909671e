//! Sharing a view: its link, its rows, its charts, snippets that embed it, and how to cite it.
//!
//! The panel stands in the document beside the page, as a popover that its button opens by itself, so that a press is
//! not lost whatever program is there; what is in it is made here while it is open. Own results that are shown are in
//! what is written, named as own, and never in a link.

#[cfg(feature = "app")]
mod hand;
#[cfg(feature = "app")]
mod panel;
#[cfg(feature = "app")]
mod picture;

#[cfg(feature = "app")]
pub use hand::{failed, not_written, written};
#[cfg(feature = "app")]
pub use panel::attach;
