//! The scene: landing sites, hospitals, roads, agreement, light and weather around one request.

use super::drives::Place;
use super::{Names, Places, RankPlanner, Stated, air, aircraft, ground};
use crate::allocator::ranking::limits::{HOSPITALS_MAX, LEASES_MAX, REGIONS_MAX, SITES_MAX, TIME_MAX_S};
use crate::allocator::ranking::{
    Block, BlockIdx, CallOrder, Capabilities, CoverArea, Hospital, HospitalIdx, HospitalState, Kind, Needs,
    OffsetS, Pad, Permission, Policy as RankingPolicy, Problem, RegionIdx, RestRule, Site, SiteIdx,
    SiteState, Specialties, StaleRule, Weather, Window,
};
use crate::authority::RoadsNow;
use crate::authority::View;
use crate::daylight::{JST_OFFSET_S, Light, local_date};
use crate::decision::model::{
    self, Agreement, AgreementRule, Asset, AssetKind, Capability, LeaseState, LeaseSubject, MemberKind,
    Ordering, Request, RequestKind,
};
use crate::id::{AssetId, HospitalId, OrganisationId, SiteId, Slug, WeatherRegionId};
use crate::network::{Footing, RoadLeg, legs_from};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Position, Seconds, Timestamp, UNREACHABLE, local_second};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A progress report older than this is flagged: an aircraft on its way home has landed or moved 30 km by then.
const FIX_AGE_S_MAX: Seconds = 600;
/// What stands for the block of aircraft that no block counts.
const UNCOUNTED: &str = "uncounted";
/// Landing sites that are asked for their municipality; pads of hospitals and airports may have none.
const MUNICIPALITY_SITES: usize = 8;
/// Kilometres an hour in tenths of metres a second: 36 km/h are 10 m/s.
const KMH_PER_10_MPS: u32 = 36;

/// What is looked up again and again while a problem is stated.
pub(super) struct Scene<'a> {
    pub(super) planner: &'a RankPlanner,
    pub(super) view: &'a View,
    pub(super) at: Timestamp,
    pub(super) request: &'a Request,
    pub(super) agreement: Option<&'a Agreement>,
    pub(super) ordering: Ordering,
    /// Where the patient is.
    pub(super) patient: Position,
    /// Its municipality: that of the nearest landing site, since nothing here knows boundaries.
    pub(super) municipality: Option<u32>,
    pub(super) roads: Arc<RoadsNow>,
    regions: BTreeMap<WeatherRegionId, RegionIdx>,
    /// There are more regions than a problem holds: the last stands for all the others.
    regions_shared: bool,
    /// Calls per hour, in millionths, of the areas that ask each aircraft first.
    pub(super) first_calls_e6: BTreeMap<&'a AssetId, u64>,
    /// The block of the scene's own area.
    own_block: Option<Slug>,
    /// With how many doctor helicopters must stay in each; none: those that no block counts.
    blocks: BTreeMap<Option<Slug>, (BlockIdx, u16)>,
}

