//! `yui air`: flights planned, areas that may not be flown through, pads that two flights want at once.

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::When;
use crate::api::v1;
use clap::Subcommand;
use v1::flight_plan::Outcome;

/// Subcommands of `yui air`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Plan a flight: around closed areas and bad weather, with stops for fuel
    #[command(
        after_help = "Example:\n  yui air route --asset hyogo/heli-toyooka --to hyogo/lz-tamba-01\n  yui air route --speed 200 --range 500km --from 35.54,134.82 --to kyoto-city/pad-kyoto-daiichi-red-cross --wind 270/36"
    )]
    Route(RouteArgs),
    /// Areas that may not be flown through
    #[command(subcommand)]
    NoFly(NoFlyArgs),
    /// List landing sites that more flights want at one time than they have spots
    Conflicts,
}

/// Arguments of `yui air route`.
#[derive(Clone, Debug, clap::Args)]
pub struct RouteArgs {
    /// Whose speed, range and minima count
    #[arg(long, value_name = "ASSET", value_parser = names::asset)]
    asset: Option<String>,
    /// From where: a site, a hospital (hospitals/MEMBER/NAME), LAT,LON; left out: the base of the asset
    #[arg(long, value_name = "PLACE", value_parser = place)]
    from: Option<v1::FlightPlace>,
    /// To where: as --from
    #[arg(long, value_name = "PLACE", value_parser = place)]
    to: v1::FlightPlace,
    /// When it takes off
    #[arg(long, value_name = "TIME")]
    at: Option<When>,
    /// Planning speed, km/h
    #[arg(long, value_name = "SPEED", value_parser = args::wind_kmh)]
    speed: Option<u32>,
    /// Range on full tanks: 500km
    #[arg(long, value_name = "LENGTH", value_parser = args::metres)]
    range: Option<u32>,
    /// Flying height above the sea: 600, 2000ft
    #[arg(long, value_name = "LENGTH", value_parser = args::metres)]
    altitude: Option<u32>,
    /// Wind at that height, DEGREES/SPEED as aviation has it: 270/36, 270/20kt
    #[arg(long, value_name = "WIND", value_parser = wind)]
    wind: Option<v1::Wind>,
}

/// Subcommands of `yui air no-fly`.
#[derive(Debug, Subcommand)]
pub enum NoFlyArgs {
    /// Report an area that may not be flown through
    #[command(
        after_help = "Example:\n  yui air no-fly report hyogo/forest-fire --corner 35.20,134.90 --corner 35.20,135.00 --corner 35.30,134.95 --ceiling 1500 --until +3h --reason \"forest fire\" --source \"fire department\""
    )]
    Report(ReportArgs),
    /// Lift it
    Lift {
        /// Which
        #[arg(value_name = "AREA", value_parser = names::no_fly_area)]
        name: String,
        /// Anything to add
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// List them
    List {
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::no_fly_area::State>())]
        state: Option<v1::no_fly_area::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
}

/// Arguments of `yui air no-fly report`.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportArgs {
    /// Its name, under the member that reports it
    #[arg(value_name = "AREA", value_parser = names::no_fly_area)]
    name: String,
    /// A corner: LAT,LON; three or more, in their order
    #[arg(long = "corner", value_name = "LAT,LON", required = true, value_parser = args::position)]
    corners: Vec<v1::LatLng>,
    /// Lowest height that is barred, above the sea: 0, 1000ft
    #[arg(long, value_name = "LENGTH", default_value = "0", value_parser = args::metres)]
    floor: u32,
    /// Highest height that is barred: 1500, 5000ft
    #[arg(long, value_name = "LENGTH", value_parser = args::metres)]
    ceiling: u32,
    /// From when; left out: now
    #[arg(long, value_name = "TIME")]
    from: Option<When>,
    /// Until when; left out: nobody knows
    #[arg(long, value_name = "TIME")]
    until: Option<When>,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = args::short_text)]
    reason: String,
    /// Who says so: the number of the notice, the authority
    #[arg(long, value_name = "TEXT", value_parser = args::short_text)]
    source: String,
}

/// Reads a site as `MEMBER/NAME`, a hospital as `hospitals/MEMBER/NAME`, a full name of either or of an aircraft, or a
/// place as `LAT,LON`.
fn place(text: &str) -> Result<v1::FlightPlace, ArgError> {
    if text.contains(',') {
        let position = Some(args::position(text)?);
        return Ok(v1::FlightPlace { position, name: String::new() });
    }
    let name = match text.strip_prefix("hospitals/") {
        Some(hospital) => names::hospital(hospital)?,
        None if text.contains("/hospitals/") => names::hospital(text)?,
        None if text.contains("/assets/") => names::asset(text)?,
        None => names::site(text)?,
    };
    Ok(v1::FlightPlace { name, position: None })
}

