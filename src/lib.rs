//! Tokscope.
