//! Offers and standing orders.

use super::{Answer, Registry, ledgers, parent_key};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::model::{Offer, OfferState, StandingOrder};
use crate::decision::rejection::Kind;
use crate::decision::{Command, Event};
use crate::id::{AssetId, OfferId, StandingOrderId};
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 1] =
    [FilterField { name: "state", takes: |value| v1::offer::State::from_str_name(value).is_some() }];

impl<U: Union> Registry<U> {
    pub(super) async fn offer_asset(
        &self,
        caller: Caller,
        message: v1::OfferAssetRequest,
    ) -> Answer<v1::Offer> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let asset: AssetId = self.desk.reader().name("name", &message.name)?;
        let window = read::window("window", message.window)?;
        let command = Command::OfferAsset { asset: asset.clone(), window };
        let done = self.desk.order(call, &asset.ledger(), command).await?;
        let offered = done.outcome.events.iter().find_map(|event| match event {
            Event::Offered { offer, .. } => Some(offer),
            _ => None,
        });
        let id = offered.ok_or_else(|| unknown(Kind::Offer, &asset))?.clone();
        let would_be = Offer {
            id: id.clone(),
            asset,
            requisition: None,
            window,
            state: OfferState::Open,
            made_at: done.outcome.at,
        };
        Ok(done.shown.offer(&id).unwrap_or_else(|| done.shown.offer_of(&would_be)))
    }

    pub(super) async fn withdraw_offer(
        &self,
        caller: Caller,
        message: v1::WithdrawOfferRequest,
    ) -> Answer<v1::Offer> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: OfferId = self.desk.reader().name("name", &message.name)?;
        let command = Command::WithdrawOffer { offer: id.clone() };
        let done = self.desk.order(call, &id.ledger(), command).await?;
        done.shown.offer(&id).ok_or_else(|| unknown(Kind::Offer, &id))
    }

    pub(super) async fn list_offers(
        &self,
        _: Caller,
        message: v1::ListOffersRequest,
    ) -> Answer<v1::ListOffersResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListOffers",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.offers.values());
        let passing =
            all.filter(|offer| page.filter.admits(|_| vec![offer.state.wire().as_str_name().to_string()]));
        let (offers, next_page_token) = page.cut(passing, |offer| offer.id.clone())?;
        let offers = offers.into_iter().map(|offer| shown.offer_of(offer)).collect();
        Ok(v1::ListOffersResponse { offers, next_page_token })
    }

    pub(super) async fn give_standing_order(
        &self,
        caller: Caller,
        message: v1::GiveStandingOrderRequest,
    ) -> Answer<v1::StandingOrder> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let (member, slug) =
            self.new_child(&message.parent, "standing_order_id", &message.standing_order_id)?;
        let id = StandingOrderId::new(&member, slug);
        let order = read::given("standing_order", message.standing_order)?;
        let until = read::instant("standing_order.expire_time", order.expire_time)?;
        let answers_for = order.answers_for;
        let command = Command::GiveStandingOrder { id: id.clone(), answers_for: answers_for.clone(), until };
        let done =
            self.desk.order(call, &id.ledger(), command).await.map_err(|e| e.within("standing_order"))?;
        let would_be = StandingOrder { id: id.clone(), answers_for, until, revoked_at: None };
        Ok(done.shown.standing_order(&id).unwrap_or_else(|| done.shown.standing_order_of(&would_be)))
    }

    pub(super) async fn revoke_standing_order(
        &self,
        caller: Caller,
        message: v1::RevokeStandingOrderRequest,
    ) -> Answer<v1::StandingOrder> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: StandingOrderId = self.desk.reader().name("name", &message.name)?;
        let command = Command::RevokeStandingOrder { id: id.clone() };
        let done = self.desk.order(call, &id.ledger(), command).await?;
        done.shown.standing_order(&id).ok_or_else(|| unknown(Kind::StandingOrder, &id))
    }

    pub(super) async fn list_standing_orders(
        &self,
        _: Caller,
        message: v1::ListStandingOrdersRequest,
    ) -> Answer<v1::ListStandingOrdersResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListStandingOrders",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        const FIELDS: [FilterField; 1] =
            [FilterField { name: "in_force", takes: |value| ["true", "false"].contains(&value) }];
        let page = query.read(&FIELDS)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.standing_orders.values());
        let passing = all.filter(|order| page.filter.admits(|_| vec![order.in_force(shown.now).to_string()]));
        let (orders, next_page_token) = page.cut(passing, |order| order.id.clone())?;
        let standing_orders = orders.into_iter().map(|order| shown.standing_order_of(order)).collect();
        Ok(v1::ListStandingOrdersResponse { standing_orders, next_page_token })
    }
}
