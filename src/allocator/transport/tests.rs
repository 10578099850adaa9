//! Stories by hand, every answer against an obvious oracle, the published instances.

mod cases;
mod fixtures;
mod instances;
mod oracle;
mod properties;
