//! `yui network`: road networks out of maps, without a server.
//!
//! Absent on purpose: how a map is read ([`crate::network::import`]). Here files are opened, words are found, and a file
//! is written so that it is either the old one or the new one.

use super::EXIT_DAMAGED;
use super::args::{self, ArgError};
use super::failure::Failure;
use super::session::{Format, note_on_stderr, write_out};
use super::sheet::{Sheet, left, right};
use crate::lang::Lang;
use crate::network::StructureKind;
use crate::network::file::{FileFault, NetworkFile};
use crate::network::hierarchy::{Hierarchy, Metric};
use crate::network::import::emergency_roads::{self, OverlayReport};
use crate::network::import::pbf::{self, FerryChoice};
use crate::network::import::{Finding, ImportReport, Imported, dimacs};
use crate::network::order::nested_dissection;
use crate::network::roads::{
    EmergencyOrder, Profile, RoadClass, RoadNetwork, Route, SNAP_WARNING_M, Searchable, Snap, SnapIndex, Way,
    route,
};
use crate::units::Position;
use clap::{Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Subcommands of `yui network`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Make a network of a map: OpenStreetMap (.osm.pbf) or a DIMACS graph (.gr)
    #[command(after_help = "Example:\n  yui network import kansai-latest.osm.pbf --out kansai.roads")]
    Import(ImportArgs),
    /// What a network file holds
    #[command(after_help = "Example:\n  yui network status kansai.roads")]
    Status {
        /// The file
        #[arg(value_name = "NETWORK")]
        network: PathBuf,
    },
    /// The fastest way between two places
    #[command(
        after_help = "Example:\n  yui network route kansai.roads --from 34.2950,134.7456 --to 34.0713,134.5544 --profile ambulance"
    )]
    Route {
        /// The file
        #[arg(value_name = "NETWORK")]
        network: PathBuf,
        /// From where
        #[arg(long, value_name = "LAT,LON", value_parser = place, allow_hyphen_values = true)]
        from: Position,
        /// To where
        #[arg(long, value_name = "LAT,LON", value_parser = place, allow_hyphen_values = true)]
        to: Position,
        /// With which vehicle
        #[arg(long, value_name = "VEHICLE", default_value = "ambulance")]
        profile: ProfileArg,
    },
}

/// Arguments of `yui network import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The map
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Coordinates of a .gr file
    #[arg(long, value_name = "FILE")]
    co: Option<PathBuf>,
    /// What the numbers of a .gr file are
    #[arg(long, value_name = "UNIT", default_value = "metres")]
    weights: WeightsArg,
    /// The .gr file has no problem line and counts from 0
    #[arg(long, conflicts_with = "co")]
    from_zero: bool,
    /// Emergency transport roads (National Land Numerical Information N10), GeoJSON
    #[arg(long, value_name = "FILE")]
    emergency_roads: Option<PathBuf>,
    /// The property of these that holds the order, 1 to 3
    #[arg(long, value_name = "NAME", default_value = emergency_roads::ORDER_PROPERTY)]
    order_property: String,
    /// Leave out ships that carry vehicles
    #[arg(long)]
    without_ferries: bool,
    /// Where the network goes
    #[arg(long, value_name = "NETWORK")]
    out: PathBuf,
}

/// A vehicle as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// Ambulance on an emergency run
    Ambulance,
    /// Doctor car on an emergency run
    DoctorCar,
    /// Lorry of 4 t
    #[value(name = "lorry-4t")]
    Lorry4t,
    /// Lorry of 10 t
    #[value(name = "lorry-10t")]
    Lorry10t,
}

impl From<ProfileArg> for Profile {
    fn from(typed: ProfileArg) -> Profile {
        match typed {
            ProfileArg::Ambulance => Profile::Ambulance,
            ProfileArg::DoctorCar => Profile::DoctorCar,
            ProfileArg::Lorry4t => Profile::Lorry4t,
            ProfileArg::Lorry10t => Profile::Lorry10t,
        }
    }
}

/// What the numbers of a graph are, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WeightsArg {
    /// Lengths
    Metres,
    /// Travel times
    Milliseconds,
}

