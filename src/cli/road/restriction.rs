//! Closures, slow-downs, limits and opened links.

use crate::api::v1::{self, restriction};
use crate::cli::args::{self, ArgError, PageArgs};
use crate::cli::failure::Failure;
use crate::cli::geojson;
use crate::cli::names;
use crate::cli::session::Session;
use crate::cli::sheet::{Sheet, Show, left, right};
use crate::cli::text::words;
use crate::cli::time::When;
use clap::ArgGroup;
use std::path::PathBuf;

/// Who says what, and why.
#[derive(Debug, clap::Args)]
pub(super) struct SaidArgs {
    /// Whose report it is
    #[arg(long, value_name = "MEMBER", value_parser = names::member)]
    by: String,
    /// Why
    #[arg(long, value_parser = words::<restriction::Reason>())]
    reason: restriction::Reason,
    /// What kind of body saw it
    #[arg(long, value_parser = words::<restriction::Source>())]
    source: restriction::Source,
    /// A person or an office
    #[arg(long, value_name = "NAME", value_parser = args::short_text)]
    reporter: String,
    /// Anything to add
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    note: Option<String>,
    /// When it was seen; left out: now
    #[arg(long, value_name = "TIME")]
    seen: Option<When>,
    /// When it is expected to end; it ends only when it is lifted
    #[arg(long, value_name = "TIME")]
    until: Option<When>,
    /// Of the usual speed, when slowed
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=99))]
    percent: Option<u32>,
    /// That pass in an hour, both ways together, when limited
    #[arg(long, value_name = "VEHICLES", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    per_hour: Option<u32>,
}

/// Arguments of `yui road restrict`.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("stretch").required(true))]
pub struct RestrictArgs {
    /// What happens: closed, slowed (with --percent), limited (with --per-hour), opened (a reserved link)
    #[arg(value_parser = words::<restriction::Effect>())]
    effect: restriction::Effect,
    /// A named bridge, tunnel or pass
    #[arg(long, group = "stretch", value_name = "STRUCTURE", value_parser = names::structure)]
    structure: Option<String>,
    /// A road, by name or number; with --from-km and --to-km a section of it
    #[arg(long, group = "stretch", value_name = "ROAD", value_parser = args::short_text)]
    road: Option<String>,
    /// Where the section begins
    #[arg(long, requires = "road", value_name = "KM", default_value_t = 0.0, value_parser = kilometre)]
    from_km: f64,
    /// Where it ends; left out: at the end of the road
    #[arg(long, requires = "road", value_name = "KM", value_parser = kilometre)]
    to_km: Option<f64>,
    /// A polygon in a GeoJSON file
    #[arg(long, group = "stretch", value_name = "FILE")]
    area: Option<PathBuf>,
    /// Roads of a kind; may be given several times
    #[arg(long, group = "stretch", value_parser = words::<v1::RoadClass>())]
    class: Vec<v1::RoadClass>,
    /// Emergency transport roads of this order
    #[arg(long, group = "stretch", value_name = "ORDER", value_parser = clap::value_parser!(u32).range(1..=3))]
    emergency_order: Option<u32>,
    /// Every road that is shut in winter
    #[arg(long, group = "stretch")]
    winter: bool,
    /// An edge by number, as yui road snap tells it; may be given several times
    #[arg(long, group = "stretch", value_name = "EDGE")]
    edge: Vec<u32>,
    /// Who says what, and why.
    #[command(flatten)]
    said: SaidArgs,
}

/// Arguments of `yui road import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// What happens in the areas
    #[arg(value_parser = words::<restriction::Effect>())]
    effect: restriction::Effect,
    /// GeoJSON with polygons; a property `note` of a feature goes with its report
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Who says what, and why.
    #[command(flatten)]
    said: SaidArgs,
}

/// Arguments of `yui road restrictions`.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Only those in this state
    #[arg(long, value_parser = words::<restriction::State>())]
    state: Option<restriction::State>,
    /// Only those of this effect
    #[arg(long, value_parser = words::<restriction::Effect>())]
    effect: Option<restriction::Effect>,
    /// Which page.
    #[command(flatten)]
    page: PageArgs,
}

