//! `yui organisation`: fire departments, hospitals, bases, operators.

use super::args::PageArgs;
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui organisation`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List organisations
    List {
        /// Under which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this kind
        #[arg(long, value_parser = words::<v1::organisation::Kind>())]
        kind: Option<v1::organisation::Kind>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    #[command(after_help = "Example:\n  yui organisation get hyogo/fd-tamba")]
    Get {
        /// Which
        #[arg(value_name = "ORGANISATION", value_parser = names::organisation)]
        name: String,
    },
    /// Register an organisation from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "ORGANISATION", value_parser = names::organisation)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { member, kind, page } => {
            let filter = page.filter(&[("kind", kind.map(word_of))]);
            let call = v1::ListOrganisationsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetOrganisationRequest { name }).await,
        Args::Create { name, file } => {
            let (parent, organisation_id) = names::parent_and_id(&name);
            let organisation = Some(v1::Organisation { name, ..file.read("yui.v1.Organisation")? });
            let call =
                v1::CreateOrganisationRequest { parent, organisation_id, organisation, ..Default::default() };
            session.order(call).await
        }
    }
}

impl Show for v1::Organisation {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        sheet.line(format!("{name}  {}", lang.name(self.display_name.as_ref())));
        let codes: Vec<String> = self.municipalities.iter().map(|code| format!("{code:05}")).collect();
        sheet.pairs([
            (lang.pick("種別", "kind"), sheet.term::<v1::organisation::Kind>(self.kind)),
            (lang.pick("電話", "telephone"), self.telephone.clone()),
            (lang.pick("管轄市町村", "municipalities"), codes.join(" ")),
        ]);
    }
}

impl Show for v1::ListOrganisationsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("機関", "organisation")),
            left(lang.pick("名称", "name")),
            left(lang.pick("種別", "kind")),
            right(lang.pick("管轄数", "municipalities")),
            left(lang.pick("電話", "telephone")),
        ];
        let mut rows = Vec::with_capacity(self.organisations.len());
        for organisation in &self.organisations {
            rows.push([
                sheet.name(&organisation.name),
                lang.name(organisation.display_name.as_ref()).to_owned(),
                sheet.term::<v1::organisation::Kind>(organisation.kind),
                organisation.municipalities.len().to_string(),
                organisation.telephone.clone(),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}
