//! Stories by hand, every answer against an obvious oracle, 2011 and 2024.

mod cases;
mod fixtures;
mod history;
mod numbers;
mod oracle;
mod properties;
