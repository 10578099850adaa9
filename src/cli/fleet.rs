//! `yui fleet`: what carries goods.

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

/// Subcommands of `yui fleet`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List fleets
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this class
        #[arg(long, value_parser = words::<v1::VehicleClass>())]
        class: Option<v1::VehicleClass>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Register a fleet from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "FLEET", value_parser = names::fleet)]
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
        Args::List { member, class, page } => {
            let filter = page.filter(&[("vehicle_class", class.map(word_of))]);
            let call = v1::ListFleetsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Create { name, file } => {
            let (parent, fleet_id) = names::parent_and_id(&name);
            let fleet = Some(v1::Fleet { name, ..file.read("yui.v1.Fleet")? });
            session.order(v1::CreateFleetRequest { parent, fleet_id, fleet, ..Default::default() }).await
        }
    }
}

fn grid(fleets: &[v1::Fleet], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("車両隊", "fleet")),
        left(lang.pick("名称", "name")),
        left(lang.pick("拠点", "depot")),
        left(lang.pick("種別", "class")),
        right(lang.pick("台数", "vehicles")),
        right(lang.pick("運転者", "drivers")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(fleets.len());
    for fleet in fleets {
        rows.push([
            sheet.name(&fleet.name),
            lang.name(fleet.display_name.as_ref()).to_owned(),
            sheet.name(&fleet.depot),
            sheet.term::<v1::VehicleClass>(fleet.vehicle_class),
            fleet.vehicles.to_string(),
            fleet.drivers.to_string(),
            fleet.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Fleet {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListFleetsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.fleets, sheet);
        sheet.more(&self.next_page_token);
    }
}
