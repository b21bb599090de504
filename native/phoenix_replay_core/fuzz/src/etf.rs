//! The External Term Format.

use phoenix_replay_core::etf::{decode, Limits, ALLOCATION_MULTIPLE};
use phoenix_replay_core::inspect;
use phoenix_replay_core::recording::hidden;

use super::{bounded, written, BESIDES};

/// What is read at all is written and read again, and printed.
pub fn law(input: &[u8]) {
    let most = input.len() * ALLOCATION_MULTIPLE + BESIDES;
    let Ok((value, used)) = bounded(most, || decode(input, Limits::default())) else {
        return;
    };
    assert!(used <= input.len());
    let again = written(&value);
    assert_eq!(
        decode(&again, Limits::default()),
        Ok((value.clone(), again.len()))
    );
    let _ = decode(input, Limits { nodes: 3 });
    assert!(!hidden::any(&hidden::shown(&value)));
    assert!(!hidden::any(&hidden::stripped(&value)));
    for printed in [
        inspect::line(&value, inspect::Limits::default()),
        inspect::pretty(&value, 80, inspect::Limits::default()).replace('\n', " "),
    ] {
        assert!(!printed.contains(char::is_control), "{printed:?}");
    }
    let _ = format!("{value:?}");
}
