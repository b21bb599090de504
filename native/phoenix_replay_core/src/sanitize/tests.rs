//! What the view makes of terms: written, read back and compared.

use super::{Options, Place, Sanitizer};
use crate::etf::{decode, encode, encode_fate, Budget, Limits, Value, VERSION};
use crate::view::{FILTERED, HIDDEN};

fn atom(name: &str) -> Value {
    Value::atom(name)
}

fn text(text: &str) -> Value {
    Value::binary(text)
}

/// A map with atom keys.
fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (atom(key), value)))
}

/// A map with text keys.
fn params<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (text(key), value)))
}

fn keyword<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::list(pairs.map(|(key, value)| Value::tuple([atom(key), value])))
}

fn structure<const N: usize>(module: &str, fields: [(&str, Value); N]) -> Value {
    let module = (atom("__struct__"), atom(&format!("Elixir.{module}")));
    Value::map(
        fields
            .map(|(key, value)| (atom(key), value))
            .into_iter()
            .chain([module]),
    )
}

fn hidden() -> Value {
    atom(HIDDEN)
}

fn filtered() -> Value {
    text(FILTERED)
}

fn sanitizer() -> Sanitizer {
    Sanitizer::new(Options::default())
}

fn keeping(keep: &[&str]) -> Sanitizer {
    let keep = Some(keep.iter().map(|&key| key.to_owned()).collect());
    Sanitizer::new(Options {
        keep,
        ..Options::default()
    })
}

/// The term as it is recorded; twice gives the same.
fn seen(sanitizer: &Sanitizer, place: Place, term: &Value) -> Value {
    let look = |term: &Value| {
        let mut out = vec![VERSION];
        encode(term, sanitizer, place, &mut Budget::unlimited(), &mut out).unwrap();
        decode(&out, Limits::default()).unwrap().0
    };
    let once = look(term);
    assert_eq!(look(&once), once, "twice");
    once
}

fn assigns(term: &Value) -> Value {
    seen(&sanitizer(), Sanitizer::assigns(), term)
}

#[test]
fn internal_keys_go_at_the_top_only() {
    let internal = || {
        map([
            ("__changed__", Value::nil()),
            ("flash", map([])),
            ("uploads", Value::nil()),
            ("streams", Value::nil()),
            ("socket", Value::nil()),
            ("myself", Value::nil()),
            ("count", Value::integer(1)),
        ])
    };
    assert_eq!(assigns(&internal()), map([("count", Value::integer(1))]));
    let nested = map([
        ("inner", internal()),
        ("pairs", keyword([("flash", map([]))])),
    ]);
    assert_eq!(assigns(&nested), nested);
    assert_eq!(
        seen(&sanitizer(), Sanitizer::params(), &internal()),
        internal()
    );
    let by_text = params([("flash", text("mine"))]);
    assert_eq!(assigns(&by_text), by_text);
}

#[test]
fn a_sensitive_key_is_hidden_or_filtered_by_what_holds_it() {
    let secret = || text("hunter2");
    let user = |value: Value| structure("My.User", [("name", text("Ann")), ("token", value)]);
    let recorded = assigns(&map([
        ("password", secret()),
        ("user", user(secret())),
        (
            "options",
            keyword([("api_key", secret()), ("page", Value::integer(1))]),
        ),
        (
            "headers",
            Value::list([Value::tuple([text("cookie"), secret()])]),
        ),
        (
            "deep",
            Value::tuple([atom("ok"), Value::list([params([("secret", secret())])])]),
        ),
        ("token_count", Value::integer(3)),
        ("pin", Value::integer(4)),
    ]));
    assert_eq!(
        recorded,
        map([
            ("password", hidden()),
            ("user", user(filtered())),
            (
                "options",
                keyword([("api_key", filtered()), ("page", Value::integer(1))])
            ),
            (
                "headers",
                Value::list([Value::tuple([text("cookie"), filtered()])])
            ),
            (
                "deep",
                Value::tuple([atom("ok"), Value::list([params([("secret", hidden())])])])
            ),
            ("token_count", Value::integer(3)),
            ("pin", Value::integer(4)),
        ])
    );
}

#[test]
fn a_sensitive_value_goes_whole() {
    let credentials = map([(
        "credentials",
        map([("user", text("a")), ("list", Value::list([]))]),
    )]);
    assert_eq!(assigns(&credentials), map([("credentials", hidden())]));
}