fn kilometre(text: &str) -> Result<f64, ArgError> {
    let wrong = || {
        ArgError::new(
            format!("「{text}」は 0 から 4000000 までの km ではありません"),
            format!("\"{text}\" is no number of kilometres from 0 to 4000000"),
        )
    };
    text.parse().ok().filter(|km: &f64| (0.0..=4_000_000.0).contains(km)).ok_or_else(wrong)
}

/// Reports one restriction.
///
/// # Errors
/// As [`Session::order`]; [`Failure::Argument`] when the file of an area holds none.
pub(super) async fn restrict(session: &Session, args: RestrictArgs) -> Result<(), Failure> {
    let metres = |km: f64| libm::round(km * 1_000.0) as u32;
    let stretch = if let Some(structure) = args.structure {
        restriction::Stretch::Structure(structure)
    } else if let Some(road) = args.road {
        let (from_m, to_m) = (metres(args.from_km), args.to_km.map_or(u32::MAX, metres));
        restriction::Stretch::Section(restriction::Section { road, from_m, to_m })
    } else if let Some(path) = &args.area {
        let mut areas = geojson::polygons(path)?;
        if areas.len() != 1 {
            let (path, count) = (path.display(), areas.len());
            return Err(ArgError::new(
                format!("{path} の区域は {count} 個です。複数なら yui road import を使ってください"),
                format!("{path} holds {count} areas; for several use yui road import"),
            )
            .into());
        }
        restriction::Stretch::Area(restriction::Area { corners: areas.remove(0).0 })
    } else if !args.class.is_empty() {
        let classes = args.class.into_iter().map(i32::from).collect();
        restriction::Stretch::Classes(restriction::Classes { classes })
    } else if let Some(order) = args.emergency_order {
        restriction::Stretch::EmergencyOrder(order)
    } else if args.winter {
        restriction::Stretch::WinterClosures(restriction::WinterClosures {})
    } else {
        let network = session.read(v1::GetNetworkRequest {}).await?.fingerprint;
        restriction::Stretch::Edges(restriction::Edges { network, edges: args.edge })
    };
    session.order(report(session, &args.said, args.effect, stretch).await?).await
}

/// Reports every area of a file, one after the other.
///
/// # Errors
/// As [`Session::order`]; what was reported before the first that is refused stands.
pub(super) async fn import(session: &Session, args: ImportArgs) -> Result<(), Failure> {
    for (corners, note) in geojson::polygons(&args.file)? {
        let stretch = restriction::Stretch::Area(restriction::Area { corners });
        let mut call = report(session, &args.said, args.effect, stretch).await?;
        if let Some(said) = call.restriction.as_mut().filter(|_| !note.is_empty()) {
            said.note = note;
        }
        session.order_many(call).await?;
    }
    Ok(())
}

/// Lists restrictions.
///
/// # Errors
/// As [`Session::list`].
pub(super) async fn list(session: &Session, args: ListArgs) -> Result<(), Failure> {
    let state = args.state.map(|state| state.as_str_name().to_owned());
    let effect = args.effect.map(|effect| effect.as_str_name().to_owned());
    let filter = args.page.filter(&[("state", state), ("effect", effect)]);
    session.list(v1::ListRestrictionsRequest::default(), &args.page, filter).await
}

async fn report(
    session: &Session,
    said: &SaidArgs,
    effect: restriction::Effect,
    stretch: restriction::Stretch,
) -> Result<v1::CreateRestrictionRequest, Failure> {
    let restriction = v1::Restriction {
        stretch: Some(stretch),
        effect: effect.into(),
        slow_percent: said.percent.unwrap_or(0),
        vehicles_per_hour: said.per_hour.unwrap_or(0),
        reason: said.reason.into(),
        source: said.source.into(),
        reporter: said.reporter.clone(),
        note: said.note.clone().unwrap_or_default(),
        observe_time: session.instant(said.seen).await?,
        expect_end_time: session.instant(said.until).await?,
        ..v1::Restriction::default()
    };
    Ok(v1::CreateRestrictionRequest {
        parent: said.by.clone(),
        restriction: Some(restriction),
        ..v1::CreateRestrictionRequest::default()
    })
}

