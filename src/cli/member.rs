//! `yui member`: members of the union and linked bodies, and their operating mode.

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::text::words;
use crate::api::v1;
use clap::{Subcommand, value_parser};

/// Subcommands of `yui member`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List members
    List {
        /// Only of this kind
        #[arg(long, value_parser = words::<v1::member::Kind>())]
        kind: Option<v1::member::Kind>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "MEMBER", value_parser = names::member)]
        name: String,
    },
    /// Register a member from a JSON file
    #[command(after_help = concat!("Example:\n  yui member create hyogo --file hyogo.json\n\nhyogo.json:\n", include_str!("member/example.json")))]
    Create {
        /// Its name
        #[arg(value_name = "MEMBER", value_parser = names::member)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
    /// Set which rules are in force for a member
    #[command(after_help = "Example:\n  yui member mode hyogo disaster --phase 1 --by \"Yamada\"")]
    Mode {
        /// Of which member
        #[arg(value_name = "MEMBER", value_parser = names::member)]
        name: String,
        /// Which mode
        #[arg(value_name = "MODE", value_parser = words::<v1::operating_mode::Level>())]
        level: v1::operating_mode::Level,
        /// Phase of a disaster, from 1
        #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=99))]
        phase: Option<u32>,
        /// The person who sets it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { kind, page } => {
            let filter = page.filter(&[("kind", kind.map(word_of))]);
            session.list(v1::ListMembersRequest::default(), &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetMemberRequest { name }).await,
        Args::Create { name, file } => {
            let (_, member_id) = names::parent_and_id(&name);
            let member = Some(v1::Member { name, ..file.read("yui.v1.Member")? });
            session.order(v1::CreateMemberRequest { member_id, member, ..Default::default() }).await
        }
        Args::Mode { name, level, phase, by } => {
            let mode = v1::OperatingMode { level: level.into(), phase: phase.unwrap_or(0), set_by: by };
            let call = v1::SetOperatingModeRequest { name, operating_mode: Some(mode), ..Default::default() };
            session.order(call).await
        }
    }
}

fn mode(mode: Option<&v1::OperatingMode>, sheet: &Sheet) -> String {
    let Some(mode) = mode else { return String::new() };
    let level = sheet.term::<v1::operating_mode::Level>(mode.level);
    if mode.phase == 0 { level } else { format!("{level} {}", mode.phase) }
}

impl Show for v1::Member {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        sheet.line(format!("{name}  {}", lang.name(self.display_name.as_ref())));
        let set_by = self.operating_mode.as_ref().map(|mode| mode.set_by.clone()).unwrap_or_default();
        sheet.pairs([
            (lang.pick("種別", "kind"), sheet.term::<v1::member::Kind>(self.kind)),
            (lang.pick("加入", "joined"), self.joined_date.clone()),
            (lang.pick("分野", "fields"), self.fields.join(" ")),
            (lang.pick("電話", "telephone"), self.telephone.clone()),
            (lang.pick("運用体制", "operating mode"), mode(self.operating_mode.as_ref(), sheet)),
            (lang.pick("体制の決定者", "set by"), set_by),
            (lang.pick("時計を疑う", "clock suspect since"), sheet.time(self.clock_suspect_time.as_ref())),
        ]);
    }
}

impl Show for v1::ListMembersResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("構成団体", "member")),
            left(lang.pick("名称", "name")),
            left(lang.pick("種別", "kind")),
            left(lang.pick("加入", "joined")),
            left(lang.pick("運用体制", "mode")),
            left(lang.pick("電話", "telephone")),
        ];
        let mut rows = Vec::with_capacity(self.members.len());
        for member in &self.members {
            rows.push([
                sheet.name(&member.name),
                lang.name(member.display_name.as_ref()).to_owned(),
                sheet.term::<v1::member::Kind>(member.kind),
                member.joined_date.clone(),
                mode(member.operating_mode.as_ref(), sheet),
                member.telephone.clone(),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_in_the_help_is_a_member() {
        let member: v1::Member =
            crate::cli::json::read("yui.v1.Member", include_str!("member/example.json")).unwrap();
        assert_eq!(member.kind(), v1::member::Kind::Prefecture);
        assert!(member.display_name.is_some() && !member.telephone.is_empty() && !member.fields.is_empty());
    }
}
