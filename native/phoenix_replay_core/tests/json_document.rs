//! The JSON of each term, and the shape of the document around it.
#![allow(clippy::unwrap_used)]

mod gzip;
mod recordings;

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::json::{from_text, to_text, write};
use phoenix_replay_core::recording::{read, read_head, Limits, Recording, RecordingError};
use recordings::{event, of};

fn open(bytes: &[u8]) -> Result<Recording, RecordingError> {
    read(bytes, Limits::default())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

const BEFORE: &str = r#""payload":{"x":"#;
const BEHIND: &str = "}}\n]}\n";

fn around(value: Value) -> String {
    let mut recording = of(vec![event(0, "x", map([("x", value)]))]);
    recording.summary.event_count = 1;
    recording.context = map([("params", Value::map([])), ("session", Value::map([]))]);
    String::from_utf8(to_text(&recording)).unwrap()
}

fn text_of(value: Value) -> String {
    let text = around(value);
    let at = text.find(BEFORE).unwrap() + BEFORE.len();
    text[at..].strip_suffix(BEHIND).unwrap().to_string()
}

fn value_of(text: &str) -> Result<Value, RecordingError> {
    let nothing = format!("{BEFORE}null{BEHIND}");
    let document = around(Value::nil()).replace(&nothing, &format!("{BEFORE}{text}{BEHIND}"));
    let recording = from_text(document.as_bytes())?;
    Ok(recording.events[0].payload.field("x").unwrap().clone())
}

#[test]
fn every_tag_is_as_documented() {
    let atom = Value::atom;
    for (value, text) in [
        (Value::nil(), "null"),
        (Value::boolean(true), "true"),
        (Value::integer(-7), "-7"),
        (Value::float(1.0), "1.0"),
        (Value::float(-0.0), "-0.0"),
        (Value::binary("a\"é"), r#""a\"é""#),
        (Value::list([Value::integer(1)]), "[1]"),
        (Value::list([]), "[]"),
        (Value::map([]), "{}"),
        (Value::tuple([]), r#"{"$tuple":[]}"#),
        (atom("ok"), r#"{"$atom":"ok"}"#),
        (
            Value::tuple([Value::integer(1), Value::integer(2)]),
            r#"{"$tuple":[1,2]}"#,
        ),
        (
            Value::list([Value::tuple([atom("a"), Value::integer(1)])]),
            r#"{"$keyword":[["a",1]]}"#,
        ),
        (
            Value::improper_list([Value::integer(1)], Value::integer(2)),
            r#"{"$improper":[[1],2]}"#,
        ),
        (
            Value::map([(Value::integer(1), Value::integer(2))]),
            r#"{"$map":[[1,2]]}"#,
        ),
        (Value::binary([255]), r#"{"$binary":"ff"}"#),
        (Value::bitstring([0xa0], 3), r#"{"$bits":["a0",3]}"#),
        (
            Value::big_integer(false, &[0, 0, 0, 0, 0, 0, 0, 0, 1]),
            r#"{"$integer":"010000000000000000"}"#,
        ),
        (
            Value::big_integer(true, &[0, 0, 0, 0, 0, 0, 0, 0, 1]),
            r#"{"$integer":"-010000000000000000"}"#,
        ),
        (
            Value::map([
                (atom("name"), Value::integer(1)),
                (Value::binary(":name"), Value::integer(2)),
                (Value::binary("$name"), Value::integer(3)),
                (Value::binary("name"), Value::integer(4)),
            ]),
            r#"{":name":1,"$$name":3,"$:name":2,"name":4}"#,
        ),
        (
            map([("__struct__", atom("Elixir.A"))]),
            r#"{":__struct__":{"$atom":"Elixir.A"}}"#,
        ),
    ] {
        assert_eq!(text_of(value.clone()), text);
        assert_eq!(value_of(text), Ok(value));
    }
}

#[test]
fn a_tag_that_means_nothing_is_an_error() {
    for text in [
        r#"{"$what":1}"#,
        r#"{"$tuple":1}"#,
        r#"{"$keyword":[[1,2]]}"#,
        r#"{"$map":[[1]]}"#,
        r#"{"$binary":"f"}"#,
        r#"{"$binary":"fg"}"#,
        r#"{"$bits":["ff",-1]}"#,
        r#"{"$integer":"x"}"#,
        r#"{"$a":1,"b":2}"#,
        r#"{"$improper":[[1],[2]]}"#,
        "[1 2]",
        "[1,]",
        "{\"a\" 1}",
        "\"open",
        "\"\\",
        "-",
        "nul",
        "",
    ] {
        let error = value_of(text).unwrap_err();
        assert_eq!(error.reason(), "damaged", "{text}");
    }
}

#[test]
fn the_document_is_of_the_documented_shape() {
    let mut recording = of(vec![]);
    recording.summary.url = Some("/cart?a=[FILTERED]".into());
    let count = |count: i64| map([("count", Value::integer(count))]);
    let params = Value::map([(Value::binary("a"), Value::binary("b"))]);
    recording.context = map([("params", params), ("session", Value::map([]))]);
    recording.events = vec![
        event(0, "mount", map([("assigns", count(1))])),
        event(
            5,
            "event",
            map([("name", Value::binary("inc")), ("params", Value::map([]))]),
        ),
        event(6, "assigns", map([("delta", count(2))])),
    ];
    recording.summary.event_count = recording.events.len() as u64;
    let document: serde_json::Value = serde_json::from_slice(&to_text(&recording)).unwrap();
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "version",
            "id",
            "view",
            "connected_at",
            "url",
            "head",
            "summary",
            "params",
            "session",
            "events"
        ]
    );
    assert_eq!(document["view"], "Elixir.V");
    assert_eq!(document["connected_at"], 0);
    assert_eq!(document["url"], "/cart?a=[FILTERED]");
    assert_eq!(document["params"], serde_json::json!({"a": "b"}));
    assert_eq!(document["summary"]["event_count"], 3);
    assert_eq!(
        document["events"],
        serde_json::json!([
            {"offset": 0, "type": "mount", "payload": {"assigns": {"count": 1}}},
            {"offset": 5, "type": "event", "payload": {"name": "inc", "params": {}}},
            {"offset": 6, "type": "assigns", "payload": {"delta": {"count": 2}}},
        ])
    );
}

#[test]
fn what_is_no_document_says_so() {
    for (text, reason) in [
        ("{}", "not_a_recording"),
        (r#"{"version":1}"#, "not_a_recording"),
        (r#"{"version":2}"#, "unsupported_version"),
        (r#"{"version":1,"#, "not_a_recording"),
        (r#"{"version":1"#, "damaged"),
        (r#"{"a":}"#, "damaged"),
        (r#"{"version":1,"events":[{"offset":0}]}"#, "damaged"),
    ] {
        assert_eq!(
            open(&gzip::member(text.as_bytes())).unwrap_err().reason(),
            reason,
            "{text}"
        );
        assert_eq!(
            read_head(&gzip::member(text.as_bytes()))
                .unwrap_err()
                .reason(),
            reason,
            "{text}"
        );
    }
}

#[test]
fn rubbish_behind_it_costs_nothing() {
    let mut recording = of(vec![]);
    recording.events.push(event(0, "info", Value::map([])));
    recording.summary.event_count = recording.events.len() as u64;
    let bytes = [&write(&recording).unwrap()[..], &[0; 100]].concat();
    let read = open(&bytes).unwrap();
    assert_eq!(read.events, recording.events);
    assert!(read.summary.interrupted);
}

#[test]
fn the_url_of_an_old_one_may_be_in_its_params_alone() {
    let text = br#"{"id":"old","view":"Elixir.OldLive","url":null,"params":{},"session":{},"connected_at":1,
        "events":[{"offset":3,"type":"handle_params","payload":{"params":{},"url":"/a"}}]}"#;
    assert_eq!(from_text(text).unwrap().summary.url.as_deref(), Some("/a"));
}

#[test]
fn depth_without_an_end_takes_no_stack() {
    let small_stack = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small_stack.spawn(|| {
        let nested = |inner, _| Value::map([(inner, Value::nil())]);
        let keys = (0..50_000).fold(Value::nil(), nested);
        assert_eq!(value_of(&text_of(keys.clone())), Ok(keys));
        for text in ["[", "{\"a\":", "{\"$tuple\":[", "{\"$improper\":[[1],"] {
            assert!(value_of(&text.repeat(50_000)).is_err());
        }
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn an_atom_that_no_node_could_have_is_an_error() {
    let (fits, not) = ("č".repeat(255), "č".repeat(256));
    assert_eq!(
        value_of(&format!(r#"{{"$atom":"{fits}"}}"#)),
        Ok(Value::atom(&fits))
    );
    for text in [
        format!(r#"{{"$atom":"{not}"}}"#),
        format!(r#"{{"$keyword":[["{not}",1]]}}"#),
        format!(r#"{{":{not}":1}}"#),
    ] {
        assert_eq!(value_of(&text).unwrap_err().reason(), "damaged");
    }
    let file = |kind: &str, key: &str| {
        format!(
            r#"{{"id":"a","view":"V","connected_at":1,"params":{{}},"session":{{}},
            "events":[{{"offset":0,"type":"{kind}","payload":{{"{key}":1}}}}]}}"#
        )
    };
    assert!(from_text(file("mount", "assigns").as_bytes()).is_ok());
    assert!(from_text(file(&not, "assigns").as_bytes()).is_err());
    assert!(from_text(file("mount", &not).as_bytes()).is_err());
}