#[test]
fn keys_are_looked_at_too() {
    let by_map = |value: Value| Value::map([(map([("password", value)]), Value::integer(1))]);
    assert_eq!(assigns(&by_map(text("hunter2"))), by_map(hidden()));
    // Two that look alike once sanitized are one.
    let two = Value::map([
        (map([("password", text("a"))]), Value::integer(1)),
        (map([("password", text("b"))]), Value::integer(1)),
        (Value::tuple([Value::integer(1)]), Value::integer(2)),
    ]);
    let one = Value::map([
        (map([("password", hidden())]), Value::integer(1)),
        (Value::tuple([Value::integer(1)]), Value::integer(2)),
    ]);
    assert_eq!(assigns(&two), one);
}

#[test]
fn five_names_are_sensitive_in_params_only() {
    let card = |value: Value| params([("card_cvv", value), ("name", text("Ann"))]);
    assert_eq!(assigns(&card(text("123"))), card(text("123")));
    assert_eq!(
        seen(&sanitizer(), Sanitizer::params(), &card(text("123"))),
        card(hidden())
    );
}

#[test]
fn the_host_s_names() {
    let sanitizer = Sanitizer::new(Options {
        filter_keys: vec!["iban".to_owned()],
        discard: vec!["Hush".to_owned()],
        keep: None,
    });
    let term = map([
        ("user_iban", text("DE")),
        ("noHushNow", text("x")),
        ("hush", text("y")),
    ]);
    assert_eq!(
        seen(&sanitizer, Sanitizer::assigns(), &term),
        map([
            ("user_iban", hidden()),
            ("noHushNow", hidden()),
            ("hush", text("y"))
        ])
    );
}

#[test]
fn with_keep_params_lose_all_other_values() {
    let item = || params([("id", Value::integer(1)), ("note", text("n"))]);
    let term = params([
        ("id", text("7")),
        ("q", text("x")),
        (
            "user",
            params([
                ("name", text("Ann")),
                ("id", text("8")),
                ("password", text("p")),
            ]),
        ),
        ("items", Value::list([item()])),
        ("tags", Value::list([text("a"), text("b")])),
        ("mixed", Value::list([item(), text("b")])),
        ("none", Value::list([])),
        (
            "kept",
            params([("a", Value::list([text("b")])), ("token", text("t"))]),
        ),
        ("when", structure("Date", [("day", Value::integer(1))])),
    ]);
    let expected = params([
        ("id", text("7")),
        ("q", filtered()),
        (
            "user",
            params([
                ("name", filtered()),
                ("id", text("8")),
                ("password", hidden()),
            ]),
        ),
        (
            "items",
            Value::list([params([("id", Value::integer(1)), ("note", filtered())])]),
        ),
        ("tags", filtered()),
        ("mixed", filtered()),
        ("none", filtered()),
        (
            "kept",
            params([("a", Value::list([text("b")])), ("token", hidden())]),
        ),
        ("when", filtered()),
    ]);
    assert_eq!(
        seen(&keeping(&["id", "kept"]), Sanitizer::params(), &term),
        expected
    );
    assert_eq!(
        seen(
            &keeping(&["id"]),
            Sanitizer::assigns(),
            &map([("q", text("x"))])
        ),
        map([("q", text("x"))])
    );
}

#[test]
fn with_keep_params_that_are_a_bare_value_go() {
    let written = |sanitizer: &Sanitizer, params: &Value| {
        let mut out = vec![VERSION];
        let fate = sanitizer.params_fate(params);
        encode_fate(fate, params, sanitizer, &mut Budget::unlimited(), &mut out).unwrap();
        decode(&out, Limits::default()).unwrap().0
    };
    assert_eq!(written(&keeping(&["id"]), &text("bare")), filtered());
    assert_eq!(written(&keeping(&["id"]), &params([])), params([]));
    assert_eq!(written(&sanitizer(), &text("bare")), text("bare"));
}

