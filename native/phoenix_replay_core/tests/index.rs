//! An index that was brought up to date is the index made anew, whatever happened to the files, and
//! whatever is left of what was saved of it.
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::index::{Checked, Index, Key, Query, Row, MOST_HELD};
use phoenix_replay_core::recording::{self, Head, Recording, Summary};
use proptest::prelude::*;

/// A folder that is removed with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("replay_index_{}_{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Ids and the folders they belong to, by CRC-32: two share one.
const IDS: [(&str, &str); 4] = [("a", "43"), ("b", "F9"), ("c", "6F"), ("m73", "43")];

fn bytes(id: &str, connected_at: i64) -> Vec<u8> {
    let facts = Value::map([
        (Value::atom("id"), Value::binary(id)),
        (Value::atom("view"), Value::atom("Elixir.V")),
        (Value::atom("connected_at"), Value::Integer(connected_at)),
    ]);
    recording::write(&Recording {
        head: Head::new(facts).unwrap(),
        summary: Summary::default(),
        context: Value::map([]),
        events: Vec::new(),
    })
    .unwrap()
}

#[derive(Clone, Debug)]
enum Change {
    Put(usize, i64),
    PutJson(usize, i64),
    PutOld(usize, i64),
    Spoil(usize),
    Delete(usize),
    Pin(usize),
    Unpin(usize),
    RemoveFolder(usize),
    /// All of it was long ago, so that times tell what changed since.
    Age,
    Refresh,
    Save,
    Reopen,
    Tear(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let id = 0..IDS.len();
    let at = 0..5i64;
    prop_oneof![
        4 => (id.clone(), at.clone()).prop_map(|(id, at)| Change::Put(id, at)),
        1 => (id.clone(), at.clone()).prop_map(|(id, at)| Change::PutJson(id, at)),
        1 => (id.clone(), at).prop_map(|(id, at)| Change::PutOld(id, at)),
        1 => id.clone().prop_map(Change::Spoil),
        2 => id.clone().prop_map(Change::Delete),
        1 => id.clone().prop_map(Change::Pin),
        1 => id.clone().prop_map(Change::Unpin),
        1 => id.clone().prop_map(Change::RemoveFolder),
        3 => Just(Change::Age),
        3 => Just(Change::Refresh),
        2 => Just(Change::Save),
        1 => Just(Change::Reopen),
        1 => (id, any::<usize>()).prop_map(|(id, at)| Change::Tear(id, at)),
    ]
}

fn put(folder: &Path, name: &str, data: &[u8]) {
    fs::create_dir_all(folder).unwrap();
    let temporary = folder.join(format!(".{name}.tmp"));
    fs::write(&temporary, data).unwrap();
    fs::rename(temporary, folder.join(name)).unwrap();
}

/// Makes everything in `folder` older, and what changed since the last time less old than it was.
fn age(folder: &Path, round: u64) {
    let time = SystemTime::now() - Duration::from_secs(100_000 - round);
    let recent = SystemTime::now() - Duration::from_secs(1_000);
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
        if fs::metadata(&path).unwrap().modified().unwrap() > recent {
            File::open(&path).unwrap().set_modified(time).unwrap();
        }
    }
}

/// Puts more files into each folder than are read again rather than saved.
fn fill(root: &Path) {
    static FILES: OnceLock<Vec<(String, String, Vec<u8>)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let ids = (0..8_000).map(|number| format!("filler{number}"));
        let of_shard = ids.filter_map(|id| {
            let mut crc = flate2::Crc::new();
            crc.update(id.as_bytes());
            let shard = format!("{:02X}", crc.sum() as u8);
            IDS.iter()
                .any(|(_, known)| *known == shard)
                .then_some((shard, id))
        });
        let file = |(shard, id): (String, String)| (shard, format!("{id}.etf.gz"), bytes(&id, 7));
        let old = (0..10).map(|number| (String::new(), format!("old{number}")));
        of_shard.step_by(8).chain(old).map(file).collect()
    });
    for (shard, name, data) in files {
        put(&root.join(shard), name, data);
    }
}

fn shard(root: &Path, id: usize) -> PathBuf {
    root.join(IDS[id].1)
}

