//! A session as the NIF uses it: from several threads, with writers that fail.
#![allow(clippy::unwrap_used)]

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use phoenix_replay_core::etf::{write, Exhausted, Value};
use phoenix_replay_core::recording::{read, Ended, EventKind, Limits as ReadLimits, Recording};
use phoenix_replay_core::session::{
    finish, Appended, Counters, Counts, Ending, Facts, Format, Interaction, Limits, Session,
    Written,
};

fn session_with(limits: Limits, counters: &Arc<Counters>) -> Session {
    let (mut head, mut context) = (Vec::new(), Vec::new());
    let facts = [
        ("id", Value::binary("a")),
        ("view", Value::atom("Elixir.V")),
        ("connected_at", Value::integer(7)),
    ];
    write::value(
        &mut head,
        &Value::map(facts.map(|(key, value)| (Value::atom(key), value))),
    );
    write::value(&mut context, &Value::map([]));
    let facts = Facts {
        id: "a".into(),
        view: "Elixir.V".into(),
        connected_at: 7,
        url: None,
        head,
        context,
    };
    Session::new(facts, limits, counters.clone(), Instant::now())
}

fn session() -> Session {
    session_with(Limits::default(), &Arc::default())
}

/// Appends an event that holds `number`.
fn append(
    session: &Session,
    offset_ms: Option<u64>,
    interaction: Interaction<'_>,
    number: i64,
) -> Appended {
    let kind = EventKind::Event;
    session
        .append(offset_ms, kind, interaction, |out| {
            write::integer(out, number);
            Ok(Written::Payload)
        })
        .unwrap()
}

fn numbers(recording: &Recording) -> Vec<i64> {
    recording
        .events
        .iter()
        .map(|event| event.payload.as_integer().unwrap())
        .collect()
}

#[test]
fn a_sealed_session_reads_as_what_was_appended() {
    let session = session();
    for number in 0..100_000 {
        assert_eq!(
            append(&session, None, Interaction::Event("inc"), number),
            if number < 10_000 {
                Appended::Stored
            } else {
                Appended::Dropped
            }
        );
    }
    session.close(Ending {
        how: Ended::Closed,
        error: None,
    });
    let expected: Vec<i64> = (0..10_000).collect();
    for format in [Format::Etf, Format::Json] {
        let sealed = session.seal(format).unwrap();
        let recording = read(&sealed.data, ReadLimits::default()).unwrap();
        assert_eq!(numbers(&recording), expected);
        assert_eq!(recording.summary, sealed.summary);
        assert_eq!(sealed.summary.dropped, 90_000);
        assert_eq!(sealed.summary.event_names, [("inc".into(), 100_000)]);
        assert_eq!(sealed.summary.ended, Some(Ended::Closed));
        assert!(!sealed.summary.interrupted);
    }
    assert_eq!(numbers(&session.recording().unwrap()), expected);
}

#[test]
fn an_exhausted_append_leaves_nothing() {
    let session = session();
    append(&session, None, Interaction::None, 1);
    let bytes = session.summary().inflated_bytes;
    let again = session.append(None, EventKind::Event, Interaction::Event("inc"), |out| {
        out.extend_from_slice(b"half a payload");
        Err(Exhausted)
    });
    assert_eq!(again, Err(Exhausted));
    assert_eq!(session.summary().inflated_bytes, bytes);
    assert!(!session.interacted());
    append(&session, None, Interaction::Event("inc"), 2);
    assert_eq!(numbers(&session.recording().unwrap()), [1, 2]);
    assert_eq!(session.summary().event_names, [("inc".into(), 1)]);
}

#[test]
fn a_journal_gets_each_event_once_and_is_a_recording_at_any_length() {
    let session = session();
    assert!(session.unflushed().unwrap().is_none());
    let (mut journal, mut ends) = (Vec::new(), Vec::new());
    let mut number = 0;
    for events in [1, 200, 3, 8_000] {
        for _ in 0..events {
            append(&session, Some(0), Interaction::Event("n"), number);
            number += 1;
        }
        // A journal that could not be written is asked for again, with what came meanwhile.
        drop(session.unflushed().unwrap());
        append(&session, Some(0), Interaction::Event("n"), number);
        number += 1;
        let unflushed = session.unflushed().unwrap().unwrap();
        journal.extend_from_slice(&unflushed.members);
        assert!(session.flushed(unflushed.mark, Some(journal.len() as u64)));
        assert!(session.unflushed().unwrap().is_none());
        ends.push((journal.len(), number));
    }
    assert!(journal_numbers(&journal).into_iter().eq(0..number));
    for (end, number) in &ends {
        assert_eq!(journal_numbers(&journal[..*end]).len() as i64, *number);
        assert!(journal_numbers(&journal[..*end - 1]).len() < *number as usize);
    }
    assert!(finish(&journal[..20], Format::Etf).is_err());
    let json = finish(&journal, Format::Json).unwrap();
    let recording = read(&json, ReadLimits::default()).unwrap();
    assert_eq!(recording.events.len() as i64, number);
    assert!(recording.summary.interrupted && recording.summary.interacted);
}

