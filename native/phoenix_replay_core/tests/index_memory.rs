//! What an index holds in memory is of the recordings that are there.
#![allow(clippy::unwrap_used)]

mod memory;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::index::{Index, MOST_HELD};
use phoenix_replay_core::recording::{self, Head, Recording, Summary};

const ALL: i64 = 2_000;
const KEPT: i64 = 100;

fn name(number: i64) -> String {
    format!("r{number}.etf.gz")
}

fn put(folder: &Path, number: i64) {
    let facts = Value::map([
        (Value::atom("id"), Value::binary(format!("r{number}"))),
        (Value::atom("view"), Value::atom("Elixir.V")),
        (Value::atom("connected_at"), Value::Integer(number)),
    ]);
    let recording = Recording {
        head: Head::new(facts).unwrap(),
        summary: Summary::default(),
        context: Value::map([]),
        events: Vec::new(),
    };
    fs::write(
        folder.join(name(number)),
        recording::write(&recording).unwrap(),
    )
    .unwrap();
}

fn refresh(index: &mut Index) {
    let far = Instant::now() + Duration::from_secs(60);
    assert!(index.refresh(far).unwrap().is_some());
}

#[test]
fn of_what_is_deleted_nothing_is_held() {
    let folder = std::env::temp_dir().join(format!("replay_index_memory_{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    (0..ALL).for_each(|number| put(&folder, number));
    let (index, after) = memory::held(|| {
        let mut index = Index::new(folder.clone(), MOST_HELD);
        refresh(&mut index);
        assert_eq!(index.len(), ALL as usize);
        for number in 0..ALL - KEPT {
            fs::remove_file(folder.join(name(number))).unwrap();
        }
        refresh(&mut index);
        index
    });
    let (new, anew) = memory::held(|| {
        let mut index = Index::new(folder.clone(), MOST_HELD);
        refresh(&mut index);
        index
    });
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!((index.len(), new.len()), (KEPT as usize, KEPT as usize));
    assert!(after <= anew + anew / 4, "{after} bytes, {anew} anew");
}