fn place(text: &str) -> Result<Position, ArgError> {
    let typed = args::position(text)?;
    Position::from_degrees(typed.latitude, typed.longitude)
        .map_err(|error| ArgError::new(error.to_string(), error.to_string()))
}

/// Runs it.
#[must_use]
pub fn run(args: &Args, lang: Lang, format: Format) -> ExitCode {
    let done = match args {
        Args::Import(args) => import(args, lang, format),
        Args::Status { network } => status(network, lang, format),
        Args::Route { network, from, to, profile } => {
            way_between(network, [*from, *to], (*profile).into(), lang, format)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Failed(failure)) => {
            note_on_stderr(&failure.text(lang));
            failure.exit_code()
        }
        Err(Stop::Damaged(text)) => {
            note_on_stderr(&format!("{text}\n"));
            ExitCode::from(EXIT_DAMAGED)
        }
    }
}

/// Why a command ended without its result.
enum Stop {
    Failed(Failure),
    /// A network file is not as it was written.
    Damaged(String),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Stop {
        Stop::Failed(error.into())
    }
}

/// A file that cannot be used, and why.
fn unusable(path: &Path, why: impl std::error::Error) -> ArgError {
    let path = path.display();
    let cause = why.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    ArgError::new(
        format!("{path} を使えません({why}{cause})"),
        format!("{path} cannot be used: {why}{cause}"),
    )
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn import(args: &ImportArgs, lang: Lang, format: Format) -> Result<(), Stop> {
    let bar = progress(&args.file, lang);
    let Imported { mut network, report } = if args.file.extension().is_some_and(|kind| kind == "gr") {
        import_graph(args, &bar)?
    } else {
        import_map(args, &bar)?
    };
    let overlay = match &args.emergency_roads {
        None => None,
        Some(path) => {
            let file = File::open(path).map_err(|error| unusable(path, error))?;
            let laid = emergency_roads::overlay(&mut network, file, &args.order_property);
            Some(laid.map_err(|fault| unusable(path, fault))?)
        }
    };
    bar.set_message(lang.pick("順序を計算しています", "ordering the junctions"));
    let order = nested_dissection(&network.flat(), network.plane().as_deref(), threads());
    let source = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = NetworkFile { network, order, source };
    bar.set_message(lang.pick("書き込んでいます", "writing"));
    write_whole(&args.out, &file).map_err(|error| unusable(&args.out, error))?;
    bar.finish_and_clear();
    let text = match format {
        Format::Sheet => import_sheet(&file, &report, overlay.as_ref(), lang),
        Format::Json => format!("{}\n", import_json(&file, &report, overlay.as_ref())),
    };
    Ok(write_out(&text)?)
}

/// A bar on a terminal, nothing elsewhere.
fn progress(file: &Path, lang: Lang) -> ProgressBar {
    // A map is read twice.
    let bytes = std::fs::metadata(file).map_or(0, |found| found.len() * 2);
    let target =
        if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {msg}") {
        bar.set_style(style);
    }
    bar.set_message(lang.pick("読み込んでいます", "reading"));
    bar
}

fn import_map(args: &ImportArgs, bar: &ProgressBar) -> Result<Imported, Stop> {
    let ferries = if args.without_ferries { FerryChoice::LeaveOut } else { FerryChoice::Include };
    let open =
        || -> io::Result<_> { Ok(BufReader::with_capacity(1 << 18, bar.wrap_read(File::open(&args.file)?))) };
    Ok(pbf::import(open, pbf::Options { ferries }).map_err(|fault| unusable(&args.file, fault))?)
}

fn import_graph(args: &ImportArgs, bar: &ProgressBar) -> Result<Imported, Stop> {
    let numbering = if args.from_zero { dimacs::Numbering::FromZero } else { dimacs::Numbering::FromOne };
    let weights = match args.weights {
        WeightsArg::Metres => dimacs::Weights::Metres,
        WeightsArg::Milliseconds => dimacs::Weights::Milliseconds,
    };
    let file = File::open(&args.file).map_err(|error| unusable(&args.file, error))?;
    let graph =
        dimacs::Graph::read(bar.wrap_read(file), numbering).map_err(|fault| unusable(&args.file, fault))?;
    let positions = match &args.co {
        None => None,
        Some(path) => {
            let file = File::open(path).map_err(|error| unusable(path, error))?;
            Some(dimacs::read_positions(file, graph.nodes_count).map_err(|fault| unusable(path, fault))?)
        }
    };
    Ok(dimacs::import(graph, positions, weights).map_err(|fault| unusable(&args.file, fault))?)
}