#[test]
fn what_was_written_twice_is_read_once() {
    let (session, mut journal) = (session(), Vec::new());
    // Events that are the same, and at the same time, are not taken for each other.
    let same = |session: &Session| append(session, Some(0), Interaction::None, 1);
    for _ in 0..3 {
        same(&session);
        journal.extend(session.unflushed().unwrap().unwrap().members);
        same(&session);
        let unflushed = session.unflushed().unwrap().unwrap();
        journal.extend(unflushed.members);
        assert!(session.flushed(unflushed.mark, None));
    }
    assert_eq!(journal_numbers(&journal), [1; 6]);
}

#[test]
fn where_events_are_missing_a_journal_ends() {
    let (session, mut journal) = (session(), Vec::new());
    for number in 1..=3 {
        append(&session, None, Interaction::None, number);
        let unflushed = session.unflushed().unwrap().unwrap();
        if number != 2 {
            journal.extend(unflushed.members);
        }
        assert!(session.flushed(unflushed.mark, None));
    }
    assert_eq!(journal_numbers(&journal), [1]);
}

#[test]
fn a_journal_that_is_not_what_was_written_is_begun_anew() {
    let session = session();
    append(&session, None, Interaction::None, 1);
    let first = session.unflushed().unwrap().unwrap();
    assert!(!session.is_journalled());
    assert!(session.flushed(first.mark, Some(first.members.len() as u64)));
    append(&session, None, Interaction::None, 2);
    let second = session.unflushed().unwrap().unwrap();
    // It has the second part and nothing else.
    assert!(!session.flushed(second.mark, Some(second.members.len() as u64)));
    assert!(session.is_journalled());
    let all = session.unflushed().unwrap().unwrap();
    assert_eq!(journal_numbers(&all.members), [1, 2]);
    assert!(session.flushed(all.mark, Some(all.members.len() as u64)));
    assert!(session.unflushed().unwrap().is_none());
}

fn journal_numbers(journal: &[u8]) -> Vec<i64> {
    let Ok(finished) = finish(journal, Format::Etf) else {
        return Vec::new();
    };
    let recording = read(&finished, ReadLimits::default()).unwrap();
    assert!(recording.summary.interrupted);
    numbers(&recording)
}

/// Adds what is due to a journal. Gives the metadata and the number of events it has then.
fn flush(session: &Session, journal: &mut Vec<u8>) -> (Value, usize) {
    let unflushed = session.unflushed().unwrap();
    let due = session.is_unflushed(9, Duration::ZERO, Instant::now());
    assert_eq!(due, unflushed.is_some());
    if let Some(unflushed) = unflushed {
        journal.extend_from_slice(&unflushed.members);
        assert!(session.flushed(unflushed.mark, Some(journal.len() as u64)));
    }
    let finished = finish(journal, Format::Etf).unwrap();
    let recording = read(&finished, ReadLimits::default()).unwrap();
    (recording.summary.metadata, recording.events.len())
}

#[test]
fn a_journal_has_the_metadata_that_was_there_when_it_was_flushed() {
    let (session, mut journal) = (session(), Vec::new());
    let user = |id| Value::map([(Value::binary("user_id"), Value::integer(id))]);
    append(&session, None, Interaction::None, 1);
    assert_eq!(flush(&session, &mut journal), (Value::map([]), 1));
    session.put_metadata(&user(7));
    assert_eq!(flush(&session, &mut journal), (user(7), 1));
    let length = journal.len();
    assert_eq!(flush(&session, &mut journal), (user(7), 1));
    assert_eq!(journal.len(), length);
    session.put_metadata(&user(8));
    append(&session, None, Interaction::None, 2);
    assert_eq!(flush(&session, &mut journal), (user(8), 2));
}

