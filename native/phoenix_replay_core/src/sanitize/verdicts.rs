//! What was once worked out about an atom's name, remembered.

use std::sync::atomic::{AtomicU64, Ordering};

use super::role::Role;

const ALWAYS: u8 = 1;
const IN_PARAMS: u8 = 2;
const ROLE: u8 = 2;

/// What is known about a name: whether it is sensitive, and its role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict(u8);

impl Verdict {
    pub(super) fn new(always: bool, in_params: bool) -> Self {
        Verdict(u8::from(always) * ALWAYS + u8::from(in_params) * IN_PARAMS)
    }

    pub(super) fn with(self, role: Role) -> Self {
        Verdict(self.0 & (ALWAYS | IN_PARAMS) | (role as u8) << ROLE)
    }

    pub(super) fn role(self) -> Role {
        Role::from_number(self.0 >> ROLE)
    }

    pub(super) fn sensitive(self, params: bool) -> bool {
        self.0 & ALWAYS != 0 || (params && self.0 & IN_PARAMS != 0)
    }
}

/// How many verdicts are kept: more than the keys that an application's assigns have.
const SLOTS: usize = 4096;

/// Verdicts by the number of their atom. Every slot is one word that holds number and verdict, so
/// that readers and writers need no lock; of two atoms that share a slot the later one stays.
pub(super) struct Verdicts(Box<[AtomicU64]>);

impl Default for Verdicts {
    fn default() -> Self {
        Verdicts((0..SLOTS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Verdicts {
    pub(super) fn get(&self, number: usize) -> Option<Verdict> {
        let word = self.slot(number).load(Ordering::Relaxed);
        (word >> 8 == name(number)?).then_some(Verdict(word as u8))
    }

    pub(super) fn put(&self, number: usize, verdict: Verdict) {
        if let Some(name) = name(number) {
            self.slot(number)
                .store(name << 8 | u64::from(verdict.0), Ordering::Relaxed);
        }
    }

    fn slot(&self, number: usize) -> &AtomicU64 {
        // Numbers of atoms are regular; this spreads them whatever their step.
        let hash = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
        &self.0[hash as usize % SLOTS]
    }
}

/// A number as a slot says it: an empty slot is nobody's, and seven bytes are all there is room for.
fn name(number: usize) -> Option<u64> {
    (number as u64)
        .checked_add(1)
        .filter(|name| *name < 1 << 56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_got_or_forgotten_but_never_another_s() {
        let verdicts = Verdicts::default();
        let verdict = |number: usize| {
            Verdict::new(number.is_multiple_of(2), true)
                .with(Role::from_number((number % 12) as u8))
        };
        assert_eq!(verdicts.get(0), None);
        let numbers = (0..10_000).map(|number| number * 64 + 11);
        for number in numbers.clone() {
            verdicts.put(number, verdict(number));
            assert_eq!(verdicts.get(number), Some(verdict(number)));
        }
        let kept = numbers.filter(|number| match verdicts.get(*number) {
            Some(got) => {
                assert_eq!(got, verdict(*number));
                true
            }
            None => false,
        });
        assert!(kept.count() > SLOTS / 2);
        verdicts.put(usize::MAX, Verdict::default());
        assert_eq!(verdicts.get(usize::MAX), None);
    }
}
