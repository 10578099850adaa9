//! The commands of a scenario, in an order in which they can be applied.

use super::book::{Book, MemberEntry};
use super::{Origin, Seed};
use crate::authority::{DISASTER, MEDICAL};
use crate::decision::Command;
use crate::decision::limits::NEEDS_CALL_MAX;
use crate::decision::model::{MemberKind, Organisation, OrganisationKind, SiteState};
use crate::id::{FieldId, LedgerId, MemberId, OrganisationId};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The field that doctor helicopters belong to, whose ledger holds members, agreements and areas.
pub(crate) fn medical() -> FieldId {
    MEDICAL.parse().expect("the name of the field is well formed")
}

/// The field that keeps the commodities.
pub(crate) fn disaster() -> FieldId {
    DISASTER.parse().expect("the name of the field is well formed")
}

/// What must have happened before: commands of one stage need only those of the stages before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The field's ledger.
    Field,
    /// Members, whose ledgers open then.
    Members,
    /// What there is.
    Registry,
    /// What is said of it, and what belongs to a depot.
    Facts,
}

impl Seed {
    /// When it may be submitted.
    pub(crate) fn stage(&self) -> Stage {
        match &self.command {
            Command::OpenField { .. } => Stage::Field,
            Command::RegisterMember(_) => Stage::Members,
            Command::ReportSite { .. }
            | Command::CountStocks { .. }
            | Command::RegisterFleet(_)
            | Command::StateNeeds { .. }
            | Command::PlanOutage { .. }
            | Command::AdoptAgreement(_)
            | Command::StateArea(_) => Stage::Facts,
            _ => Stage::Registry,
        }
    }
}

/// Puts the commands together, stage by stage.
pub(super) fn of(book: &Book) -> Vec<Seed> {
    let mut seeds: Vec<Seed> = Vec::new();
    let mut add = |ledger: LedgerId, origin: Origin, name: &dyn std::fmt::Display, command: Command| {
        let request_id = request_id(origin.file, &name.to_string());
        seeds.push(Seed { ledger, request_id, origin, command });
    };
    let field = LedgerId::Field(medical());
    for (field, name) in [(medical(), "office"), (disaster(), "office of disaster")] {
        if let Some(office) = office(book, &field) {
            let deputies = deputies(book, &field, office);
            let office_id = Some(office.member.id.clone());
            let command = Command::OpenField { field: field.clone(), office: office_id, deputies };
            add(LedgerId::Field(field), office.origin, &name, command);
        }
    }
    for entry in in_order(book) {
        let command = Command::RegisterMember(entry.member.clone());
        add(field.clone(), entry.origin, &entry.member.id, command);
    }
    for (origin, organisation) in organisations(book) {
        let id = organisation.id.clone();
        add(id.ledger(), origin, &id, Command::RegisterOrganisation(organisation));
    }
    for entry in book.sites.values() {
        let id = &entry.site.id;
        add(id.ledger(), entry.origin, id, Command::RegisterSite(entry.site.clone()));
    }
    for (origin, hospital) in book.hospitals.values() {
        let id = &hospital.id;
        add(id.ledger(), *origin, id, Command::RegisterHospital(hospital.clone()));
    }
    for (origin, asset) in book.helicopters.values().chain(&book.cars) {
        add(asset.id.ledger(), *origin, &asset.id, Command::RegisterAsset(asset.clone()));
    }
    let Some(goods) = &book.goods else { return seeds };
    for (origin, commodity) in goods.commodities.values() {
        let command = Command::RegisterCommodity(commodity.clone());
        add(LedgerId::Field(disaster()), *origin, &commodity.id, command);
    }
    for (origin, depot) in goods.depots.values() {
        add(depot.id.ledger(), *origin, &depot.id, Command::RegisterDepot(depot.clone()));
    }
    for (origin, fleet) in goods.fleets.values() {
        add(fleet.id.ledger(), *origin, &fleet.id, Command::RegisterFleet(fleet.clone()));
    }
    for (depot, (origin, counts)) in &goods.stocks {
        let command = Command::CountStocks { counts: counts.clone() };
        add(depot.ledger(), *origin, &format!("{depot}/stocks"), command);
    }
    for (member, (origin, needs)) in &goods.needs {
        for (call, needs) in needs.chunks(NEEDS_CALL_MAX).enumerate() {
            let command = Command::StateNeeds { needs: needs.to_vec() };
            add(LedgerId::Member(member.clone()), *origin, &format!("{member}/needs/{call}"), command);
        }
    }
    for entry in book.sites.values() {
        // A site that nobody looked at has no report.
        let Some(confirmed_at) = entry.confirmed_at.filter(|_| entry.state != SiteState::Unknown) else {
            continue;
        };
        let id = &entry.site.id;
        let command = Command::ReportSite {
            site: id.clone(),
            state: entry.state,
            confirmed_at: Some(confirmed_at),
            note: String::new(),
        };
        add(id.ledger(), entry.origin, &format!("{id}/report"), command);
    }
    for (origin, asset, outage) in &book.outages {
        let name = format!("{asset}/outages/{}", outage.id);
        let command = Command::PlanOutage { asset: asset.clone(), outage: outage.clone() };
        add(asset.ledger(), *origin, &name, command);
    }
    for (origin, agreement) in &book.agreements {
        let command = Command::AdoptAgreement(agreement.clone());
        add(field.clone(), *origin, &format!("{}/agreement", agreement.area), command);
    }
    for (origin, area) in &book.areas {
        let command = Command::StateArea(area.clone());
        add(field.clone(), *origin, &format!("{}/area", area.organisation), command);
    }
    seeds
}