/// What roads are meant, in words.
fn stretch_text(said: &v1::Restriction, sheet: &mut Sheet) -> String {
    let lang = sheet.lang();
    match &said.stretch {
        None => String::new(),
        Some(restriction::Stretch::Edges(edges)) => {
            lang.pick(format!("{} 区間", edges.edges.len()), format!("{} edges", edges.edges.len()))
        }
        Some(restriction::Stretch::Structure(name)) => sheet.name(name),
        Some(restriction::Stretch::Section(section)) if section.to_m == u32::MAX && section.from_m == 0 => {
            section.road.clone()
        }
        Some(restriction::Stretch::Section(section)) => {
            let km = |metres: u32| format!("{}.{}", metres / 1_000, metres % 1_000 / 100);
            let end = if section.to_m == u32::MAX { String::new() } else { km(section.to_m) };
            format!("{} {}-{end} km", section.road, km(section.from_m))
        }
        Some(restriction::Stretch::Area(area)) => lang.pick(
            format!("{} 頂点の区域", area.corners.len()),
            format!("area of {} corners", area.corners.len()),
        ),
        Some(restriction::Stretch::Classes(classes)) => sheet.terms::<v1::RoadClass>(&classes.classes),
        Some(restriction::Stretch::EmergencyOrder(order)) => lang
            .pick(format!("第{order}次緊急輸送道路"), format!("emergency transport roads of order {order}")),
        Some(restriction::Stretch::WinterClosures(_)) => {
            lang.pick("冬期閉鎖路線", "roads shut in winter").to_owned()
        }
    }
}

fn grid(restrictions: &[v1::Restriction], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("規制", "restriction")),
        left(lang.pick("対象", "roads")),
        left(lang.pick("内容", "effect")),
        left(lang.pick("理由", "reason")),
        left(lang.pick("状態", "state")),
        left(lang.pick("終了見込み", "expected end")),
        right("km"),
        left(lang.pick("報告", "reported by")),
        left(lang.pick("備考", "note")),
    ];
    let mut rows = Vec::with_capacity(restrictions.len());
    for said in restrictions {
        let effect = sheet.term::<restriction::Effect>(said.effect);
        let much = match said.effect() {
            restriction::Effect::Slowed => format!(" {}%", said.slow_percent),
            restriction::Effect::Limited => format!(" {}/h", said.vehicles_per_hour),
            _ => String::new(),
        };
        let source = sheet.term::<restriction::Source>(said.source);
        rows.push([
            sheet.name(&said.name),
            stretch_text(said, sheet),
            format!("{effect}{much}"),
            sheet.term::<restriction::Reason>(said.reason),
            sheet.term::<restriction::State>(said.state),
            sheet.time(said.expect_end_time.as_ref()),
            format!("{}.{}", said.length_m / 1_000, said.length_m % 1_000 / 100),
            format!("{} ({source})", said.reporter),
            said.note.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Restriction {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
        if self.reranked.is_empty() {
            return;
        }
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("要請", "request")),
            left(lang.pick("これまでの第一候補", "best so far")),
            left(lang.pick("今の第一候補", "best now")),
            right(lang.pick("治療まで(前)", "to care, before")),
            right(lang.pick("治療まで(今)", "to care, now")),
        ];
        let mut rows = Vec::with_capacity(self.reranked.len());
        for ranked in &self.reranked {
            rows.push([
                sheet.name(&ranked.request),
                sheet.name(&ranked.best_before),
                sheet.name(&ranked.best_now),
                sheet.span(ranked.care_before.as_ref()),
                sheet.span(ranked.care_now.as_ref()),
            ]);
        }
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::ListRestrictionsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.restrictions, sheet);
        sheet.more(&self.next_page_token);
    }
}
