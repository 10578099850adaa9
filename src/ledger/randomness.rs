//! Randomness as an argument, so that tests and simulation repeat to the byte.

/// A source of random bytes for keys. Any `FnMut(&mut [u8]) + Send` is one.
pub trait Randomness: Send {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// The source's own words when it has nothing to give; no key is made then.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), String>;
}

impl<F: FnMut(&mut [u8]) + Send> Randomness for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        self(bytes);
        Ok(())
    }
}

/// The operating system's randomness: the only place in the ledger that asks for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        getrandom::fill(bytes).map_err(|error| error.to_string())
    }
}

/// `N` bytes from `randomness`.
pub(super) fn random_bytes<const N: usize>(randomness: &mut dyn Randomness) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    randomness.fill(&mut bytes)?;
    Ok(bytes)
}
