use super::*;

fn read(pairs: &[(&'static str, &'static str)]) -> (Option<(Way, Flow)>, ImportReport) {
    let mut tags = Tags::default();
    for (key, value) in pairs {
        tags.push(key, value);
    }
    let mut report = ImportReport::default();
    let found = road(&tags, 1, Ferries::Include, &mut BTreeSet::new(), 2, &mut report);
    (found, report)
}

fn way(key: &'static str, value: &'static str) -> Way {
    read(&[("highway", "secondary"), (key, value)]).0.unwrap().0
}

#[test]
fn speed_limits_are_read_in_every_unit_and_doubted_beyond_reason() {
    let cases = [
        ("60", 60),
        ("60 km/h", 60),
        ("30 mph", 48),
        ("30mph", 48),
        ("10 knots", 19),
        ("JP:urban", 60),
        ("JP:motorway", 100),
        ("60;40", 40),
        ("40|60", 40),
        // The default of the class.
        ("none", 50),
        ("DE:urban", 50),
        ("0", 50),
        ("4", 50),
        ("141", 50),
        ("999999999999999999999", 50),
        ("-30", 50),
        ("NaN", 50),
        ("inf", 50),
        ("1e2", 50),
        ("", 50),
        ("..", 50),
        ("60;", 50),
    ];
    for (text, kmh) in cases {
        assert_eq!(way("maxspeed", text).speed_kmh, kmh, "{text:?}");
    }
    let absurd = read(&[("highway", "road"), ("maxspeed", "300")]).1;
    assert_eq!(absurd.findings[&Finding::SpeedAbsurd], 1);
    let strange = read(&[("highway", "road"), ("maxspeed", "signals")]).1;
    assert_eq!(strange.findings[&Finding::SpeedNotUnderstood], 1);
}

