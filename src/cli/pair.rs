//! `yui pair`: who supports which municipality for weeks, proposed, decided, ended.

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

mod proposal;

/// Subcommands of `yui pair`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Work out who could support whom with teams; nothing is decided
    #[command(
        after_help = "Example:\n  yui pair propose --team staff --phase-days 7 --phase-days 7 --most 2\n  yui pair propose --team staff --exclude shiga=30201 --tie tottori=36201"
    )]
    Propose {
        /// Which teams; may be left out where only one kind is registered
        #[arg(long, value_name = "COMMODITY", value_parser = names::commodity)]
        team: Option<String>,
        /// When the first phase begins; now when left out
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        from: Option<When>,
        /// Days of a phase, once for each phase; three weeks when left out
        #[arg(long = "phase-days", value_name = "DAYS")]
        phase_days: Vec<u32>,
        /// A pair that must not be
        #[arg(long = "exclude", value_name = "MEMBER=CODE", value_parser = member_and_code)]
        excluded: Vec<(String, u32)>,
        /// An earlier link beside the pairs that were decided before
        #[arg(long = "tie", value_name = "MEMBER=CODE", value_parser = member_and_code)]
        ties: Vec<(String, u32)>,
        /// At least so many supporters of a municipality
        #[arg(long, value_name = "N", default_value_t = 0)]
        least: u32,
        /// At most so many supporters of a municipality; 0: any number
        #[arg(long, value_name = "N", default_value_t = 0)]
        most: u32,
        /// Rounds of prices: more of them narrow the gap
        #[arg(long, value_name = "N", default_value_t = 40)]
        rounds: u32,
    },
    /// Decide who supports a municipality; every proposal holds to it from then on
    #[command(
        after_help = "Example:\n  yui pair decide 30201 --supporter shiga=3 --supporter kyoto=2 --team staff --field staff --until 2026-12-26T09:00+09:00 --by \"Tanaka, disaster bureau\""
    )]
    Decide {
        /// JIS code of the municipality
        #[arg(value_name = "CODE")]
        municipality: u32,
        /// Who supports it, and with how many teams at least
        #[arg(long = "supporter", value_name = "MEMBER[=TEAMS]", required = true, value_parser = supporter)]
        supporters: Vec<v1::pair::Supporter>,
        /// Which teams the numbers speak of
        #[arg(long, value_name = "COMMODITY", value_parser = names::commodity)]
        team: Option<String>,
        /// What the support is
        #[arg(long = "field", required = true, value_parser = words::<v1::pair::Field>())]
        fields: Vec<v1::pair::Field>,
        /// Whose municipality it is; whose receiving point lies there when left out
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        affected: Option<String>,
        /// When it begins; now when left out
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        from: Option<When>,
        /// When it ends by itself
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        until: When,
        /// The named person who decides
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// Anything to add
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// End a pair before its time
    End {
        /// Which
        #[arg(value_name = "PAIR", value_parser = names::pair)]
        name: String,
        /// The named person who ends it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// List pairs
    List {
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::pair::State>())]
        state: Option<v1::pair::State>,
        /// Only of this municipality
        #[arg(long, value_name = "CODE")]
        municipality: Option<u32>,
        /// Only with this supporter
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        supporter: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show who looks at whom at once, without a decision
    Scouts,
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Propose { team, from, phase_days, excluded, ties, least, most, rounds } => {
            use v1::propose_pairs_request::{Excluded, Tie};
            let start_time = session.instant(from).await?;
            let call = v1::ProposePairsRequest {
                team: team.unwrap_or_default(),
                start_time,
                phase_days,
                excluded: excluded
                    .into_iter()
                    .map(|(supporter, municipality)| Excluded { supporter, municipality })
                    .collect(),
                ties: ties
                    .into_iter()
                    .map(|(supporter, municipality)| Tie { supporter, municipality })
                    .collect(),
                least_supporters: least,
                most_supporters: most,
                rounds,
                ..Default::default()
            };
            session.ask(call).await
        }
        Args::Decide { municipality, supporters, team, fields, affected, from, until, by, note } => {
            let pair = v1::Pair {
                municipality,
                affected: affected.unwrap_or_default(),
                supporters,
                team: team.unwrap_or_default(),
                fields: fields.into_iter().map(Into::into).collect(),
                start_time: session.instant(from).await?,
                end_time: session.instant(Some(until)).await?,
                decided_by: by,
                note: note.unwrap_or_default(),
                ..Default::default()
            };
            session.order(v1::DecidePairRequest { pair: Some(pair), ..Default::default() }).await
        }
        Args::End { name, by, note } => {
            let note = note.unwrap_or_default();
            session.order(v1::EndPairRequest { name, ended_by: by, note, ..Default::default() }).await
        }
        Args::List { state, municipality, supporter, page } => {
            let filter = page.filter(&[
                ("state", state.map(|state| state.as_str_name().to_owned())),
                ("municipality", municipality.map(|code| code.to_string())),
                ("supporter", supporter),
            ]);
            session.list(v1::ListPairsRequest::default(), &page, filter).await
        }
        Args::Scouts => session.ask(v1::ListScoutPairsRequest {}).await,
    }
}