/// States the problem of `request` at `at`, as known in `view`.
pub(super) fn state(planner: &RankPlanner, view: &View, at: Timestamp, request: &Request) -> Stated {
    let patient = origin_position(view, request).unwrap_or(request.position);
    let area = area_of(view, request, patient);
    let mode = view.member_state(&request.requester.member).map(|state| state.mode.level.rules());
    let agreement = area.as_ref().and_then(|area| view.agreement(area));
    let places = planner.places(view);
    let mut scene = Scene {
        planner,
        view,
        at,
        request,
        agreement,
        ordering: mode.map_or(Ordering::AsAgreed, |rules| rules.ordering),
        patient,
        municipality: municipality_of(view, &places, patient),
        roads: planner.roads_now(view),
        regions: BTreeMap::new(),
        regions_shared: false,
        first_calls_e6: first_calls_e6(view, (local_second(at) / 3_600) as usize),
        own_block: block_of_area(view, &request.requester)
            .or_else(|| area.as_ref().and_then(|area| block_of_area(view, area))),
        blocks: BTreeMap::new(),
    };
    let hospitals = scene.hospitals(&places);
    let site_ids = scene.site_ids(&places);
    let hospital_places = scene.hospital_places(&hospitals);
    let from_patient = scene.ways_from_patient(&site_ids, &hospital_places);
    let ambulances = ground::ambulances(&scene);
    let ambulance = ground::first_ambulance(&scene, &ambulances);
    let site_footings: Vec<&Footing> = site_ids.iter().map(|place| &*place.footing).collect();
    let support_s = ground::support_s(&scene, &site_footings, &ambulance);
    let sites: Vec<Site> = site_ids
        .iter()
        .zip(from_patient.sites_s.iter().zip(support_s))
        .map(|(place, (drive_s, support_s))| scene.site(place, *drive_s, ambulance.at_patient_s, support_s))
        .collect();
    let site_places: Vec<Place> =
        site_ids.iter().map(|place| (place.position, place.footing.clone())).collect();
    let road_s = planner.drives(&scene.roads, &site_places, &hospital_places);
    let hospital_rows: Vec<Hospital> = hospitals
        .iter()
        .zip(&from_patient.hospitals_s)
        .map(|(id, drive_s)| scene.hospital(id, *drive_s))
        .collect();
    let (aircraft_ids, aircraft, ends) = aircraft::all(&mut scene);
    let site_positions: Vec<Position> = site_ids.iter().map(|place| place.position).collect();
    let hospital_positions: Vec<Position> = hospital_places.iter().map(|(position, _)| *position).collect();
    let flown = air::Flown {
        aircraft: &aircraft,
        ends: &ends,
        sites: &site_positions,
        hospitals: &hospital_positions,
    };
    let air::Ways { ways, classes, no_fly } = air::ways(&mut scene, &flown);
    let (ground_ids, ground) = ground::units(&scene, ambulances);
    let areas: Vec<_> = view.areas().collect();
    let hour = (local_second(at) / 3_600) as usize;
    let problem = Problem {
        at,
        kind: if request.kind == RequestKind::Transfer { Kind::Transfer } else { Kind::SceneCall },
        needs: needs(request),
        pinned_site: request.site.as_ref().and_then(|pinned| {
            site_ids.iter().position(|place| place.id.as_ref() == Some(pinned)).map(SiteIdx::at)
        }),
        pinned_hospital: (request.kind == RequestKind::Transfer
            && request.hospitals.len() == 1
            && hospitals.first() == request.hospitals.first())
        .then_some(HospitalIdx::at(0)),
        policy: scene.policy(),
        due_s: request.due.map(|due| scene.offset(due)),
        darkness: scene.darkness(),
        aircraft,
        sites,
        hospitals: hospital_rows,
        road_s,
        regions: scene.weather(),
        blocks: scene.blocks(),
        ground,
        areas: areas
            .iter()
            .map(|area| CoverArea {
                position: area.position.into(),
                calls_per_1000_h: area.calls_per_hour_e6[hour] / 1_000,
            })
            .collect(),
        ways,
        classes,
        no_fly_count: u16::try_from(no_fly.len()).unwrap_or(u16::MAX),
    };
    Stated {
        problem,
        names: Names {
            aircraft: aircraft_ids,
            sites: site_ids.into_iter().map(|place| place.id).collect(),
            hospitals,
            ground: ground_ids,
            regions: ordered(&scene.regions, |idx| idx.index()),
            blocks: scene.block_names(),
            areas: areas.into_iter().map(|area| area.organisation.clone()).collect(),
            no_fly,
        },
        request: Some(request.id.clone())
            .filter(|id| view.member_state(&id.member).is_some_and(|s| s.requests.contains_key(id))),
        rule: agreement.map(|agreement| agreement.rule),
        clause: agreement.map_or_else(Default::default, |agreement| agreement.clause.clone()),
        area,
        ambulance: ambulance.start,
        ambulance_leg_s: ambulance.leg_s,
    }
}

