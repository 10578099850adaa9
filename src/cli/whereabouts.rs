//! `yui asset where`, `near`, `within`, `report-position`: where assets are now.

use super::args::{self, ArgError, PageArgs};
use super::asset::distance;
use super::failure::Failure;
use super::request::degrees;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::When;
use super::{geojson, json, names, resource_file};
use crate::api::v1;
use crate::api::v1::search_assets_request::{Area, Box as Corners, Nearest, Polygon, Reachable};
use std::path::PathBuf;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// Arguments of `yui asset where`.
#[derive(Clone, Debug, clap::Args)]
pub struct WhereArgs {
    /// Which; all of which a position is known when left out
    #[arg(value_name = "ASSET", value_parser = names::asset)]
    name: Option<String>,
    /// Of which custodian; - for all
    #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent, conflicts_with = "name")]
    member: String,
    /// Which page.
    #[command(flatten)]
    page: PageArgs,
}

/// Arguments of `yui asset near`.
#[derive(Clone, Debug, clap::Args)]
pub struct NearArgs {
    /// Where, in degrees
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    at: v1::LatLng,
    /// Who is there within this time: by road as the roads are now, aircraft straight at planning speed
    #[arg(long, value_name = "SPAN", value_parser = args::wire_span)]
    within: Option<prost_types::Duration>,
    /// How many at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=1000))]
    count: Option<i32>,
    /// Conditions: FIELD = "VALUE" [AND ...]
    #[arg(long, value_name = "FILTER", value_parser = args::long_text)]
    filter: Option<String>,
}

/// Arguments of `yui asset within`.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct WithinArgs {
    /// A box: its south-west and its north-east corner; the west may lie east of the east, over the antimeridian
    #[arg(
        long = "box",
        value_name = "LAT,LON,LAT,LON",
        value_parser = corners,
        allow_hyphen_values = true,
        required_unless_present = "polygon",
        conflicts_with = "polygon"
    )]
    corners: Option<Corners>,
    /// A GeoJSON file with one polygon
    #[arg(long, value_name = "FILE")]
    polygon: Option<PathBuf>,
    /// How many at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=1000))]
    count: Option<i32>,
    /// Conditions: FIELD = "VALUE" [AND ...]
    #[arg(long, value_name = "FILTER", value_parser = args::long_text)]
    filter: Option<String>,
}

/// Arguments of `yui asset report-position`.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportArgs {
    /// Which asset
    #[arg(value_name = "ASSET", value_parser = names::asset, requires = "at", required_unless_present = "file")]
    name: Option<String>,
    /// Where it was, in degrees
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true, requires = "name")]
    at: Option<v1::LatLng>,
    /// When it was there; now when left out
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    fixed: Option<When>,
    /// Speed over the ground, km/h
    #[arg(long, value_name = "KMH")]
    speed: Option<u32>,
    /// Course over the ground, degrees from true north
    #[arg(long, value_name = "DEGREES")]
    course: Option<u32>,
    /// Altitude above the sea, metres
    #[arg(long, value_name = "METRES", allow_hyphen_values = true)]
    altitude: Option<i32>,
    /// How it is known
    #[arg(long, value_parser = words::<v1::position_report::Source>(), default_value = "spoken")]
    source: v1::position_report::Source,
    /// Many reports: canonical proto JSON of yui.v1.ReportPositionsRequest; - reads stdin
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    file: Option<PathBuf>,
}

/// Reads the corners of a box.
fn corners(text: &str) -> Result<Corners, ArgError> {
    let form = || {
        let cut: String = text.chars().take(60).collect();
        ArgError::new(
            format!(
                "「{cut}」は箱ではありません。南西と北東の角を 34.9,134.8,35.3,135.4 のように書いてください"
            ),
            format!(
                "\"{cut}\" is not a box; write its south-west and north-east corners, such as 34.9,134.8,35.3,135.4"
            ),
        )
    };
    let parts: Vec<&str> = text.split(',').collect();
    let [south, west, north, east] = parts[..] else { return Err(form()) };
    let south_west = Some(args::position(&format!("{south},{west}"))?);
    Ok(Corners { south_west, north_east: Some(args::position(&format!("{north},{east}"))?) })
}

/// Runs `where`.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn show(session: &Session, args: WhereArgs) -> Result<(), Failure> {
    match args.name {
        Some(asset) => session.ask(v1::GetPositionRequest { asset }).await,
        None => {
            let call = v1::ListPositionsRequest { parent: args.member, ..Default::default() };
            session.list(call, &args.page, args.page.filter(&[])).await
        }
    }
}

/// Runs `near`.
///
/// # Errors
/// As [`Session::ask`].
pub(super) async fn near(session: &Session, args: NearArgs) -> Result<(), Failure> {
    let position = Some(args.at);
    let area = match args.within {
        None => Area::Nearest(Nearest { position }),
        within => Area::Reachable(Reachable { position, within }),
    };
    search(session, area, args.count, args.filter).await
}

