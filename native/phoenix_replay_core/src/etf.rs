//! The External Term Format: what a recording is made of.
//!
//! Source: <https://www.erlang.org/doc/apps/erts/erl_ext_dist.html>.

mod value;

pub use value::Value;
