//! Stories by hand, every answer against an obvious oracle; published instances: `tests/published`.

mod cases;
mod fixtures;
mod oracle;
mod properties;