/// Writes a file beside `path`, makes sure that it is on the disk, and only then gives it its name.
fn write_whole(path: &Path, file: &NetworkFile) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut name = path.file_name().ok_or_else(|| io::Error::other("no file name"))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = folder.join(name);
    let written = || -> io::Result<()> {
        let mut to = BufWriter::new(File::create(&part)?);
        file.write(&mut to)?;
        to.into_inner()?.sync_all()?;
        std::fs::rename(&part, path)?;
        File::open(folder)?.sync_all()
    };
    let done = written();
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

fn open(path: &Path, lang: Lang) -> Result<NetworkFile, Stop> {
    let file = File::open(path).map_err(|error| unusable(path, error))?;
    NetworkFile::read(file).map_err(|fault| match fault {
        FileFault::Read(_) | FileFault::NotANetwork | FileFault::Version { .. } => {
            unusable(path, fault).into()
        }
        FileFault::Checksum
        | FileFault::Truncated { .. }
        | FileFault::Value { .. }
        | FileFault::Parts(_)
        | FileFault::Order(_) => Stop::Damaged(unusable(path, fault).text(lang).to_owned()),
    })
}

fn status(path: &Path, lang: Lang, format: Format) -> Result<(), Stop> {
    let file = open(path, lang)?;
    let text = match format {
        Format::Json => format!("{}\n", figures_json(&file)),
        Format::Sheet => {
            let mut sheet = Sheet::new(lang);
            figures(&file, &mut sheet);
            sheet.into_text()
        }
    };
    Ok(write_out(&text)?)
}

/// Edges and length of a class, both directions of a road counted once each.
fn by_class(network: &RoadNetwork) -> Vec<(RoadClass, u64, u64)> {
    let mut sums = RoadClass::ALL.map(|class| (class, 0_u64, 0_u64));
    for edge in network.graph().edge_weights() {
        let class = network.ways()[edge.way() as usize].class;
        if let Some(sum) = sums.iter_mut().find(|sum| sum.0 == class) {
            sum.1 += 1;
            sum.2 += u64::from(edge.length_dm);
        }
    }
    sums.into_iter().filter(|sum| sum.1 > 0).collect()
}

fn named_structures(network: &RoadNetwork) -> usize {
    let is_named = |way: &&Way| {
        way.structure.as_ref().is_some_and(|found| found.name_ja.is_some() || found.name_en.is_some())
    };
    network.ways().iter().filter(is_named).count()
}

fn figures(file: &NetworkFile, sheet: &mut Sheet) {
    let (network, lang) = (&file.network, sheet.lang());
    let positions =
        if network.has_positions() { lang.pick("あり", "yes") } else { lang.pick("なし", "no") };
    sheet.pairs([
        (lang.pick("元データ", "source"), file.source.clone()),
        (lang.pick("交差点", "junctions"), network.graph().node_count().to_string()),
        (lang.pick("道路区間(方向別)", "edges, by direction"), network.graph().edge_count().to_string()),
        (lang.pick("道路", "ways"), network.ways().len().to_string()),
        (lang.pick("座標", "coordinates"), positions.to_owned()),
        (
            lang.pick("名前のある橋・トンネル", "named bridges and tunnels"),
            named_structures(network).to_string(),
        ),
    ]);
    let columns = [
        left(lang.pick("種別", "class")),
        right(lang.pick("区間", "edges")),
        right(lang.pick("km(方向別)", "km, by direction")),
    ];
    let rows: Vec<[String; 3]> = by_class(network)
        .into_iter()
        .map(|(class, edges, dm)| [class.to_string(), edges.to_string(), (dm / 10_000).to_string()])
        .collect();
    sheet.gap();
    sheet.grid(columns, &rows);
}