fn apply(root: &Path, index: &mut Index, change: &Change, round: u64, most_held: usize) {
    match *change {
        Change::Put(id, at) => put(
            &shard(root, id),
            &format!("{}.etf.gz", IDS[id].0),
            &bytes(IDS[id].0, at),
        ),
        Change::PutJson(id, at) => put(
            &shard(root, id),
            &format!("{}.json.gz", IDS[id].0),
            &bytes(IDS[id].0, at),
        ),
        Change::PutOld(id, at) => put(root, &format!("{}.etf", IDS[id].0), &bytes(IDS[id].0, at)),
        Change::Spoil(id) => put(
            &shard(root, id),
            &format!("{}.etf.gz", IDS[id].0),
            b"no recording",
        ),
        Change::Delete(id) => {
            let _ = fs::remove_file(shard(root, id).join(format!("{}.etf.gz", IDS[id].0)));
        }
        Change::Pin(id) => put(&shard(root, id), &format!("{}.pin", IDS[id].0), b""),
        Change::Unpin(id) => {
            let _ = fs::remove_file(shard(root, id).join(format!("{}.pin", IDS[id].0)));
        }
        Change::RemoveFolder(id) => {
            let _ = fs::remove_dir_all(shard(root, id));
        }
        Change::Age => age(root, round),
        Change::Refresh => refresh(index),
        Change::Save => {
            // One that was not looked at lately refuses, and is asked again by the next.
            index.save(Instant::now() + Duration::from_secs(5));
        }
        Change::Reopen => *index = Index::new(root.to_path_buf(), most_held),
        Change::Tear(id, at) => tear(&root.join(".index").join(IDS[id].1), at),
    }
}

/// Damages what was saved, in any place.
fn tear(saved: &Path, at: usize) {
    if let Ok(mut data) = fs::read(saved) {
        if at.is_multiple_of(2) {
            data.truncate(at % data.len());
        } else {
            let at = at % data.len();
            data[at] ^= 1;
        }
        fs::write(saved, data).unwrap();
    }
}

fn refresh(index: &mut Index) {
    // As short of time as can be: it goes on where it stopped.
    while index.refresh(Instant::now()).unwrap().is_none() {}
}

fn page(index: &Index, after: Option<&Key>, count: usize) -> Vec<Row> {
    let found = index.find(&Query::default(), after, count, far());
    found.rows.into_iter().map(|(row, _sure)| row).collect()
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn rows(index: &Index) -> Vec<Row> {
    page(index, None, usize::MAX)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_is_what_the_files_say(
        changes in prop::collection::vec(change(), 1..40),
        nothing_held: bool,
    ) {
        let folder = Folder::new();
        let most_held = if nothing_held { 0 } else { MOST_HELD };
        fill(&folder.0);
        let mut index = Index::new(folder.0.clone(), most_held);
        for (round, change) in changes.iter().enumerate() {
            apply(&folder.0, &mut index, change, round as u64, most_held);
        }
        refresh(&mut index);
        let saved = folder.0.join(".index");
        let _ = fs::remove_dir_all(&saved);
        let mut anew = Index::new(folder.0.clone(), MOST_HELD);
        refresh(&mut anew);
        prop_assert_eq!(rows(&index), rows(&anew));
        prop_assert_eq!(index.len(), anew.len());
        for row in rows(&index) {
            prop_assert_eq!(index.check(&row.key), Checked::Same);
        }
    }
}

/// A folder with enough in it to be saved.
fn many() -> (Folder, Index) {
    let folder = Folder::new();
    for number in 0..200 {
        put(
            &folder.0,
            &format!("r{number}.etf.gz"),
            &bytes(&format!("r{number}"), number),
        );
    }
    age(&folder.0, 0);
    let mut index = Index::new(folder.0.clone(), MOST_HELD);
    refresh(&mut index);
    (folder, index)
}

fn saved(index: &mut Index) {
    // Where the folder for it is made in the folder itself, that has changed since it was looked at.
    index.save(Instant::now() + Duration::from_secs(60));
    refresh(index);
    assert!(index.save(Instant::now() + Duration::from_secs(60)));
}

#[test]
fn a_page_goes_on_where_the_one_before_ended() {
    let (_folder, index) = many();
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let page = page(&index, last.as_ref(), 7);
        let Some(row) = page.last() else { break };
        last = Some(row.key.clone());
        found.extend(page);
    }
    assert_eq!(found, rows(&index));
    assert_eq!(found.len(), 200);
    assert!(found.windows(2).all(|pair| pair[0].key > pair[1].key));
}

#[test]
fn what_was_saved_is_not_read_again() {
    let (folder, mut index) = many();
    let expected = rows(&index);
    saved(&mut index);
    // As if no file could be read any more: none is, for none changed.
    for number in 0..200 {
        let path = folder.0.join(format!("r{number}.etf.gz"));
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let size = fs::metadata(&path).unwrap().len() as usize;
        fs::write(&path, vec![0; size]).unwrap();
        File::open(&path).unwrap().set_modified(time).unwrap();
    }
    let mut next = Index::new(folder.0.clone(), MOST_HELD);
    refresh(&mut next);
    assert_eq!(rows(&next), expected);
}