fn member_and_code(text: &str) -> Result<(String, u32), ArgError> {
    let wrong = || {
        let shown: String = text.chars().take(80).collect();
        ArgError::new(
            format!(
                "「{shown}」は 構成団体=団体コード の形ではありません。shiga=30201 のように書いてください"
            ),
            format!("\"{shown}\" is not MEMBER=CODE; write it like shiga=30201"),
        )
    };
    let (member, code) = text.split_once('=').ok_or_else(wrong)?;
    Ok((names::member(member)?, code.parse().map_err(|_| wrong())?))
}

fn supporter(text: &str) -> Result<v1::pair::Supporter, ArgError> {
    let wrong = || {
        let shown: String = text.chars().take(80).collect();
        ArgError::new(
            format!("「{shown}」は 構成団体=班数 の形ではありません。shiga=3 のように書いてください"),
            format!("\"{shown}\" is not MEMBER=TEAMS; write it like shiga=3"),
        )
    };
    let (member, teams) = match text.split_once('=') {
        Some((member, teams)) => (member, teams.parse().map_err(|_| wrong())?),
        None => (text, 0),
    };
    Ok(v1::pair::Supporter { member: names::member(member)?, teams })
}

/// A municipality as a sheet names it.
fn town(sheet: &Sheet, name: Option<&v1::DisplayName>, code: u32) -> String {
    match sheet.lang().name(name) {
        "" => code.to_string(),
        name => format!("{code} {name}"),
    }
}

fn grid(pairs: &[v1::Pair], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("組", "pair")),
        left(lang.pick("被災市町村", "municipality")),
        left(lang.pick("支援団体", "supporters")),
        left(lang.pick("班", "teams of")),
        left(lang.pick("分野", "for")),
        left(lang.pick("開始", "from")),
        left(lang.pick("終了", "until")),
        left(lang.pick("状態", "state")),
        left(lang.pick("決定者", "decided by")),
    ];
    let mut rows = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let mut supporters = Vec::with_capacity(pair.supporters.len());
        for supporter in &pair.supporters {
            let member = sheet.name(&supporter.member);
            supporters.push(match supporter.teams {
                0 => member,
                teams => format!("{member} {teams}"),
            });
        }
        rows.push([
            sheet.name(&pair.name),
            town(sheet, pair.municipality_name.as_ref(), pair.municipality),
            supporters.join(", "),
            sheet.name(&pair.team),
            sheet.terms::<v1::pair::Field>(&pair.fields),
            sheet.time(pair.start_time.as_ref()),
            sheet.time(pair.ended_time.as_ref().or(pair.end_time.as_ref())),
            sheet.term::<v1::pair::State>(pair.state),
            pair.decided_by.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Pair {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListPairsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.pairs, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::ListScoutPairsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("先遣隊を出す団体", "who looks")),
            left(lang.pick("被災府県", "where")),
            right(lang.pick("出発", "leaves within")),
            right(lang.pick("所要", "travel")),
            left(lang.pick("出典", "source")),
        ];
        let outside = lang.pick("（連携県）", " (linked, outside the union)");
        let named = |name: Option<&v1::DisplayName>, is_linked: bool| {
            format!("{}{}", lang.name(name), if is_linked { outside } else { "" })
        };
        let row = |scout: &v1::ScoutPair| {
            let travel = match &scout.travel {
                Some(travel) => sheet.span(Some(travel)),
                None => lang.pick("不明", "not known").to_owned(),
            };
            [
                named(scout.supporter_name.as_ref(), scout.supporter_is_linked),
                named(scout.affected_name.as_ref(), scout.affected_is_linked),
                sheet.span(scout.leaves_within.as_ref()),
                travel,
                scout.source.clone(),
            ]
        };
        let rows: Vec<[String; 5]> = self.pairs.iter().map(row).collect();
        sheet.grid(columns, &rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supporter_is_typed_with_or_without_its_teams() {
        let read = |text: &str| supporter(text).map(|one| (one.member, one.teams));
        assert_eq!(read("shiga=3").unwrap(), ("members/shiga".to_owned(), 3));
        assert_eq!(read("members/shiga").unwrap(), ("members/shiga".to_owned(), 0));
        for wrong in ["shiga=", "shiga=-1", "shiga=three", "=3", "Shiga=3"] {
            assert!(supporter(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_member_and_a_code_are_typed_together() {
        assert_eq!(member_and_code("shiga=30201").unwrap(), ("members/shiga".to_owned(), 30_201));
        assert_eq!(member_and_code("members/shiga=30201").unwrap().1, 30_201);
        for wrong in ["shiga", "shiga=", "shiga=wakayama", "=30201"] {
            assert!(member_and_code(wrong).is_err(), "{wrong}");
        }
    }
}
