//! Organisations.

use super::{Answer, Registry, ledgers, parent_key};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::Organisation;
use crate::decision::rejection::Kind;
use crate::id::OrganisationId;
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 2] = [
    FilterField { name: "kind", takes: |value| v1::organisation::Kind::from_str_name(value).is_some() },
    FilterField { name: "municipality", takes: |value| value.parse::<u32>().is_ok() },
];

fn values(organisation: &Organisation, field: &str) -> Vec<String> {
    match field {
        "kind" => vec![organisation.kind.wire().as_str_name().to_string()],
        _ => organisation.municipalities.iter().map(ToString::to_string).collect(),
    }
}

impl<U: Union> Registry<U> {
    pub(super) async fn get_organisation(
        &self,
        _: Caller,
        message: v1::GetOrganisationRequest,
    ) -> Answer<v1::Organisation> {
        let id: OrganisationId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().organisation(&id).ok_or_else(|| unknown(Kind::Organisation, &id))
    }

    pub(super) async fn list_organisations(
        &self,
        _: Caller,
        message: v1::ListOrganisationsRequest,
    ) -> Answer<v1::ListOrganisationsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListOrganisations",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.organisations.values());
        let passing = all.filter(|organisation| page.filter.admits(|field| values(organisation, field)));
        let (organisations, next_page_token) = page.cut(passing, |organisation| organisation.id.clone())?;
        let organisations = organisations.into_iter().map(|o| shown.organisation_of(o)).collect();
        Ok(v1::ListOrganisationsResponse { organisations, next_page_token })
    }

    pub(super) async fn create_organisation(
        &self,
        caller: Caller,
        message: v1::CreateOrganisationRequest,
    ) -> Answer<v1::Organisation> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let (member, slug) = self.new_child(&message.parent, "organisation_id", &message.organisation_id)?;
        let id = OrganisationId::new(&member, slug);
        let organisation = read::given("organisation", message.organisation)?;
        let organisation = self.desk.reader().organisation(id.clone(), organisation)?;
        let command = Command::RegisterOrganisation(organisation.clone());
        let done =
            self.desk.order(call, &id.ledger(), command).await.map_err(|e| e.within("organisation"))?;
        Ok(done.shown.organisation(&id).unwrap_or_else(|| done.shown.organisation_of(&organisation)))
    }
}
