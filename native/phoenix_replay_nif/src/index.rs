//! What is known of a folder of recordings, brought up to date and saved a slice at a time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use phoenix_replay_core::index::{Batch, Checked, Index, Key, Report, MOST_HELD};
use rustler::{Atom, Encoder, Env, Resource, ResourceArc, Term};

mod asked;

use asked::Asked;

use crate::{build, cpu_time, reply};

/// What a slice may take, before the file that is being read is done.
const SLICE: Duration = Duration::from_millis(15);

mod atoms {
    rustler::atoms! { ok, error, more, done, same, gone, closed }
}

/// An index that Elixir holds; taken out when it is closed, so that a dirty scheduler frees it.
pub struct IndexResource(RwLock<Option<Index>>);

// A refresh that a panic interrupted has read some files and not others, and the next one reads those.
impl std::panic::RefUnwindSafe for IndexResource {}

impl Resource for IndexResource {}

#[rustler::nif]
fn index_open(folder: String) -> ResourceArc<IndexResource> {
    let _held = cpu_time::held("index_open");
    let index = Index::new(PathBuf::from(folder), MOST_HELD);
    ResourceArc::new(IndexResource(RwLock::new(Some(index))))
}

/// `:more`, `{:done, unreadable, left}` or `{:error, message}`.
#[rustler::nif(schedule = "DirtyIo")]
fn index_refresh<'a>(env: Env<'a>, index: ResourceArc<IndexResource>) -> Term<'a> {
    let _held = cpu_time::held("index_refresh");
    let mut index = index.0.write();
    let Some(index) = index.as_mut() else {
        return atoms::closed().encode(env);
    };
    match index.refresh(Instant::now() + SLICE) {
        Ok(None) => atoms::more().encode(env),
        Ok(Some(report)) => reported(env, &report),
        Err(error) => (atoms::error(), error.to_string()).encode(env),
    }
}

fn reported<'a>(env: Env<'a>, report: &Report) -> Term<'a> {
    let path = |path: &PathBuf| path.to_string_lossy().into_owned();
    let unreadable = report.unreadable.iter();
    let unreadable = unreadable.map(|file| (&*file.id, path(&file.path), file.why.as_str()));
    let left = report.left.iter().map(path);
    let unreadable = unreadable.collect::<Vec<_>>();
    (atoms::done(), unreadable, left.collect::<Vec<_>>()).encode(env)
}

/// A batch that Elixir holds.
pub struct BatchResource(Mutex<Batch>);

// A batch that a panic interrupted is not put back: its process ends, and the index with it.
impl std::panic::RefUnwindSafe for BatchResource {}

impl Resource for BatchResource {}

/// Files that a refresh has to read; `nil` when there are none.
#[rustler::nif(schedule = "DirtyIo")]
fn index_take<'a>(env: Env<'a>, index: ResourceArc<IndexResource>, count: usize) -> Term<'a> {
    let _held = cpu_time::held("index_take");
    let mut index = index.0.write();
    let Some(index) = index.as_mut() else {
        return atoms::closed().encode(env);
    };
    match index.take_batch(count) {
        Ok(batch) => {
            let batch = batch.map(|batch| ResourceArc::new(BatchResource(Mutex::new(batch))));
            reply::ok(env, batch)
        }
        Err(error) => (atoms::error(), error.to_string()).encode(env),
    }
}

#[rustler::nif(schedule = "DirtyIo")]
fn index_read(batch: ResourceArc<BatchResource>) -> Atom {
    let _held = cpu_time::held("index_read");
    batch.0.lock().read();
    atoms::ok()
}

#[rustler::nif(schedule = "DirtyIo")]
fn index_put(index: ResourceArc<IndexResource>, batch: ResourceArc<BatchResource>) -> Atom {
    let _held = cpu_time::held("index_put");
    let batch = std::mem::take(&mut *batch.0.lock());
    if let Some(index) = index.0.write().as_mut() {
        index.put_batch(batch);
    }
    atoms::ok()
}

