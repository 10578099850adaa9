//! What the ledgers themselves say when all is over, folded by a few obvious rules of their own: nothing here trusts
//! the server's state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use yui::decision::Event;
use yui::decision::model::{AbortReason, MissionPhase};
use yui::id::{AssetId, LedgerId, MissionId, RequestId, RequisitionId};
use yui::ledger::{MissingKeys, OsRandomness, SpaceFolder, SqliteLedger, StoredRecord};
use yui::record;

/// What was counted on the way.
#[derive(Debug, Default)]
pub struct Audit {
    pub records: u64,
    pub events: u64,
    pub attempts: u64,
    pub commitments: u64,
    /// Requests by their place in words.
    pub requests: BTreeMap<String, Vec<RequestId>>,
    /// Attempts of each request.
    pub attempts_of: BTreeMap<RequestId, u64>,
    /// Missions of each ask.
    pub missions_of: BTreeMap<RequisitionId, u64>,
    /// Steps of missions, in order.
    pub steps: Vec<(MissionId, MissionPhase)>,
    flying: BTreeMap<AssetId, MissionId>,
    of_mission: BTreeMap<MissionId, AssetId>,
    held: BTreeMap<RequisitionId, AssetId>,
    in_the_air: BTreeSet<MissionId>,
    request_ids: BTreeSet<(LedgerId, Vec<u8>)>,
}

/// Reads every ledger of the Kansai drill below `data`.
///
/// # Panics
/// When an aircraft was promised twice, or a command was applied twice.
pub fn audit(data: &Path) -> Audit {
    let folder = SpaceFolder::open(&data.join("data"), &"drill/kansai".parse().unwrap()).unwrap();
    let mut audit = Audit::default();
    for ledger in folder.ledgers().unwrap() {
        let mut read = |record: &StoredRecord| {
            audit.record(record);
            Ok(())
        };
        SqliteLedger::open(&folder, &ledger, MissingKeys::Refuse, Box::new(OsRandomness), &mut read).unwrap();
    }
    audit
}

impl Audit {
    fn record(&mut self, record: &StoredRecord) {
        self.records += 1;
        let own = (record.ledger.clone(), record.request_id.as_bytes().to_vec());
        assert!(self.request_ids.insert(own), "{} {}: a command twice", record.ledger, record.sequence);
        for bytes in &record.events {
            self.events += 1;
            self.event(&record::decode_event(bytes).unwrap());
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::RequestOpened(opened) => {
                self.requests.entry(opened.place.clone()).or_default().push(opened.request.clone());
            }
            Event::AttemptOpened { requisition, .. } => {
                self.attempts += 1;
                *self.attempts_of.entry(requisition.request.clone()).or_default() += 1;
            }
            Event::Held(held) => {
                self.held.insert(held.requisition.clone(), held.asset.clone());
            }
            Event::Committed { requisition, mission, .. } => {
                self.commitments += 1;
                *self.missions_of.entry(requisition.clone()).or_default() += 1;
                let asset = self.held[requisition].clone();
                let before = self.flying.insert(asset.clone(), mission.clone());
                assert_eq!(before, None, "{asset} was promised twice: {mission}");
                self.of_mission.insert(mission.clone(), asset);
            }
            Event::Progressed { mission, phase } => {
                self.steps.push((mission.clone(), *phase));
                if *phase == MissionPhase::Ready {
                    self.freed(mission);
                }
                self.in_the_air.insert(mission.clone());
            }
            // Broken off on the ground it is free at once; in the air it still has to come home.
            Event::Aborted { mission, reason: AbortReason::Retasked } => self.freed(mission),
            Event::Aborted { mission, .. } | Event::StoodDown { mission, .. }
                if !self.in_the_air.contains(mission) =>
            {
                self.freed(mission);
            }
            _ => {}
        }
    }

    fn freed(&mut self, mission: &MissionId) {
        let asset = &self.of_mission[mission];
        assert_eq!(self.flying.remove(asset).as_ref(), Some(mission), "{asset} was not on {mission}");
    }
}
