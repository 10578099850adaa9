//! Landing sites.

use super::{Answer, Registry, ledgers, nearest, nearest_count, parent_key};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::model::{Site, SiteReport, SiteState};
use crate::decision::rejection::Kind;
use crate::decision::{Command, State};
use crate::id::SiteId;
use crate::service::ServiceError;
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::{Filter, FilterField};
use crate::service::paging::Query;

const FILTER: [FilterField; 3] = [
    FilterField { name: "kind", takes: |value| v1::site::Kind::from_str_name(value).is_some() },
    FilterField { name: "state", takes: |value| v1::site::State::from_str_name(value).is_some() },
    FilterField { name: "municipality", takes: |value| value.parse::<u32>().is_ok() },
];

type Reported<'v> = (&'v Site, Option<&'v SiteReport>);

fn values((site, report): Reported<'_>, field: &str) -> Vec<String> {
    vec![match field {
        "kind" => site.kind.wire().as_str_name().to_string(),
        "state" => {
            let state = report.map_or(SiteState::Unknown, |report| report.state);
            state.wire().as_str_name().to_string()
        }
        _ => site.municipality.to_string(),
    }]
}

fn sites(state: &State) -> impl Iterator<Item = Reported<'_>> {
    state.sites.values().map(|site| (site, state.site_reports.get(&site.id)))
}

impl<U: Union> Registry<U> {
    pub(super) async fn get_site(&self, _: Caller, message: v1::GetSiteRequest) -> Answer<v1::Site> {
        let id: SiteId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().site(&id).ok_or_else(|| unknown(Kind::Site, &id))
    }

    pub(super) async fn list_sites(
        &self,
        _: Caller,
        message: v1::ListSitesRequest,
    ) -> Answer<v1::ListSitesResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListSites",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(sites);
        let passing = all.filter(|reported| page.filter.admits(|field| values(*reported, field)));
        let (sites, next_page_token) = page.cut(passing, |(site, _)| site.id.clone())?;
        let sites = sites.into_iter().map(|(site, report)| shown.site_of(site, report)).collect();
        Ok(v1::ListSitesResponse { sites, next_page_token })
    }

    pub(super) async fn search_nearest_sites(
        &self,
        _: Caller,
        message: v1::SearchNearestSitesRequest,
    ) -> Answer<v1::SearchNearestSitesResponse> {
        let at = read::position("position", message.position)?;
        let count = nearest_count(message.count)?;
        let filter = Filter::parse(&message.filter, &FILTER).map_err(ServiceError::Filter)?;
        let shown = self.desk.shown();
        let all = shown.view.states().flat_map(sites);
        let passing = all.filter(|reported| filter.admits(|field| values(*reported, field)));
        let places = passing.map(|reported| (reported.0.position, reported));
        let results = nearest(at, count, places, |(site, _)| site.id.clone());
        let result = |(distance_m, (site, report))| v1::search_nearest_sites_response::Result {
            site: Some(shown.site_of(site, report)),
            distance_m,
        };
        Ok(v1::SearchNearestSitesResponse { results: results.into_iter().map(result).collect() })
    }

    pub(super) async fn create_site(
        &self,
        caller: Caller,
        message: v1::CreateSiteRequest,
    ) -> Answer<v1::Site> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let (member, slug) = self.new_child(&message.parent, "site_id", &message.site_id)?;
        let id = SiteId::new(&member, slug);
        let site = self.desk.reader().site(id.clone(), read::given("site", message.site)?)?;
        let done = self
            .desk
            .order(call, &id.ledger(), Command::RegisterSite(site.clone()))
            .await
            .map_err(|e| e.within("site"))?;
        Ok(done.shown.site(&id).unwrap_or_else(|| done.shown.site_of(&site, None)))
    }
}
