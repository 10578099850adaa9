//! The words of the command line: those of [`lang`](crate::lang), and how they are typed.

pub mod reason;

pub use crate::lang::{Lang, Term, term, term_or_blank};
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Reads a word of `T`; the unspecified value cannot be typed. clap names the near word when there is none.
pub fn words<T: Term>() -> impl TypedValueParser<Value = T> {
    let typed = T::ALL[1..].iter().map(|value| value.word());
    PossibleValuesParser::new(typed).map(|word| {
        let found = T::ALL.iter().find(|value| value.word() == word);
        *found.expect("the parser passes nothing but the words of T")
    })
}