/// `:more` or `:done`.
#[rustler::nif(schedule = "DirtyIo")]
fn index_save(index: ResourceArc<IndexResource>) -> Atom {
    let _held = cpu_time::held("index_save");
    let mut index = index.0.write();
    let saved = index
        .as_mut()
        .is_none_or(|index| index.save(Instant::now() + SLICE));
    if saved {
        atoms::done()
    } else {
        atoms::more()
    }
}

/// The next rows that are meant and whether that is sure, and where to go on.
#[rustler::nif(schedule = "DirtyIo")]
fn index_find<'a>(
    env: Env<'a>,
    index: ResourceArc<IndexResource>,
    query: Asked<'a>,
    after: Option<(i64, &str)>,
    count: usize,
) -> Term<'a> {
    let _held = cpu_time::held("index_find");
    let index = index.0.read();
    let Some(index) = index.as_ref() else {
        return atoms::closed().encode(env);
    };
    let deadline = Instant::now() + SLICE;
    let found = index.find(&query.query(), after.map(key).as_ref(), count, deadline);
    let rows = found.rows.iter();
    let rows = rows.map(|(row, sure)| (build::term(env, &row.summary), *sure));
    let rows = rows.collect::<Vec<_>>();
    (atoms::ok(), rows, next(found.next.as_ref())).encode(env)
}

/// How many rows are meant for sure, summaries of those that may be, and where to go on.
#[rustler::nif(schedule = "DirtyIo")]
fn index_count<'a>(
    env: Env<'a>,
    index: ResourceArc<IndexResource>,
    query: Asked<'a>,
    after: Option<(i64, &str)>,
) -> Term<'a> {
    let _held = cpu_time::held("index_count");
    let index = index.0.read();
    let Some(index) = index.as_ref() else {
        return atoms::closed().encode(env);
    };
    let deadline = Instant::now() + SLICE;
    let counted = index.count(&query.query(), after.map(key).as_ref(), deadline);
    let unsure = counted.unsure.iter();
    let unsure = unsure.map(|row| build::term(env, &row.summary));
    let unsure = unsure.collect::<Vec<_>>();
    (
        atoms::ok(),
        counted.sure,
        unsure,
        next(counted.next.as_ref()),
    )
        .encode(env)
}

fn next(key: Option<&Key>) -> Option<(i64, &str)> {
    key.map(|(connected_at, id)| (*connected_at, &**id))
}

/// For each row `:same`, `:gone` or its summary as it is now.
#[rustler::nif(schedule = "DirtyIo")]
fn index_check<'a>(
    env: Env<'a>,
    index: ResourceArc<IndexResource>,
    keys: Vec<(i64, &str)>,
) -> Term<'a> {
    let _held = cpu_time::held("index_check");
    let mut index = index.0.write();
    let Some(index) = index.as_mut() else {
        return atoms::closed().encode(env);
    };
    let checked = keys.into_iter().map(|at| match index.check(&key(at)) {
        Checked::Same => atoms::same().encode(env),
        Checked::Gone => atoms::gone().encode(env),
        Checked::Changed(summary) => build::term(env, &summary),
    });
    reply::ok(env, checked.collect::<Vec<_>>())
}

#[rustler::nif(schedule = "DirtyIo")]
fn index_size(index: ResourceArc<IndexResource>) -> usize {
    let _held = cpu_time::held("index_size");
    index.0.read().as_ref().map_or(0, Index::len)
}

#[rustler::nif(schedule = "DirtyCpu")]
fn index_close(index: ResourceArc<IndexResource>) -> Atom {
    let _held = cpu_time::held("index_close");
    let closed = index.0.write().take();
    drop(closed);
    atoms::ok()
}

fn key((connected_at, id): (i64, &str)) -> Key {
    (connected_at, Arc::from(id))
}