fn figures_json(file: &NetworkFile) -> serde_json::Value {
    let network = &file.network;
    let classes: Vec<_> = by_class(network)
        .into_iter()
        .map(|(class, edges, dm)| serde_json::json!({ "class": class.word(), "edges": edges, "lengthM": dm / 10 }))
        .collect();
    serde_json::json!({
        "source": file.source,
        "junctions": network.graph().node_count(),
        "edges": network.graph().edge_count(),
        "ways": network.ways().len(),
        "coordinates": network.has_positions(),
        "namedStructures": named_structures(network),
        "classes": classes,
    })
}

fn import_sheet(
    file: &NetworkFile,
    report: &ImportReport,
    overlay: Option<&OverlayReport>,
    lang: Lang,
) -> String {
    let mut sheet = Sheet::new(lang);
    figures(file, &mut sheet);
    let left_out = &report.left_out;
    sheet.heading(lang.pick("読み込み", "read"));
    sheet.pairs([
        (lang.pick("ノード", "nodes"), report.nodes_read.to_string()),
        (lang.pick("ウェイ", "ways"), report.ways_read.to_string()),
        (lang.pick("リレーション(使わない)", "relations, not used"), report.relations_read.to_string()),
        (lang.pick("車道のウェイ", "ways of drivable classes"), report.road_ways.to_string()),
        (
            lang.pick("往復できない部分(除外)", "parts without a way there and back, left out"),
            format!("{} ({} / {})", left_out.parts, left_out.junctions, left_out.edges),
        ),
        (
            lang.pick("そのうち最大", "the largest of them"),
            left_out
                .largest_at
                .map(|at| format!("{} ({at})", left_out.largest_junctions))
                .unwrap_or_default(),
        ),
    ]);
    if let Some(overlay) = overlay {
        sheet.heading(lang.pick("緊急輸送道路", "emergency transport roads"));
        for (place, (edges, km)) in overlay.edges.iter().zip(overlay.kilometres).enumerate() {
            let number = place + 1;
            sheet.line(lang.pick(
                format!("  第{number}次: {edges} 区間、{km} km"),
                format!("  order {number}: {edges} edges, {km} km"),
            ));
        }
    }
    if !report.findings.is_empty() {
        sheet.heading(lang.pick("除外・修正したもの", "left out or mended"));
        let rows: Vec<[String; 2]> = report
            .findings
            .iter()
            .map(|(finding, count)| [count.to_string(), finding_text(*finding, lang).to_owned()])
            .collect();
        sheet.grid([right(lang.pick("件数", "count")), left(lang.pick("内容", "what"))], &rows);
    }
    sheet.into_text()
}

fn import_json(
    file: &NetworkFile,
    report: &ImportReport,
    overlay: Option<&OverlayReport>,
) -> serde_json::Value {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|(finding, count)| {
            serde_json::json!({ "what": finding_text(*finding, Lang::En), "count": count })
        })
        .collect();
    serde_json::json!({
        "network": figures_json(file),
        "nodesRead": report.nodes_read,
        "waysRead": report.ways_read,
        "relationsRead": report.relations_read,
        "roadWays": report.road_ways,
        "partsLeftOut": report.left_out.parts,
        "junctionsLeftOut": report.left_out.junctions,
        "edgesLeftOut": report.left_out.edges,
        "findings": findings,
        "emergencyRoadEdges": overlay.map(|overlay| overlay.edges),
    })
}

