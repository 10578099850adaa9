//! A problem as bytes, for its hash and for whoever works it out again: every field in the order of its declaration, eight
//! bytes each with the lowest first, lists led by their length.

use crate::allocator::supplies::{Home, Problem, Shipment, Stop, Tier, Urgency};

/// The bytes of a problem; equal problems give equal bytes.
#[must_use]
pub fn bytes(problem: &Problem) -> Vec<u8> {
    let mut out = Out(Vec::new());
    out.numbers([
        problem.start_s as u64,
        problem.period_s.into(),
        problem.periods.into(),
        problem.members.into(),
    ]);
    out.list(&problem.goods, |good, out| {
        let is_urgent = u64::from(good.urgency == Urgency::LifeSaving);
        let per_person = good.per_person_milliunits.into();
        out.numbers([good.mass_g.into(), good.volume_cm3.into(), is_urgent, good.weight.into(), per_person]);
    });
    out.list(&problem.sites, |site, out| {
        let tier = match site.tier {
            Tier::Depot => 0,
            Tier::Union => 1,
            Tier::Prefecture => 2,
            Tier::Municipality => 3,
        };
        let from = site.usable_from.0.into();
        out.numbers([site.member.0.into(), tier, site.out_per_period, site.in_per_period, from]);
        out.list(&site.feeds, |base, out| out.numbers([base.0.into()]));
    });
    out.list(&problem.points, |point, out| {
        out.numbers([point.member.0.into(), point.in_per_period, point.usable_from.0.into()]);
    });
    out.list(&problem.classes, |class, out| {
        let handling = [class.loading_s.into(), class.unloading_s.into()];
        out.numbers([class.capacity_g, class.capacity_cm3]);
        out.numbers(handling);
        out.numbers([class.yen_per_hour.into(), class.yen_per_trip.into()]);
    });
    out.list(&problem.fleets, |fleet, out| {
        match fleet.home {
            Home::Site(site) => out.numbers([0, site.0.into()]),
            Home::Member(member) => out.numbers([1, member.0.into()]),
        }
        out.numbers([fleet.class.0.into(), fleet.vehicles.into(), fleet.driver_s_per_day]);
    });
    out.list(&problem.bundles, |bundle, out| {
        // One more than the limit; 0: none.
        let load = bundle.load_per_period.map_or(0, |load| load.saturating_add(1));
        out.numbers([load, bundle.vehicles_per_period.map_or(0, |vehicles| u64::from(vehicles) + 1)]);
    });
    out.list(&problem.passages, |passage, out| {
        out.list(passage, |bundle, out| out.numbers([bundle.0.into()]))
    });
    out.list(&problem.ways, |ways, out| {
        out.list(&ways.travel_s, |travel_s, out| out.numbers([u64::from(*travel_s)]));
        out.list(&ways.passage, |passage, out| out.numbers([u64::from(*passage)]));
    });
    out.list(&problem.stocks, |stock, out| {
        out.numbers([stock.site.0.into(), stock.good.0.into(), stock.units.into(), stock.reserve.into()]);
        out.numbers([stock.available_from.0.into()]);
    });
    out.list(&problem.consents, |(member, good), out| out.numbers([member.0.into(), good.0.into()]));
    out.list(&problem.needs, |need, out| {
        out.numbers([need.point.0.into(), need.good.0.into(), need.units.into(), need.wanted_by_s as u64]);
        let until = need.useful_until_s.map_or([0, 0], |until_s| [1, until_s as u64]);
        out.numbers(until);
        out.numbers([need.priority.into()]);
    });
    out.list(&problem.agreements, |(giver, receiver), out| out.numbers([giver.0.into(), receiver.0.into()]));
    out.list(&problem.pairings, |pairing, out| {
        out.numbers([pairing.giver.0.into(), pairing.receiver.0.into(), pairing.rule as u64]);
    });
    out.list(&problem.frozen, shipment);
    out.0
}

fn shipment(shipment: &Shipment, out: &mut Out) {
    let to = match shipment.to {
        Stop::Site(site) => [0, site.0.into()],
        Stop::Point(point) => [1, point.0.into()],
    };
    out.numbers([shipment.departs.0.into(), shipment.from.0.into()]);
    out.numbers(to);
    out.numbers([shipment.fleet.0.into(), shipment.vehicles.into()]);
    out.list(&shipment.lines, |line, out| {
        let need = line.need.map_or(0, |need| u64::from(need.0) + 1);
        out.numbers([line.stock.0.into(), need, line.units.into()]);
    });
}

struct Out(Vec<u8>);

impl Out {
    fn numbers<const N: usize>(&mut self, numbers: [u64; N]) {
        for number in numbers {
            self.0.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&T, &mut Out)) {
        self.numbers([items.len() as u64]);
        for item in items {
            each(item, self);
        }
    }
}