#[test]
fn what_has_ended_and_is_about_to_be_saved_is_due_by_age_only() {
    let session = session();
    let (now, hour) = (Instant::now(), Duration::from_secs(3_600));
    append(&session, None, Interaction::None, 1);
    session.close(Ending {
        how: Ended::Closed,
        error: None,
    });
    assert!(!session.is_unflushed(1, hour, now));
    assert!(session.is_unflushed(1, hour, now + hour));
}

#[test]
fn what_is_unflushed_is_due_by_events_or_by_age() {
    let session = session();
    let (now, hour) = (Instant::now(), Duration::from_secs(3_600));
    assert!(!session.is_unflushed(1, Duration::ZERO, now));
    append(&session, None, Interaction::None, 1);
    assert!(session.is_unflushed(1, hour, now));
    assert!(!session.is_unflushed(2, hour, now));
    assert!(session.is_unflushed(2, hour, now + hour));
    assert!(session.flushed(session.unflushed().unwrap().unwrap().mark, None));
    assert!(session.is_journalled());
    assert!(!session.is_unflushed(1, Duration::ZERO, now + hour));
    append(&session, None, Interaction::None, 2);
    assert!(session.is_unflushed(9, hour, Instant::now() + hour));
    session.release();
    assert!(!session.is_unflushed(1, Duration::ZERO, now + hour));
}

#[test]
fn an_append_that_panics_leaves_nothing_but_that_the_user_was_there() {
    let session = session();
    append(&session, None, Interaction::None, 1);
    let append_panics = AssertUnwindSafe(|| {
        session.append(None, EventKind::Event, Interaction::Event("inc"), |out| {
            out.extend_from_slice(b"half a payload");
            std::panic::resume_unwind(Box::new("a fault"));
        })
    });
    assert!(catch_unwind(append_panics).is_err());
    assert!(session.interacted());
    append(&session, None, Interaction::None, 2);
    assert_eq!(numbers(&session.recording().unwrap()), [1, 2]);
}

#[test]
fn nothing_to_record_is_not_recorded() {
    let counters = Arc::default();
    let session = session_with(Limits::default(), &counters);
    let appended = session.append(None, EventKind::Assigns, Interaction::None, |out| {
        out.push(0);
        Ok(Written::Nothing)
    });
    assert_eq!(appended, Ok(Appended::Unchanged));
    assert_eq!(
        counters.now(),
        Counts {
            sessions: 1,
            events: 0,
            bytes: 0
        }
    );
}

#[test]
fn a_full_session_is_kept_and_still_notices_its_user() {
    let session = session_with(
        Limits {
            max_events: 1,
            ..Limits::default()
        },
        &Arc::default(),
    );
    assert_eq!(
        append(&session, None, Interaction::Params(Some("/a")), 1),
        Appended::Stored
    );
    assert!(!session.interacted());
    assert_eq!(
        append(&session, None, Interaction::Params(Some("/b")), 2),
        Appended::Dropped
    );
    assert!(session.interacted());
    let summary = session.summary();
    assert_eq!(
        (summary.event_count, summary.dropped, summary.truncated),
        (1, 1, false)
    );
    assert_eq!(summary.url.as_deref(), Some("/a"));
}

#[test]
fn what_is_too_large_ends_a_recording_as_truncated() {
    let session = session_with(
        Limits {
            max_bytes: 1_000,
            ..Limits::default()
        },
        &Arc::default(),
    );
    append(&session, None, Interaction::None, 1);
    let large = session.append(None, EventKind::Assigns, Interaction::None, |out| {
        write::binary(out, &[0; 2_000]);
        Ok(Written::Payload)
    });
    assert_eq!(large, Ok(Appended::Truncated));
    assert_eq!(
        append(&session, None, Interaction::Event("inc"), 2),
        Appended::Dropped
    );
    let summary = session.summary();
    assert_eq!(
        (summary.event_count, summary.dropped, summary.truncated),
        (1, 2, true)
    );
    assert!(session.interacted());
    assert_eq!(numbers(&session.recording().unwrap()), [1]);
}