fn finding_text(finding: Finding, lang: Lang) -> &'static str {
    match finding {
        Finding::NotDrivable => lang.pick("車の通れない種別のウェイ", "ways that no car uses"),
        Finding::Area => lang.pick("道路でない面", "squares"),
        Finding::NoAccess => lang.pick("車両通行止めのウェイ", "ways closed to motor vehicles"),
        Finding::Reversible => {
            lang.pick("時間で向きの変わるウェイ", "ways whose direction changes with the hour")
        }
        Finding::FerryNotAskedFor => lang.pick("フェリー(不要と指定)", "ferries, not asked for"),
        Finding::FerryWithoutVehicles => {
            lang.pick("車を運ぶと書かれていないフェリー", "ferries not said to carry vehicles")
        }
        Finding::RepeatedWay => lang.pick("二度書かれたウェイ", "ways told twice"),
        Finding::RepeatedNode => lang.pick("二度書かれたノード", "nodes told twice"),
        Finding::TooShort => {
            lang.pick("ノードが二つに満たないウェイ", "ways with fewer than two known nodes")
        }
        Finding::MissingNode => {
            lang.pick("ファイルにないノード(そこで切断)", "nodes not in the file: cut there")
        }
        Finding::NodeOffTheEarth => lang.pick("地球上にないノード", "nodes off the Earth"),
        Finding::RepeatedPlace => lang.pick("続けて書かれた同じノード", "the same node twice in a row"),
        Finding::Barrier => lang.pick("車止めなど(そこで切断)", "bollards and the like: cut there"),
        Finding::OnewayNotUnderstood => {
            lang.pick("読めない一方通行(双方向とした)", "one-way rules not understood")
        }
        Finding::SpeedAbsurd => lang.pick("あり得ない制限速度(種別の値とした)", "absurd speed limits"),
        Finding::SpeedNotUnderstood => {
            lang.pick("読めない制限速度(種別の値とした)", "speed limits not understood")
        }
        Finding::WidthNotUnderstood => lang.pick("読めない幅員", "widths not understood"),
        Finding::MassNotUnderstood => lang.pick("読めない重量制限", "mass limits not understood"),
        Finding::LanesNotUnderstood => lang.pick("読めない車線数", "numbers of lanes not understood"),
        Finding::DurationNotUnderstood => lang.pick("読めない航行時間", "sailing times not understood"),
    }
}

fn way_between(
    path: &Path,
    places: [Position; 2],
    profile: Profile,
    lang: Lang,
    format: Format,
) -> Result<(), Stop> {
    let NetworkFile { network, order, .. } = open(path, lang)?;
    if !network.has_positions() {
        return Err(ArgError::new(
            format!("{} には座標がありません。--co を付けて取り込み直してください", path.display()),
            format!("{} has no coordinates: import it anew with --co", path.display()),
        )
        .into());
    }
    let hierarchy = Hierarchy::new(&network.flat(), &order)
        .map_err(|fault| Stop::Damaged(unusable(path, fault).text(lang).to_owned()))?;
    let weights_ms = network.weights_ms(profile);
    let metric = Metric::new(&hierarchy, &weights_ms, threads());
    let index = SnapIndex::new(&network);
    let snapped = places.map(|place| index.snap(&network, &weights_ms, place));
    for (place, snap) in places.iter().zip(snapped.iter().flatten()) {
        if snap.is_far() {
            let metres = snap.distance_m;
            note_on_stderr(&lang.pick(
                format!("注意: {place} は最寄りの道路から {metres} m 離れています({SNAP_WARNING_M} m 超)\n"),
                format!(
                    "warning: {place} is {metres} m from the nearest road (more than {SNAP_WARNING_M} m)\n"
                ),
            ));
        }
    }
    let on =
        Searchable { network: &network, hierarchy: &hierarchy, metric: &metric, weights_ms: &weights_ms };
    let found = match &snapped {
        [Some(from), Some(to)] => route(on, from, to),
        _ => None,
    };
    let text = match format {
        Format::Sheet => route_sheet(&network, &snapped, found.as_ref(), lang),
        Format::Json => format!("{}\n", route_json(&network, &snapped, found.as_ref())),
    };
    Ok(write_out(&text)?)
}

/// A stretch of a route on roads of one name.
struct Stretch<'a> {
    way: &'a Way,
    length_dm: u64,
}

/// The named roads and structures that a route passes, in order; the parts of the first and last edge count whole.
fn stretches<'a>(network: &'a RoadNetwork, route: &Route) -> Vec<Stretch<'a>> {
    let mut found: Vec<Stretch<'a>> = Vec::new();
    let key = |way: &Way| (way.name_ja.clone(), way.route_ref.clone(), way.structure.clone());
    for &edge in &route.edges {
        let (way, length_dm) = (network.way_of(edge), u64::from(network.edge(edge).length_dm));
        match found.last_mut() {
            Some(last) if key(last.way) == key(way) => last.length_dm += length_dm,
            _ => found.push(Stretch { way, length_dm }),
        }
    }
    found.retain(|stretch| {
        stretch.way.name_ja.is_some() || stretch.way.route_ref.is_some() || stretch.way.structure.is_some()
    });
    found
}

