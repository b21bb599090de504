//! Terms as a live BEAM has them: functions and pids among them, atoms with numbers.
#![allow(clippy::expect_used)]

use phoenix_replay_core::etf::{
    decode, encode, Budget, Limits, Value, ValueElements, ValueEntries, ValueItems, VERSION,
};
use phoenix_replay_core::sanitize::{Options, Place, Sanitizer};
use phoenix_replay_core::tree::{Inert, InertKind, Kind, ListItems, Tree};
use phoenix_replay_core::view::{Everything, View, FILTERED, HIDDEN};

/// A value in which the placeholders are what they stand for.
#[derive(Clone)]
struct Live(Value);

#[derive(Clone)]
struct Lives<I>(I);

impl<I: Iterator<Item = Value>> Iterator for Lives<I> {
    type Item = Live;

    fn next(&mut self) -> Option<Live> {
        self.0.next().map(Live)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Lives<ValueElements> {}

impl ListItems<Live> for Lives<ValueItems> {
    fn tail(&self) -> Option<Live> {
        self.0.tail().map(Live)
    }
}

struct LiveEntries(ValueEntries);

impl Iterator for LiveEntries {
    type Item = (Live, Live);

    fn next(&mut self) -> Option<(Live, Live)> {
        self.0.next().map(|(key, value)| (Live(key), Live(value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for LiveEntries {}

fn inert(value: &Value) -> Option<Inert> {
    if value.field("__struct__")?.as_atom()? != "Elixir.PhoenixReplay.Inert" {
        return None;
    }
    let kind = match value.field("kind")?.as_atom()? {
        "pid" => InertKind::Pid,
        "port" => InertKind::Port,
        "reference" => InertKind::Reference,
        _ => InertKind::Function,
    };
    let name = |term: &Value| term.as_atom().map(str::to_owned);
    let function = match value.field("function")?.as_tuple() {
        Some([module, function, arity]) => Some((
            name(module)?,
            name(function)?,
            arity.as_integer()?.try_into().ok()?,
        )),
        _ => None,
    };
    Some(Inert {
        kind,
        text: value.field("text")?.as_text()?.to_owned(),
        function,
    })
}

impl Tree for Live {
    type Elements = Lives<ValueElements>;
    type Items = Lives<ValueItems>;
    type Entries = LiveEntries;

    fn kind(&self) -> Kind<'_, Self> {
        if let Some(inert) = inert(&self.0) {
            return Kind::Inert(inert);
        }
        match self.0.kind() {
            Kind::Atom(name) => Kind::Atom(name),
            Kind::Integer(integer) => Kind::Integer(integer),
            Kind::BigInteger { negative, digits } => Kind::BigInteger { negative, digits },
            Kind::Float(float) => Kind::Float(float),
            Kind::Binary(bytes) => Kind::Binary(bytes),
            Kind::Bitstring { bytes, bits } => Kind::Bitstring { bytes, bits },
            Kind::Tuple(elements) => Kind::Tuple(Lives(elements)),
            Kind::List(items) => Kind::List(Lives(items)),
            Kind::Map(entries) => Kind::Map(LiveEntries(entries)),
            Kind::Inert(inert) => Kind::Inert(inert),
        }
    }

    fn same(&self, other: &Self) -> bool {
        self.0.same(&other.0)
    }

    fn get(&self, key: &Self) -> Option<Self> {
        self.0.get(&key.0).map(Live)
    }

    fn get_atom(&self, key: &str) -> Option<Self> {
        match inert(&self.0) {
            Some(_) => None,
            None => self.0.get_atom(key).map(Live),
        }
    }

    /// Any number will do that belongs to one name alone.
    fn atom_number(&self) -> Option<usize> {
        let name = self.0.as_atom().filter(|name| name.len() <= 7)?;
        let number = name
            .bytes()
            .fold(0, |number, byte| number << 8 | usize::from(byte));
        (number < 1 << 56).then_some(number)
    }
}

fn placeholder(kind: &str, text: &str, function: Value) -> Value {
    Value::map([
        (
            Value::atom("__struct__"),
            Value::atom("Elixir.PhoenixReplay.Inert"),
        ),
        (Value::atom("kind"), Value::atom(kind)),
        (Value::atom("text"), Value::binary(text)),
        (Value::atom("function"), function),
    ])
}

fn pid() -> Value {
    placeholder("pid", "#PID<0.1.0>", Value::nil())
}

fn closure() -> Value {
    placeholder("function", "#Function<1.2/0 in My.f>", Value::nil())
}

fn external() -> Value {
    let function = Value::tuple([
        Value::atom("Elixir.Enum"),
        Value::atom("map"),
        Value::integer(2),
    ]);
    placeholder("function", "&Enum.map/2", function)
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn written<V: View<Live>>(term: &Value, view: &V, place: V::Place) -> Value {
    let mut out = vec![VERSION];
    encode(
        &Live(term.clone()),
        view,
        place,
        &mut Budget::unlimited(),
        &mut out,
    )
    .expect("no budget");
    decode(&out, Limits::default()).expect("a term").0
}

#[test]
fn what_means_nothing_elsewhere_is_a_placeholder() {
    let term = Value::tuple([
        pid(),
        closure(),
        Value::list([external()]),
        map([("to", pid())]),
    ]);
    assert_eq!(written(&term, &Everything, ()), term);
}

#[test]
fn forms_forget_their_closures() {
    let form = |closure: Value| {
        map([
            ("__struct__", Value::atom("Elixir.Phoenix.HTML.Form")),
            (
                "data",
                map([("load", closure), ("dump", external()), ("owner", pid())]),
            ),
        ])
    };
    let assigns = |inner: Value| map([("callback", closure()), ("form", inner)]);
    let sanitizer = Sanitizer::new(Options::default());
    assert_eq!(
        written(&assigns(form(closure())), &sanitizer, Sanitizer::assigns()),
        assigns(form(Value::nil()))
    );
}

#[test]
fn verdicts_by_number_are_those_by_name() {
    let sanitizer = Sanitizer::new(Options::default());
    let term = |hide: Value, redact: Value, params: Value| {
        map([
            ("flush", Value::integer(1)),
            ("token", hide),
            ("pin", params),
            (
                "user",
                map([
                    ("__struct__", Value::atom("Elixir.User")),
                    ("secret", redact),
                ]),
            ),
        ])
    };
    let secret = || Value::binary("x");
    let check = |place: Place, pin: Value| {
        let raw = term(secret(), secret(), secret());
        let clean = term(Value::atom(HIDDEN), Value::binary(FILTERED), pin);
        assert_eq!(written(&raw, &sanitizer, place), clean);
    };
    for _ in 0..3 {
        check(Sanitizer::assigns(), secret());
        check(Sanitizer::params(), Value::atom(HIDDEN));
    }
    let internal = map([
        ("flash", Value::nil()),
        ("socket", Value::nil()),
        ("a", Value::nil()),
    ]);
    for _ in 0..2 {
        let top = written(&internal, &sanitizer, Sanitizer::assigns());
        assert_eq!(top, map([("a", Value::nil())]));
        assert_eq!(
            written(&internal, &sanitizer, Sanitizer::params()),
            internal
        );
    }
}
