//! Terms the NIF API shows only from outside: through how they print, or through their external form.

use phoenix_replay_core::etf::{decode, Limits, Value};
use phoenix_replay_core::tree::{Inert, InertKind};
use rustler::sys::ErlNifTermType;
use rustler::Term;

/// What an external function prints as, before Elixir's own way of writing it.
const EXTERNAL: &str = "fun ";

/// Sign and magnitude of an integer that does not fit a machine word.
pub fn big_integer(term: Term<'_>) -> (bool, Vec<u8>) {
    match external(term) {
        Some(Value::BigInteger(integer)) => (integer.negative(), integer.digits().to_vec()),
        Some(Value::Integer(integer)) => {
            (integer < 0, integer.unsigned_abs().to_le_bytes().to_vec())
        }
        _ => (false, Vec::new()),
    }
}

/// The bytes of a bitstring and how many bits of the last one count.
pub fn bitstring(term: Term<'_>) -> (Vec<u8>, u8) {
    match external(term) {
        Some(Value::Bitstring(bits)) => (bits.bytes().to_vec(), bits.bits()),
        _ => (vec![0], 1),
    }
}

fn external(term: Term<'_>) -> Option<Value> {
    decode(&term.to_binary(), Limits::default())
        .ok()
        .map(|(value, _)| value)
}

/// A pid, port, reference or function. A closure's environment may be large and may hold secrets: it
/// is never looked at.
pub fn inert(term: Term<'_>, kind: ErlNifTermType) -> Inert {
    let printed = format!("{term:?}");
    match kind {
        ErlNifTermType::ERL_NIF_TERM_TYPE_PID => Inert {
            kind: InertKind::Pid,
            text: format!("#PID{printed}"),
            function: None,
        },
        ErlNifTermType::ERL_NIF_TERM_TYPE_PORT => Inert {
            kind: InertKind::Port,
            text: printed,
            function: None,
        },
        ErlNifTermType::ERL_NIF_TERM_TYPE_REFERENCE => Inert {
            kind: InertKind::Reference,
            text: printed.replacen("#Ref<", "#Reference<", 1),
            function: None,
        },
        _ => function(term, printed),
    }
}

fn function(term: Term<'_>, printed: String) -> Inert {
    let external = printed
        .starts_with(EXTERNAL)
        .then(|| external_function(term))
        .flatten();
    let text = match &external {
        Some((module, name, arity)) => format!("&{}.{name}/{arity}", module_text(module)),
        None => {
            printed
                .replacen("#Fun<Elixir.", "#Function<", 1)
                .replacen("#Fun<", "#Function<", 1)
        }
    };
    Inert {
        kind: InertKind::Function,
        text,
        function: external,
    }
}

fn module_text(module: &str) -> String {
    match module.strip_prefix("Elixir.") {
        Some(alias) => alias.to_owned(),
        None => format!(":{module}"),
    }
}

/// Module, name and arity of an external function, which has no environment and so a short external
/// form. The decoder of the core turns that into the struct it stands as in a recording.
fn external_function(term: Term<'_>) -> Option<(String, String, u8)> {
    let value = external(term)?;
    let [module, name, arity] = value.field("function")?.as_tuple()? else {
        return None;
    };
    Some((
        module.as_atom()?.to_owned(),
        name.as_atom()?.to_owned(),
        u8::try_from(arity.as_integer()?).ok()?,
    ))
}
