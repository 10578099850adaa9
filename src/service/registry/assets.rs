//! Assets: what they are, the verbs that change their state, planned outages.

use super::{Answer, Registry, ledgers, nearest, nearest_count, parent_key};
use crate::api::v1;
use crate::authority::{AsSeen, Submission, Union};
use crate::decision::Command;
use crate::decision::model::{Asset, AssetState};
use crate::decision::rejection::Kind;
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::record;
use crate::service::ServiceError;
use crate::service::convert::{Shown, Wire, asset_state, outage, read};
use crate::service::desk::{Call, Caller, same_tag, unknown};
use crate::service::filter::{Filter, FilterField};
use crate::service::known;
use crate::service::paging::Query;

pub(in crate::service) const FILTER: [FilterField; 2] = [
    FilterField { name: "kind", takes: |value| v1::asset::Kind::from_str_name(value).is_some() },
    FilterField { name: "state", takes: |value| v1::asset::State::from_str_name(value).is_some() },
];

pub(in crate::service) fn values(asset: &Asset, used: &AssetUse, field: &str) -> Vec<String> {
    let value = match field {
        "kind" => asset.kind.wire().as_str_name(),
        _ => asset_state(used).as_str_name(),
    };
    vec![value.to_string()]
}

/// One verb on one asset.
struct Verb<'m> {
    name: &'m str,
    etag: &'m str,
}

impl<U: Union> Registry<U> {
    pub(super) async fn get_asset(&self, _: Caller, message: v1::GetAssetRequest) -> Answer<v1::Asset> {
        let id: AssetId = self.desk.reader().name("name", &message.name)?;
        known(&self.desk.shown(), &id)
    }