#[test]
fn what_started_beside_others_finds_no_room_when_they_have_filled_it() {
    let limits = Limits {
        max_memory: Some(100),
        ..Limits::default()
    };
    let counters = Arc::default();
    let (first, second) = (
        session_with(limits, &counters),
        session_with(limits, &counters),
    );
    let mount = |session: &Session| {
        session.append_first(|out| {
            write::binary(out, &[0; 200]);
            Ok(Written::Payload)
        })
    };
    assert_eq!(mount(&first), Ok(Appended::Stored));
    assert_eq!(mount(&second), Ok(Appended::Refused));
    assert_eq!(second.summary().event_count, 0);
    // The first goes on, and what it leaves is room again.
    assert_eq!(append(&first, None, Interaction::None, 1), Appended::Stored);
    first.release();
    assert_eq!(mount(&second), Ok(Appended::Stored));
}

#[test]
fn of_many_writers_one_learns_that_it_was_truncated() {
    let limits = Limits {
        max_bytes: 1_000,
        ..Limits::default()
    };
    let session = session_with(limits, &Arc::default());
    let truncated = AtomicU64::new(0);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for number in 0..500 {
                    if append(&session, None, Interaction::None, number) == Appended::Truncated {
                        truncated.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(truncated.load(Ordering::Relaxed), 1);
    let summary = session.summary();
    assert!(summary.inflated_bytes <= 1_000);
    assert_eq!(summary.event_count + summary.dropped, 2_000);
}

#[test]
fn room_is_what_running_sessions_leave() {
    let counters = Arc::default();
    let session = session_with(Limits::default(), &counters);
    append(&session, None, Interaction::None, 1);
    let bytes = session.summary().inflated_bytes;
    assert!(!counters.below(bytes));
    assert!(counters.below(bytes + 1));
    assert!(counters.below(u64::MAX));
    session.release();
    assert!(counters.below(1));
}

#[test]
fn only_the_first_ending_counts_unless_nobody_knew() {
    let session = session();
    session.close(Ending {
        how: Ended::Unknown,
        error: None,
    });
    assert_eq!(
        append(&session, None, Interaction::None, 1),
        Appended::Dropped
    );
    assert!(!session.interacted());
    let crash = Ending {
        how: Ended::Crashed,
        error: Some("(ArgumentError)".into()),
    };
    session.close(crash.clone());
    session.close(Ending {
        how: Ended::Closed,
        error: None,
    });
    assert_eq!(session.ending(), Some(crash));
    assert!(session.interacted());
    let summary = session.summary();
    assert_eq!(
        (summary.errors, summary.error.as_deref()),
        (1, Some("(ArgumentError)"))
    );
    session.reopen();
    assert_eq!(
        append(&session, None, Interaction::None, 1),
        Appended::Stored
    );
}

#[test]
fn offsets_never_decrease() {
    let session = session();
    for (given, number) in [(5, 1), (900, 2), (3, 3), (u64::MAX, 4), (0, 5)] {
        append(&session, Some(given), Interaction::None, number);
    }
    let recording = session.recording().unwrap();
    let offsets: Vec<u64> = recording
        .events
        .iter()
        .map(|event| event.offset_ms)
        .collect();
    assert_eq!(offsets, [5, 900, 900, i64::MAX as u64, i64::MAX as u64]);
    assert_eq!(numbers(&recording), [1, 2, 3, 4, 5]);
}

#[test]
fn names_from_a_browser_do_not_grow_without_bound() {
    let session = session();
    for number in 0..1_000 {
        append(
            &session,
            None,
            Interaction::Event(&format!("event-{number}")),
            number,
        );
    }
    append(
        &session,
        None,
        Interaction::Event(&"x".repeat(1_000_000)),
        0,
    );
    assert_eq!(session.summary().event_names.len(), 64);
}

#[test]
fn counters_are_exact_whatever_happens_at_once() {
    let counters = Arc::default();
    let sessions: Vec<Session> = (0..4)
        .map(|_| {
            session_with(
                Limits {
                    max_events: 3_000,
                    ..Limits::default()
                },
                &counters,
            )
        })
        .collect();
    let stored = AtomicU64::new(0);
    std::thread::scope(|threads| {
        for session in sessions.iter().chain(&sessions) {
            threads.spawn(|| {
                for number in 0..2_000 {
                    if append(session, None, Interaction::None, number) == Appended::Stored {
                        stored.fetch_add(1, Ordering::Relaxed);
                    }
                    if number % 500 == 0 {
                        // Whole events at any moment.
                        let recording = session.recording().unwrap();
                        assert_eq!(recording.summary.event_count, recording.events.len() as u64);
                        assert!(!recording.summary.interrupted);
                    }
                }
            });
        }
    });
    assert_eq!(stored.into_inner(), 4 * 3_000);
    let bytes = sessions
        .iter()
        .map(|session| session.summary().inflated_bytes)
        .sum();
    assert_eq!(
        counters.now(),
        Counts {
            sessions: 4,
            events: 4 * 3_000,
            bytes
        }
    );
    sessions[0].release();
    sessions[0].release();
    assert_eq!(
        append(&sessions[0], None, Interaction::None, 0),
        Appended::Dropped
    );
    assert_eq!(counters.now().events, 3 * 3_000);
    drop(sessions);
    assert_eq!(counters.now(), Counts::default());
}

#[test]
fn events_come_in_while_others_are_sealed_and_flushed() {
    let counters = Arc::<Counters>::default();
    let limits = Limits {
        max_events: u64::MAX,
        ..Limits::default()
    };
    let session = session_with(limits, &counters);
    let text = Value::binary(vec![b'x'; 5_000]);
    let done = AtomicBool::new(false);
    let flush = |journal: &mut Vec<u8>| {
        if let Some(unflushed) = session.unflushed().unwrap() {
            journal.extend(unflushed.members);
            assert!(session.flushed(unflushed.mark, Some(journal.len() as u64)));
        }
    };
    let mut journal = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..1_000 {
                let appended = session.append(None, EventKind::Event, Interaction::None, |out| {
                    write::value(out, &Value::tuple([Value::integer(number), text.clone()]));
                    Ok(Written::Payload)
                });
                assert_eq!(appended, Ok(Appended::Stored));
            }
            done.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                session.seal_next().unwrap();
                session.recording().unwrap();
            }
        });
        while !done.load(Ordering::SeqCst) {
            flush(&mut journal);
        }
    });
    flush(&mut journal);
    let number = |event: &phoenix_replay_core::recording::Event| {
        event.payload.as_tuple().unwrap()[0].as_integer().unwrap()
    };
    let sealed = session.seal(Format::Etf).unwrap();
    assert!(counters.now().bytes < sealed.summary.inflated_bytes / 10);
    for file in [&sealed.data, &journal] {
        let events = read(file, ReadLimits::default()).unwrap().events;
        assert!(events.iter().map(number).eq(0..1_000));
    }
    session.release();
    assert_eq!(counters.now(), Counts::default());
    assert!(!counters.any_due());
}

