//! What lies where.

use super::{Answer, MutualAid, Parent, known_commodity, ledgers, parent_key, same_unit};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::command::NewStockCount;
use crate::decision::model::{Stock, StockCount};
use crate::decision::rejection::Kind;
use crate::id::{CommodityId, DepotId, StockId};
use crate::service::convert::{read, stock_quantity};
use crate::service::desk::{Call, Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 3] = [
    FilterField { name: "commodity", takes: |_| true },
    FilterField { name: "depot", takes: |_| true },
    FilterField { name: "reserve_open", takes: |value| ["true", "false"].contains(&value) },
];

impl<U: Union> MutualAid<U> {
    pub(super) async fn list_stocks(
        &self,
        _: Caller,
        message: v1::ListStocksRequest,
    ) -> Answer<v1::ListStocksResponse> {
        let parent: Parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListStocks",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.aid.stocks.iter());
        let passing = all.filter(|(id, stock)| {
            page.filter.admits(|field| match field {
                "commodity" => vec![id.commodity.to_string(), shown.names.print(&id.commodity)],
                "depot" => vec![id.depot.to_string(), shown.names.print(&id.depot)],
                _ => vec![stock.consent.is_some().to_string()],
            })
        });
        let (found, next_page_token) = page.cut(passing, |(id, _)| (*id).clone())?;
        let stocks = found.into_iter().map(|(id, stock)| shown.stock_of(id, stock)).collect();
        Ok(v1::ListStocksResponse { stocks, next_page_token })
    }

    pub(super) async fn count_stock(
        &self,
        caller: Caller,
        message: v1::CountStockRequest,
    ) -> Answer<v1::Stock> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = self.stock_id(&message.depot, &message.commodity)?;
        let view = self.desk.shown().view;
        same_unit("unit", known_commodity(&view, &id.commodity)?, &message.unit)?;
        let counted = NewStockCount {
            depot: id.depot.clone(),
            commodity: id.commodity.clone(),
            quantity: stock_quantity("quantity", message.quantity)?,
            reserve: message.reserve.map(|got| stock_quantity("reserve", got)).transpose()?,
            counted_at: read::instant_opt("count_time", message.count_time)?,
            counted_by: message.counted_by,
        };
        let validate_only = call.validate_only;
        let done = self
            .desk
            .order(call, &id.depot.ledger(), Command::CountStocks { counts: vec![counted.clone()] })
            .await?;
        let recorded = done.shown.stock(&id).filter(|_| !validate_only);
        Ok(recorded.unwrap_or_else(|| {
            let counted_at = counted.counted_at.unwrap_or(done.shown.now);
            let count = StockCount {
                depot: counted.depot,
                commodity: counted.commodity,
                quantity: counted.quantity,
                reserve: counted.reserve.unwrap_or_default(),
                counted_at,
                counted_by: counted.counted_by,
            };
            let quantity = count.quantity;
            let stock = Stock { counts: vec![count], quantity, changed_at: counted_at, consent: None };
            done.shown.stock_of(&id, &stock)
        }))
    }

    pub(super) async fn open_reserve(
        &self,
        caller: Caller,
        message: v1::OpenReserveRequest,
    ) -> Answer<v1::Stock> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = self.stock_id(&message.depot, &message.commodity)?;
        let command = Command::OpenReserve {
            depot: id.depot.clone(),
            commodity: id.commodity.clone(),
            by: message.opened_by,
            note: message.note,
        };
        self.reserve(call, &id, command).await
    }

    pub(super) async fn close_reserve(
        &self,
        caller: Caller,
        message: v1::CloseReserveRequest,
    ) -> Answer<v1::Stock> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = self.stock_id(&message.depot, &message.commodity)?;
        let command = Command::CloseReserve {
            depot: id.depot.clone(),
            commodity: id.commodity.clone(),
            note: message.note,
        };
        self.reserve(call, &id, command).await
    }

    async fn reserve(&self, call: Call, id: &StockId, command: Command) -> Answer<v1::Stock> {
        let done = self.desk.order(call, &id.depot.ledger(), command).await?;
        done.shown.stock(id).ok_or_else(|| unknown(Kind::Stock, id))
    }

    fn stock_id(&self, depot: &str, commodity: &str) -> Answer<StockId> {
        let reader = self.desk.reader();
        let (depot, commodity): (DepotId, CommodityId) =
            (reader.name("depot", depot)?, reader.name("commodity", commodity)?);
        Ok(StockId { depot, commodity })
    }
}
