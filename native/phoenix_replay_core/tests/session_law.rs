//! What a session holds is what was stored in it, whatever else was tried.
#![allow(clippy::unwrap_used)]

mod recordings;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use phoenix_replay_core::etf::{write, Exhausted, Value};
use phoenix_replay_core::recording::{read, Ended, Event, EventKind, Recording, RecordingError};
use phoenix_replay_core::session::{
    Appended, Counters, Counts, Ending, Facts, Format, Interaction, Limits, Session, Written,
};
use phoenix_replay_core::timeline::Timeline;
use proptest::prelude::*;
use recordings::{event, facts, recording_with_states, value};

fn limited(limits: Limits) -> (Session, Arc<Counters>) {
    let counters = Arc::<Counters>::default();
    let session = Session::new(facts(), limits, counters.clone(), Instant::now());
    (session, counters)
}

fn session() -> Session {
    limited(Limits::default()).0
}

type Result = std::result::Result<Appended, Exhausted>;

fn put(session: &Session, offset: u64, kind: EventKind<'_>, payload: &Value) -> Result {
    session.append(Some(offset), kind, Interaction::None, |out| {
        write::value(out, payload);
        Ok(Written::Payload)
    })
}

fn info(session: &Session, offset: u64) -> Result {
    put(session, offset, EventKind::Info, &Value::map([]))
}

fn did(session: &Session, interaction: Interaction<'_>) -> Result {
    session.append(None, EventKind::Event, interaction, |_| {
        Ok(Written::Nothing)
    })
}

fn ending(how: Ended) -> Ending {
    Ending { how, error: None }
}

fn sealed(session: &Session) -> Recording {
    let sealed = session.seal(Format::Etf).unwrap();
    let recording = read(&sealed.data, Default::default()).unwrap();
    assert_eq!(recording.summary, sealed.summary);
    assert!(!recording.summary.interrupted);
    recording
}

fn offsets(session: &Session) -> Vec<u64> {
    let events = session.recording().unwrap().events;
    events.iter().map(|event| event.offset_ms).collect()
}

/// What an append is asked to do.
#[derive(Clone, Debug)]
enum Act {
    Store(u64, Value),
    Nothing,
    Exhaust(Value),
    Panic(Value),
    Seal,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u64..1_000, value()).prop_map(|(at, value)| Act::Store(at, value)),
        1 => Just(Act::Nothing),
        1 => value().prop_map(Act::Exhaust),
        1 => value().prop_map(Act::Panic),
        1 => Just(Act::Seal),
    ]
}

/// What is done with a session while it goes on, besides appending.
#[derive(Clone, Debug)]
enum Step {
    Append(Event),
    /// An event that fills a part.
    AppendLarge,
    Seal,
    /// A flush, and what becomes of it.
    Flush(Flush),
    Look,
}

/// What storage does with what is flushed.
#[derive(Clone, Copy, Debug)]
enum Flush {
    Takes,
    Refuses,
    /// Takes it, and does not come to say so.
    Answerless,
    /// Takes it, the journal so far having been deleted.
    Forgot,
}

fn flush_step() -> impl Strategy<Value = Flush> {
    prop_oneof![
        2 => Just(Flush::Takes),
        1 => Just(Flush::Refuses),
        1 => Just(Flush::Answerless),
        1 => Just(Flush::Forgot),
    ]
}