/// Calls of the areas that ask each aircraft first; one pass over the fields, since every aircraft needs its share.
fn first_calls_e6(view: &View, hour: usize) -> BTreeMap<&AssetId, u64> {
    let mut calls = BTreeMap::new();
    for field in view.states().filter_map(|state| state.field.as_ref()) {
        for (area, agreement) in &field.agreements {
            if let (Some(first), Some(area)) = (agreement.order.first(), field.areas.get(area)) {
                *calls.entry(&first.asset).or_default() += u64::from(area.calls_per_hour_e6[hour]);
            }
        }
    }
    calls
}

/// The keys of `map` in the order of their indices.
fn ordered<K: Clone + Ord, I: Copy>(map: &BTreeMap<K, I>, index: impl Fn(I) -> usize) -> Vec<K> {
    let mut names: Vec<(usize, &K)> = map.iter().map(|(name, idx)| (index(*idx), name)).collect();
    names.sort();
    names.into_iter().map(|(_, name)| name.clone()).collect()
}

/// Where a patient to be transferred lies.
fn origin_position(view: &View, request: &Request) -> Option<Position> {
    let (hospital, _) = view.hospital(request.origin.as_ref()?)?;
    Some(hospital.position)
}

/// The area whose agreement counts: the requester's own, or for a hospital the nearest fire department's.
fn area_of(view: &View, request: &Request, patient: Position) -> Option<OrganisationId> {
    if view.agreement(&request.requester).is_some() {
        return Some(request.requester.clone());
    }
    nearest_area(view, patient)
}

/// The fire department whose seat is nearest.
pub(super) fn nearest_area(view: &View, position: Position) -> Option<OrganisationId> {
    let here = UnitVector::from(position);
    let nearest =
        view.areas().min_by_key(|area| (distance_m(here, area.position.into()), area.organisation.clone()));
    nearest.map(|area| area.organisation.clone())
}

/// The municipality of the nearest landing site that has one.
fn municipality_of(view: &View, places: &Places, patient: Position) -> Option<u32> {
    let near = places.sites.nearest(patient, MUNICIPALITY_SITES);
    near.iter().find_map(|near| view.site(near.payload).map(|(site, _)| site.municipality).filter(|m| *m > 0))
}

/// The block that an area is counted in.
fn block_of_area(view: &View, area: &OrganisationId) -> Option<Slug> {
    view.areas().find(|of| of.organisation == *area).map(|of| of.block.clone())
}

/// What must be on board, and what at the hospital.
///
/// A patient at a scene or between hospitals needs a physician and a stretcher unless the request says otherwise: who
/// asks for a doctor helicopter asks for exactly that.
fn needs(request: &Request) -> Needs {
    let mut needs = Needs { stretchers: request.stretchers, patients: 1, ..Needs::default() };
    for capability in request.needed.iter() {
        let (on_board, at_hospital) = split(capability);
        needs.capabilities = needs.capabilities.and(on_board);
        needs.specialties = Specialties(needs.specialties.0 | at_hospital.0);
    }
    let patient = matches!(request.kind, RequestKind::Scene | RequestKind::Transfer);
    if patient && needs.capabilities.is_empty() {
        needs.capabilities = Capabilities::PHYSICIAN.and(Capabilities::STRETCHER);
    }
    if request.kind == RequestKind::Hoist {
        needs.capabilities = needs.capabilities.and(Capabilities::HOIST);
    }
    if request.kind == RequestKind::Staff {
        needs.seats = request.triage.green.max(1);
    }
    needs
}

/// A capability as something on board, or at the receiving hospital.
pub(super) fn split(capability: Capability) -> (Capabilities, Specialties) {
    let (none, nothing) = (Capabilities::default(), Specialties::default());
    match capability {
        Capability::Physician => (Capabilities::PHYSICIAN, nothing),
        Capability::Stretcher => (Capabilities::STRETCHER, nothing),
        Capability::Hoist => (Capabilities::HOIST, nothing),
        Capability::Neonatal => (Capabilities::NEONATAL, Specialties::PERINATAL),
        Capability::Sling => (Capabilities::CARGO, nothing),
        Capability::Trauma => (none, Specialties::TRAUMA),
        Capability::Cardiac => (none, Specialties::CARDIAC),
        Capability::Stroke => (none, Specialties::STROKE),
        Capability::Burns => (none, Specialties::BURNS),
        // A two-pilot crew lifts the daylight limit; nobody asks for it as such.
        Capability::Night => (none, nothing),
    }
}

