//! Agreements: who may be asked for the people of an area.

use super::{Answer, Registry, field_ledger};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::Agreement;
use crate::decision::rejection::Kind;
use crate::id::OrganisationId;
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::known;
use crate::service::paging::Query;
use std::collections::BTreeMap;

const FILTER: [FilterField; 1] =
    [FilterField { name: "rule", takes: |value| v1::agreement::Rule::from_str_name(value).is_some() }];

impl<U: Union> Registry<U> {
    pub(super) async fn get_agreement(
        &self,
        _: Caller,
        message: v1::GetAgreementRequest,
    ) -> Answer<v1::Agreement> {
        let area: OrganisationId = self.desk.reader().name("area", &message.area)?;
        self.desk.shown().agreement(&area).ok_or_else(|| unknown(Kind::Agreement, &area))
    }

    pub(super) async fn list_agreements(
        &self,
        _: Caller,
        message: v1::ListAgreementsRequest,
    ) -> Answer<v1::ListAgreementsResponse> {
        let query = Query {
            method: "ListAgreements",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let fields = shown.view.states().filter_map(|state| state.field.as_ref());
        // The last insert wins, and the first field by name counts: so from the last to the first.
        let fields: Vec<_> = fields.collect();
        let all: BTreeMap<&OrganisationId, &Agreement> =
            fields.into_iter().rev().flat_map(|field| field.agreements.iter()).collect();
        let passing = all.into_values().filter(|agreement| {
            page.filter.admits(|_| vec![agreement.rule.wire().as_str_name().to_string()])
        });
        let (agreements, next_page_token) = page.cut(passing, |agreement| agreement.area.clone())?;
        let agreements = agreements.into_iter().map(|agreement| shown.agreement_of(agreement)).collect();
        Ok(v1::ListAgreementsResponse { agreements, next_page_token })
    }

    pub(super) async fn adopt_agreement(
        &self,
        caller: Caller,
        message: v1::AdoptAgreementRequest,
    ) -> Answer<v1::Agreement> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let agreement = self.desk.reader().agreement(read::given("agreement", message.agreement)?)?;
        let view = self.desk.shown().view;
        known::new_agreement(&view, &agreement)?;
        let ledger = field_ledger(&view)?;
        let validate_only = call.validate_only;
        let done = self
            .desk
            .order(call, &ledger, Command::AdoptAgreement(agreement.clone()))
            .await
            .map_err(|e| e.within("agreement"))?;
        // It takes the place of another one, so only what was recorded may answer for it.
        let adopted = done.shown.agreement(&agreement.area).filter(|_| !validate_only);
        Ok(adopted.unwrap_or_else(|| done.shown.agreement_of(&agreement)))
    }
}
