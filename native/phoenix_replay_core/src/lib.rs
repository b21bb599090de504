//! The ideas of PhoenixReplay without a BEAM.
//!
//! A LiveView's template is a pure function of its assigns, so a session is the sequence of its
//! assigns. This crate looks at such terms through [`Tree`](tree::Tree), writes what changed as
//! External Term Format, keeps a session's log, and reads and writes recordings. It knows neither
//! rustler nor the BEAM: the NIF crate beside it decodes arguments, calls one function here, and
//! encodes the result.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub mod compare;
pub mod disk;
pub mod etf;
pub mod index;
pub mod inspect;
mod log;
pub mod patch;
pub mod recording;
pub mod registry;
pub mod retention;
pub mod sanitize;
pub mod search;
pub mod session;
pub mod timeline;
pub mod tree;
pub mod view;