#[test]
fn what_is_released_while_it_is_sealed_is_gone() {
    let counters = Arc::<Counters>::default();
    for _ in 0..20 {
        let session = session_with(Limits::default(), &counters);
        let text = Value::binary(vec![b'x'; 200_000]);
        for _ in 0..4 {
            session
                .append(None, EventKind::Info, Interaction::None, |out| {
                    write::value(out, &text);
                    Ok(Written::Payload)
                })
                .unwrap();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| while session.seal_next().unwrap() {});
            scope.spawn(|| session.unflushed().unwrap());
            scope.spawn(|| session.release());
        });
        assert_eq!(counters.now(), Counts::default());
        assert!(!counters.any_due());
    }
}

#[test]
fn errors_a_session_lives_on_with_are_counted_even_where_there_is_no_room() {
    let limits = Limits {
        max_events: 1,
        ..Limits::default()
    };
    let session = session_with(limits, &Arc::default());
    append(&session, None, Interaction::Failed, 1);
    append(&session, None, Interaction::Failed, 2);
    assert_eq!(
        (session.summary().event_count, session.summary().errors),
        (1, 2)
    );
    assert!(!session.interacted());
    session.close(Ending {
        how: Ended::Crashed,
        error: None,
    });
    assert_eq!(session.summary().errors, 3);
}

#[test]
fn what_an_ended_session_is_told_last_is_there_until_it_is_released() {
    let counters = Arc::<Counters>::default();
    let session = session_with(Limits::default(), &counters);
    let last = |number| {
        session.append_last(EventKind::Other("exception"), |out| {
            write::integer(out, number);
            Ok(Written::Payload)
        })
    };
    append(&session, None, Interaction::Event("inc"), 1);
    session.close(Ending {
        how: Ended::Crashed,
        error: None,
    });
    assert_eq!(
        append(&session, None, Interaction::None, 2),
        Appended::Dropped
    );
    assert_eq!(last(3), Ok(Appended::Stored));
    assert_eq!(numbers(&session.recording().unwrap()), [1, 3]);
    assert_eq!(counters.now().events, 2);
    session.release();
    assert_eq!(last(4), Ok(Appended::Dropped));
    assert_eq!(counters.now(), Counts::default());
}
