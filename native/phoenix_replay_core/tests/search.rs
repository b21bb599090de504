//! What a search finds, and how it is told.
#![allow(clippy::unwrap_used)]

mod recordings;

use std::ops::ControlFlow;

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::Event;
use phoenix_replay_core::search::{search, Case, Query, QueryError, Search};
use phoenix_replay_core::view::{FILTERED, HIDDEN};
use recordings::{event, field, of, patch};

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn text(text: &str) -> Query {
    Query::text(text, Case::Sensitive).unwrap()
}

/// Index, path and excerpt of each hit.
fn hits(events: Vec<Event>, query: Query) -> Vec<(usize, String, String)> {
    let found = search(of(events), query, 1_000);
    let told = found.hits.into_iter();
    told.map(|hit| (hit.index, hit.path.to_string(), hit.excerpt))
        .collect()
}

/// A recording of these states.
fn states(states: &[Value]) -> Vec<Event> {
    let mut events = vec![event(0, "mount", field("assigns", states[0].clone()))];
    for (at, pair) in states.windows(2).enumerate() {
        let patch = patch(&pair[0], &pair[1]).unwrap();
        events.push(event(at as u64 + 1, "assigns", field("patch", patch)));
    }
    events
}

fn told(index: usize, path: &str, excerpt: &str) -> (usize, String, String) {
    (index, path.into(), excerpt.into())
}

#[test]
fn a_word_typed_letter_by_letter_is_found_when_it_is_complete() {
    let typed = |text: &str| {
        let params = Value::map([(
            Value::binary("note"),
            Value::binary(format!("{}: {text}", "x".repeat(40))),
        )]);
        map([("form", map([("params", params)]))])
    };
    let all: Vec<Value> = [
        "", "h", "he", "hel", "hell", "hello", "hello!", "hell", "hello",
    ]
    .map(typed)
    .into();
    let found = hits(states(&all), text("hello"));
    let path = r#"assigns.form.params["note"]"#;
    assert_eq!(
        found[0],
        told(5, path, "…xxxxxxxxxxxxxxxxxxxxxxxxxxxx: hello")
    );
    assert_eq!((found[1].0, found.len()), (8, 2));
}

#[test]
fn what_moves_in_a_list_is_not_found_again() {
    let row =
        |id: i64, name: &str| map([("id", Value::Integer(id)), ("name", Value::binary(name))]);
    let rows = |rows: Vec<Value>| map([("rows", Value::list(rows))]);
    let (ann, bob, eve) = (row(1, "Ann"), row(2, "Bob"), row(3, "Eve"));
    let found = hits(
        states(&[
            rows(vec![ann.clone(), bob.clone()]),
            rows(vec![eve.clone(), ann.clone(), bob.clone()]),
            rows(vec![bob.clone(), eve.clone(), ann.clone()]),
            rows(vec![bob, eve, row(1, "Anna")]),
        ]),
        text("Ann"),
    );
    assert_eq!(found, [told(0, "assigns.rows[0].name", "Ann")]);
}