/// Reads a wind as aviation reports it: where it comes from and how strong it is.
fn wind(text: &str) -> Result<v1::Wind, ArgError> {
    let (from, speed) = text.split_once('/').unwrap_or((text, ""));
    match from.parse::<u32>() {
        Ok(from_degrees) if from_degrees <= 360 => {
            Ok(v1::Wind { from_degrees, speed_kmh: args::wind_kmh(speed)? })
        }
        _ => {
            let cut: String = text.chars().take(40).collect();
            Err(ArgError::new(
                format!(
                    "「{cut}」は風ではありません。270/36 や 270/20kt のように、風向の度と風速を書いてください"
                ),
                format!("\"{cut}\" is not a wind; write degrees and speed: 270/36 (km/h) or 270/20kt"),
            ))
        }
    }
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Route(args) => route(session, args).await,
        Args::Conflicts => session.ask(v1::ListPadConflictsRequest {}).await,
        Args::NoFly(NoFlyArgs::Report(args)) => report(session, args).await,
        Args::NoFly(NoFlyArgs::Lift { name, note }) => {
            let note = note.unwrap_or_default();
            session.order(v1::LiftNoFlyAreaRequest { name, note, ..Default::default() }).await
        }
        Args::NoFly(NoFlyArgs::List { state, page }) => {
            let filter = page.filter(&[("state", state.map(|state| state.as_str_name().to_owned()))]);
            session.list(v1::ListNoFlyAreasRequest::default(), &page, filter).await
        }
    }
}

async fn route(session: &Session, args: RouteArgs) -> Result<(), Failure> {
    let call = v1::PlanFlightRequest {
        asset: args.asset.unwrap_or_default(),
        from: args.from,
        to: Some(args.to),
        start_time: session.instant(args.at).await?,
        speed_kmh: args.speed.unwrap_or(0),
        range_m: args.range.unwrap_or(0),
        altitude_m: args.altitude.unwrap_or(0),
        wind: args.wind,
    };
    session.ask(call).await
}

async fn report(session: &Session, args: ReportArgs) -> Result<(), Failure> {
    let area = v1::NoFlyArea {
        name: args.name,
        corners: args.corners,
        floor_m: args.floor,
        ceiling_m: args.ceiling,
        start_time: session.instant(args.from).await?,
        end_time: session.instant(args.until).await?,
        reason: args.reason,
        source: args.source,
        ..Default::default()
    };
    session.order(v1::ReportNoFlyAreaRequest { no_fly_area: Some(area), ..Default::default() }).await
}

/// Metres as kilometres with one place, rounded up.
fn km(metres: u32) -> String {
    let tenths = metres.div_ceil(100);
    format!("{}.{} km", tenths / 10, tenths % 10)
}

fn degrees(at: &v1::LatLng) -> String {
    format!("{:.4},{:.4}", at.latitude, at.longitude)
}

fn place_text(place: Option<&v1::FlightPlace>, sheet: &mut Sheet) -> String {
    let Some(place) = place else { return String::new() };
    match (place.name.as_str(), place.position.as_ref()) {
        ("", Some(at)) => degrees(at),
        (name, _) => sheet.name(name),
    }
}

fn barriers(barriers: &[v1::AirBarrier], sheet: &mut Sheet) -> String {
    let mut named = Vec::with_capacity(barriers.len());
    for barrier in barriers {
        let (kind, name) = match barrier.no_fly_area.is_empty() {
            false => (sheet.pick("飛行禁止区域", "no-fly area"), &barrier.no_fly_area),
            true => (sheet.pick("気象", "weather"), &barrier.weather_region),
        };
        named.push(format!("{kind} {}", sheet.name(name)));
    }
    named.join(sheet.pick("、", ", "))
}