/// Runs `within`.
///
/// # Errors
/// As [`Session::ask`], and when the file holds no polygon.
pub(super) async fn within(session: &Session, args: WithinArgs) -> Result<(), Failure> {
    let area = match (args.corners, args.polygon) {
        (_, Some(path)) => Area::Polygon(Polygon { corners: geojson::polygon(&path)? }),
        (corners, None) => Area::Box(corners.unwrap_or_default()),
    };
    search(session, area, args.count, args.filter).await
}

async fn search(
    session: &Session,
    area: Area,
    count: Option<i32>,
    filter: Option<String>,
) -> Result<(), Failure> {
    let (count, filter) = (count.unwrap_or(0), filter.unwrap_or_default());
    session.ask(v1::SearchAssetsRequest { area: Some(area), count, filter }).await
}

/// Runs `report-position`: what was refused of many is on the sheet, the first of it is the failure.
///
/// # Errors
/// As [`Session::order`], and [`Failure::Refused`] when a report was.
pub(super) async fn report(session: &Session, args: ReportArgs) -> Result<(), Failure> {
    let message = match (args.file, args.name) {
        (Some(file), _) => resource_file::FileArgs { file }.read("yui.v1.ReportPositionsRequest")?,
        (None, name) => {
            let fix_time = session.instant(args.fixed.or(Some(When::FromNow(0)))).await?;
            let report = v1::PositionReport {
                asset: name.unwrap_or_default(),
                position: args.at,
                fix_time,
                speed_kmh: args.speed,
                course_deg: args.course,
                altitude_m: args.altitude,
                source: args.source.into(),
            };
            v1::ReportPositionsRequest { reports: vec![report] }
        }
    };
    let answer = session.client().report_positions(message).await?;
    session.show("yui.v1.ReportPositionsResponse", &answer).await?;
    match answer.refused.first() {
        None => Ok(()),
        Some(refused) => Err(Failure::Refused(Box::new(status_of(refused)))),
    }
}

/// A refused report in the form of a refused call.
fn status_of(refused: &v1::report_positions_response::Refused) -> Status {
    let message = refused.message.clone().unwrap_or_default();
    let mut details = ErrorDetails::new();
    details.set_error_info(refused.reason.clone(), "yui", [("asset".to_owned(), refused.asset.clone())]);
    details.set_localized_message("ja", message.ja);
    Status::with_error_details(Code::InvalidArgument, message.en, details)
}

/// Asks for the fields of an update, each as it stands in canonical proto JSON; a text may stand without quotes.
///
/// # Errors
/// [`Failure::Argument`] when a value is none of its field.
///
/// # Panics
/// When the descriptors inside the binary are broken.
pub(super) fn changes(name: &str, sets: &[(String, String)]) -> Result<v1::UpdateAssetRequest, Failure> {
    let kind = json::pool().get_message_by_name("yui.v1.Asset").expect("proto/ has it");
    let mut resource = serde_json::Map::new();
    for (field, value) in sets {
        // What the server does not know either is refused there, with the name that was meant.
        let Some(known) = kind.get_field_by_name(field) else { continue };
        let text = || serde_json::Value::String(value.clone());
        let value = match known.kind() {
            prost_reflect::Kind::String => text(),
            _ => serde_json::from_str(value).unwrap_or_else(|_| text()),
        };
        resource.insert(field.clone(), value);
    }
    let resource = serde_json::Value::Object(resource).to_string();
    let asset = v1::Asset { name: name.to_owned(), ..json::read("yui.v1.Asset", &resource)? };
    let paths = sets.iter().map(|(field, _)| field.clone()).collect();
    let update_mask = Some(prost_types::FieldMask { paths });
    Ok(v1::UpdateAssetRequest { asset: Some(asset), update_mask, ..Default::default() })
}

/// Reads `FIELD=VALUE`.
///
/// # Errors
/// [`ArgError`] when there is no `=`.
pub(super) fn assignment(text: &str) -> Result<(String, String), ArgError> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok((field.to_owned(), value.to_owned())),
        _ => {
            let cut: String = text.chars().take(60).collect();
            Err(ArgError::new(
                format!("「{cut}」は 項目=値 の形ではありません(例 seats=6)"),
                format!("\"{cut}\" is not FIELD=VALUE, such as seats=6"),
            ))
        }
    }
}

/// `12 s`, `stale` where it is.
fn age(fix: Option<&v1::Fix>, sheet: &Sheet) -> String {
    let Some(fix) = fix else { return sheet.pick("報告なし", "none").to_owned() };
    let age = sheet.span(fix.age.as_ref());
    if fix.stale { format!("{age} {}", sheet.pick("古い", "stale")) } else { age }
}

