//! Questions of the roads.

use crate::api::v1;
use crate::cli::args::{self, ArgError};
use crate::cli::failure::Failure;
use crate::cli::json;
use crate::cli::session::{Format, Session, write_out};
use crate::cli::sheet::{Sheet, Show, left, right};
use crate::cli::text::words;
use crate::cli::time::When;
use std::path::{Path, PathBuf};

/// Which vehicle, and when.
#[derive(Debug, clap::Args)]
pub(super) struct AskArgs {
    /// With which vehicle; left out: an ambulance
    #[arg(long, value_parser = words::<v1::Profile>())]
    profile: Option<v1::Profile>,
    /// As it will be when all is open again that is expected to be by then
    #[arg(long, value_name = "TIME")]
    repaired_by: Option<When>,
}

impl AskArgs {
    fn profile(&self) -> i32 {
        self.profile.unwrap_or(v1::Profile::Unspecified).into()
    }
}

/// Arguments of `yui road route`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  yui road route --from 34.294,134.780 --to 34.071,134.554")]
pub struct RouteArgs {
    /// From where
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    from: v1::LatLng,
    /// To where
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    to: v1::LatLng,
    /// Which vehicle, and when.
    #[command(flatten)]
    ask: AskArgs,
    /// Write the way as GeoJSON
    #[arg(long)]
    geojson: bool,
}

/// Arguments of `yui road matrix`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  yui road matrix --origins starts.csv --destinations sites.csv > seconds.csv"
)]
pub struct MatrixArgs {
    /// LAT,LON in each line; further columns are left alone
    #[arg(long, value_name = "FILE")]
    origins: PathBuf,
    /// As the origins
    #[arg(long, value_name = "FILE")]
    destinations: PathBuf,
    /// Which vehicle, and when.
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `yui road isochrone`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  yui road isochrone --from 34.294,134.780 --within 45min")]
pub struct IsochroneArgs {
    /// From where
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    from: v1::LatLng,
    /// How long
    #[arg(long, value_name = "SPAN", value_parser = args::wire_span)]
    within: prost_types::Duration,
    /// From where one gets there in time, instead
    #[arg(long)]
    toward: bool,
    /// Write the roads as GeoJSON
    #[arg(long)]
    geojson: bool,
    /// Which vehicle, and when.
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `yui road nearest`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  yui road nearest hospital --from 34.294,134.780 --count 3")]
pub struct NearestArgs {
    /// Of what
    #[arg(value_parser = words::<v1::find_nearest_request::Kind>())]
    kind: v1::find_nearest_request::Kind,
    /// From where
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    from: v1::LatLng,
    /// Who is here first, instead of where one is first
    #[arg(long)]
    toward: bool,
    /// How many
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    count: Option<u32>,
    /// Which vehicle, and when.
    #[command(flatten)]
    ask: AskArgs,
}

/// Arguments of `yui road snap`.
#[derive(Debug, clap::Args)]
pub struct SnapArgs {
    /// Where
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    at: v1::LatLng,
    /// With which vehicle; left out: an ambulance
    #[arg(long, value_parser = words::<v1::Profile>())]
    profile: Option<v1::Profile>,
}

/// Arguments of `yui road reach`.
#[derive(Debug, clap::Args)]
pub struct ReachArgs {
    /// Where help comes from; left out: every hospital
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    from: Vec<v1::LatLng>,
    /// With which vehicle; left out: an ambulance
    #[arg(long, value_parser = words::<v1::Profile>())]
    profile: Option<v1::Profile>,
}

/// Shows a route.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn route(session: &Session, args: RouteArgs) -> Result<(), Failure> {
    let call = v1::ComputeRouteRequest {
        origin: Some(args.from),
        destination: Some(args.to),
        profile: args.ask.profile(),
        repaired_by: session.instant(args.ask.repaired_by).await?,
    };
    if !args.geojson {
        return session.ask(call).await;
    }
    let route = session.read(call).await?;
    let line = feature(&route.line, serde_json::json!({ "travelS": seconds(route.travel.as_ref()) }));
    write_out(&format!("{line}\n"))
}

/// Writes a matrix as CSV, a row for each origin, empty where there is no way; with --json a message for each.
///
/// # Errors
/// As [`Session::read`]; [`Failure::Argument`] for a file that holds no places.
pub(super) async fn matrix(session: &Session, args: MatrixArgs) -> Result<(), Failure> {
    let call = v1::ComputeMatrixRequest {
        origins: places(&args.origins)?,
        destinations: places(&args.destinations)?,
        profile: args.ask.profile(),
        repaired_by: session.instant(args.ask.repaired_by).await?,
    };
    let mut rows = session.client().matrix(call).await?;
    while let Some(row) = rows.message().await.map_err(|status| session.client().failure(status, None))? {
        let text = match session.format() {
            Format::Json => json::line("yui.v1.MatrixRow", &row),
            Format::Sheet => {
                let cell = |seconds: &i32| if *seconds < 0 { String::new() } else { seconds.to_string() };
                row.travel_s.iter().map(cell).collect::<Vec<String>>().join(",")
            }
        };
        write_out(&format!("{text}\n"))?;
    }
    Ok(())
}

/// Shows what is within some time.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn isochrone(session: &Session, args: IsochroneArgs) -> Result<(), Failure> {
    let call = v1::ComputeIsochroneRequest {
        origin: Some(args.from),
        within: Some(args.within),
        profile: args.ask.profile(),
        toward_origin: args.toward,
        repaired_by: session.instant(args.ask.repaired_by).await?,
        lines: args.geojson,
    };
    if !args.geojson {
        return session.ask(call).await;
    }
    let isochrone = session.read(call).await?;
    let features: Vec<_> =
        isochrone.lines.iter().map(|line| feature(&line.points, serde_json::json!({}))).collect();
    let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
    write_out(&format!("{collection}\n"))
}

