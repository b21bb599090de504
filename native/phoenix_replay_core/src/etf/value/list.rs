//! Lists, of which states that follow one another share most.

use std::sync::Arc;

use super::{Sequence, Value};

/// A shorter list is copied, of which little comes.
const SHORT: usize = 64;

/// The items of a list and what an improper one ends in.
#[derive(Clone)]
pub struct List {
    pub(super) held: Held,
    pub(super) tail: Option<Value>,
}

/// Where a list has its items.
#[derive(Clone)]
pub(super) enum Held {
    Own(Box<[Value]>),
    Picked(Box<Picked>),
}

/// Items of another list, in an order of its own, and new ones among them.
///
/// Copying a list counts a reference up at each of its items, wherever in memory that is: a
/// thousand of them, which nobody was at for long, took 100 µs and more. Four bytes for each item,
/// one after the other, are copied in no time. It holds on to items that are not in it any more,
/// which is why what is far from its base becomes a list of its own, see [`Picked::is_far`].
#[derive(Clone)]
pub(crate) struct Picked {
    /// A list that has its own items.
    base: Arc<List>,
    /// For each item its place among those of the base and, behind these, the new ones.
    order: Vec<u32>,
    new: Vec<Value>,
}

impl List {
    pub(super) fn new(items: Box<[Value]>, tail: Option<Value>) -> Self {
        List {
            held: Held::Own(items),
            tail,
        }
    }

    /// The items in order, without the tail.
    #[must_use]
    pub fn items(&self) -> Sequence<'_> {
        match &self.held {
            Held::Own(items) => Sequence::of(items),
            Held::Picked(picked) => Sequence::picked(picked.own(), &picked.order, &picked.new),
        }
    }

    /// What an improper list ends in, never a list itself; `None` for a proper list.
    #[must_use]
    pub fn tail(&self) -> Option<&Value> {
        self.tail.as_ref()
    }

    /// The list that its items are picked of, how many bytes picking them takes, and the new ones among
    /// them; `None` if it has its own.
    pub(crate) fn picked(&self) -> Option<(&Arc<List>, usize, &[Value])> {
        match &self.held {
            Held::Own(_) => None,
            Held::Picked(picked) => {
                let order = picked.order.len() * size_of::<u32>();
                Some((&picked.base, order, &picked.new))
            }
        }
    }

    /// The list to be changed, where it is if nobody else holds it. Adds the items that are moved for
    /// that to `moved`.
    pub(crate) fn changing<'a>(list: &'a mut Arc<List>, moved: &mut usize) -> &'a mut List {
        if Arc::get_mut(list).is_none() && list.items().len() >= SHORT {
            let own = Held::Picked(Box::new(Picked::of(list)));
            *list = Arc::new(List {
                held: own,
                tail: list.tail.clone(),
            });
        }
        let list = Arc::make_mut(list);
        if let Held::Picked(picked) = &list.held {
            if picked.is_far() {
                *moved += picked.order.len();
                list.held = Held::Own(list.items().to_vec().into());
            }
        }
        list
    }

    /// The item at this index, to be changed; the tail has the index after the last one. Who makes a
    /// list of the tail has to join the two, see [`Value::improper_list`].
    pub(crate) fn element_mut(&mut self, at: usize) -> Option<&mut Value> {
        if at == self.items().len() {
            return self.tail.as_mut();
        }
        match &mut self.held {
            Held::Own(items) => items.get_mut(at),
            Held::Picked(picked) => picked.element_mut(at),
        }
    }

    /// Its items and tail, of which none is copied if nobody else holds it.
    pub(crate) fn take_apart(list: Arc<List>) -> (Items, Option<Value>) {
        match Arc::try_unwrap(list) {
            Ok(mut list) => {
                let tail = list.tail.take();
                let held = std::mem::replace(&mut list.held, Held::Own(Box::default()));
                let items = match held {
                    Held::Own(items) => Items::Own(items.into_vec()),
                    Held::Picked(picked) => Items::Picked(*picked),
                };
                (items, tail)
            }
            Err(list) => {
                let items = if list.items().len() < SHORT {
                    Items::Own(list.items().to_vec())
                } else {
                    Items::Picked(Picked::of(&list))
                };
                (items, list.tail.clone())
            }
        }
    }
}

/// The items of a list that was taken apart.
pub(crate) enum Items {
    Own(Vec<Value>),
    Picked(Picked),
}

impl Picked {
    /// All items of a list.
    fn of(list: &Arc<List>) -> Self {
        match &list.held {
            Held::Picked(picked) => (**picked).clone(),
            // A list has not as many items as a `u32` has values: they would take 100 GB.
            Held::Own(items) => Picked {
                base: list.clone(),
                order: (0..items.len() as u32).collect(),
                new: Vec::new(),
            },
        }
    }

    /// The items of the base. There is no base of a base, so that nothing is a chain.
    fn own(&self) -> &[Value] {
        match &self.base.held {
            Held::Own(items) => items,
            Held::Picked(_) => &[],
        }
    }

    /// Whether it is time to have a list of its own: when most of the base is not in it, or when there
    /// are so many new items that counting them costs as much as, once in so many changes, all.
    fn is_far(&self) -> bool {
        let length = self.order.len();
        length < SHORT
            || self.own().len() > 2 * length
            || self.new.len() > SHORT + 4 * length.isqrt()
    }

    fn element_mut(&mut self, at: usize) -> Option<&mut Value> {
        let place = *self.order.get(at)? as usize;
        let length = self.own().len();
        if let Some(item) = self.own().get(place).cloned() {
            self.order[at] = self.add(item);
            return self.new.last_mut();
        }
        self.new.get_mut(place - length)
    }

    /// For each item where it is.
    pub(crate) fn take_order(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.order)
    }

    /// Adds an item, and gives where it is.
    pub(crate) fn add(&mut self, item: Value) -> u32 {
        self.new.push(item);
        (self.own().len() + self.new.len() - 1) as u32
    }

    /// Takes out the item that is at this place; it must not be taken again.
    pub(crate) fn take(&mut self, place: u32) -> Option<Value> {
        let place = place as usize;
        let length = self.own().len();
        if let Some(item) = self.own().get(place) {
            return Some(item.clone());
        }
        let item = self.new.get_mut(place - length)?;
        Some(std::mem::replace(item, Value::Integer(0)))
    }

    /// The list of the items at these places.
    pub(crate) fn list(mut self, order: Vec<u32>, tail: Option<Value>) -> Value {
        self.order = order;
        if !self.is_far() {
            let held = Held::Picked(Box::new(self));
            return Value::List(Arc::new(List { held, tail }));
        }
        let items = Sequence::picked(self.own(), &self.order, &self.new);
        let items = items.iter().cloned();
        match tail {
            None => Value::list(items),
            Some(tail) => Value::improper_list(items, tail),
        }
    }

    /// Lets go of what it holds: what others hold as well stays, the rest is given.
    pub(super) fn release(self, left: &mut Vec<Value>) {
        left.extend(self.new);
        if let Some(mut base) = Arc::into_inner(self.base) {
            if let Held::Own(items) = std::mem::replace(&mut base.held, Held::Own(Box::default())) {
                left.extend(items.into_vec());
            }
            left.extend(base.tail.take());
        }
    }
}
