//! What is counted over patients, so that parts of a population can be stored and put together exactly.

use std::collections::BTreeMap;

use crate::bytes::{BytesError, Reader, Writer};
use crate::compare::Pairs;
use crate::exact::{ExactSum, Moments};
use crate::sketch::Sketch;

/// Counts of the parts of a whole that add up to the counts of the whole, whatever the parts are.
///
/// Merging is commutative and associative to the bit, and what was read back is what was written. A sum of
/// mergeable things (a struct of counts) is mergeable by merging, writing and reading its fields in one order.
pub trait Mergeable: Sized {
    /// Adds what another part counted.
    fn merge(&mut self, other: &Self);

    /// Appends the counts as bytes; the same counts give the same bytes.
    fn write(&self, to: &mut Writer);

    /// Takes what [`Mergeable::write`] appended.
    ///
    /// # Errors
    /// Anything else.
    fn read(from: &mut Reader<'_>) -> Result<Self, BytesError>;
}

impl Mergeable for u64 {
    fn merge(&mut self, other: &u64) {
        *self += other;
    }

    fn write(&self, to: &mut Writer) {
        to.count(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<u64, BytesError> {
        from.count()
    }
}

impl Mergeable for Pairs {
    fn merge(&mut self, other: &Pairs) {
        Pairs::merge(self, other);
    }

    fn write(&self, to: &mut Writer) {
        [self.both, self.only_treated, self.only_control, self.neither].iter().for_each(|n| to.count(*n));
    }

    fn read(from: &mut Reader<'_>) -> Result<Pairs, BytesError> {
        Ok(Pairs {
            both: from.count()?,
            only_treated: from.count()?,
            only_control: from.count()?,
            neither: from.count()?,
        })
    }
}

/// By the methods of the type itself.
macro_rules! by_its_own {
    ($($name:ident),*) => {$(
        impl Mergeable for $name {
            fn merge(&mut self, other: &$name) {
                $name::merge(self, other);
            }

            fn write(&self, to: &mut Writer) {
                $name::write(self, to);
            }

            fn read(from: &mut Reader<'_>) -> Result<$name, BytesError> {
                $name::read(from)
            }
        }
    )*};
}

by_its_own!(Sketch, ExactSum, Moments);

/// Place by place. Parts of one whole have lists of one length; a longer list keeps what the shorter one lacks.
impl<T: Mergeable + Clone> Mergeable for Vec<T> {
    fn merge(&mut self, other: &Vec<T>) {
        self.iter_mut().zip(other).for_each(|(to, part)| to.merge(part));
        self.extend(other.iter().skip(self.len()).cloned().collect::<Vec<_>>());
    }

    fn write(&self, to: &mut Writer) {
        to.count(self.len() as u64);
        self.iter().for_each(|part| part.write(to));
    }

    fn read(from: &mut Reader<'_>) -> Result<Vec<T>, BytesError> {
        (0..from.count()?).map(|_| T::read(from)).collect()
    }
}

/// By name.
impl<T: Mergeable + Clone> Mergeable for BTreeMap<String, T> {
    fn merge(&mut self, other: &BTreeMap<String, T>) {
        for (name, part) in other {
            match self.get_mut(name) {
                Some(to) => to.merge(part),
                None => drop(self.insert(name.clone(), part.clone())),
            }
        }
    }

    fn write(&self, to: &mut Writer) {
        to.count(self.len() as u64);
        for (name, part) in self {
            to.text(name);
            part.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<BTreeMap<String, T>, BytesError> {
        let mut map = BTreeMap::new();
        for _ in 0..from.count()? {
            let name = from.text()?;
            from.check(map.last_key_value().is_none_or(|(last, _)| *last < name), "names in rising order")?;
            map.insert(name, T::read(from)?);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Counts = BTreeMap<String, Vec<u64>>;

    fn bytes<T: Mergeable>(of: &T) -> Vec<u8> {
        let mut to = Writer::new(b"test");
        of.write(&mut to);
        to.finish()
    }

    fn back<T: Mergeable>(bytes: &[u8]) -> Result<T, BytesError> {
        let mut from = Reader::new(bytes, b"test")?;
        let read = T::read(&mut from)?;
        from.finish()?;
        Ok(read)
    }

    proptest! {
        #[test]
        fn parts_in_any_order(parts in prop::collection::vec(
            prop::collection::btree_map("[a-c\\u{e4}]{0,2}", prop::collection::vec(0u64..1 << 40, 3), 0..4), 1..5),
        ) {
            let sum = |parts: &mut dyn Iterator<Item = &Counts>| {
                parts.fold(Counts::new(), |mut sum, part| { Mergeable::merge(&mut sum, part); sum })
            };
            let forward = sum(&mut parts.iter());
            prop_assert_eq!(bytes(&forward), bytes(&sum(&mut parts.iter().rev())));
            prop_assert_eq!(back::<Counts>(&bytes(&forward)), Ok(forward));
        }

        /// Whatever stands in a file, reading it ends with a value or an error.
        #[test]
        fn any_bytes(mut rest in prop::collection::vec(any::<u8>(), 0..60)) {
            rest.splice(..0, *b"test");
            let _ = back::<BTreeMap<String, Sketch>>(&rest);
            let _ = back::<Vec<Moments>>(&rest);
        }
    }

    #[test]
    fn pairs_and_what_is_left() {
        let pairs = Pairs { both: 1, only_treated: 200, only_control: 3, neither: 70_000 };
        assert_eq!(back::<Pairs>(&bytes(&pairs)), Ok(pairs));
        let mut twice = pairs;
        Mergeable::merge(&mut twice, &pairs);
        assert_eq!(twice.count(), 2 * pairs.count());
        let mut longer = bytes(&pairs);
        longer.push(0);
        assert_eq!(back::<Pairs>(&longer), Err(BytesError { at: 11, expected: "the end" }));
        assert!(back::<Counts>(b"test\x02\x01b\0\x01a\0").is_err());
        assert!(back::<Counts>(b"test\x01\xff\xff\xff\xff\x0f").is_err());
    }
}