fn structure_text(way: &Way, lang: Lang) -> String {
    let Some(structure) = &way.structure else { return String::new() };
    let kind = match structure.kind {
        StructureKind::Bridge => lang.pick("橋", "bridge"),
        StructureKind::Tunnel => lang.pick("トンネル", "tunnel"),
        StructureKind::Mountain => lang.pick("山道", "mountain road"),
    };
    let name = lang.prefer(
        structure.name_ja.as_deref().unwrap_or_default(),
        structure.name_en.as_deref().unwrap_or_default(),
    );
    if name.is_empty() { kind.to_owned() } else { format!("{name} ({kind})") }
}

fn route_sheet(
    network: &RoadNetwork,
    snapped: &[Option<Snap>; 2],
    found: Option<&Route>,
    lang: Lang,
) -> String {
    let mut sheet = Sheet::new(lang);
    let Some(route) = found else {
        sheet.line(lang.pick("道路では行けません", "unreachable by road"));
        return sheet.into_text();
    };
    let tenths_km = (route.length_dm + 500) / 1_000;
    let off = |snap: &Option<Snap>| snap.map(|snap| format!("{} m", snap.distance_m)).unwrap_or_default();
    sheet.pairs([
        (lang.pick("時間", "time"), super::time::span_text(i64::from(route.travel_ms.div_ceil(1_000)), lang)),
        (lang.pick("距離", "distance"), format!("{}.{} km", tenths_km / 10, tenths_km % 10)),
        (lang.pick("出発地から道路まで", "origin to the road"), off(&snapped[0])),
        (lang.pick("道路から目的地まで", "road to the destination"), off(&snapped[1])),
    ]);
    let columns = [
        right("km"),
        left(lang.pick("道路", "road")),
        left(lang.pick("番号", "number")),
        left(lang.pick("構造物", "structure")),
        left(lang.pick("緊急輸送", "emergency order")),
    ];
    let rows: Vec<[String; 5]> = stretches(network, route)
        .iter()
        .map(|Stretch { way, length_dm }| {
            let tenths = (length_dm + 500) / 1_000;
            let names = [&way.name_ja, &way.name_en].map(|name| name.as_deref().unwrap_or_default());
            [
                format!("{}.{}", tenths / 10, tenths % 10),
                lang.prefer(names[0], names[1]).to_owned(),
                way.route_ref.as_deref().unwrap_or_default().to_owned(),
                structure_text(way, lang),
                way.emergency_order.map(|order| order.number().to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    sheet.gap();
    sheet.grid(columns, &rows);
    sheet.into_text()
}

fn route_json(
    network: &RoadNetwork,
    snapped: &[Option<Snap>; 2],
    found: Option<&Route>,
) -> serde_json::Value {
    let Some(route) = found else { return serde_json::json!({ "reachable": false }) };
    let stretches: Vec<_> = stretches(network, route)
        .iter()
        .map(|Stretch { way, length_dm }| {
            let structure = way.structure.as_ref();
            serde_json::json!({
                "osmWay": way.osm_id,
                "class": way.class.word(),
                "name": way.name_ja.as_deref(),
                "ref": way.route_ref.as_deref(),
                "structure": structure.and_then(|structure| structure.name_ja.as_deref()),
                "lengthM": length_dm / 10,
                "emergencyOrder": way.emergency_order.map(EmergencyOrder::number),
            })
        })
        .collect();
    serde_json::json!({
        "reachable": true,
        "travelS": route.travel_ms.div_ceil(1_000),
        "lengthM": route.length_dm / 10,
        "snapM": snapped.map(|snap| snap.map(|snap| snap.distance_m)),
        "ways": stretches,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_two_texts_of_its_own() {
        for lang in [Lang::Ja, Lang::En] {
            let mut texts: Vec<&str> =
                Finding::ALL.iter().map(|finding| finding_text(*finding, lang)).collect();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), Finding::ALL.len());
        }
    }
}
