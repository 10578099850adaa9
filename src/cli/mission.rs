//! `yui mission`: what a committed aircraft does.

use super::args::PageArgs;
use super::failure::Failure;
use super::names;
use super::request::{degrees, word_of};
use super::requisition::heard;
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::text::words;
use crate::api::v1;
use crate::decision::limits::PATIENTS_MAX;
use clap::{Subcommand, ValueEnum, value_parser};

/// Subcommands of `yui mission`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List missions
    List {
        /// Of which custodian; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::mission::State>())]
        state: Option<v1::mission::State>,
        /// Only of this aircraft
        #[arg(long, value_name = "ASSET", value_parser = names::asset)]
        asset: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
    },
    /// Report how far it is
    #[command(after_help = "Example:\n  yui mission progress hyogo/m-1 on-scene")]
    Progress {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
        /// What it does now
        #[arg(value_name = "STEP")]
        step: Step,
    },
    /// Choose the hospital on the scene, and ask it for a bed
    ChooseHospital {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
        /// Which hospital
        #[arg(value_name = "HOSPITAL", value_parser = names::hospital)]
        hospital: String,
        /// How many patients
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=i64::from(PATIENTS_MAX)))]
        patients: u32,
    },
    /// Call it back: it is not needed any more
    StandDown {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
    },
    /// Say that it cannot go on
    Abort {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
        /// Why
        #[arg(long, value_parser = words::<v1::AbortReason>())]
        reason: v1::AbortReason,
    },
    /// The base confirms a commitment that was heard by telephone
    Confirm {
        /// Which
        #[arg(value_name = "MISSION", value_parser = names::mission)]
        name: String,
    },
}

/// A step that can be reported: every state but the first, which the commitment itself sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Lifted off
    Airborne,
    /// Landed at the scene
    OnScene,
    /// On the way to the hospital
    Transporting,
    /// At the hospital
    Arrived,
    /// On the way home
    Returning,
    /// Ready for the next
    Ready,
}

impl From<Step> for v1::mission::State {
    fn from(step: Step) -> v1::mission::State {
        match step {
            Step::Airborne => v1::mission::State::Airborne,
            Step::OnScene => v1::mission::State::OnScene,
            Step::Transporting => v1::mission::State::Transporting,
            Step::Arrived => v1::mission::State::Arrived,
            Step::Returning => v1::mission::State::Returning,
            Step::Ready => v1::mission::State::Ready,
        }
    }
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { member, state, asset, page } => {
            let filter = page.filter(&[("state", state.map(word_of)), ("asset", asset)]);
            let call = v1::ListMissionsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetMissionRequest { name }).await,
        Args::Progress { name, step } => {
            let state = v1::mission::State::from(step).into();
            session.order(v1::ReportProgressRequest { name, state, ..Default::default() }).await
        }
        Args::ChooseHospital { name, hospital, patients } => {
            session.order(v1::ChooseHospitalRequest { name, hospital, patients, ..Default::default() }).await
        }
        Args::StandDown { name } => {
            session.order(v1::StandDownMissionRequest { name, ..Default::default() }).await
        }
        Args::Abort { name, reason } => {
            session.order(v1::AbortMissionRequest { name, reason: reason.into(), ..Default::default() }).await
        }
        Args::Confirm { name } => {
            session.order(v1::ConfirmCommitmentRequest { name, ..Default::default() }).await
        }
    }
}

impl Show for v1::Mission {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let asset = sheet.name(&self.asset);
        let state = sheet.term::<v1::mission::State>(self.state);
        let end = sheet.term_or_blank::<v1::mission::End>(self.end);
        let reason = sheet.term_or_blank::<v1::AbortReason>(self.abort_reason);
        sheet.line(format!("{name}  {asset}  {state}  {end}  {reason}"));
        let (requisition, request) = (sheet.name(&self.requisition), sheet.name(&self.request));
        let (site, hospital) = (sheet.name(&self.site), sheet.name(&self.hospital));
        let forecast = match self.hospital_chosen {
            true => hospital,
            false if hospital.is_empty() => hospital,
            false => format!("{hospital} {}", lang.pick("(見込み)", "(forecast)")),
        };
        let by_telephone = heard(self.heard_by_telephone.as_ref(), sheet);
        let confirmed = match (by_telephone.is_empty(), self.confirmed) {
            (true, _) => "",
            (false, true) => lang.pick("確認済", "confirmed"),
            (false, false) => lang.pick("未確認", "not confirmed"),
        };
        sheet.pairs([
            (lang.pick("出動要請", "requisition"), requisition),
            (lang.pick("要請", "request"), request),
            (lang.pick("場所", "place"), self.place.clone()),
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("離着陸場", "landing site"), site),
            (lang.pick("病院", "hospital"), forecast),
            (lang.pick("基地の電話", "base telephone"), self.telephone.clone()),
            (lang.pick("電話で受けた出動", "go heard by telephone"), by_telephone),
            (lang.pick("基地の確認", "base confirms"), confirmed.to_owned()),
            (lang.pick("出動決定者", "committed by"), self.committer.clone()),
            (lang.pick("乗員(封)", "crew (sealed)"), self.crew.clone()),
        ]);
        for notice in &self.notices {
            let warning = sheet.term::<v1::mission::Warning>(notice.warning);
            let subject = sheet.name(&notice.subject);
            sheet.line(format!("! {warning}  {subject}  {}", notice.telephone));
        }
        if !self.progress.is_empty() {
            sheet.gap();
            let columns = [left(lang.pick("経過", "progress")), left(lang.pick("時刻", "time"))];
            let rows: Vec<[String; 2]> = self
                .progress
                .iter()
                .map(|step| [sheet.term::<v1::mission::State>(step.state), sheet.time(step.time.as_ref())])
                .collect();
            sheet.grid(columns, &rows);
        }
    }
}

impl Show for v1::ListMissionsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("任務", "mission")),
            left(lang.pick("機体", "aircraft")),
            left(lang.pick("状態", "state")),
            left(lang.pick("結果", "end")),
            left(lang.pick("要請", "request")),
            left(lang.pick("離着陸場", "landing site")),
            left(lang.pick("病院", "hospital")),
            left(lang.pick("注意", "warnings")),
            left(lang.pick("電話", "telephone")),
        ];
        let mut rows = Vec::with_capacity(self.missions.len());
        for mission in &self.missions {
            let warnings: Vec<i32> = mission.notices.iter().map(|notice| notice.warning).collect();
            rows.push([
                sheet.name(&mission.name),
                sheet.name(&mission.asset),
                sheet.term::<v1::mission::State>(mission.state),
                sheet.term_or_blank::<v1::mission::End>(mission.end),
                sheet.name(&mission.request),
                sheet.name(&mission.site),
                sheet.name(&mission.hospital),
                sheet.terms::<v1::mission::Warning>(&warnings),
                mission.telephone.clone(),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}