#[test]
fn events_params_and_urls_are_searched() {
    let params = Value::map([(Value::binary("q"), Value::binary("red shoes"))]);
    let found = hits(
        vec![
            event(
                0,
                "handle_params",
                map([
                    ("params", params.clone()),
                    ("url", Value::binary("/find?q=red+shoes")),
                ]),
            ),
            event(
                1,
                "event",
                map([("name", Value::binary("buy_shoes")), ("params", params)]),
            ),
        ],
        text("shoes"),
    );
    assert_eq!(
        found,
        [
            told(0, r#"params["q"]"#, "red shoes"),
            told(0, "url", "/find?q=red+shoes"),
            told(1, "name", "buy_shoes"),
            told(1, r#"params["q"]"#, "red shoes"),
        ]
    );
}

#[test]
fn the_mounts_params_and_session_and_a_url_that_no_event_says_are_found_at_the_start() {
    let mut recording = of(vec![]);
    recording.context = map([
        ("params", map([("id", Value::binary("abc"))])),
        ("session", map([("team", Value::atom("abc"))])),
    ]);
    recording.summary.url = Some("/abc".into());
    let found = search(recording, text("abc"), 10);
    let paths: Vec<String> = found.hits.iter().map(|hit| hit.path.to_string()).collect();
    assert_eq!(paths, ["params.id", "session.team", "url"]);
}

#[test]
fn numbers_are_exact() {
    let state = map([
        ("a", Value::Integer(7)),
        ("b", Value::Float(7.0)),
        ("c", Value::binary("7")),
        ("d", Value::Integer(77)),
    ]);
    let paths = |query| {
        hits(states(std::slice::from_ref(&state)), query)
            .into_iter()
            .map(|hit| hit.1)
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(Query::number("7").unwrap()), ["assigns.a"]);
    assert_eq!(paths(Query::number("7.0").unwrap()), ["assigns.b"]);
    assert_eq!(paths(text("7")), ["assigns.c"]);
}

#[test]
fn case_and_patterns() {
    let state = map([
        ("a", Value::binary("Grüße")),
        ("b", Value::atom("Elixir.MyApp.User")),
    ]);
    let paths = |query| {
        hits(states(std::slice::from_ref(&state)), query)
            .into_iter()
            .map(|hit| hit.1)
            .collect::<Vec<_>>()
    };
    assert!(paths(text("grÜsse")).is_empty());
    assert_eq!(
        paths(Query::text("GRÜ", Case::Insensitive).unwrap()),
        ["assigns.a"]
    );
    assert_eq!(
        paths(Query::regex(r"^\w+\.U", Case::Sensitive).unwrap()),
        ["assigns.b"]
    );
    assert!(paths(text("a.b")).is_empty());
}

#[test]
fn what_is_hidden_is_never_found() {
    let state = map([
        ("token", Value::atom(HIDDEN)),
        ("secret", Value::binary(FILTERED)),
    ]);
    for query in [
        text("hidden"),
        text("FILTERED"),
        Query::regex(".", Case::Sensitive).unwrap(),
    ] {
        assert!(hits(states(std::slice::from_ref(&state)), query).is_empty());
    }
}

#[test]
fn what_a_value_is_made_of_is_not_what_it_holds() {
    let user = |name, of| {
        map([
            ("__struct__", Value::atom(of)),
            ("__meta__", map([("state", Value::atom("loaded_user"))])),
            ("name", Value::binary(name)),
        ])
    };
    let states = states(&[
        map([("user", user("a user", "Elixir.MyApp.user"))]),
        map([("user", user("a user", "Elixir.Other.user"))]),
    ]);
    assert_eq!(
        hits(states, text("user")),
        [told(0, "assigns.user.name", "a user")]
    );
}

#[test]
fn excerpts_hold_no_control_characters() {
    let state = map([("a", Value::binary("one\u{1b}[31m\ntwo"))]);
    assert_eq!(hits(states(&[state]), text("two"))[0].2, "one [31m two");
}

#[test]
fn a_query_says_what_is_wrong_with_it() {
    assert_eq!(
        Query::text("", Case::Sensitive).unwrap_err(),
        QueryError::Empty
    );
    assert_eq!(
        Query::text(&"x".repeat(5_000), Case::Sensitive).unwrap_err(),
        QueryError::TooLong
    );
    assert_eq!(Query::number("1e999").unwrap_err(), QueryError::Number);
    assert_eq!(Query::number("seven").unwrap_err(), QueryError::Number);
    assert!(matches!(
        Query::regex("(", Case::Sensitive),
        Err(QueryError::Regex(_))
    ));
    assert!(matches!(
        Query::regex(r"\w{1000}{1000}", Case::Sensitive),
        Err(QueryError::Regex(_))
    ));
}

#[test]
fn a_search_is_paused_and_goes_on() {
    let all: Vec<Value> = (0..10)
        .map(|at| map([("at", Value::binary(format!("at {at}")))]))
        .collect();
    let recording = of(states(&all));
    let query = Query::regex("[02468]", Case::Sensitive).unwrap();
    let mut search = Search::new(recording.clone(), query.clone(), 100);
    let mut pauses = 0;
    while search.run(|_| ControlFlow::Break(())).is_continue() {
        pauses += 1;
    }
    assert_eq!(pauses, 10);
    assert_eq!(
        search.found(),
        phoenix_replay_core::search::search(recording, query, 100)
    );
}

#[test]
fn a_change_that_does_not_fit_ends_it() {
    let mut events = states(&[
        map([("a", Value::binary("x"))]),
        map([("a", Value::binary("y"))]),
    ]);
    events[1].payload = field(
        "patch",
        map([
            ("a", Value::tuple([Value::binary("lost")])),
            ("b", Value::Integer(3)),
        ]),
    );
    events.push(event(9, "event", map([("name", Value::binary("lost"))])));
    assert!(hits(events, text("lost")).is_empty());
}

#[test]
fn a_hit_far_down_has_a_short_path() {
    let deep = (0..5_000).fold(Value::binary("found"), |value, _| Value::tuple([value]));
    let mount = event(0, "mount", field("assigns", field("deep", deep)));
    let found = search(of(vec![mount]), text("found"), 10);
    assert_eq!((found.hits.len(), found.hits[0].path.0.len()), (1, 256));
}
