//! Events as one term.

use super::changes::Changes;
use super::shapes::Shapes;
use super::texts::Texts;
use super::{numbers, EVENT};
use crate::etf::scan::{atom_name, integer, Part, Scan, Scanned};
use crate::etf::{write, VERSION};
use crate::recording::EventKind;

/// Events as one term.
pub(in crate::recording) struct Packed {
    /// The term, with its version byte.
    pub(in crate::recording) term: Vec<u8>,
    /// How many nodes the events have, as [`budget`](super::budget) counts.
    pub(in crate::recording) nodes: u64,
}

/// The node of an event that is its payload: before it are its tuple, its offset and its type.
const PAYLOAD: usize = 3;

/// Writes events as one term. They stand in `pieces`, each a term with its version byte, and are not made
/// anything else of: where their parts are is noted, and what differs is copied. `None` where they are not
/// written as ours are, where time goes back, and where there are none.
pub(in crate::recording) fn pack(pieces: &[&[u8]]) -> Option<Packed> {
    let (mut steps, mut order) = (Vec::new(), Vec::new());
    let mut texts = Texts::new(pieces);
    let mut shapes = Shapes::default();
    let mut changes = Changes::default();
    let (mut scan, mut changed_scan) = (Scan::default(), Scan::default());
    let mut changed = Vec::new();
    let mut before = 0;
    let mut nodes = 0;
    for (number, piece) in pieces.iter().copied().enumerate() {
        let mut at = 0;
        while let [VERSION, event @ ..] = piece.get(at..)? {
            let place = Texts::place(number, at + 1)?;
            at += 1 + scan.read(event)?;
            let whole = Scanned::new(&scan, event);
            let (offset_ms, kind) = opening(whole)?;
            let payload = whole.part(PAYLOAD);
            numbers::push(&mut steps, offset_ms.checked_sub(before)?);
            before = offset_ms;
            nodes += EVENT + scan.units() - PAYLOAD as u64;
            let is_event = EventKind::named(atom_name(kind)?) == EventKind::Event;
            let change = is_event.then(|| changes.write(event, payload, &mut changed));
            let shape = if change.flatten().is_some() {
                changed_scan.read(&changed)?;
                nodes += changed_scan.units();
                let payload = Scanned::new(&changed_scan, &changed);
                shapes.add(kind, true, payload, texts.keep(&changed)?)
            } else {
                shapes.add(kind, false, payload, place)
            };
            numbers::push(&mut order, shape as u64);
        }
        if at < piece.len() {
            return None;
        }
    }
    if order.is_empty() {
        return None;
    }
    let mut term = vec![VERSION];
    write::tuple(&mut term, 4);
    write::atom(&mut term, "events");
    write::binary(&mut term, &steps);
    write::binary(&mut term, &order);
    shapes.write(&texts, &mut term);
    Some(Packed { term, nodes })
}

/// The offset of an event and the atom of its type.
fn opening<'s>(event: Scanned<'s>) -> Option<(u64, &'s [u8])> {
    let (offset_ms, kind) = (event.part(1), event.part(2));
    match (event.node()?.kind, kind.node()?.kind) {
        (Part::Tuple(3), Part::Atom) => Some((
            u64::try_from(integer(offset_ms.bytes())?).ok()?,
            kind.bytes(),
        )),
        _ => None,
    }
}