/// A place where the aircraft may land.
struct LandingPlace {
    /// None: a hospital's own pad that is not registered as a site.
    id: Option<SiteId>,
    position: Position,
    footing: Arc<Footing>,
}

/// Ways by road from where the patient is.
struct FromPatient {
    sites_s: Vec<Seconds>,
    hospitals_s: Vec<Seconds>,
}

impl<'a> Scene<'a> {
    /// Seconds from the instant of the ranking, within what a problem may hold.
    pub(super) fn offset(&self, time: Timestamp) -> OffsetS {
        let seconds = time.millis_since(self.at).div_euclid(1000);
        let max = i64::from(TIME_MAX_S);
        seconds.clamp(-max, max) as OffsetS
    }

    /// The place of a weather region. What finds no room shares the last one, whose weather then counts as unknown.
    pub(super) fn region(&mut self, region: &WeatherRegionId) -> RegionIdx {
        if let Some(known) = self.regions.get(region) {
            return *known;
        }
        let next = RegionIdx::at(self.regions.len());
        if next.index() < REGIONS_MAX {
            self.regions.insert(region.clone(), next);
            return next;
        }
        self.regions_shared = true;
        RegionIdx::at(REGIONS_MAX - 1)
    }

    /// The block that an aircraft is counted in: only doctor helicopters of members are, by the mode of their own
    /// member. A call of its own area takes no aircraft out of a block.
    pub(super) fn block_of(&mut self, asset: &Asset) -> BlockIdx {
        let linked =
            self.view.member(&asset.id.member).is_some_and(|member| member.kind == MemberKind::Linked);
        let counted = asset.kind == AssetKind::DoctorHelicopter && !linked;
        let name = counted.then(|| asset.block.clone());
        let away = counted && self.own_block.as_ref() != Some(&asset.block);
        let mode = self.view.member_state(&asset.id.member).map(|state| state.mode.level.rules());
        let keep = mode.filter(|_| away).map_or(0, |rules| rules.home_count_min);
        let next = BlockIdx::at(self.blocks.len());
        // Where members share a block, the strictest mode counts.
        let (idx, most) = self.blocks.entry(name).or_insert((next, 0));
        *most = keep.max(*most);
        *idx
    }

    fn blocks(&self) -> Vec<Block> {
        let mut rows: Vec<_> = self.blocks.values().collect();
        rows.sort();
        rows.into_iter().map(|(_, keep)| Block { keep: *keep }).collect()
    }

    fn block_names(&self) -> Vec<Slug> {
        let uncounted = || UNCOUNTED.parse().expect("nine letters are a slug");
        let names = ordered(&self.blocks, |(idx, _)| idx.index()).into_iter();
        names.map(|name| name.unwrap_or_else(uncounted)).collect()
    }

    /// Light at a place on the local day of the ranking.
    pub(super) fn light(&self, position: Position) -> Option<Light> {
        let date = local_date(self.at, JST_OFFSET_S).ok()?;
        let day = self.planner.cache().daylight.daylight(position, date, JST_OFFSET_S);
        day.ok().map(|day| day.sun)
    }