#[test]
fn access_follows_the_most_telling_tag() {
    type Case = (&'static [(&'static str, &'static str)], Option<Access>);
    let cases: [Case; 10] = [
        (&[], Some(Access::Open)),
        (&[("access", "private")], None),
        (&[("access", "no"), ("motor_vehicle", "yes")], Some(Access::Open)),
        (&[("access", "yes"), ("motor_vehicle", "no")], None),
        (&[("vehicle", "no"), ("motor_vehicle", "destination")], Some(Access::Open)),
        (&[("vehicle", "no")], None),
        (&[("motor_vehicle", "no"), ("emergency", "yes")], Some(Access::EmergencyOnly)),
        (&[("access", "emergency")], Some(Access::EmergencyOnly)),
        (&[("hgv", "no")], Some(Access::NoLargeLorry)),
        (&[("emergency", "yes")], Some(Access::Open)),
    ];
    for (tags, expected) in cases {
        let tags: Vec<(&'static str, &'static str)> =
            [("highway", "service")].into_iter().chain(tags.iter().copied()).collect();
        let (found, report) = read(&tags);
        assert_eq!(found.map(|(way, _)| way.access), expected, "{tags:?}");
        assert_eq!(report.findings.contains_key(&Finding::NoAccess), expected.is_none());
    }
}

#[test]
fn widths_and_masses_are_believed_only_where_they_can_be_true() {
    let widths = [
        ("2.3", Some(23)),
        ("2.35 m", Some(23)),
        ("4", Some(40)),
        ("7'6\"", None),
        ("0", None),
        ("1000", None),
    ];
    for (text, width_dm) in widths {
        assert_eq!(way("width", text).width_dm, width_dm, "{text}");
    }
    let masses = [
        ("3.5", Some(3_500)),
        ("14 t", Some(14_000)),
        ("8000 kg", Some(8_000)),
        ("5 st", None),
        ("0.1", None),
    ];
    for (text, mass_kg) in masses {
        assert_eq!(way("maxweight", text).mass_limit_kg, mass_kg, "{text}");
    }
    let lanes = [("2", Some(2)), ("2;3", None), ("0", None), ("300", None)];
    for (text, lanes) in lanes {
        assert_eq!(way("lanes", text).lanes, lanes, "{text}");
    }
    let both = read(&[("highway", "road"), ("width", "6"), ("maxwidth", "2.0")]).0.unwrap().0;
    assert_eq!(both.width_dm, Some(20), "a post in a wide road counts");
}

#[test]
fn bridges_and_tunnels_carry_their_own_names() {
    let tags = [
        ("highway", "motorway"),
        ("bridge", "yes"),
        ("bridge:name", "大鳴門橋"),
        ("bridge:name:en", "Onaruto Bridge"),
        ("name", "神戸淡路鳴門自動車道"),
        ("ref", "E28"),
    ];
    let way = read(&tags).0.unwrap().0;
    let structure = way.structure.unwrap();
    assert_eq!((structure.kind, structure.name_ja.as_deref()), (StructureKind::Bridge, Some("大鳴門橋")));
    assert_eq!(structure.name_en.as_deref(), Some("Onaruto Bridge"));
    assert_eq!(
        (way.name_ja.as_deref(), way.route_ref.as_deref()),
        (Some("神戸淡路鳴門自動車道"), Some("E28"))
    );
    assert_eq!(self::way("bridge", "no").structure, None);
    assert_eq!(self::way("tunnel", "building_passage").structure, None);
}

#[test]
fn a_ferry_carries_vehicles_only_when_it_says_so() {
    let (found, _) = read(&[("route", "ferry"), ("motor_vehicle", "yes"), ("duration", "01:05")]);
    let (way, flow) = found.unwrap();
    assert_eq!(
        (way.class, flow, way.sailing.unwrap().duration_ms),
        (RoadClass::Ferry, Flow::Both, 65 * 60_000)
    );
    let (none, report) = read(&[("route", "ferry"), ("foot", "yes")]);
    assert!(none.is_none());
    assert_eq!(report.findings[&Finding::FerryWithoutVehicles], 1);
    let times = [
        ("45", Some(45)),
        ("PT1H30M", Some(90)),
        ("PT2H", Some(120)),
        ("01:00:01", Some(61)),
        ("soon", None),
    ];
    for (text, expected) in times {
        assert_eq!(minutes(text), expected, "{text}");
    }
}

#[test]
fn a_bridge_is_named_by_its_own_name_or_by_one_that_says_so_itself() {
    let named = |pairs: &[(&'static str, &'static str)]| {
        let mut all = vec![("highway", "primary")];
        all.extend_from_slice(pairs);
        let way = read(&all).0.unwrap().0;
        way.structure.map(|structure| (structure.kind, structure.name_ja.map(|name| name.to_string())))
    };
    let bridge = |name: &str| Some((StructureKind::Bridge, Some(name.to_owned())));
    assert_eq!(
        named(&[("bridge", "yes"), ("bridge:name", "大鳴門橋"), ("name", "国道28号")]),
        bridge("大鳴門橋")
    );
    assert_eq!(named(&[("bridge", "yes"), ("name", "琵琶湖大橋")]), bridge("琵琶湖大橋"));
    assert_eq!(named(&[("bridge", "viaduct"), ("name", "Harbour Bridge")]), bridge("Harbour Bridge"));
    assert_eq!(named(&[("bridge", "yes"), ("name", "国道28号")]), Some((StructureKind::Bridge, None)));
    let tunnel = Some((StructureKind::Tunnel, Some("六甲トンネル".to_owned())));
    assert_eq!(named(&[("tunnel", "yes"), ("name", "六甲トンネル")]), tunnel);
    assert_eq!(named(&[("name", "橋本通り")]), None, "no bridge at all");
}

#[test]
fn a_road_that_is_shut_every_winter_says_so_in_one_of_several_ways() {
    for (key, value) in [
        ("motor_vehicle:conditional", "no @ (winter)"),
        ("access:conditional", "no @ (Nov 15-Apr 20; snow)"),
        ("winter_road", "no"),
        ("winter_service", "no"),
        ("snowplowing", "no"),
        ("seasonal", "summer"),
    ] {
        assert!(way(key, value).closes_in_winter, "{key}={value}");
    }
    for (key, value) in [
        ("access:conditional", "no @ (22:00-06:00)"),
        ("motor_vehicle:conditional", "destination @ (winter)"),
        ("winter_road", "yes"),
        ("seasonal", "no"),
    ] {
        assert!(!way(key, value).closes_in_winter, "{key}={value}");
    }
}
