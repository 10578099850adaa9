//! `yui weather`: weather by region, as reported.

use super::args;
use super::failure::Failure;
use super::lease::WindowArgs;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::reason;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui weather`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Report the weather of a region
    #[command(
        after_help = "Example:\n  yui weather report inland-tamba --by hyogo --visibility 3km --ceiling 1000ft --wind 12m/s --for 2h"
    )]
    Report(ReportArgs),
    /// List what was reported last
    List,
}

/// Arguments of `yui weather report`.
#[derive(Clone, Debug, clap::Args)]
pub struct ReportArgs {
    /// Of which region
    #[arg(value_name = "REGION", value_parser = names::weather_region)]
    region: String,
    /// Who reports it
    #[arg(long, value_name = "MEMBER", value_parser = names::member)]
    by: String,
    /// Visibility: 5000 (metres), 5km
    #[arg(long, value_name = "LENGTH", value_parser = args::metres)]
    visibility: u32,
    /// Ceiling above ground: 300 (metres), 1000ft
    #[arg(long, value_name = "LENGTH", value_parser = args::metres)]
    ceiling: u32,
    /// Wind: 54 (km/h), 15m/s, 30kt
    #[arg(long, value_name = "SPEED", value_parser = args::wind_kmh)]
    wind: u32,
    /// Icing
    #[arg(long)]
    icing: bool,
    /// Thunderstorm within 10 km
    #[arg(long)]
    thunderstorm: bool,
    /// When.
    #[command(flatten)]
    window: WindowArgs,
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Report(args) => report(session, args).await,
        Args::List => session.ask(v1::ListWeatherRequest {}).await,
    }
}

async fn report(session: &Session, args: ReportArgs) -> Result<(), Failure> {
    let window = args.window.window(session).await?;
    let weather = v1::WeatherReport {
        weather_region: args.region,
        visibility_m: args.visibility,
        ceiling_m: args.ceiling,
        wind_kmh: args.wind,
        icing: args.icing,
        thunderstorm: args.thunderstorm,
        observe_time: window.start_time,
        expire_time: window.end_time,
        ..Default::default()
    };
    session
        .order(v1::ReportWeatherRequest { parent: args.by, weather: Some(weather), ..Default::default() })
        .await
}

fn grid(reports: &[v1::WeatherReport], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("気象区域", "region")),
        right(lang.pick("視程", "visibility")),
        right(lang.pick("雲底", "ceiling")),
        right(lang.pick("風", "wind")),
        left(lang.pick("現象", "phenomena")),
        left(lang.pick("観測", "observed")),
        left(lang.pick("有効期限", "holds until")),
        left(lang.pick("報告者", "reported by")),
        left(lang.pick("状態", "state")),
    ];
    let mut rows = Vec::with_capacity(reports.len());
    for report in reports {
        let metres = |value: u32| reason::amount(i64::from(value), v1::Unit::Metres.into(), lang);
        let phenomena = [
            report.icing.then(|| lang.pick("着氷", "icing")),
            report.thunderstorm.then(|| lang.pick("雷雨", "thunderstorm")),
        ];
        rows.push([
            sheet.name(&report.weather_region),
            metres(report.visibility_m),
            metres(report.ceiling_m),
            format!("{} km/h", report.wind_kmh),
            phenomena.into_iter().flatten().collect::<Vec<_>>().join(" "),
            sheet.time(report.observe_time.as_ref()),
            sheet.time(report.expire_time.as_ref()),
            sheet.name(&report.reporter),
            if report.expired { lang.pick("期限切れ", "expired").to_owned() } else { String::new() },
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::WeatherReport {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListWeatherResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.reports, sheet);
    }
}