/// Whether what there was to flush is in the journal now. A storage that has lost a journal must be one
/// that says how long it is, or nobody can tell.
fn flush(
    session: &Session,
    journal: &mut Vec<u8>,
    flush: Flush,
    measured: bool,
) -> std::result::Result<bool, RecordingError> {
    let Some(unflushed) = session.unflushed()? else {
        return Ok(false);
    };
    match flush {
        Flush::Refuses => return Ok(false),
        Flush::Forgot if measured => journal.clear(),
        _ => {}
    }
    journal.extend(unflushed.members);
    let length = measured.then_some(journal.len() as u64);
    if !matches!(flush, Flush::Answerless) && !session.flushed(unflushed.mark, length) {
        let all = session.unflushed()?;
        *journal = all.map_or(vec![], |all| {
            assert!(session.flushed(all.mark, Some(all.members.len() as u64)));
            all.members
        });
    }
    Ok(true)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u64..50, value()).prop_map(|(at, value)| Step::Append(event(at, "x", value))),
        1 => Just(Step::AppendLarge),
        1 => Just(Step::Seal),
        2 => flush_step().prop_map(Step::Flush),
        1 => Just(Step::Look),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sealing_and_flushing_change_nothing_but_bytes_held(
        steps in prop::collection::vec(step(), 0..40),
        // Whether storage says how long a journal is.
        measured: bool,
    ) {
        let (session, counters) = limited(Limits::default());
        let plain = self::session();
        let (mut journal, mut flushed) = (Vec::new(), 0);
        for step in steps {
            match step {
                Step::Append(event) => {
                    for session in [&session, &plain] {
                        let stored = put(session, event.offset_ms, event.kind(), &event.payload);
                        prop_assert_eq!(stored, Ok(Appended::Stored));
                    }
                }
                Step::AppendLarge => {
                    let large = Value::binary(vec![7; 130 * 1024]);
                    for session in [&session, &plain] {
                        prop_assert_eq!(put(session, 0, EventKind::Info, &large), Ok(Appended::Stored));
                    }
                    prop_assert!(session.is_due() && counters.any_due());
                }
                Step::Seal => {
                    while session.seal_next()? {}
                    prop_assert!(!session.is_due() && !counters.any_due());
                }
                Step::Flush(flush) => {
                    if self::flush(&session, &mut journal, flush, measured)? {
                        flushed = session.summary().event_count;
                    }
                    prop_assert!(!session.is_due());
                }
                Step::Look => prop_assert_eq!(session.recording()?.events, plain.recording()?.events),
            }
            let summary = session.summary();
            prop_assert_eq!(&summary, &plain.summary());
            let now = counters.now();
            prop_assert_eq!((now.sessions, now.events), (1, summary.event_count));
        }
        let whole = sealed(&plain);
        prop_assert_eq!(&sealed(&session), &whole);
        let json = session.seal(Format::Json)?;
        prop_assert_eq!(json.data, plain.seal(Format::Json)?.data);
        if flushed > 0 {
            let kept = &whole.events[..flushed as usize];
            prop_assert_eq!(&read(&journal, Default::default())?.events, kept);
        }
        session.release();
        prop_assert_eq!(counters.now(), Counts::default());
        prop_assert!(!counters.any_due());
    }

    #[test]
    fn what_was_stored_is_there_and_nothing_else(acts in prop::collection::vec(act(), 0..24)) {
        let (session, counters) = limited(Limits::default());
        let mut stored: Vec<Event> = Vec::new();
        for act in acts {
            let append = |value: &Value, end: &dyn Fn() -> std::result::Result<Written, Exhausted>| {
                session.append(Some(0), EventKind::Other("x"), Interaction::None, |out| {
                    write::value(out, value);
                    end()
                })
            };
            match act {
                Act::Store(at, value) => {
                    let kind = EventKind::Other("x");
                    prop_assert_eq!(put(&session, at, kind, &value), Ok(Appended::Stored));
                    let at = stored.last().map_or(0, |last| last.offset_ms).max(at);
                    stored.push(event(at, "x", value));
                }
                Act::Nothing => {
                    let nothing = append(&Value::nil(), &|| Ok(Written::Nothing));
                    prop_assert_eq!(nothing, Ok(Appended::Unchanged));
                }
                Act::Exhaust(value) => {
                    prop_assert_eq!(append(&value, &|| Err(Exhausted)), Err(Exhausted));
                }
                Act::Panic(value) => {
                    let panicking = || append(&value, &|| std::panic::resume_unwind(Box::new(())));
                    prop_assert!(catch_unwind(AssertUnwindSafe(panicking)).is_err());
                }
                Act::Seal => prop_assert_eq!(&sealed(&session).events, &stored),
            }
        }
        prop_assert_eq!(&session.recording()?.events, &stored);
        let summary = session.summary();
        prop_assert_eq!(summary.event_count, stored.len() as u64);
        let now = Counts { sessions: 1, events: summary.event_count, bytes: summary.inflated_bytes };
        prop_assert_eq!(counters.now(), now);
        session.release();
        prop_assert_eq!(counters.now(), Counts::default());
    }

    #[test]
    fn json_says_the_same(case in recording_with_states()) {
        let (recording, states) = case;
        let session = session();
        for event in &recording.events {
            prop_assert_eq!(put(&session, event.offset_ms, event.kind(), &event.payload), Ok(Appended::Stored));
        }
        session.close(ending(Ended::Left));
        let stored = sealed(&session);
        prop_assert_eq!(&stored.events, &recording.events);
        let json = session.seal(Format::Json)?;
        let read = read(&json.data, Default::default())?;
        prop_assert_eq!(&read.summary, &json.summary);
        prop_assert_eq!(&read.summary, &stored.summary);
        let (from_json, from_etf) = (Timeline::new(read), Timeline::new(stored));
        prop_assert_eq!(from_json.events(0, usize::MAX).unwrap(), from_etf.events(0, usize::MAX).unwrap());
        for (index, state) in states.into_iter().enumerate() {
            prop_assert_eq!(from_json.state_at(index), Some(state));
        }
    }
}

