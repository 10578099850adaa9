//! `yui commodity`: what the union counts, and in which unit.

use super::args::PageArgs;
use super::failure::Failure;
use super::names;
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui commodity`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List commodities
    List {
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Register a commodity from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "COMMODITY", value_parser = names::commodity)]
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
        Args::List { page } => {
            session.list(v1::ListCommoditiesRequest::default(), &page, page.filter(&[])).await
        }
        Args::Create { name, file } => {
            let (_, commodity_id) = names::parent_and_id(&name);
            let commodity = Some(v1::Commodity { name, ..file.read("yui.v1.Commodity")? });
            session.order(v1::CreateCommodityRequest { commodity_id, commodity, ..Default::default() }).await
        }
    }
}

fn grid(commodities: &[v1::Commodity], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("物資", "commodity")),
        left(lang.pick("名称", "name")),
        left(lang.pick("種別", "kind")),
        left(lang.pick("単位", "unit")),
        right("g"),
        right("cm3"),
        right(lang.pick("箱入数", "in a carton")),
        right(lang.pick("目的の段", "tier")),
    ];
    let mut rows = Vec::with_capacity(commodities.len());
    for commodity in commodities {
        rows.push([
            sheet.name(&commodity.name),
            lang.name(commodity.display_name.as_ref()).to_owned(),
            sheet.term::<v1::commodity::Kind>(commodity.kind),
            commodity.unit.clone(),
            commodity.mass_g.to_string(),
            commodity.volume_cm3.to_string(),
            commodity.units_per_carton.to_string(),
            commodity.objective_tier.to_string(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Commodity {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListCommoditiesResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.commodities, sheet);
        sheet.more(&self.next_page_token);
    }
}
