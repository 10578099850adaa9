//! Whatever the rules accept can be ranked.

use super::world::{helicopter, id, place};
use super::*;
use crate::decision::limits::{AREAS_MAX, ORDER_ROWS_MAX};
use crate::decision::model::{Agreement, AgreementRule, Area, AreaOrder, Asset, Pad, Site};
use crate::decision::{Command, Rejection};
use crate::id::LedgerId;

/// Splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (z >> 31)
    }

    /// Small, near a round limit, or anything at all.
    fn any(&mut self) -> u32 {
        let raw = self.next();
        let round = [1, 20, 100, 500, 1_000, 3_600, 86_400, 100_000, 5_000_000, u32::MAX];
        match raw % 4 {
            0 => (raw >> 8) as u32 % 50,
            1 => (raw >> 8) as u32,
            _ => {
                round[(raw >> 8) as usize % round.len()].wrapping_add((raw >> 40) as u32 % 3).wrapping_sub(1)
            }
        }
    }

    fn place(&mut self) -> (f64, f64) {
        let share = |raw: u64| (raw >> 11) as f64 / (1u64 << 53) as f64;
        (35.0 + share(self.next()) * 0.4, 134.9 + share(self.next()) * 0.4)
    }
}

/// An aircraft with some figures that nobody would write.
fn strange_helicopter(dice: &mut Dice, i: u32) -> Asset {
    let mut asset = helicopter(&format!("members/hyogo/assets/a-{i}"), dice.place());
    for _ in 0..=dice.next() % 3 {
        let value = dice.any();
        match dice.next() % 16 {
            0 => asset.speed_kmh = value,
            1 => asset.range_m = value,
            2 => asset.endurance_s = value,
            3 => asset.mass_kg = value,
            4 => asset.size_m = value,
            5 => asset.start_s = value,
            6 => asset.turnaround_s = value,
            7 => asset.hours.from_s = value,
            8 => asset.hours.until_s = value,
            9 => asset.hours.sunset_margin_s = value,
            10 => asset.minima.visibility_m = value,
            11 => asset.minima.ceiling_m = value,
            12 => asset.minima.wind_kmh_max = value,
            13 => asset.duty_s_max = value,
            14 => asset.flight_s_max = value,
            _ => asset.seats = value as u16,
        }
    }
    asset.region = id(&format!("weatherRegions/r-{}", dice.next() % 100));
    asset
}

fn strange_site(dice: &mut Dice, i: u32) -> Site {
    let mut site = site(&format!("members/hyogo/sites/s-{i}"), dice.place());
    match dice.next() % 5 {
        0 => site.mass_max_kg = dice.any(),
        1 => site.size_max_m = dice.any(),
        2 => site.securing_s = dice.any(),
        3 => site.spots = dice.any() as u16,
        _ => {}
    }
    site
}

#[test]
fn every_registration_that_is_accepted_can_be_ranked() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..12 {
        let dice = &mut Dice(seed);
        let mut world = World::hyogo();
        let hyogo = LedgerId::Member(id("members/hyogo"));
        let mut order = Vec::new();
        for i in 0..40 {
            let asset = strange_helicopter(dice, i);
            order.push(AreaOrder {
                asset: asset.id.clone(),
                own: i % 2 == 0,
                distance_max_m: Some(dice.any()),
                missions_month_max: Some(dice.any() as u16),
            });
            let mut hospital = hospital(&format!("members/hyogo/hospitals/h-{i}"), dice.place());
            let (mass_max_kg, size_max_m) = (dice.any(), dice.any());
            hospital.pad = Some(Pad { mass_max_kg, size_max_m, roof: i % 3 == 0, site: None });
            let commands = [
                Command::RegisterAsset(asset),
                Command::RegisterSite(strange_site(dice, i)),
                Command::RegisterHospital(hospital),
            ];
            for command in commands {
                match world.play(&hyogo, &command) {
                    Ok(_) => accepted += 1,
                    Err(Rejection::InvalidField { .. }) => refused += 1,
                    Err(other) => panic!("seed {seed}: {other:?}"),
                }
            }
        }
        let area: OrganisationId = id("members/hyogo/organisations/fire");
        for rows in order.chunks(4) {
            let rule = if seed % 2 == 0 { AgreementRule::OwnFirst } else { AgreementRule::NearestFirst };
            let agreement =
                Agreement { area: area.clone(), rule, order: rows.to_vec(), clause: Default::default() };
            // A list with one wrong row is refused; the one before stays in force.
            let _ = world.play(&LedgerId::Field(id("fields/medical")), &Command::AdoptAgreement(agreement));
        }
        let position = place(dice.place());
        world.rank(NewRequest { position, ..ask() });
    }
    assert!(accepted > 500 && refused > 100, "{accepted} {refused}");
}

#[test]
fn minima_and_agreed_distances_beyond_all_reason_are_refused_by_name() {
    let mut world = World::hyogo();
    let hyogo = LedgerId::Member(id("members/hyogo"));
    let wrong: [fn(&mut Asset); 4] = [
        |asset| asset.minima.wind_kmh_max = u32::MAX,
        |asset| asset.minima.visibility_m = 100_001,
        |asset| asset.minima.ceiling_m = 20_001,
        |asset| asset.speed_kmh = 19,
    ];
    let fields = ["wind_kmh_max", "visibility_m_min", "ceiling_m_min", "planning_speed_kmh"];
    for (change, name) in wrong.into_iter().zip(fields) {
        let mut asset = helicopter("members/hyogo/assets/other", world::BASE);
        change(&mut asset);
        let refusal = world.play(&hyogo, &Command::RegisterAsset(asset)).unwrap_err();
        assert!(matches!(refusal, Rejection::InvalidField { field, .. } if field == name), "{refusal:?}");
    }
    let row = |distance_max_m| AreaOrder {
        asset: id("members/hyogo/assets/heli"),
        own: true,
        distance_max_m,
        missions_month_max: None,
    };
    let agreement = Agreement {
        area: id("members/hyogo/organisations/fire"),
        rule: AgreementRule::OwnFirst,
        order: vec![row(Some(u32::MAX))],
        clause: Default::default(),
    };
    let field = LedgerId::Field(id("fields/medical"));
    let refusal = world.play(&field, &Command::AdoptAgreement(agreement)).unwrap_err();
    assert!(matches!(refusal, Rejection::InvalidField { field: "order.distance_m_max", .. }), "{refusal:?}");
    const { assert!(ORDER_ROWS_MAX < u16::MAX as usize) };
}

#[test]
fn no_more_areas_are_stated_than_a_ranking_can_weigh() {
    let mut world = World::hyogo();
    let field = LedgerId::Field(id("fields/medical"));
    let area = |i: u32| {
        Command::StateArea(Area {
            organisation: id(&format!("members/hyogo/organisations/f-{i}")),
            position: place(SCENE),
            calls_per_hour_e6: vec![1; 24],
            block: id("hyogo"),
        })
    };
    let refused = (0..600).find_map(|i| world.play(&field, &area(i)).err());
    assert!(matches!(refused, Some(Rejection::LimitReached { max: AREAS_MAX, .. })), "{refused:?}");
    // What stands already can be stated anew.
    world.play(&field, &area(0)).unwrap();
    world.rank(ask());
}
