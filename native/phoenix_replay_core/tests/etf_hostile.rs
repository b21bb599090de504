//! Bytes that nobody vouches for: no panic, no more memory than stated, no more time than they take to read.
#![allow(clippy::expect_used)]

mod memory;

use memory::most_held;
use phoenix_replay_core::etf::{
    decode, encode, write, Budget, DecodeError, Limits, Value, ALLOCATION_MULTIPLE, VERSION,
};
use phoenix_replay_core::sanitize::{Options, Sanitizer};
use proptest::prelude::*;

/// What little is needed for any input: the first atoms' table, the shared empty terms.
const BESIDES: usize = 4096;

/// Decodes and checks how much was held at most.
fn bounded(bytes: &[u8]) -> Result<(Value, usize), DecodeError> {
    let (decoded, most) = most_held(|| decode(bytes, Limits::default()));
    let bound = bytes.len() * ALLOCATION_MULTIPLE + BESIDES;
    assert!(
        most <= bound,
        "{most} bytes held for {} of input",
        bytes.len()
    );
    decoded
}

fn repeated(head: &[u8], part: &[u8], times: usize, end: &[u8]) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(head);
    bytes.extend(part.iter().copied().cycle().take(part.len() * times));
    bytes.extend_from_slice(end);
    bytes
}

const MANY: usize = 100_000;

fn count(of: usize) -> [u8; 4] {
    (of as u32).to_be_bytes()
}