fn changeset(secret: &Value, repo: Value, prepare: Value) -> Value {
    structure(
        "Ecto.Changeset",
        [
            ("action", atom("validate")),
            (
                "changes",
                map([("password", secret.clone()), ("name", text("Ann"))]),
            ),
            (
                "constraints",
                Value::list([map([("type", atom("unique")), ("field", atom("token"))])]),
            ),
            (
                "data",
                structure(
                    "My.User",
                    [("password", secret.clone()), ("__meta__", meta(false))],
                ),
            ),
            ("empty_values", Value::list([text("")])),
            (
                "errors",
                keyword([(
                    "password",
                    Value::tuple([text("too short"), keyword([("count", Value::integer(8))])]),
                )]),
            ),
            (
                "params",
                params([("password", secret.clone()), ("cvv", secret.clone())]),
            ),
            ("prepare", prepare),
            ("repo", repo.clone()),
            (
                "repo_opts",
                if repo == Value::nil() {
                    Value::list([])
                } else {
                    keyword([("a", repo)])
                },
            ),
            ("required", Value::list([atom("password")])),
            (
                "types",
                map([
                    ("password", atom("string")),
                    ("token", Value::tuple([atom("array"), atom("string")])),
                ]),
            ),
            ("valid?", Value::boolean(false)),
            (
                "validations",
                keyword([(
                    "password",
                    Value::tuple([atom("length"), keyword([("min", Value::integer(8))])]),
                )]),
            ),
        ],
    )
}

fn meta(compact: bool) -> Value {
    let or_nil = |value: Value| if compact { Value::nil() } else { value };
    structure(
        "Ecto.Schema.Metadata",
        [
            ("state", atom("loaded")),
            ("source", or_nil(text("users"))),
            ("prefix", or_nil(text("tenant"))),
            ("context", or_nil(text("c"))),
            ("schema", or_nil(atom("Elixir.My.User"))),
        ],
    )
}

#[test]
fn a_changeset_keeps_what_forms_read() {
    let recorded = assigns(&map([(
        "changeset",
        changeset(
            &text("hunter2"),
            atom("Elixir.My.Repo"),
            Value::list([Value::integer(1)]),
        ),
    )]));
    let changeset = recorded.field("changeset").unwrap();
    let plain = changeset_expected();
    for (key, value) in plain.as_map().unwrap().entries() {
        assert_eq!(changeset.as_map().unwrap().get(key), Some(value), "{key:?}");
    }
    assert_eq!(changeset, &plain);
}

fn changeset_expected() -> Value {
    let raw = changeset(&hidden(), Value::nil(), Value::list([]));
    let entries = raw
        .as_map()
        .unwrap()
        .entries()
        .iter()
        .cloned()
        .map(|(key, value)| {
            let value = match key.as_atom() {
                Some("data") => structure(
                    "My.User",
                    [("password", filtered()), ("__meta__", meta(true))],
                ),
                _ => value,
            };
            (key, value)
        });
    Value::map(entries)
}

#[test]
fn a_form_s_params_are_params_wherever_it_has_them() {
    let form = |value: Value| {
        structure(
            "Phoenix.HTML.Form",
            [
                (
                    "source",
                    params([("cvv", value.clone()), ("name", text("Ann"))]),
                ),
                ("params", params([("cvv", value), ("name", text("Ann"))])),
                (
                    "errors",
                    keyword([("password", Value::tuple([text("bad"), Value::list([])]))]),
                ),
                ("options", keyword([("method", text("post"))])),
                ("data", map([])),
            ],
        )
    };
    assert_eq!(assigns(&form(text("123"))), form(hidden()));
    let nested = |value: Value| {
        structure(
            "Phoenix.HTML.Form",
            [("source", structure("My.Struct", [("cvv", value)]))],
        )
    };
    assert_eq!(assigns(&nested(text("123"))), nested(text("123")));
}

#[test]
fn an_error_that_is_a_bare_value_is_judged() {
    let form = |value: Value| {
        structure(
            "Phoenix.HTML.Form",
            [("errors", keyword([("password", value)]))],
        )
    };
    assert_eq!(assigns(&form(text("hunter2"))), form(filtered()));
    let by_map = |value: Value| {
        structure(
            "Phoenix.HTML.Form",
            [("errors", map([("password", value)]))],
        )
    };
    assert_eq!(assigns(&by_map(text("hunter2"))), by_map(hidden()));
}

#[test]
fn an_association_that_is_not_loaded_stays() {
    let marker = structure(
        "Ecto.Association.NotLoaded",
        [
            ("__field__", atom("posts")),
            ("__owner__", atom("Elixir.My.User")),
            ("__cardinality__", atom("many")),
        ],
    );
    assert_eq!(
        assigns(&map([("user", marker.clone())])),
        map([("user", marker)])
    );
}