impl Show for v1::FlightPlan {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let is_flyable = self.outcome() == Outcome::Flyable;
        let (standing, change) = (barriers(&self.barriers, sheet), barriers(&self.smallest_change, sheet));
        let distance = if is_flyable { km(self.distance_m) } else { String::new() };
        let short = if self.range_short_m > 0 { km(self.range_short_m) } else { String::new() };
        sheet.pairs([
            (lang.pick("結果", "outcome"), sheet.term::<Outcome>(self.outcome)),
            (lang.pick("離陸", "take-off"), sheet.time(self.start_time.as_ref())),
            (lang.pick("直線", "straight"), km(self.great_circle_m)),
            (lang.pick("飛行距離", "flown"), distance),
            (lang.pick("所要", "time"), sheet.span(self.total_time.as_ref())),
            (lang.pick("障害", "in the way"), standing),
            (lang.pick("不足する航続距離", "range short by"), short),
            (lang.pick("必要な変化", "would need"), change),
        ]);
        for leg in &self.legs {
            show_leg(leg, sheet);
        }
    }
}

fn show_leg(leg: &v1::FlightLeg, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let (from, to) = (place_text(leg.from.as_ref(), sheet), place_text(leg.to.as_ref(), sheet));
    sheet.heading(format!("{from} → {to}"));
    let track: Vec<String> = leg.track.iter().map(degrees).collect();
    let around = barriers(&leg.around, sheet);
    let fuel = if leg.refuels_before { lang.pick("出発前", "before this leg") } else { "" };
    sheet.pairs([
        (lang.pick("給油", "fuel"), fuel.to_owned()),
        (lang.pick("離陸", "take-off"), sheet.time(leg.take_off_time.as_ref())),
        (lang.pick("着陸", "landing"), sheet.time(leg.landing_time.as_ref())),
        (lang.pick("飛行時間", "flight"), sheet.span(leg.flight_time.as_ref())),
        (lang.pick("飛行距離", "flown"), km(leg.distance_m)),
        (lang.pick("対気距離", "through the air"), km(leg.air_m)),
        (lang.pick("迂回", "around"), around),
        (lang.pick("経路", "track"), track.join(" ")),
    ]);
    if leg.regions.is_empty() {
        return;
    }
    let columns = [
        left(lang.pick("気象区域", "region")),
        right(lang.pick("から", "from")),
        right(lang.pick("まで", "until")),
        left(lang.pick("飛行", "flight")),
    ];
    let mut rows = Vec::with_capacity(leg.regions.len());
    for region in &leg.regions {
        let verdict = match (region.known, region.admits) {
            (false, _) => lang.pick("気象不明", "weather unknown"),
            (true, true) => lang.pick("可", "admitted"),
            (true, false) => lang.pick("最低気象未満", "below the minima"),
        };
        rows.push([
            sheet.name(&region.weather_region),
            km(region.from_m),
            km(region.until_m),
            verdict.to_owned(),
        ]);
    }
    sheet.grid(columns, &rows);
}

fn grid(areas: &[v1::NoFlyArea], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("区域", "area")),
        left(lang.pick("状態", "state")),
        right(lang.pick("下限", "floor")),
        right(lang.pick("上限", "ceiling")),
        left(lang.pick("開始", "from")),
        left(lang.pick("終了", "until")),
        right(lang.pick("頂点", "corners")),
        left(lang.pick("理由", "reason")),
        left(lang.pick("根拠", "source")),
        left(lang.pick("備考", "note")),
    ];
    let mut rows = Vec::with_capacity(areas.len());
    for area in areas {
        rows.push([
            sheet.name(&area.name),
            sheet.term::<v1::no_fly_area::State>(area.state),
            format!("{} m", area.floor_m),
            format!("{} m", area.ceiling_m),
            sheet.time(area.start_time.as_ref()),
            sheet.time(area.end_time.as_ref()),
            area.corners.len().to_string(),
            area.reason.clone(),
            area.source.clone(),
            area.lift_note.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::NoFlyArea {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListNoFlyAreasResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.no_fly_areas, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::ListPadConflictsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("離着陸場", "landing site")),
            right(lang.pick("枠", "spots")),
            right(lang.pick("機数", "flights")),
            left(lang.pick("から", "from")),
            left(lang.pick("まで", "until")),
            left(lang.pick("出動要請", "requisitions")),
        ];
        let mut rows = Vec::with_capacity(self.conflicts.len());
        for conflict in &self.conflicts {
            let asked: Vec<String> = conflict.uses.iter().map(|used| used.requisition.clone()).collect();
            rows.push([
                sheet.name(&conflict.site),
                conflict.spots.to_string(),
                conflict.flights_max.to_string(),
                sheet.time(conflict.start_time.as_ref()),
                sheet.time(conflict.end_time.as_ref()),
                sheet.names(&asked),
            ]);
        }
        sheet.grid(columns, &rows);
    }
}
