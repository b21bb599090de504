//! Files put in place in one call: as calls of Erlang's each step of it would wait for a scheduler.

use std::io::{self, ErrorKind};
use std::path::Path;

use phoenix_replay_core::disk;
use rustler::{Atom, Binary, Encoder, Env, Term};

use crate::cpu_time;

mod atoms {
    rustler::atoms! {
        ok, error,
        eacces, edquot, eexist, efbig, eisdir, enoent, enospc, enotdir, erofs
    }
}

/// `:ok` or `{:error, reason}`: a name as Erlang's `file` gives it, or what the system says.
#[rustler::nif(schedule = "DirtyIo")]
fn disk_put<'a>(env: Env<'a>, path: &str, data: Binary<'a>, instead_of: Vec<&str>) -> Term<'a> {
    let _held = cpu_time::held("disk_put");
    let put = disk::put(Path::new(path), &data);
    match put.map(|()| disk::delete(instead_of.into_iter().map(Path::new))) {
        // A recording that is left in its old place as well is passed over there.
        Ok(_deleted) => atoms::ok().encode(env),
        Err(error) => (atoms::error(), reason(env, &error)).encode(env),
    }
}

fn reason<'a>(env: Env<'a>, error: &io::Error) -> Term<'a> {
    match name(error.kind()) {
        Some(name) => name.encode(env),
        None => error.to_string().encode(env),
    }
}

fn name(kind: ErrorKind) -> Option<Atom> {
    Some(match kind {
        ErrorKind::PermissionDenied => atoms::eacces(),
        ErrorKind::QuotaExceeded => atoms::edquot(),
        ErrorKind::AlreadyExists => atoms::eexist(),
        ErrorKind::FileTooLarge => atoms::efbig(),
        ErrorKind::IsADirectory => atoms::eisdir(),
        ErrorKind::NotFound => atoms::enoent(),
        ErrorKind::StorageFull => atoms::enospc(),
        ErrorKind::NotADirectory => atoms::enotdir(),
        ErrorKind::ReadOnlyFilesystem => atoms::erofs(),
        _other => return None,
    })
}
