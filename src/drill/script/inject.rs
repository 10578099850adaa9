//! The injects of a drill: what happens, and when.

use crate::id::{
    AssetId, CommodityId, DepotId, HospitalId, MemberId, OrganisationId, Slug, StructureId, WeatherRegionId,
};
use crate::units::{Position, Seconds};

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inject {
    /// Its name in the drill.
    pub name: Slug,
    /// Where it stands in the file.
    pub line: u32,
    /// When it happens.
    pub trigger: Trigger,
    /// What happens.
    pub happening: Happening,
    /// What those who report it add.
    pub note: String,
}

/// When an inject happens: once at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// By time.
    At {
        /// From the start of the drill.
        after_s: Seconds,
    },
    /// By condition, the first time that it holds.
    When {
        /// What has to hold.
        condition: Condition,
        /// From then on.
        after_s: Seconds,
    },
}

/// What an inject waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The aircraft is asked.
    Asked(AssetId),
    /// The aircraft is committed.
    Committed(AssetId),
    /// So many requests are open at once.
    OpenRequests(u32),
    /// Another inject has happened, by its place in the file.
    Happened(usize),
}

/// A call at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The fire department that calls.
    pub area: OrganisationId,
    /// Where; none: at the centre of its demand.
    pub position: Option<Position>,
}

/// What happens. Where something `lasts_s` it ends by itself after so long; none: it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// An aircraft breaks down, on the ground or in the air.
    AircraftBreaksDown {
        /// Which.
        aircraft: AssetId,
        /// Until it is repaired.
        lasts_s: Option<Seconds>,
    },
    /// A named structure is closed.
    StructureClosed {
        /// Which.
        structure: StructureId,
        /// Who reports it.
        by: MemberId,
        /// Until it is open.
        lasts_s: Option<Seconds>,
    },
    /// A named structure is passed more slowly.
    RoadSlowed {
        /// Which.
        structure: StructureId,
        /// Hundredths of the usual speed, 1 to 99.
        percent: u8,
        /// Who reports it.
        by: MemberId,
        /// Until it is free.
        lasts_s: Option<Seconds>,
    },
    /// Nothing reaches a member's ledger and nothing leaves it; its own people go on with what they have.
    MemberSilent {
        /// Which.
        member: MemberId,
        /// For how long.
        lasts_s: Seconds,
    },
    /// A call from a place.
    Call {
        /// Where.
        scene: Scene,
        /// Patients by START colour: immediate, delayed, minor.
        triage: [u16; 3],
        /// Lying patients in one aircraft.
        stretchers: u16,
    },
    /// A call that nothing is behind.
    FalseRequest {
        /// Where.
        scene: Scene,
        /// Until somebody finds out.
        found_after_s: Seconds,
    },
    /// Another fire department calls for the same scene.
    DuplicateRequest {
        /// The inject whose call it repeats; none: the newest call whatever it was.
        of: Option<usize>,
        /// Who calls as well.
        area: OrganisationId,
        /// Until somebody finds out.
        found_after_s: Seconds,
    },
    /// A patient goes from one hospital to another.
    Transfer {
        /// Where the patient lies.
        from: HospitalId,
        /// Who takes the patient.
        to: HospitalId,
    },
    /// The weather of a region is reported.
    Weather {
        /// Where.
        region: WeatherRegionId,
        /// Who reports it.
        by: MemberId,
        /// What it is.
        sky: Sky,
        /// Until nobody should rely on it.
        lasts_s: Seconds,
    },
    /// A hospital takes nobody.
    HospitalFull {
        /// Which.
        hospital: HospitalId,
        /// Until it takes patients again.
        lasts_s: Option<Seconds>,
    },
    /// A depot counts for nothing.
    DepotLost {
        /// Which.
        depot: DepotId,
        /// Until it hands goods on again.
        lasts_s: Option<Seconds>,
    },
    /// A municipality needs goods.
    Need {
        /// JIS code.
        municipality: u32,
        /// Whose ledger states it.
        by: MemberId,
        /// What.
        commodity: CommodityId,
        /// How much, in the commodity's unit.
        quantity: u32,
        /// When it has to be there, from the inject on.
        wanted_after_s: Seconds,
    },
}

/// Weather as it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sky {
    /// Visibility.
    pub visibility_m: u32,
    /// Cloud base above ground.
    pub ceiling_m: u32,
    /// Wind on the ground.
    pub wind_m_s: u32,
    /// Ice on the way.
    pub icing: bool,
    /// A thunderstorm within 10 km.
    pub thunderstorm: bool,
}

impl Happening {
    /// Its word in the file.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Happening::AircraftBreaksDown { .. } => "aircraft_breaks_down",
            Happening::StructureClosed { .. } => "structure_closed",
            Happening::RoadSlowed { .. } => "road_slowed",
            Happening::MemberSilent { .. } => "member_silent",
            Happening::Call { .. } => "call",
            Happening::FalseRequest { .. } => "false_request",
            Happening::DuplicateRequest { .. } => "duplicate_request",
            Happening::Transfer { .. } => "transfer",
            Happening::Weather { .. } => "weather",
            Happening::HospitalFull { .. } => "hospital_full",
            Happening::DepotLost { .. } => "depot_lost",
            Happening::Need { .. } => "need",
        }
    }

    /// How long it lasts, when it ends by itself.
    #[must_use]
    pub fn lasts_s(&self) -> Option<Seconds> {
        match self {
            Happening::AircraftBreaksDown { lasts_s, .. }
            | Happening::StructureClosed { lasts_s, .. }
            | Happening::RoadSlowed { lasts_s, .. }
            | Happening::HospitalFull { lasts_s, .. }
            | Happening::DepotLost { lasts_s, .. } => *lasts_s,
            Happening::MemberSilent { lasts_s, .. } => Some(*lasts_s),
            Happening::FalseRequest { found_after_s, .. }
            | Happening::DuplicateRequest { found_after_s, .. } => Some(*found_after_s),
            Happening::Call { .. }
            | Happening::Transfer { .. }
            | Happening::Weather { .. }
            | Happening::Need { .. } => None,
        }
    }

    /// Whether somebody calls for a patient whom another inject may name.
    pub(super) fn is_call(&self) -> bool {
        matches!(self, Happening::Call { .. } | Happening::FalseRequest { .. } | Happening::Transfer { .. })
    }
}
