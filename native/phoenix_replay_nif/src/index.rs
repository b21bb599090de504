//! What is known of a folder of recordings, brought up to date and saved a slice at a time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use phoenix_replay_core::index::{Checked, Index, Key, Report, MOST_HELD};
use rustler::{Atom, Encoder, Env, Resource, ResourceArc, Term};

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

#[rustler::nif(schedule = "DirtyIo")]
fn index_rows<'a>(
    env: Env<'a>,
    index: ResourceArc<IndexResource>,
    after: Option<(i64, &str)>,
    count: usize,
) -> Term<'a> {
    let _held = cpu_time::held("index_rows");
    let index = index.0.read();
    let Some(index) = index.as_ref() else {
        return atoms::closed().encode(env);
    };
    let rows = index.rows(after.map(key).as_ref(), count);
    let terms = rows.iter().map(|row| build::term(env, &row.summary));
    reply::ok(env, terms.collect::<Vec<_>>())
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