#[test]
fn the_worst_there_is_stays_within_the_multiple() {
    let list = [&[108][..], &count(MANY)].concat();
    let map = [&[116][..], &count(MANY)].concat();
    let mut atoms = list.clone();
    let mut keys = map.clone();
    for number in 0..MANY {
        let name = format!("{number:x}");
        write::atom(&mut atoms, &name);
        write::atom(&mut keys, &name);
        keys.push(106);
    }
    atoms.push(106);
    let shuffled = (0..MANY as i64).map(|number| number * 7919 % MANY as i64);
    let mut unsorted = map.clone();
    for number in shuffled {
        write::integer(&mut unsorted, number);
        unsorted.push(106);
    }
    let string = [&[107, 0xff, 0xff][..], &[1; 0xffff]].concat();
    for bytes in [
        repeated(&[], &[104, 1], MANY, &[106]),
        repeated(&[], &[108, 0, 0, 0, 1], MANY, &[106].repeat(MANY + 1)),
        repeated(&[], &[108, 0, 0, 0, 0], MANY, &[106]),
        repeated(&[], &[116, 0, 0, 0, 1, 106], MANY, &[106]),
        repeated(&[], &[116, 0, 0, 0, 1], MANY, &[106].repeat(MANY + 1)),
        repeated(&list, &[106], MANY, &[106]),
        repeated(&list, &[104, 0], MANY, &[106]),
        repeated(&list, &[104, 1, 106], MANY, &[106]),
        repeated(&list, &[119, 0], MANY, &[106]),
        repeated(&list, &[109, 0, 0, 0, 0], MANY, &[106]),
        repeated(&list, &[109, 0, 0, 0, 1, 0], MANY, &[106]),
        repeated(&list, &[77, 0, 0, 0, 1, 1, 0], MANY, &[106]),
        repeated(&list, &[110, 9, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], MANY, &[106]),
        repeated(&list, &[107, 0, 1, 7], MANY, &[106]),
        repeated(&list, &[107, 0, 0], MANY, &[106]),
        repeated(
            &list,
            &[103, 119, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            MANY,
            &[106],
        ),
        repeated(&list, &[113, 119, 0, 119, 0, 97, 0], MANY, &[106]),
        [&[131][..], &string].concat(),
        repeated(&[], &[&[104, 2][..], &string].concat(), 3, &[106]),
        [&[131][..], &atoms].concat(),
        [&[131][..], &keys].concat(),
        [&[131][..], &unsorted].concat(),
        // Claims without cover, nested.
        repeated(&[], &[108, 0, 0, 0xff, 0xff], MANY, &[]),
        repeated(&[], &[105, 0, 0, 0xff, 0xff], MANY, &[]),
        repeated(&[], &[116, 0, 0, 0x7f, 0xff], MANY, &[]),
    ] {
        let _ = bounded(&bytes);
    }
}

#[test]
fn a_small_term_is_written_without_allocating() {
    let user = Value::map([(Value::binary("name"), Value::binary("Ann"))]);
    let params = Value::map([(Value::binary("user"), Value::list([user]))]);
    let event = Value::tuple([Value::integer(250), Value::atom("event"), params]);
    let sanitizer = Sanitizer::new(Options::default());
    let mut out = Vec::with_capacity(1000);
    let (done, most) = most_held(|| {
        encode(
            &event,
            &sanitizer,
            Sanitizer::params(),
            &mut Budget::unlimited(),
            &mut out,
        )
    });
    assert_eq!((done, most), (Ok(()), 0));
}

#[test]
fn a_claim_without_cover_is_refused() {
    for head in [
        &[108, 0xff, 0xff, 0xff, 0xff][..],
        &[105, 0, 0xff, 0xff, 0xff],
        &[116, 0xff, 0xff, 0xff, 0xff],
        &[109, 0xff, 0xff, 0xff, 0xff],
        &[77, 0xff, 0xff, 0xff, 0xff, 1],
        &[111, 0xff, 0xff, 0xff, 0xff, 0],
        &[112, 0xff, 0xff, 0xff, 0xff, 0],
        &[104, 0xff],
        &[107, 0xff, 0xff],
        &[118, 0xff, 0xff],
    ] {
        assert_eq!(
            bounded(&repeated(head, &[1], 20, &[])),
            Err(DecodeError::Truncated),
            "{head:?}"
        );
    }
}

#[test]
fn a_chain_of_lists_is_joined_once() {
    let link = [108, 0, 0, 0, 2, 97, 1, 97, 2];
    let (list, _) = bounded(&repeated(&[], &link, 3, &[106])).expect("a list");
    assert_eq!(list, Value::list([1, 2, 1, 2, 1, 2].map(Value::integer)));
    let (list, _) = bounded(&repeated(&[], &link, 2, &[107, 0, 1, 3])).expect("a list");
    assert_eq!(list, Value::list([1, 2, 1, 2, 3].map(Value::integer)));
    let (list, _) = bounded(&repeated(&[], &link, 1, &[108, 0, 0, 0, 0, 97, 9])).expect("a list");
    let tail = Value::integer(9);
    assert_eq!(list, Value::improper_list([1, 2].map(Value::integer), tail));
    // Joined link by link this would take minutes.
    let (list, _) = bounded(&repeated(&[], &link, 3 * MANY, &[106])).expect("a list");
    assert_eq!(
        list.as_list().map(|list| list.items().len()),
        Some(6 * MANY)
    );
}

#[test]
fn the_limit_of_nodes_holds() {
    let decode = |bytes: &[u8], nodes| decode(bytes, Limits { nodes });
    let list = [131, 108, 0, 0, 0, 2, 97, 1, 97, 2, 106];
    assert!(decode(&list, 4).is_ok());
    assert_eq!(decode(&list, 3), Err(DecodeError::TooManyNodes));
    let string = [131, 107, 0, 3, 1, 2, 3];
    assert!(decode(&string, 4).is_ok());
    assert_eq!(decode(&string, 3), Err(DecodeError::TooManyNodes));
}

#[test]
fn what_is_wrong_is_said() {
    for (bytes, error) in [
        (&[][..], DecodeError::Truncated),
        (&[130, 106], DecodeError::Version(130)),
        (&[131, 104, 1, 82, 0], DecodeError::Tag { tag: 82, at: 3 }),
        (&[131, 121, 0], DecodeError::Tag { tag: 121, at: 1 }),
        (&[131, 80, 0, 0, 0, 1, 0], DecodeError::Compressed),
        (&[131, 119, 1, 0xff], DecodeError::Atom),
        (&[131, 113, 97, 1], DecodeError::Atom),
        (&[131, 70, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], DecodeError::Float),
        (&[131, 77, 0, 0, 0, 1, 9, 0], DecodeError::Bits(9)),
        (&[131, 77, 0, 0, 0, 1, 0, 0], DecodeError::Bits(0)),
        (
            &[131, 105, 1, 0, 0, 0],
            DecodeError::Arity(16 * 1024 * 1024),
        ),
        (&[131, 90, 0, 6], DecodeError::Foreign),
        (&[131, 112, 0, 0, 0, 3], DecodeError::Foreign),
    ] {
        assert_eq!(bounded(bytes), Err(error), "{bytes:?}");
        assert!(!error.to_string().is_empty());
    }
    let long = [&[131, 118, 1, 0][..], &[b'a'; 256]].concat();
    assert_eq!(bounded(&long), Err(DecodeError::Atom));
}

/// What `term_to_binary` of Erlang writes or wrote, and what stands for it here.
#[test]
fn tags_that_we_do_not_write_are_read() {
    let read = |bytes: &[u8]| {
        let bytes = [&[131][..], bytes].concat();
        let (value, used) = bounded(&bytes).expect("a term");
        assert_eq!(used, bytes.len());
        for end in 0..bytes.len() {
            assert_eq!(
                bounded(&bytes[..end]),
                Err(DecodeError::Truncated),
                "{end} of {bytes:?}"
            );
        }
        format!("{value:?}")
    };
    assert_eq!(read(b"k\0\x02ab"), "[97, 98]");
    assert_eq!(read(b"k\0\0"), "[]");
    assert_eq!(read(b"d\0\x02ok"), ":ok");
    assert_eq!(read(b"s\x01\xf6"), ":ö");
    assert_eq!(read(b"v\0\x02ok"), ":ok");
    assert_eq!(read(b"c1.50000000000000000000e+00\0\0\0\0\0"), "1.5");
    assert_eq!(read(b"n\x02\0\x01\x01"), "257");
    assert_eq!(read(b"o\0\0\0\x01\x01\x05"), "-5");
    assert_eq!(read(b"i\0\0\0\x01j"), "{[]}");
    assert_eq!(read(b"l\0\0\0\x01a\x01l\0\0\0\x01a\x02j"), "[1, 2]");
    let inert = |kind: &str, text: &str, function: &str| {
        format!(
            "%{{__struct__: :Elixir.PhoenixReplay.Inert, function: {function}, kind: :{kind}, text: {text:?}}}"
        )
    };
    let node = b"w\x0dnonode@nohost";
    let of = |parts: &[&[u8]]| read(&parts.concat());
    let id = b"\0\0\0\x6d\0\0\0\0\0\0\0\0";
    assert_eq!(of(&[b"X", node, id]), inert("pid", "#PID<0.109.0>", "nil"));
    assert_eq!(
        of(&[b"g", node, &id[..9]]),
        inert("pid", "#PID<0.109.0>", "nil")
    );
    assert_eq!(
        of(&[b"x", node, b"\0\0\0\0", &id[..8]]),
        inert("port", "#Port<0.109>", "nil")
    );
    assert_eq!(
        of(&[b"Y", node, &id[..8]]),
        inert("port", "#Port<0.109>", "nil")
    );
    assert_eq!(
        of(&[b"f", node, &id[..5]]),
        inert("port", "#Port<0.109>", "nil")
    );
    let words = b"\0\0\0\0\0\0\0\x01\0\0\0\x02\0\0\0\x03";
    assert_eq!(
        of(&[b"Z\0\x03", node, words]),
        inert("reference", "#Reference<0.3.2.1>", "nil")
    );
    assert_eq!(
        of(&[b"r\0\x03", node, &words[3..]]),
        inert("reference", "#Reference<0.3.2.1>", "nil")
    );
    assert_eq!(
        of(&[b"e", node, &id[..5]]),
        inert("reference", "#Reference<0.109>", "nil")
    );
    assert_eq!(
        of(&[b"qw\x0bElixir.Enumw\x03mapa\x02"]),
        inert("function", "&Enum.map/2", "{:Elixir.Enum, :map, 2}")
    );
    let inside = [
        &[2][..],
        &[0; 16],
        &[0, 0, 0, 7, 0, 0, 0, 0],
        b"w\x08erl_evalrest",
    ]
    .concat();
    let size = count(inside.len() + 4);
    assert_eq!(
        of(&[b"p", &size, &inside]),
        inert("function", "#Function<7/2 in :erl_eval>", "nil")
    );
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z]{0,3}|\\PC{0,5}".prop_map(|name| Value::atom(&name)),
        any::<i64>().prop_map(Value::integer),
        (-300i64..300).prop_map(Value::integer),
        (any::<bool>(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(negative, digits)| Value::big_integer(negative, &digits)),
        prop::num::f64::NORMAL.prop_map(Value::float),
        prop_oneof![Just(0.0), Just(-0.0), Just(1.0)].prop_map(Value::float),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::binary),
        (prop::collection::vec(any::<u8>(), 0..4), 0u8..8)
            .prop_map(|(bytes, bits)| Value::bitstring(bytes, bits)),
    ]
}