#[test]
fn a_file_written_anew_in_its_place_is_noticed_where_it_is_shown() {
    let (folder, mut index) = many();
    let key = rows(&index)[0].key.clone();
    let changed = bytes("r199", 199);
    fs::write(
        folder.0.join("r199.etf.gz"),
        [&changed[..], b"more"].concat(),
    )
    .unwrap();
    let Checked::Changed(summary) = index.check(&key) else {
        panic!("it is the same");
    };
    let size = summary.field("bytes").and_then(Value::as_integer);
    assert_eq!(size, Some(changed.len() as i64 + 4));
    fs::remove_file(folder.0.join("r199.etf.gz")).unwrap();
    assert_eq!(index.check(&key), Checked::Gone);
    assert_eq!(index.len(), 199);
}

#[test]
fn what_is_gone_does_not_stay_in_what_was_saved() {
    let (folder, mut index) = many();
    saved(&mut index);
    let holds = |id: &[u8]| {
        let saved = fs::read(folder.0.join(".index/root")).unwrap();
        saved.windows(id.len()).any(|part| part == id)
    };
    assert!(holds(b"r199"));
    fs::remove_file(folder.0.join("r199.etf.gz")).unwrap();
    refresh(&mut index);
    saved(&mut index);
    assert!(!holds(b"r199"));
    assert!(holds(b"r198"));
}

#[test]
fn a_folder_that_is_gone_does_not_come_back() {
    let (folder, mut index) = many();
    saved(&mut index);
    fs::remove_dir_all(&folder.0).unwrap();
    refresh(&mut index);
    assert!(index.save(far()));
    assert!(!folder.0.exists());
}

#[test]
fn what_changed_since_the_look_is_not_saved() {
    let (folder, mut index) = many();
    fs::remove_file(folder.0.join("r0.etf.gz")).unwrap();
    assert!(index.save(Instant::now() + Duration::from_secs(60)));
    assert!(!folder.0.join(".index/root").exists());
}

#[test]
fn files_that_cannot_be_read_and_those_left_are_told_of_once() {
    let (folder, mut index) = many();
    put(&folder.0, "bad.etf.gz", b"nothing");
    fs::write(folder.0.join(".x.etf.gz.1-1.tmp"), b"half").unwrap();
    age(&folder.0, 1);
    let deadline = Instant::now() + Duration::from_secs(60);
    let report = index.refresh(deadline).unwrap().unwrap();
    assert_eq!(report.unreadable.len(), 1);
    assert_eq!(&*report.unreadable[0].id, "bad");
    assert_eq!(report.left, [folder.0.join(".x.etf.gz.1-1.tmp")]);
    assert_eq!(
        index.refresh(deadline).unwrap().unwrap(),
        Default::default()
    );
    assert_eq!(index.len(), 200);
}

#[test]
fn batches_that_many_read_are_what_one_reads() {
    let (folder, alone) = many();
    let mut index = Index::new(folder.0.clone(), MOST_HELD);
    assert!(index.refresh(Instant::now()).unwrap().is_none());
    let mut batches = Vec::new();
    while let Some(batch) = index.take_batch(7).unwrap() {
        batches.push(batch);
    }
    assert!(batches.len() > 20);
    std::thread::scope(|scope| {
        for batch in &mut batches {
            scope.spawn(|| batch.read());
        }
    });
    batches.into_iter().for_each(|batch| index.put_batch(batch));
    refresh(&mut index);
    assert_eq!(rows(&index), rows(&alone));
}

#[test]
fn conditions_mean_the_same_without_room_for_outlines() {
    let (folder, index) = many();
    let mut without = Index::new(folder.0.clone(), 0);
    refresh(&mut without);
    let queries = [
        Query {
            text: Some(b"r19".to_vec()),
            from: Some(20),
            ..Query::default()
        },
        Query {
            view: Some(b"V".to_vec()),
            to: Some(30),
            ..Query::default()
        },
        Query {
            errors: Some(true),
            ..Query::default()
        },
    ];
    for (query, expected) in queries.iter().zip([10, 31, 0]) {
        for index in [&index, &without] {
            // As short of time as can be: it goes on where it stopped.
            let (mut rows, mut counted, mut after) = (0, 0, None);
            loop {
                let found = index.find(query, after.as_ref(), 3, Instant::now());
                rows += found.rows.iter().filter(|(_, sure)| *sure).count();
                let Some(next) = found.next else { break };
                after = Some(next);
            }
            after = None;
            loop {
                let count = index.count(query, after.as_ref(), Instant::now());
                counted += count.sure;
                let Some(next) = count.next else { break };
                after = Some(next);
            }
            assert_eq!((rows, counted), (expected, expected));
        }
    }
}

#[test]
fn a_folder_that_is_not_there_holds_nothing() {
    let mut index = Index::new(PathBuf::from("/nowhere/at/all"), MOST_HELD);
    refresh(&mut index);
    assert!(index.is_empty());
    // What is no folder is an error.
    let mut index = Index::new(PathBuf::from("/dev/null"), MOST_HELD);
    assert!(index.refresh(Instant::now()).is_err());
}
