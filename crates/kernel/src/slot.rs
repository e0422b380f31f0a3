//! Where numbers live: one memory per block, divided into spaces.

use std::fmt;

macro_rules! spaces {
    ($($(#[$doc:meta])* $name:ident $word:literal $letter:literal;)+) => {
        /// A part of the memory.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Space { $($(#[$doc])* $name,)+ }

        impl Space {
            /// Every space, in memory order.
            pub const ALL: &'static [Space] = &[$(Space::$name,)+];

            /// Its name in a layout.
            pub const fn word(self) -> &'static str {
                match self { $(Space::$name => $word,)+ }
            }

            /// The letter in front of its slots.
            pub const fn letter(self) -> char {
                match self { $(Space::$name => $letter,)+ }
            }
        }
    };
}

spaces! {
    /// Numbers known when the kernel was compiled.
    Constant "constant" 'k';
    /// Parameters as given by the caller.
    Param "param" 'p';
    /// Terms of parameters only, computed once per set of parameters.
    Hoisted "hoisted" 'h';
    /// The independent variable.
    Time "time" 't';
    /// The states.
    State "state" 'y';
    /// Values of the past, then their time derivatives.
    Delayed "delayed" 'e';
    /// Jacobian entries that vary with time or state; kept until the next linearisation.
    Jacobian "jacobian" 'j';
    /// `s0` is the shift of the iteration matrix; then `-shift*m` for each distinct mass `m`.
    Shift "shift" 's';
    /// The factors of the iteration matrix; kept until the next factorisation.
    Factor "factor" 'w';
    /// The right-hand side of a linear system.
    Rhs "rhs" 'b';
    /// The solution of a linear system.
    Solution "solution" 'x';
    /// What the right-hand side of the equations, its time derivative or a residual results in, state by state.
    Derivative "derivative" 'd';
    /// Intermediate values of one run of one tape.
    Register "register" 'r';
}

impl Space {
    /// Whether the next evaluation, at another time or state or of another tape, overwrites it.
    pub const fn is_volatile(self) -> bool {
        use Space::{Delayed, Derivative, Register, Rhs, Solution, State, Time};
        matches!(self, Time | State | Delayed | Rhs | Solution | Derivative | Register)
    }
}

/// A place in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    /// The space.
    pub space: Space,
    /// Its place there, from zero.
    pub index: u32,
}

impl Slot {
    /// The place `index` of `space`.
    pub const fn new(space: Space, index: u32) -> Self {
        Slot { space, index }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.space.letter(), self.index)
    }
}

/// The size of every space, hence the address of every slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    sizes: [u32; Space::ALL.len()],
}

impl Layout {
    /// The number of slots of a space.
    pub fn size(&self, space: Space) -> u32 {
        self.sizes[space as usize]
    }

    /// Sets the number of slots of a space.
    pub fn set_size(&mut self, space: Space, size: u32) {
        self.sizes[space as usize] = size;
    }

    /// The number of slots of all spaces.
    pub fn total(&self) -> u64 {
        self.sizes.iter().map(|s| u64::from(*s)).sum()
    }

    /// The address of the first slot of a space.
    pub fn base(&self, space: Space) -> u32 {
        self.sizes[..space as usize].iter().sum()
    }

    /// The addresses of a space.
    pub fn range(&self, space: Space) -> std::ops::Range<usize> {
        let base = self.base(space) as usize;
        base..base + self.size(space) as usize
    }

    /// The address of a slot.
    pub fn address(&self, slot: Slot) -> u32 {
        self.base(slot.space) + slot.index
    }

    /// The slot at an address, if there is one.
    pub fn slot(&self, address: u32) -> Option<Slot> {
        let mut base = 0;
        for space in Space::ALL {
            let size = self.size(*space);
            if address - base < size {
                return Some(Slot::new(*space, address - base));
            }
            base += size;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_one_slot() {
        let mut layout = Layout::default();
        for (i, space) in Space::ALL.iter().enumerate() {
            layout.set_size(*space, (i as u32 * 7) % 4);
        }
        for address in 0..layout.total() as u32 {
            let slot = layout.slot(address).expect("inside");
            assert_eq!(layout.address(slot), address);
        }
        assert_eq!(layout.slot(layout.total() as u32), None);
    }
}