#[test]
fn nothing_is_appended_to_what_has_ended() {
    let session = session();
    assert_eq!(info(&session, 1), Ok(Appended::Stored));
    session.close(ending(Ended::Finished));
    assert_eq!(info(&session, 2), Ok(Appended::Dropped));
    assert_eq!(session.summary().dropped, 1);
    session.reopen();
    assert_eq!(session.ending(), None);
    assert_eq!(info(&session, 2), Ok(Appended::Stored));
    session.release();
    session.reopen();
    assert_eq!(info(&session, 3), Ok(Appended::Dropped));
    assert_eq!(session.recording().unwrap().events, []);
}

#[test]
fn time_does_not_go_back() {
    let started = Instant::now()
        .checked_sub(Duration::from_secs(5))
        .unwrap_or_else(Instant::now);
    let session = Session::new(facts(), Limits::default(), Arc::default(), started);
    let mount = |session: &Session| {
        session.append(None, EventKind::Mount, Interaction::None, |out| {
            write::map(out, 0);
            Ok(Written::Payload)
        })
    };
    assert_eq!(mount(&session), Ok(Appended::Stored));
    assert_eq!(info(&session, 40), Ok(Appended::Stored));
    assert_eq!(info(&session, 30), Ok(Appended::Stored));
    assert_eq!(mount(&session), Ok(Appended::Stored));
    let offsets_now = offsets(&session);
    assert_eq!(offsets_now[..3], [0, 40, 40]);
    assert!(offsets_now[3] >= 5_000);
    assert_eq!(info(&session, u64::MAX), Ok(Appended::Stored));
    assert_eq!(info(&session, 0), Ok(Appended::Stored));
    assert_eq!(offsets(&session)[4..], [i64::MAX as u64; 2]);
    assert_eq!(sealed(&session).events.len(), 6);
}

#[test]
fn what_counts_as_somebody_using_the_page() {
    let (event, params) = (Interaction::Event("inc"), Interaction::Params(Some("/a")));
    for (interactions, expected) in [
        (&[][..], false),
        (&[Interaction::None], false),
        (&[params], false),
        (&[params, params], true),
        (&[event], true),
    ] {
        let session = session();
        for interaction in interactions {
            assert_eq!(did(&session, *interaction), Ok(Appended::Unchanged));
        }
        assert_eq!(session.interacted(), expected, "{interactions:?}");
        assert_eq!(session.summary().interacted, expected);
        session.close(ending(Ended::Closed));
        assert_eq!(session.interacted(), expected);
    }
    let crashed = session();
    crashed.close(ending(Ended::Crashed));
    assert!(crashed.interacted());
}

#[test]
fn the_url_is_that_of_the_first_params() {
    let of_params = session();
    for url in [None, Some("/a"), Some("/b")] {
        assert!(did(&of_params, Interaction::Params(url)).is_ok());
    }
    assert_eq!(of_params.summary().url.as_deref(), Some("/a"));
    let known = Facts {
        url: Some("/known".into()),
        ..facts()
    };
    let known = Session::new(known, Limits::default(), Arc::default(), Instant::now());
    assert!(did(&known, Interaction::Params(Some("/a"))).is_ok());
    assert_eq!(known.summary().url.as_deref(), Some("/known"));
}

#[test]
fn events_may_be_larger_than_a_chunk() {
    let session = session();
    let payload =
        |fill: u8| Value::map([(Value::atom("text"), Value::binary(vec![fill; 200 * 1024]))]);
    for fill in 0..4 {
        assert_eq!(
            put(&session, 1, EventKind::Info, &payload(fill)),
            Ok(Appended::Stored)
        );
        assert_eq!(info(&session, 1), Ok(Appended::Stored));
    }
    let events = sealed(&session).events;
    assert_eq!(events.len(), 8);
    assert_eq!(events[6].payload, payload(3));
}

#[test]
fn what_no_term_can_be_read_from_ends_what_is_shown_of_it() {
    let session = session();
    assert_eq!(info(&session, 1), Ok(Appended::Stored));
    let broken = session.append(Some(2), EventKind::Info, Interaction::None, |out| {
        out.extend_from_slice(&[255, 255]);
        Ok(Written::Payload)
    });
    assert_eq!(broken, Ok(Appended::Stored));
    let json = session.seal(Format::Json).unwrap();
    let read = read(&json.data, Default::default()).unwrap();
    assert_eq!(read.events.len(), 1);
    assert!(read.summary.interrupted);
    assert_eq!(json.summary, read.summary);
}