    fn policy(&self) -> RankingPolicy {
        let policy = self.planner.policy;
        let agreed = match self.agreement.map(|agreement| agreement.rule) {
            Some(AgreementRule::OwnFirst) => CallOrder::OwnFirst,
            Some(AgreementRule::OrderList) => CallOrder::OrderList,
            Some(AgreementRule::NearestFirst) | None => CallOrder::NearestFirst,
        };
        RankingPolicy {
            call_order: match self.ordering {
                Ordering::AsAgreed => agreed,
                Ordering::NearestFirst => CallOrder::NearestFirst,
            },
            hand_over_s: policy.hand_over_s,
            on_scene_s: policy.on_scene_s,
            start_s: policy.start_s,
            hospital_stop_s: policy.hospital_stop_s,
            turn_around_s: policy.turn_around_s,
            reserve_s: policy.reserve_s,
            confirmation_ttl_s: Some(TIME_MAX_S),
            fix_age_max_s: FIX_AGE_S_MAX,
            stale_fix: StaleRule::Flagged,
            cover_wait_s: policy.cover_wait_s,
            trade_s: policy.trade_s,
            retask: policy.retask,
            recall: Permission::Allowed,
            road_transport: Permission::Allowed,
            rest: RestRule::Ignored,
        }
    }

    /// When it is dark at the scene: the night that the instant lies in, or the next.
    fn darkness(&self) -> Option<Window> {
        let Light::Between { from, until } = self.light(self.patient)? else { return None };
        let day = 86_400;
        let night = if self.at < from { (until - day, from) } else { (until, from + day) };
        Some(Window { from_s: self.offset(night.0), until_s: self.offset(night.1) })
    }

    /// Hospitals to choose from: those the caller prefers, then the nearest. Those that a transfer names are the only
    /// ones: the patient was accepted there.
    fn hospitals(&self, places: &Places) -> Vec<HospitalId> {
        let max = self.planner.policy.hospitals_max.min(HOSPITALS_MAX);
        let known = |id: &&HospitalId| self.view.hospital(id).is_some();
        let mut ids: Vec<HospitalId> = self.request.hospitals.iter().filter(known).cloned().collect();
        if self.request.kind == RequestKind::Transfer && !ids.is_empty() {
            ids.truncate(max);
            return ids;
        }
        for near in places.hospitals.nearest(self.patient, max + ids.len() + 1) {
            if !ids.contains(near.payload) && self.request.origin.as_ref() != Some(near.payload) {
                ids.push(near.payload.clone());
            }
        }
        ids.truncate(max);
        ids
    }

    /// Landing sites to choose from: the pinned one, the pad of the hospital where the patient lies, the nearest.
    fn site_ids(&self, places: &Places) -> Vec<LandingPlace> {
        let max = self.planner.policy.sites_max.min(SITES_MAX);
        let mut found: Vec<LandingPlace> = Vec::new();
        if let Some((site, _)) = self.request.site.as_ref().and_then(|id| self.view.site(id)) {
            found.push(self.landing_place(Some(site.id.clone()), site.position));
        }
        if let Some((origin, _)) = self.request.origin.as_ref().and_then(|id| self.view.hospital(id))
            && let Some(pad) = &origin.pad
        {
            found.push(self.landing_place(pad.site.clone(), origin.position));
        }
        let within = places.sites.within(self.patient, self.planner.policy.site_radius_m);
        for near in within {
            let is_new = found.iter().all(|place| place.id.as_ref() != Some(near.payload));
            if let Some((site, _)) = self.view.site(near.payload).filter(|_| is_new && found.len() < max) {
                found.push(self.landing_place(Some(site.id.clone()), site.position));
            }
        }
        found
    }

    fn landing_place(&self, id: Option<SiteId>, position: Position) -> LandingPlace {
        LandingPlace { id, position, footing: self.planner.footing(position) }
    }

    /// One search over the network, from the patient to everything.
    fn ways_from_patient(&self, sites: &[LandingPlace], hospitals: &[Place]) -> FromPatient {
        let from = self.planner.footing(self.patient);
        let to_hospitals = hospitals.iter().map(|(_, footing)| &**footing);
        let targets: Vec<&Footing> = sites.iter().map(|place| &*place.footing).chain(to_hospitals).collect();
        let legs = legs_from(self.planner.roads.map(), &self.roads.times, &from, &targets);
        let mut seconds = legs.iter().map(drive_s);
        FromPatient { sites_s: seconds.by_ref().take(sites.len()).collect(), hospitals_s: seconds.collect() }
    }

