//! `yui need estimate`: what people need by the unit model, shown or stated.

use super::table::Place;
use super::{code, item_of, people};
use crate::api::v1;
use crate::cli::args;
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::cli::session::{Session, note_on_stderr};
use crate::cli::sheet::{Sheet, Show, left, right};
use crate::cli::time::When;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Arguments of `yui need estimate`.
#[derive(Debug, clap::Args)]
pub struct EstimateArgs {
    /// People by place and kind, a CSV file
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// The first day, counted from the shock
    #[arg(long, value_name = "N", default_value_t = 1)]
    day: u32,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 1)]
    days: u32,
    /// When that of the first day has to be there
    #[arg(long, value_name = "TIME", default_value = "+24h")]
    wanted_by: When,
    /// State them, all of them or none
    #[arg(long, requires = "by")]
    state: bool,
    /// The member that states them, and whose depots short names mean
    #[arg(long, value_name = "MEMBER", value_parser = names::member)]
    by: Option<String>,
    /// Who says so; you when left out
    #[arg(long, value_name = "NAME", value_parser = args::short_text)]
    reporter: Option<String>,
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`], and what is wrong with the file.
pub(super) async fn run(session: &Session, args: EstimateArgs) -> Result<(), Failure> {
    let rows = people::read(&args.people, args.by.as_deref())?;
    let (people, places): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.people, row.place)).unzip();
    let places_of: BTreeMap<(u32, String), Place> = people
        .iter()
        .zip(&places)
        .map(|(people, place)| (key(people.municipality, &people.depot), *place))
        .collect();
    let call = v1::EstimateNeedsRequest {
        people,
        day: args.day,
        day_count: args.days,
        want_time: session.instant(Some(args.wanted_by)).await?,
    };
    if !args.state {
        let shown = session.ask(call).await;
        note_place(session, &args.people, &shown, |index| places.get(index).copied());
        return shown;
    }
    let estimated = session.read(call).await;
    note_place(session, &args.people, &estimated, |index| places.get(index).copied());
    let mut needs = estimated?.needs;
    let reporter = args.reporter.unwrap_or_else(|| session.actor().to_owned());
    needs.iter_mut().for_each(|need| need.reporter.clone_from(&reporter));
    let of_needs: Vec<(u32, String)> = needs.iter().map(|need| key(need.municipality, &need.depot)).collect();
    let call = v1::StateNeedsRequest { parent: args.by.unwrap_or_default(), needs, ..Default::default() };
    let stated = session.order(call).await;
    note_place(session, &args.people, &stated, |index| places_of.get(of_needs.get(index)?).copied());
    stated
}

/// A place as the file names it, also where the server adds the municipality of a depot.
fn key(municipality: u32, depot: &str) -> (u32, String) {
    if depot.is_empty() { (municipality, String::new()) } else { (0, names::short(depot)) }
}

/// Tells where in the file the place stands that a refusal speaks of.
fn note_place<T>(
    session: &Session,
    path: &Path,
    answer: &Result<T, Failure>,
    place_of: impl Fn(usize) -> Option<Place>,
) {
    let Err(Failure::Refused(status)) = answer else { return };
    let index = item_of(status.message(), "people[").or_else(|| item_of(status.message(), "needs["));
    if let Some(place) = index.and_then(place_of) {
        let shown = path.display();
        note_on_stderr(&session.lang().pick(
            format!("{shown} の {place} です。何も登録していません。\n"),
            format!("that is {place} of {shown}; nothing was stated\n"),
        ));
    }
}

impl Show for v1::EstimateNeedsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("市区町村", "municipality")),
            left(lang.pick("受入場所", "place")),
            left(lang.pick("物資", "commodity")),
            right(lang.pick("量", "quantity")),
            left(lang.pick("単位", "unit")),
            right(lang.pick("優先", "priority")),
            left(lang.pick("期限", "wanted by")),
            left(lang.pick("毎日・終わり", "daily until")),
        ];
        let mut rows = Vec::with_capacity(self.needs.len());
        let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for need in &self.needs {
            let sum = sums.entry((&need.commodity, &need.unit)).or_default();
            *sum = sum.saturating_add(need.quantity.saturating_mul(days(need)));
            rows.push([
                code(need.municipality),
                sheet.name(&need.depot),
                sheet.name(&need.commodity),
                need.quantity.to_string(),
                need.unit.clone(),
                need.priority.to_string(),
                sheet.time(need.want_time.as_ref()),
                sheet.time(need.daily_until_time.as_ref()),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.heading(lang.pick("全日・全地域の合計", "of all days and places"));
        let columns = [
            left(lang.pick("物資", "commodity")),
            right(lang.pick("計", "in all")),
            left(lang.pick("単位", "unit")),
        ];
        let rows: Vec<[String; 3]> = sums
            .into_iter()
            .map(|((commodity, unit), sum)| [sheet.name(commodity), sum.to_string(), unit.to_owned()])
            .collect();
        sheet.grid(columns, &rows);
    }
}

/// On how many days a need is needed.
fn days(need: &v1::Need) -> i64 {
    let seconds = |time: &Option<prost_types::Timestamp>| time.as_ref().map(|time| time.seconds);
    match (seconds(&need.want_time), seconds(&need.daily_until_time)) {
        (Some(first), Some(last)) => 1 + (last - first) / 86_400,
        (_, _) => 1,
    }
}
