//! The answers against arithmetic, against the obvious loop, and against what must hold for every problem.

mod cases;
mod oracle;
mod remedies;