    pub(super) async fn list_assets(
        &self,
        _: Caller,
        message: v1::ListAssetsRequest,
    ) -> Answer<v1::ListAssetsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListAssets",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| {
            state.assets.values().filter_map(|asset| Some((asset, state.asset_uses.get(&asset.id)?)))
        });
        let passing = all.filter(|(asset, used)| page.filter.admits(|field| values(asset, used, field)));
        let (assets, next_page_token) = page.cut(passing, |(asset, _)| asset.id.clone())?;
        let assets = assets.into_iter().map(|(asset, used)| shown.asset_of(asset, used)).collect();
        Ok(v1::ListAssetsResponse { assets, next_page_token })
    }

    pub(super) async fn search_nearest_assets(
        &self,
        _: Caller,
        message: v1::SearchNearestAssetsRequest,
    ) -> Answer<v1::SearchNearestAssetsResponse> {
        let at = read::position("position", message.position)?;
        let count = nearest_count(message.count)?;
        let filter = Filter::parse(&message.filter, &FILTER).map_err(ServiceError::Filter)?;
        let shown = self.desk.shown();
        let passing =
            shown.view.assets().filter(|(asset, used)| filter.admits(|field| values(asset, used, field)));
        let places = passing.map(|(asset, used)| (asset.base, (asset, used)));
        let results = nearest(at, count, places, |(asset, _)| asset.id.clone());
        let result = |(distance_m, (asset, used))| v1::search_nearest_assets_response::Result {
            asset: Some(shown.asset_of(asset, used)),
            distance_m,
        };
        Ok(v1::SearchNearestAssetsResponse { results: results.into_iter().map(result).collect() })
    }

    pub(super) async fn create_asset(
        &self,
        caller: Caller,
        message: v1::CreateAssetRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let (member, slug) = self.new_child(&message.parent, "asset_id", &message.asset_id)?;
        let id = AssetId::new(&member, slug);
        let asset = self.desk.reader().asset(id.clone(), read::given("asset", message.asset)?)?;
        known::new_asset(&self.desk.shown().view, &asset)?;
        let done = self
            .desk
            .order(call, &id.ledger(), Command::RegisterAsset(asset.clone()))
            .await
            .map_err(|e| e.within("asset"))?;
        let shown = done.shown;
        Ok(shown.asset(&id).unwrap_or_else(|| shown.asset_of(&asset, &AssetUse::new())))
    }

    pub(super) async fn update_asset(
        &self,
        caller: Caller,
        message: v1::UpdateAssetRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let asset = read::given("asset", message.asset)?;
        self.desk.reader().name::<AssetId>("asset.name", &asset.name)?;
        let changes = self.desk.reader().asset_changes(&asset, message.update_mask)?;
        known::asset_changes(&self.desk.shown().view, &changes)?;
        let verb = Verb { name: &asset.name, etag: &message.etag };
        let updated = self.change(call, verb, |asset| Command::UpdateAsset { asset, changes }).await;
        updated.map_err(|error| error.within("asset"))
    }

    pub(super) async fn make_asset_available(
        &self,
        caller: Caller,
        message: v1::MakeAssetAvailableRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let verb = Verb { name: &message.name, etag: &message.etag };
        self.set_state(call, verb, AssetState::Available).await
    }

    pub(super) async fn take_asset_out_of_service(
        &self,
        caller: Caller,
        message: v1::TakeAssetOutOfServiceRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let reason = read::choice("reason", message.reason)?;
        let until = read::instant_opt("until_time", message.until_time)?;
        let verb = Verb { name: &message.name, etag: &message.etag };
        self.set_state(call, verb, AssetState::OutOfService { reason, until }).await
    }

    pub(super) async fn start_asset_training(
        &self,
        caller: Caller,
        message: v1::StartAssetTrainingRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let recall = read::span_opt("recall", message.recall)?;
        let recall_s = read::given("recall", recall)?;
        let verb = Verb { name: &message.name, etag: &message.etag };
        self.set_state(call, verb, AssetState::Recallable { recall_s }).await
    }

    pub(super) async fn plan_outage(
        &self,
        caller: Caller,
        message: v1::PlanOutageRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let outage = outage(read::given("outage", message.outage)?)?;
        let verb = Verb { name: &message.name, etag: &message.etag };
        self.change(call, verb, |asset| Command::PlanOutage { asset, outage }).await
    }

    pub(super) async fn cancel_outage(
        &self,
        caller: Caller,
        message: v1::CancelOutageRequest,
    ) -> Answer<v1::Asset> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let outage = read::slug("outage_id", &message.outage_id)?;
        let verb = Verb { name: &message.name, etag: &message.etag };
        self.change(call, verb, |asset| Command::CancelOutage { asset, outage }).await
    }

    async fn set_state(&self, call: Call, verb: Verb<'_>, state: AssetState) -> Answer<v1::Asset> {
        self.change(call, verb, |asset| Command::SetAssetState { asset, state }).await
    }

    /// Changes one asset, if it is still as the caller last saw it.
    async fn change(
        &self,
        call: Call,
        verb: Verb<'_>,
        command: impl FnOnce(AssetId) -> Command + Send,
    ) -> Answer<v1::Asset> {
        let id: AssetId = self.desk.reader().name("name", verb.name)?;
        let command = command(id.clone());
        if !verb.etag.is_empty() {
            return self.change_if_same(call, verb, &id, command).await;
        }
        let done = self.desk.order(call, &id.ledger(), command).await?;
        known(&done.shown, &id)
    }

    /// The tag is compared on a view; the ledger refuses if the asset was touched since.
    async fn change_if_same(
        &self,
        call: Call,
        verb: Verb<'_>,
        id: &AssetId,
        command: Command,
    ) -> Answer<v1::Asset> {
        let (union, ledger) = (self.desk.union(), id.ledger());
        // A retry finds the tag changed by its own success.
        let payload = record::canonical(&command);
        if !call.validate_only && union.recorded(&ledger, &call.request_id, &payload).await?.is_some() {
            return known(&self.desk.shown(), id);
        }
        let shown = self.desk.shown();
        let asset = known(&shown, id)?;
        same_tag(&asset.name, verb.etag, &asset.etag)?;
        let sequence = shown.view.state(&ledger).map_or(0, |state| state.sequence);
        let as_seen = shown
            .view
            .asset(id)
            .map(|(asset, usage)| Box::new(AsSeen { asset: asset.clone(), usage: usage.clone(), sequence }));
        let submission = Submission { as_seen, ..call.submission(command) };
        union.submit(&ledger, submission).await?;
        known(&self.desk.shown(), id)
    }
}

fn known(shown: &Shown, id: &AssetId) -> Answer<v1::Asset> {
    shown.asset(id).ok_or_else(|| unknown(Kind::Asset, id))
}
