//! How long calls hold the thread they are made on: its own CPU time, so that what else the machine
//! does is not in it. Off, as it is but for the benchmark, it costs a call one load.
//!
//! What is between entering a call and its arguments being decoded, and after its result is there, is
//! not in it: both are a few words, and text that is given as such.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rustler::{Atom, NifMap};

static ON: AtomicBool = AtomicBool::new(false);
static HELD: Mutex<BTreeMap<(&'static str, Scheduler), Sum>> = Mutex::new(BTreeMap::new());

mod atoms {
    rustler::atoms! { normal, dirty, other }
}

/// What kind of thread a call is made on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scheduler {
    Normal,
    Dirty,
    /// None of the emulator's schedulers.
    Other,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    calls: u64,
    total: Duration,
    max: Duration,
}

/// A call that is being measured; it ends where this is dropped.
pub struct Held(Option<(&'static str, Duration)>);

/// Begins to measure a call, if that is on. The name is that of the NIF, or of a part of it.
pub fn held(call: &'static str) -> Held {
    if ON.load(Ordering::Relaxed) {
        Held(Some((call, now())))
    } else {
        Held(None)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((call, since)) = self.0 {
            let took = now().saturating_sub(since);
            let mut held = HELD.lock();
            let sum = held.entry((call, scheduler())).or_default();
            sum.calls += 1;
            sum.total += took;
            sum.max = sum.max.max(took);
        }
    }
}

#[cfg(unix)]
fn now() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a timespec of ours, which is all the call writes to.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}

/// Other systems have other clocks, and nobody measures there.
#[cfg(not(unix))]
fn now() -> Duration {
    Duration::ZERO
}

fn scheduler() -> Scheduler {
    // SAFETY: it takes nothing and may be called from any thread.
    match unsafe { rustler::sys::enif_thread_type() } {
        1 => Scheduler::Normal,
        2 | 3 => Scheduler::Dirty,
        _ => Scheduler::Other,
    }
}

#[derive(NifMap)]
struct CpuTime {
    call: String,
    scheduler: Atom,
    calls: u64,
    total_ns: u64,
    max_ns: u64,
}

#[rustler::nif]
fn cpu_times(on: bool) -> Vec<CpuTime> {
    ON.store(on, Ordering::Relaxed);
    let held = std::mem::take(&mut *HELD.lock());
    let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let times = held.into_iter().map(|((call, scheduler), sum)| CpuTime {
        call: call.to_owned(),
        scheduler: match scheduler {
            Scheduler::Normal => atoms::normal(),
            Scheduler::Dirty => atoms::dirty(),
            Scheduler::Other => atoms::other(),
        },
        calls: sum.calls,
        total_ns: nanoseconds(sum.total),
        max_ns: nanoseconds(sum.max),
    });
    times.collect()
}