    fn hospital_places(&self, hospitals: &[HospitalId]) -> Vec<Place> {
        let position =
            |id: &HospitalId| self.view.hospital(id).map_or(self.patient, |(hospital, _)| hospital.position);
        hospitals.iter().map(position).map(|position| (position, self.planner.footing(position))).collect()
    }

    /// A landing site `drive_s` by road from the patient, at whom the ambulance is after `at_patient_s`. None of
    /// `support_s`: the support crew comes with it.
    fn site(
        &mut self,
        place: &LandingPlace,
        drive_s: Seconds,
        at_patient_s: Seconds,
        support_s: Option<Seconds>,
    ) -> Site {
        let policy = self.planner.policy;
        let ambulance_s = match self.is_own_pad(place) {
            // The ward brings the patient out: no ambulance comes first, and none drives.
            true => policy.loading_s,
            false => sum(&[at_patient_s, policy.loading_s, drive_s]),
        };
        let support_s = support_s.unwrap_or(ambulance_s);
        let known = place.id.as_ref().and_then(|id| self.view.site(id));
        let Some((site, report)) = known else {
            // The pad of the hospital where the patient lies: its own people stand there.
            let origin = self.request.origin.as_ref().and_then(|id| self.view.hospital(id));
            let pad = origin.and_then(|(hospital, _)| hospital.pad.as_ref());
            let region = origin.map(|(hospital, _)| hospital.region.clone());
            return Site {
                position: place.position.into(),
                region: region.map_or(RegionIdx::at(0), |region| self.region(&region)),
                mass_max_kg: pad.map_or(0, |pad| pad.mass_max_kg),
                size_max_m: pad.map_or(0, |pad| pad.size_max_m),
                state: SiteState::Open,
                confirmed_age_s: Some(0),
                lit: true,
                ambulance_s: policy.loading_s,
                support_s: 0,
                securing_s: 0,
                spots: 1,
                leases: Vec::new(),
            };
        };
        let (state, confirmed_at) = match report {
            // That nobody can say is no confirmation, however fresh.
            Some(report) if report.state == model::SiteState::Unknown => (report.state, None),
            Some(report) => (report.state, Some(report.confirmed_at)),
            None => (model::SiteState::Unknown, None),
        };
        let (staffed, lit) = match site.kind {
            model::SiteKind::Rendezvous => (false, false),
            model::SiteKind::HospitalPad | model::SiteKind::Airport | model::SiteKind::Base => (true, true),
        };
        let leases = self.leases(&site.id);
        Site {
            position: site.position.into(),
            region: self.region(&site.region),
            mass_max_kg: site.mass_max_kg,
            size_max_m: site.size_max_m,
            state: match state {
                model::SiteState::Closed => SiteState::Closed,
                model::SiteState::Open | model::SiteState::Unknown => SiteState::Open,
            },
            confirmed_age_s: confirmed_at.and_then(|confirmed| self.confirmed_age_s(confirmed)),
            lit,
            ambulance_s,
            support_s: if staffed { 0 } else { support_s },
            securing_s: if staffed { 0 } else { site.securing_s },
            spots: site.spots,
            leases,
        }
    }

    /// Whether a place is the pad of the hospital from which the patient is transferred.
    fn is_own_pad(&self, place: &LandingPlace) -> bool {
        let origin = self.request.origin.as_ref().and_then(|id| self.view.hospital(id));
        let pad = origin.and_then(|(hospital, _)| hospital.pad.as_ref());
        self.request.kind == RequestKind::Transfer && pad.is_some_and(|pad| pad.site == place.id)
    }

    /// A problem counts confirmations within 30 days; the margin to the policy's own limit is what is kept of the age.
    fn confirmed_age_s(&self, confirmed: Timestamp) -> Option<Seconds> {
        let age_s = self.at.seconds_since(confirmed);
        let left_s = self.planner.policy.confirmation_ttl_s.checked_sub(age_s)?;
        Some(TIME_MAX_S - left_s.min(TIME_MAX_S))
    }