fn grid(places: &[v1::AssetPlace], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("機体", "asset")),
        left(lang.pick("名称", "name")),
        left(lang.pick("状態", "state")),
        left(lang.pick("位置", "position")),
        left(lang.pick("根拠", "known by")),
        left(lang.pick("測位時刻", "fix")),
        right(lang.pick("経過", "age")),
        right(lang.pick("距離", "distance")),
        right(lang.pick("時間", "time")),
        left(lang.pick("経路", "way")),
    ];
    let mut rows = Vec::with_capacity(places.len());
    for place in places {
        let fix = place.fix.as_ref();
        rows.push([
            sheet.name(&place.asset),
            lang.name(place.display_name.as_ref()).to_owned(),
            sheet.term::<v1::asset::State>(place.state),
            degrees(place.position.as_ref()),
            sheet.term::<v1::asset_place::Basis>(place.basis),
            sheet.time(fix.and_then(|fix| fix.fix_time.as_ref())),
            age(fix, sheet),
            distance(place.distance_m, lang),
            sheet.span(place.travel.as_ref()),
            sheet.term_or_blank::<v1::asset_place::Way>(place.way),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::AssetPlace {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.asset);
        let state = sheet.term::<v1::asset::State>(self.state);
        sheet.line(format!("{name}  {}  {state}", lang.name(self.display_name.as_ref())));
        let fix = self.fix.clone().unwrap_or_default();
        let number =
            |value: Option<i64>, unit: &str| value.map(|v| format!("{v} {unit}")).unwrap_or_default();
        let known_by = sheet.term::<v1::asset_place::Basis>(self.basis);
        let last = if self.fix.is_some() { degrees(fix.position.as_ref()) } else { String::new() };
        sheet.pairs([
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("根拠", "known by"), known_by),
            (lang.pick("最後の測位", "last fix"), last),
            (lang.pick("測位時刻", "fix time"), sheet.time(fix.fix_time.as_ref())),
            (lang.pick("経過", "age"), age(self.fix.as_ref(), sheet)),
            (lang.pick("速度", "speed"), number(fix.speed_kmh.map(i64::from), "km/h")),
            (lang.pick("進路", "course"), number(fix.course_deg.map(i64::from), "°")),
            (lang.pick("高度", "altitude"), number(fix.altitude_m.map(i64::from), "m")),
            (lang.pick("取得方法", "source"), sheet.term_or_blank::<v1::position_report::Source>(fix.source)),
            (lang.pick("報告者", "reported by"), fix.reporter),
            (lang.pick("受信時刻", "received"), sheet.time(fix.receive_time.as_ref())),
        ]);
    }
}

impl Show for v1::ListPositionsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.places, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::SearchAssetsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.places, sheet);
        if self.left_off_count > 0 {
            let more = self.left_off_count;
            let lang = sheet.lang();
            sheet.line(lang.pick(
                format!("ほかに {more} 件あります。--count で増やせます"),
                format!("{more} more; --count shows more of them"),
            ));
        }
    }
}

impl Show for v1::ReportPositionsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        sheet.pairs([
            (lang.pick("採用", "accepted"), self.accepted_count.to_string()),
            (lang.pick("既知より古い", "older than known"), self.older_count.to_string()),
            (lang.pick("不採用", "refused"), self.refused_count.to_string()),
        ]);
        if self.refused.is_empty() {
            return;
        }
        let columns = [
            right(lang.pick("番", "report")),
            left(lang.pick("機体", "asset")),
            left(lang.pick("理由", "because")),
        ];
        let mut rows = Vec::with_capacity(self.refused.len());
        for refused in &self.refused {
            let message = lang.name(refused.message.as_ref()).to_owned();
            rows.push([refused.index.to_string(), sheet.name(&refused.asset), message]);
        }
        sheet.grid(columns, &rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_four_numbers_and_lies_on_the_earth() {
        let read = corners("34.9,134.8,35.3,135.4").unwrap();
        assert_eq!(read.south_west, Some(v1::LatLng { latitude: 34.9, longitude: 134.8 }));
        assert_eq!(read.north_east, Some(v1::LatLng { latitude: 35.3, longitude: 135.4 }));
        for text in ["", "1,2,3", "1,2,3,4,5", "91,0,92,1", "a,b,c,d"] {
            assert!(corners(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_field_is_set_as_its_type_wants_it() {
        let set = |sets: &[(&str, &str)]| {
            let sets: Vec<_> = sets.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect();
            changes("members/hyogo/assets/x", &sets)
        };
        let call = set(&[
            ("seats", "6"),
            ("telephone", "119"),
            ("endurance", "5400s"),
            ("display_name", r#"{"ja": "はりま"}"#),
            ("capabilities", r#"["CAPABILITY_PHYSICIAN"]"#),
            ("seat", "7"),
        ])
        .unwrap();
        let asset = call.asset.unwrap();
        assert_eq!(
            (asset.seats, asset.telephone.as_str(), asset.endurance.unwrap().seconds),
            (6, "119", 5_400)
        );
        assert_eq!((asset.display_name.unwrap().ja.as_str(), asset.capabilities), ("はりま", vec![1]));
        assert_eq!(call.update_mask.unwrap().paths.len(), 6, "the server says what seat was meant to be");
        assert!(set(&[("seats", "many")]).is_err());
        assert!(assignment("seats").is_err() && assignment("=6").is_err());
        assert_eq!(assignment("owner=").unwrap(), ("owner".to_owned(), String::new()));
    }
}
