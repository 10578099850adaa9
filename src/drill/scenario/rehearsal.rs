//! Tries the commands of a scenario on empty ledgers in memory: what the rules refuse is a fault of its row.

use super::fault::{Fault, Faults, Problem};
use super::seeds::{disaster, medical};
use super::table::Tables;
use super::{Origin, Seed};
use crate::decision::model::Actor;
use crate::decision::rejection::Kind;
use crate::decision::{Command, Context, Event, Rejection, State};
use crate::id::LedgerId;
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The ledgers after the commands.
pub(super) type Ledgers = BTreeMap<LedgerId, State>;

/// Applies `seeds` in order at `start`, and names the rows that are refused.
pub(super) fn rehearse(tables: &Tables, seeds: &[Seed], start: Timestamp, faults: &mut Faults) -> Ledgers {
    let mut ledgers = Ledgers::new();
    for field in [medical(), disaster()] {
        let opens =
            |seed: &&Seed| matches!(&seed.command, Command::OpenField { field: of, .. } if *of == field);
        if seeds.iter().find(opens).is_none() {
            faults.push(tables.members.no_row(&format!("office_of {}", field.slug())));
            return ledgers;
        }
        let ledger = LedgerId::Field(field);
        ledgers.insert(ledger.clone(), State::new(ledger));
    }
    let mut refused: BTreeSet<Origin> = BTreeSet::new();
    for seed in seeds {
        // What follows from a refusal is not refused again: a row that was, or a ledger that its member did not open.
        let follows = !refused.is_empty() && !ledgers.contains_key(&seed.ledger);
        if follows || refused.contains(&seed.origin) {
            continue;
        }
        if let Err(rejection) = play(&mut ledgers, seed, start) {
            refused.insert(seed.origin);
            let problem = Problem::Refused(Box::new(rejection));
            let table = tables.by_file(seed.origin.file);
            let fault = table.map(|table| table.fault_in(seed.origin.line, problem.clone()));
            faults.push(fault.unwrap_or_else(|| Fault::of_file(seed.origin.file, problem)));
        }
    }
    ledgers
}

fn play(ledgers: &mut Ledgers, seed: &Seed, at: Timestamp) -> Result<(), Rejection> {
    let missing = || Rejection::NotFound { kind: Kind::Ledger, name: seed.ledger.to_string() };
    let state = ledgers.get_mut(&seed.ledger).ok_or_else(missing)?;
    let events = state.decide(at, &seed.command)?;
    let context = Context { sequence: state.sequence + 1, at, actor: Actor("rehearsal".to_owned()) };
    for event in &events {
        state.apply(&context, event);
    }
    for event in events {
        if let Event::MemberRegistered(member) = event {
            let ledger = LedgerId::Member(member.id);
            ledgers.insert(ledger.clone(), State::new(ledger));
        }
    }
    Ok(())
}