/// Shows the nearest by time.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn nearest(session: &Session, args: NearestArgs) -> Result<(), Failure> {
    let call = v1::FindNearestRequest {
        origin: Some(args.from),
        kind: args.kind.into(),
        count: args.count.unwrap_or(0),
        profile: args.ask.profile(),
        toward_origin: args.toward,
        repaired_by: session.instant(args.ask.repaired_by).await?,
    };
    session.ask(call).await
}

/// Shows the road beside a place.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn snap(session: &Session, args: SnapArgs) -> Result<(), Failure> {
    let profile = args.profile.unwrap_or(v1::Profile::Unspecified).into();
    session.ask(v1::SnapPositionRequest { position: Some(args.at), profile }).await
}

/// Shows what cannot be reached.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn reach(session: &Session, args: ReachArgs) -> Result<(), Failure> {
    let profile = args.profile.unwrap_or(v1::Profile::Unspecified).into();
    let call = v1::AssessReachabilityRequest { sources: args.from, profile, places: Vec::new() };
    session.ask(call).await
}

/// Places of a file, one in each line; the header and empty lines do not count.
fn places(path: &Path) -> Result<Vec<v1::LatLng>, ArgError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        ArgError::new(format!("{shown} を読めません: {error}"), format!("{shown} cannot be read: {error}"))
    })?;
    let mut places = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').take(2).map(str::trim).collect();
        let is_header = index == 0 && cells.first().is_some_and(|cell| cell.parse::<f64>().is_err());
        if line.trim().is_empty() || is_header {
            continue;
        }
        let place = args::position(&cells.join(",")).map_err(|error| {
            let number = index + 1;
            ArgError::new(
                format!("{shown} の {number} 行目: {}", error.text(crate::lang::Lang::Ja)),
                format!("{shown}, line {number}: {}", error.text(crate::lang::Lang::En)),
            )
        })?;
        places.push(place);
    }
    Ok(places)
}

