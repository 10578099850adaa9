//! `yui shipment`: goods under way, from the sender's word to what was counted.

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui shipment`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List shipments
    List {
        /// Only of this plan
        #[arg(long, value_name = "PLAN", value_parser = names::plan)]
        plan: Option<String>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::shipment::State>())]
        state: Option<v1::shipment::State>,
        /// Only what this member sends
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        sender: Option<String>,
        /// Only what this member receives
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        receiver: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Show {
        /// Which
        #[arg(value_name = "SHIPMENT", value_parser = names::shipment)]
        name: String,
    },
    /// It leaves its sender, as planned unless told otherwise
    #[command(
        after_help = "Example:\n  yui shipment dispatch p-1/3 --by \"Sato\" --goods food=4000 --goods water=900"
    )]
    Dispatch {
        /// Which
        #[arg(value_name = "SHIPMENT", value_parser = names::shipment)]
        name: String,
        /// The named person who hands it over
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// What goes, when it is not as planned
        #[arg(long, value_name = "COMMODITY=QUANTITY", value_parser = goods)]
        goods: Vec<v1::Goods>,
    },
    /// It is at its receiver
    Arrive {
        /// Which
        #[arg(value_name = "SHIPMENT", value_parser = names::shipment)]
        name: String,
        /// The named person who saw it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
    },
    /// What was counted out of it
    Receive {
        /// Which
        #[arg(value_name = "SHIPMENT", value_parser = names::shipment)]
        name: String,
        /// The named person who counted
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// What was counted
        #[arg(long, value_name = "COMMODITY=QUANTITY", value_parser = goods, required = true)]
        goods: Vec<v1::Goods>,
    },
    /// Why something else was counted than was sent
    Explain {
        /// Which
        #[arg(value_name = "SHIPMENT", value_parser = names::shipment)]
        name: String,
        /// Why
        #[arg(value_parser = words::<v1::shipment::Difference>())]
        difference: v1::shipment::Difference,
        /// Anything to add
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
}

/// Reads `food=4000`.
fn goods(text: &str) -> Result<v1::Goods, ArgError> {
    let refuse = || {
        let cut: String = text.chars().take(60).collect();
        ArgError::new(
            format!("「{cut}」は物資=数量ではありません。food=4000 のように書いてください"),
            format!("\"{cut}\" is not COMMODITY=QUANTITY; write food=4000"),
        )
    };
    let (commodity, quantity) = text.split_once('=').ok_or_else(refuse)?;
    let quantity = quantity.parse::<i64>().map_err(|_| refuse())?;
    Ok(v1::Goods { commodity: names::commodity(commodity)?, quantity, unit: String::new() })
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { plan, state, sender, receiver, page } => {
            let filter = page.filter(&[
                ("plan", plan),
                ("state", state.map(word_of)),
                ("sender", sender),
                ("receiver", receiver),
            ]);
            session.list(v1::ListShipmentsRequest::default(), &page, filter).await
        }
        Args::Show { name } => session.ask(v1::GetShipmentRequest { name }).await,
        Args::Dispatch { name, by, goods } => {
            let call = v1::DispatchShipmentRequest { name, goods, dispatched_by: by, ..Default::default() };
            session.order(call).await
        }
        Args::Arrive { name, by } => {
            session.order(v1::RecordArrivalRequest { name, reported_by: by, ..Default::default() }).await
        }
        Args::Receive { name, by, goods } => {
            let call = v1::ReceiveShipmentRequest { name, goods, received_by: by, ..Default::default() };
            session.order(call).await
        }
        Args::Explain { name, difference, note } => {
            let (difference, note) = (difference.into(), note.unwrap_or_default());
            session.order(v1::ExplainDifferenceRequest { name, difference, note, ..Default::default() }).await
        }
    }
}

fn goods_text(goods: &[v1::Goods], sheet: &mut Sheet) -> String {
    let one = |goods: &v1::Goods| {
        let commodity = sheet.name(&goods.commodity);
        format!("{commodity} {} {}", goods.quantity, goods.unit).trim_end().to_owned()
    };
    let all: Vec<String> = goods.iter().map(one).collect();
    all.join(", ")
}

/// Writes shipments as a table.
pub(super) fn grid(shipments: &[v1::Shipment], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("出荷", "shipment")),
        left(lang.pick("送り手", "from")),
        left(lang.pick("受け手", "to")),
        left(lang.pick("物資", "goods")),
        right(lang.pick("台数", "vehicles")),
        left(lang.pick("種別", "class")),
        left(lang.pick("出発", "leaves")),
        left(lang.pick("到着", "there")),
        left(lang.pick("状態", "state")),
        left(lang.pick("承認期限", "approve by")),
    ];
    let mut rows = Vec::with_capacity(shipments.len());
    for shipment in shipments {
        let waits = shipment.state() == v1::shipment::State::Proposed;
        rows.push([
            sheet.name(&shipment.name),
            sheet.name(&shipment.sender),
            sheet.name(&shipment.receiver),
            goods_text(&shipment.goods, sheet),
            shipment.vehicles.to_string(),
            sheet.term::<v1::VehicleClass>(shipment.vehicle_class),
            sheet.time(shipment.depart_time.as_ref()),
            sheet.time(shipment.arrive_time.as_ref()),
            sheet.term::<v1::shipment::State>(shipment.state),
            if waits { sheet.time(shipment.approve_by_time.as_ref()) } else { String::new() },
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Shipment {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
        let lang = sheet.lang();
        let (dispatched, received) = (goods_text(&self.dispatched, sheet), goods_text(&self.received, sheet));
        let declined = sheet.term_or_blank::<v1::shipment::DeclineReason>(self.decline_reason);
        let difference = sheet.term_or_blank::<v1::shipment::Difference>(self.difference);
        sheet.pairs([
            (lang.pick("経路", "route"), self.route.clone()),
            (lang.pick("承認者", "approved by"), self.approved_by.clone()),
            (lang.pick("回答", "answered"), sheet.time(self.answer_time.as_ref())),
            (
                lang.pick("辞退の理由", "declined because"),
                format!("{declined} {}", self.decline_note).trim().to_owned(),
            ),
            (lang.pick("出荷した物資", "sent"), dispatched),
            (lang.pick("出荷者", "sent by"), self.dispatched_by.clone()),
            (lang.pick("出荷時刻", "left"), sheet.time(self.dispatch_time.as_ref())),
            (lang.pick("到着時刻", "came"), sheet.time(self.arrival_time.as_ref())),
            (lang.pick("受領した物資", "received"), received),
            (lang.pick("受領者", "received by"), self.received_by.clone()),
            (lang.pick("受領時刻", "counted"), sheet.time(self.receive_time.as_ref())),
            (
                lang.pick("相違の説明", "difference"),
                format!("{difference} {}", self.difference_note).trim().to_owned(),
            ),
        ]);
    }
}

impl Show for v1::ListShipmentsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.shipments, sheet);
        sheet.more(&self.next_page_token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_are_read_or_refused_with_the_form() {
        let read = goods("food=4000").unwrap();
        assert_eq!((read.commodity.as_str(), read.quantity), ("commodities/food", 4_000));
        for text in ["", "food", "food=", "food=many", "=4", "Food=4"] {
            assert!(goods(text).is_err(), "{text}");
        }
    }
}
