//! Sealing sessions: what becomes of them when they have ended.
#![allow(clippy::unwrap_used)]

mod sessions;

use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use phoenix_replay_core::recording::{EventKind, Recording};
use phoenix_replay_core::session::{Facts, Format, Interaction, Session, Written};
use sessions::{facts, recording, written, Life};

fn main() {
    let mut criterion = sessions::criterion();
    let typing = |events| (format!("typing/{events}"), sessions::typing(events));
    seal(&mut criterion, typing(400));
    seal(&mut criterion, typing(4_000));
    for (life, kind) in Life::ALL {
        seal(
            &mut criterion,
            (format!("{life}/4000"), recording(kind, 4_000)),
        );
    }
    criterion.final_summary();
}

/// In bytes of events as they were appended.
fn seal(criterion: &mut Criterion, (name, recording): (String, Recording)) {
    let session = session(&recording);
    let bytes = session.summary().inflated_bytes;
    let mut group = criterion.benchmark_group("seal");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    group.bench_function(name, |bench| bench.iter(|| session.seal(Format::Etf)));
    group.finish();
}

/// A session that has recorded all of it.
fn session(recording: &Recording) -> Session {
    let facts = Facts {
        id: "a".into(),
        view: "Elixir.V".into(),
        connected_at: 0,
        url: None,
        head: written(&facts()),
        context: written(&recording.context),
    };
    let session = Session::new(facts, Default::default(), Arc::default(), Instant::now());
    for event in &recording.events {
        let kind = EventKind::named(&event.name);
        let appended = session.append(Some(event.offset_ms), kind, Interaction::None, |out| {
            out.extend_from_slice(&written(&event.payload));
            Ok(Written::Payload)
        });
        appended.unwrap();
    }
    session
}