fn feature(points: &[v1::LatLng], properties: serde_json::Value) -> serde_json::Value {
    let coordinates: Vec<[f64; 2]> = points.iter().map(|at| [at.longitude, at.latitude]).collect();
    let geometry = serde_json::json!({ "type": "LineString", "coordinates": coordinates });
    serde_json::json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

fn seconds(span: Option<&prost_types::Duration>) -> i64 {
    span.map_or(0, |span| span.seconds)
}

/// Metres as kilometres with one place.
fn km(metres: u64) -> String {
    format!("{}.{}", metres / 1_000, metres % 1_000 / 100)
}

impl Show for v1::Route {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        if !self.reachable {
            sheet.line(lang.pick("道路では到達できません", "there is no way by road"));
            return;
        }
        let restrictions = sheet.names(&self.restrictions);
        sheet.pairs([
            (lang.pick("所要時間", "travel time"), sheet.span(self.travel.as_ref())),
            (lang.pick("道路まで", "to the road"), sheet.span(self.access_origin.as_ref())),
            (lang.pick("道路上", "on the road"), sheet.span(self.on_road.as_ref())),
            (lang.pick("道路から", "from the road"), sheet.span(self.access_destination.as_ref())),
            (lang.pick("道路の長さ", "length on the road"), format!("{} km", km(self.distance_m))),
            (
                lang.pick("緊急輸送道路", "on emergency transport roads"),
                format!("{} km", km(self.emergency_road_m)),
            ),
            (
                lang.pick("乗船待ち", "waiting for a ferry"),
                if seconds(self.ferry_wait.as_ref()) > 0 {
                    sheet.span(self.ferry_wait.as_ref())
                } else {
                    String::new()
                },
            ),
            (lang.pick("途中の規制", "restrictions on the way"), restrictions),
        ]);
        let columns = [
            right("km"),
            right(lang.pick("時間", "time")),
            left(lang.pick("道路", "road")),
            left(lang.pick("種別", "class")),
            left(lang.pick("構造物", "structure")),
        ];
        let rows: Vec<[String; 5]> = self
            .steps
            .iter()
            .map(|step| {
                let name = lang.name(step.road.as_ref());
                let road = match (name, step.route_number.as_str()) {
                    ("", number) => number.to_owned(),
                    (name, "") => name.to_owned(),
                    (name, number) => format!("{name} ({number})"),
                };
                [
                    km(step.distance_m),
                    sheet.span(step.travel.as_ref()),
                    road,
                    sheet.term::<v1::RoadClass>(step.road_class),
                    lang.name(step.structure.as_ref()).to_owned(),
                ]
            })
            .collect();
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::Isochrone {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        sheet.pairs([
            (lang.pick("届く道路", "roads within"), format!("{} km", km(self.road_m))),
            (lang.pick("交差点", "junctions"), self.junction_count.to_string()),
            (lang.pick("市町村", "municipalities"), self.municipalities.len().to_string()),
            (lang.pick("その人口", "their population"), self.population.to_string()),
        ]);
        if self.municipalities.is_empty() {
            return;
        }
        let columns = [
            right(lang.pick("時間", "time")),
            left(lang.pick("市町村", "municipality")),
            right(lang.pick("人口", "population")),
        ];
        let rows: Vec<[String; 3]> = self
            .municipalities
            .iter()
            .map(|found| {
                [
                    sheet.span(found.travel.as_ref()),
                    lang.name(found.display_name.as_ref()).to_owned(),
                    found.population.to_string(),
                ]
            })
            .collect();
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::FindNearestResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        if self.found.is_empty() {
            sheet.line(lang.pick("道路で届くものはありません", "none can be reached by road"));
            return;
        }
        let columns = [
            right(lang.pick("時間", "time")),
            left(lang.pick("名前", "name")),
            left(lang.pick("名称", "what")),
        ];
        let mut rows = Vec::with_capacity(self.found.len());
        for found in &self.found {
            rows.push([
                sheet.span(found.travel.as_ref()),
                sheet.name(&found.name),
                lang.name(found.display_name.as_ref()).to_owned(),
            ]);
        }
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::SnapPositionResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        if !self.found {
            sheet.line(lang.pick("20 km 以内に道路がありません", "there is no road within 20 km"));
            return;
        }
        let at = self.position.as_ref().map(|at| format!("{:.5},{:.5}", at.latitude, at.longitude));
        sheet.pairs([
            (lang.pick("道路", "road"), lang.name(self.road.as_ref()).to_owned()),
            (lang.pick("路線番号", "number"), self.route_number.clone()),
            (lang.pick("位置", "at"), at.unwrap_or_default()),
            (lang.pick("距離", "distance"), format!("{} m", self.distance_m)),
            (lang.pick("区間番号", "edge"), self.edge.to_string()),
            (
                lang.pick("状態", "state"),
                if self.closed { lang.pick("通行止", "closed") } else { lang.pick("通行可", "open") }
                    .to_owned(),
            ),
        ]);
        if self.far {
            sheet.line(lang.pick(
                "注意: 道路から遠い地点です。座標の誤り、島、車の入れない所ではありませんか",
                "mind: this is far from the road; a slip of the pen, an island, a spot that no car reaches?",
            ));
        }
    }
}

impl Show for v1::Reachability {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        if self.cut.is_empty() {
            sheet.line(lang.pick("通行止で孤立した市町村はありません", "closures cut nothing off"));
        } else {
            let columns = [
                left(lang.pick("孤立", "cut off")),
                right(lang.pick("人口", "people")),
                left(lang.pick("復旧に必要な開通", "restored by opening")),
            ];
            let mut rows = Vec::with_capacity(self.cut.len());
            for cut in &self.cut {
                let sets: Vec<String> = cut
                    .restored_by
                    .iter()
                    .map(|set| set.names.iter().map(|name| sheet.name(name)).collect::<Vec<_>>().join(" + "))
                    .collect();
                let or = lang.pick(" または ", " or ");
                rows.push([cut.label.clone(), cut.people.to_string(), sets.join(or)]);
            }
            sheet.grid(columns, &rows);
            sheet.line(lang.pick(
                format!("孤立人口 {}", self.people_cut),
                format!("{} people are cut off", self.people_cut),
            ));
        }
        if let Some(best) = &self.best {
            let name = sheet.names(&best.names);
            sheet.line(lang.pick(
                format!("最も多くを救う開通: {name}({} 人)", best.people),
                format!("what restores most people: {name} ({} people)", best.people),
            ));
        }
        for (place, step) in self.order.iter().enumerate() {
            let names = sheet.names(&step.names);
            sheet.line(format!("  {}. {names}  {}", place + 1, step.people));
        }
        if !self.never.is_empty() {
            sheet.line(lang.pick(
                format!("もともと道路で届かない: {}", self.never.join(", ")),
                format!("never reached by road: {}", self.never.join(", ")),
            ));
        }
    }
}