fn term() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..6);
        prop_oneof![
            some.clone().prop_map(Value::tuple),
            some.clone().prop_map(Value::list),
            (some, inner.clone()).prop_map(|(items, tail)| Value::improper_list(items, tail)),
            prop::collection::vec((inner.clone(), inner), 0..6).prop_map(Value::map),
        ]
    })
}

fn bytes(value: &Value) -> Vec<u8> {
    let mut out = vec![VERSION];
    write::value(&mut out, value);
    out
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in term(), after in prop::collection::vec(any::<u8>(), 0..4)) {
        let written = bytes(&value);
        let with_more = [&written[..], &after].concat();
        let (back, used) = bounded(&with_more).expect("a term");
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(used, written.len());
        prop_assert_eq!(bytes(&back), written);
    }

    #[test]
    fn what_is_cut_is_refused(value in term()) {
        let written = bytes(&value);
        for end in 0..written.len() {
            prop_assert_eq!(bounded(&written[..end]), Err(DecodeError::Truncated));
        }
    }

    #[test]
    fn random_bytes_do_no_harm(noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = bounded(&[&[VERSION][..], &noise].concat());
    }

    #[test]
    fn tags_at_random_do_no_harm(noise in prop::collection::vec(
        prop_oneof![97u8..121, 70u8..91, 0u8..4, Just(106)], 0..300,
    )) {
        let _ = bounded(&[&[VERSION][..], &noise].concat());
    }

    #[test]
    fn changed_bytes_do_no_harm(
        value in term(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let mut written = bytes(&value);
        for (at, byte) in changes {
            let at = at.index(written.len());
            written[at] = byte;
        }
        if let Ok((read, _)) = bounded(&written) {
            // What is read at all can be written and read again.
            prop_assert_eq!(bounded(&bytes(&read)).map(|(again, _)| again), Ok(read));
        }
    }

    #[test]
    fn the_order_is_total(a in term(), b in term(), c in term()) {
        use std::cmp::Ordering::{Equal, Less};
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Equal, bytes(&a) == bytes(&b));
        let mut sorted = [&a, &b, &c];
        sorted.sort();
        prop_assert!(sorted[0].cmp(sorted[2]) == Less || sorted[0] == sorted[2]);
    }
}