    /// Windows in which others stand on a site.
    fn leases(&self, site: &SiteId) -> Vec<Window> {
        let Some(state) = self.view.state(&site.ledger()) else { return Vec::new() };
        let subject = LeaseSubject::Site(site.clone());
        let standing = state.standing_leases(&subject);
        let others = standing.filter(|lease| lease.id.requisition.request != self.request.id);
        let windows = others.filter(|lease| lease.state == LeaseState::Granted);
        let spans = windows.map(|lease| Window {
            from_s: self.offset(lease.window.from),
            until_s: self.offset(lease.window.until),
        });
        spans.filter(|window| window.from_s < window.until_s).take(LEASES_MAX).collect()
    }

    fn hospital(&mut self, id: &HospitalId, road_from_scene_s: Seconds) -> Hospital {
        let (hospital, report) = self.view.hospital(id).expect("only known hospitals are considered");
        let specialties =
            hospital.capabilities.iter().fold(0, |bits, capability| bits | split(capability).1.0);
        let preferred = self.request.hospitals.iter().position(|wish| wish == id);
        let roof_wind = self.planner.policy.roof_wind_max_mps;
        let (position, region) = (UnitVector::from(hospital.position), hospital.region.clone());
        Hospital {
            position,
            region: self.region(&region),
            specialties: Specialties(specialties),
            pad: hospital.pad.as_ref().map(|pad| Pad {
                mass_max_kg: pad.mass_max_kg,
                size_max_m: pad.size_max_m,
                wind_max_mps: if pad.roof {
                    roof_wind
                } else {
                    crate::allocator::ranking::limits::WIND_MAX_MPS
                },
                lit: true,
                drive_s: 0,
            }),
            state: match report.map(|report| report.state) {
                Some(model::HospitalState::Accepting) => HospitalState::Accepting,
                Some(model::HospitalState::Refusing) => HospitalState::Refusing,
                Some(model::HospitalState::Unknown) | None => HospitalState::Unknown,
            },
            beds: report.and_then(|report| report.beds_free),
            preference: preferred.map_or(u8::MAX, |wish| u8::try_from(wish).unwrap_or(u8::MAX)),
            road_from_scene_s,
        }
    }

    /// The weather of every region that was named.
    fn weather(&self) -> Vec<Weather> {
        let reports = self.view.weather();
        let weather_of =
            |region: &WeatherRegionId| weather_at(reports.get(region).map(|(_, report)| *report), self.at);
        let mut weather: Vec<Weather> =
            ordered(&self.regions, |idx| idx.index()).iter().map(weather_of).collect();
        if let Some(last) = weather.last_mut().filter(|_| self.regions_shared) {
            *last = Weather::Unknown;
        }
        weather
    }
}

/// The newest report of a region as a ranking at `at` sees it.
pub(super) fn weather_at(report: Option<&model::Weather>, at: Timestamp) -> Weather {
    match report {
        None => Weather::Unknown,
        Some(report) if report.expires_at <= at => {
            Weather::Expired { age_s: at.seconds_since(report.observed_at).min(TIME_MAX_S) }
        }
        Some(report) => Weather::Reported {
            visibility_m: report.visibility_m,
            ceiling_m: report.ceiling_m,
            // Rounded up: a wind is never made weaker than it was reported.
            wind_mps: (report.wind_kmh * 10).div_ceil(KMH_PER_10_MPS),
            icing: report.icing,
            thunderstorm: report.thunderstorm,
        },
    }
}

pub(super) fn drive_s(leg: &RoadLeg) -> Seconds {
    sum(&[leg.total_s()])
}

/// The sum of spans; [`UNREACHABLE`] when one of them is, or when it is longer than a problem may hold.
pub(super) fn sum(spans: &[Seconds]) -> Seconds {
    let total = spans.iter().fold(0u64, |total, span| total + u64::from(*span));
    Seconds::try_from(total).ok().filter(|total| *total <= TIME_MAX_S).unwrap_or(UNREACHABLE)
}
