//! What is needed where.

use super::{Answer, MutualAid, Parent, known_commodity, ledgers, parent_key, same_unit};
use crate::api::v1;
use crate::authority::Union;
use crate::authority::aid::{Level, totals};
use crate::authority::twice::Duplicates;
use crate::decision::command::NewNeed;
use crate::decision::limits::NEEDS_CALL_MAX;
use crate::decision::model::{NeedPlace, NeedUse};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Event};
use crate::id::{CommodityId, LedgerId, MemberId, NeedId};
use crate::service::ServiceError;
use crate::service::convert::{Shown, Wire};
use crate::service::desk::{Caller, Done, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 7] = [
    FilterField { name: "commodity", takes: |_| true },
    FilterField { name: "municipality", takes: |value| value.parse::<u32>().is_ok() },
    FilterField { name: "depot", takes: |_| true },
    FilterField { name: "priority", takes: |value| value.parse::<u8>().is_ok() },
    FilterField { name: "source", takes: |value| v1::need::Source::from_str_name(value).is_some() },
    FilterField { name: "state", takes: |value| v1::need::State::from_str_name(value).is_some() },
    FilterField { name: "duplicate", takes: |value| ["true", "false"].contains(&value) },
];

impl<U: Union> MutualAid<U> {
    pub(super) async fn state_needs(
        &self,
        caller: Caller,
        message: v1::StateNeedsRequest,
    ) -> Answer<v1::StateNeedsResponse> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let (got, max) = (message.needs.len(), NEEDS_CALL_MAX);
        if got > max {
            let problem = FieldProblem::TooLong { got: got as u64, max: max as u64 };
            return Err(ServiceError::field("needs", problem));
        }
        let view = self.desk.shown().view;
        let mut needs = Vec::with_capacity(got);
        for (index, said) in message.needs.into_iter().enumerate() {
            let field = format!("needs[{index}]");
            let (need, unit) = self.desk.reader().need(&field, said)?;
            same_unit(&format!("{field}.unit"), known_commodity(&view, &need.commodity)?, &unit)?;
            self.known_place(&field, &need)?;
            needs.push(need);
        }
        let done = self.desk.order(call, &LedgerId::Member(member), Command::StateNeeds { needs }).await?;
        Ok(v1::StateNeedsResponse { needs: stated(&done) })
    }

    pub(super) async fn correct_need(
        &self,
        caller: Caller,
        mut message: v1::CorrectNeedRequest,
    ) -> Answer<v1::Need> {
        let call = caller.call(std::mem::take(&mut message.request_id), message.validate_only)?;
        let correction = self.desk.reader().correction(message)?;
        let id = correction.need.clone();
        let done = self.desk.order(call, &id.ledger(), Command::CorrectNeed(correction)).await?;
        done.shown.need(&id)
    }

    pub(super) async fn withdraw_need(
        &self,
        caller: Caller,
        message: v1::WithdrawNeedRequest,
    ) -> Answer<v1::Need> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: NeedId = self.desk.reader().name("name", &message.name)?;
        let command = Command::WithdrawNeed { need: id.clone(), note: message.note };
        let done = self.desk.order(call, &id.ledger(), command).await?;
        done.shown.need(&id)
    }

    pub(super) async fn get_need(&self, _: Caller, message: v1::GetNeedRequest) -> Answer<v1::Need> {
        let id: NeedId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().need(&id)
    }

    pub(super) async fn list_needs(
        &self,
        _: Caller,
        message: v1::ListNeedsRequest,
    ) -> Answer<v1::ListNeedsResponse> {
        let parent: Parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListNeeds",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let duplicates = Duplicates::of(&shown.view);
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.aid.needs.values());
        let passing = all.filter(|said| page.filter.admits(|field| values(&shown, &duplicates, said, field)));
        let (found, next_page_token) = page.cut(passing, |said| said.need.id.clone())?;
        let needs = found.into_iter().map(|said| shown.need_of(said, &duplicates)).collect();
        Ok(v1::ListNeedsResponse { needs, next_page_token })
    }

    pub(super) async fn sum_needs(
        &self,
        _: Caller,
        message: v1::SumNeedsRequest,
    ) -> Answer<v1::SumNeedsResponse> {
        let reader = self.desk.reader();
        let member: Option<MemberId> = reader.name_opt("member", &message.member)?;
        let commodity: Option<CommodityId> = reader.name_opt("commodity", &message.commodity)?;
        let shown = self.desk.shown();
        let level = match (member, message.municipality) {
            (None, 0) => Level::Union,
            (None, _) => return Err(ServiceError::required("member")),
            (Some(member), _) if shown.view.member_state(&member).is_none() => {
                return Err(unknown(Kind::Member, &member));
            }
            (Some(member), 0) => Level::Member(member),
            (Some(member), code) => Level::Municipality(member, code),
        };
        let totals = totals(&shown.view, &level, commodity.as_ref());
        let totals = totals.iter().map(|(key, total)| shown.total_of(key, total)).collect();
        Ok(v1::SumNeedsResponse { totals })
    }

    /// A municipality that is known, where it is known which there are. Whether a ledger has a receiving point it judges
    /// itself.
    fn known_place(&self, field: &str, need: &NewNeed) -> Answer<()> {
        match need.place {
            NeedPlace::Municipality(code) => self.known_municipality(&format!("{field}.municipality"), code),
            NeedPlace::Depot(_) => Ok(()),
        }
    }
}

/// The needs of a command as they stand, or as they would.
fn stated(done: &Done) -> Vec<v1::Need> {
    let duplicates = Duplicates::of(&done.shown.view);
    let needs = done.outcome.events.iter().flat_map(|event| match event {
        Event::NeedsStated { needs } => needs.as_slice(),
        _ => &[],
    });
    let shown = needs.map(|need| match done.shown.view.need(&need.id) {
        Some(said) => done.shown.need_of(said, &duplicates),
        None => {
            let stated_at = done.outcome.at;
            let said = NeedUse { need: need.clone(), stated_at, history: Vec::new(), withdrawn: None };
            done.shown.need_of(&said, &duplicates)
        }
    });
    shown.collect()
}

fn values(shown: &Shown, duplicates: &Duplicates, said: &NeedUse, field: &str) -> Vec<String> {
    let need = &said.need;
    match field {
        "commodity" => vec![need.commodity.to_string(), shown.names.print(&need.commodity)],
        "municipality" => {
            let aid = shown.view.state(&need.id.ledger()).map(|state| &state.aid);
            vec![aid.map_or(0, |aid| aid.municipality(&need.place)).to_string()]
        }
        "depot" => match &need.place {
            NeedPlace::Depot(depot) => vec![depot.to_string(), shown.names.print(depot)],
            NeedPlace::Municipality(_) => Vec::new(),
        },
        "priority" => vec![need.priority.to_string()],
        "source" => vec![need.source.wire().as_str_name().to_owned()],
        "state" => vec![shown.need_state(said).as_str_name().to_owned()],
        _ => vec![duplicates.has(&need.id).to_string()],
    }
}
