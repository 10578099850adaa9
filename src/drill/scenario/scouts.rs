//! Who looks at whom at once: the pairs of a scenario that wait for no decision.

use super::Scout;
use super::book::{Book, each};
use super::fault::Faults;
use super::table::Table;
use crate::units::Seconds;

/// Scouts leave within 90 minutes of the shock.
///
/// Source: FACTS 4.2, the union's manual (S44).
const LEAVES_WITHIN_S: Seconds = 90 * 60;

/// What a row of pairs tells of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// A first look, in every event.
    Scout,
    /// What people decided in an event that is over, or a link within it: history, for the pages.
    History,
}

/// The scouts of a table, in its order.
pub(super) fn read(book: &Book, table: &Table, faults: &mut Faults) -> Vec<Scout> {
    let kinds = [("scout", Told::Scout), ("decided", Told::History), ("link", Told::History)];
    let mut scouts = Vec::new();
    each(table, faults, |row| {
        if row.choice("kind", &kinds)? == Told::Scout {
            scouts.push(Scout {
                supporter: book.members.get(row, "supporter")?.member.id.clone(),
                affected: book.members.get(row, "affected")?.member.id.clone(),
                leaves_within_s: LEAVES_WITHIN_S,
                source: row.text("source")?.to_owned(),
            });
        }
        Ok(())
    });
    scouts
}