/// Members in the order of their table, which is also that of deputies.
fn in_order(book: &Book) -> Vec<&MemberEntry> {
    let mut members: Vec<&MemberEntry> = book.members.values().collect();
    members.sort_by_key(|entry| entry.origin.line);
    members
}

/// The member that is the office of the field; the first of the table should there be several.
fn office<'b>(book: &'b Book, field: &FieldId) -> Option<&'b MemberEntry> {
    in_order(book).into_iter().find(|entry| entry.offices.contains(field))
}

fn deputies(book: &Book, field: &FieldId, office: &MemberEntry) -> Vec<MemberId> {
    let takes_part = |entry: &&MemberEntry| {
        entry.member.kind != MemberKind::Linked
            && entry.member.fields.contains(field)
            && entry.member.id != office.member.id
    };
    in_order(book).into_iter().filter(takes_part).map(|entry| entry.member.id.clone()).collect()
}

/// Those of the table, operators under each member that needs them, and one for each hospital.
fn organisations(book: &Book) -> Vec<(Origin, Organisation)> {
    let mut organisations = Vec::new();
    for entry in book.organisations.values() {
        if let Some(member) = &entry.member {
            organisations.push((entry.origin, entry.organisation(entry.id(member))));
        }
    }
    for (slug, member) in &book.operators {
        if let Some(entry) = book.organisations.entry(slug) {
            organisations.push((entry.origin, entry.organisation(entry.id(member))));
        }
    }
    for (origin, hospital) in book.hospitals.values() {
        let id = OrganisationId::new(&hospital.id.member, hospital.id.slug.clone());
        let served = book.served_by_cars.get(&id);
        let organisation = Organisation {
            id,
            name: hospital.name.clone(),
            kind: OrganisationKind::Hospital,
            telephone: hospital.telephone.clone(),
            municipalities: served.into_iter().flatten().copied().collect(),
        };
        organisations.push((*origin, organisation));
    }
    organisations
}

/// `seed/` and 48 hexadecimal digits of SHA-256 of the file and the name in it: the same at every reading, readable
/// in a ledger, and within the 64 bytes that a request id may have.
fn request_id(file: &str, name: &str) -> Vec<u8> {
    let digest = Sha256::digest(format!("seed/{file}/{name}"));
    let mut text = "seed/".to_owned();
    for byte in digest.iter().take(24) {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text.into_bytes()
}
