//! Who goes: pure problems, pure answers.
//!
//! Absent on purpose: I/O, clocks, randomness, threads, identifiers of the ledger, and anything outside the
//! `Problem` that is given. A problem is a plain value with dense indices and integer units; an answer is a
//! value that a `check` verifies without the solver; equal problems give equal bytes on every machine.
//!
//! | module | answers |
//! |---|---|
//! | [`assignment`] | which resource serves which mission, one to one, proven cheapest |
//! | [`counterpart`] | which member supports which affected municipality, for weeks |
//! | [`missions`] | which aircraft or teams serve which missions, in which order, with what they share |
//! | [`ranking`] | which helicopter, to which landing site, to which hospital, now, and why not the others |
//! | [`supplies`] | who sends what to whom over three days, by which vehicles and bases |
//! | [`transport`] | which depot sends how much of which good to which receiving point, in one period |
//!
//! `src/allocator/README.md` tells each problem, its objective and what is not done.

pub mod assignment;
pub mod counterpart;
pub mod missions;
pub mod ranking;
pub mod supplies;
pub mod transport;
