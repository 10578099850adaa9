//! Members and their operating modes.

use super::{Answer, Registry, field_ledger};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::Member;
use crate::decision::rejection::Kind;
use crate::id::{LedgerId, MemberId};
use crate::service::convert::{Wire, read, wire};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 1] =
    [FilterField { name: "kind", takes: |value| v1::member::Kind::from_str_name(value).is_some() }];

impl<U: Union> Registry<U> {
    pub(super) async fn get_member(&self, _: Caller, message: v1::GetMemberRequest) -> Answer<v1::Member> {
        let id: MemberId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().member(&id).ok_or_else(|| unknown(Kind::Member, &id))
    }

    pub(super) async fn list_members(
        &self,
        _: Caller,
        message: v1::ListMembersRequest,
    ) -> Answer<v1::ListMembersResponse> {
        let query = Query {
            method: "ListMembers",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let mut members: Vec<&Member> = shown.view.members().collect();
        // Several fields may list the same member.
        members.sort_by(|a, b| a.id.cmp(&b.id));
        members.dedup_by(|a, b| a.id == b.id);
        let passing = members
            .into_iter()
            .filter(|member| page.filter.admits(|_| vec![member.kind.wire().as_str_name().to_string()]));
        let (members, next_page_token) = page.cut(passing, |member| member.id.clone())?;
        let members = members.into_iter().map(|member| shown.member_of(member)).collect();
        Ok(v1::ListMembersResponse { members, next_page_token })
    }

    pub(super) async fn create_member(
        &self,
        caller: Caller,
        message: v1::CreateMemberRequest,
    ) -> Answer<v1::Member> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = MemberId(read::slug("member_id", &message.member_id)?);
        let member = self.desk.reader().member(id, read::given("member", message.member)?)?;
        let ledger = field_ledger(&self.desk.shown().view)?;
        let done = self
            .desk
            .order(call, &ledger, Command::RegisterMember(member.clone()))
            .await
            .map_err(|e| e.within("member"))?;
        Ok(done.shown.member(&member.id).unwrap_or_else(|| done.shown.member_of(&member)))
    }

    pub(super) async fn trust_clock(
        &self,
        caller: Caller,
        message: v1::TrustClockRequest,
    ) -> Answer<v1::TrustClockResponse> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let ledger: LedgerId = self.desk.reader().name("name", &message.name)?;
        let command = Command::TrustClock { by: Some(message.trusted_by), stepped_s: 0 };
        let done = self.desk.order(call, &ledger, command).await?;
        let name = done.shown.names.print(&ledger);
        Ok(v1::TrustClockResponse { name, decision_time: Some(wire::instant(done.outcome.at)) })
    }

    pub(super) async fn set_operating_mode(
        &self,
        caller: Caller,
        message: v1::SetOperatingModeRequest,
    ) -> Answer<v1::Member> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: MemberId = self.desk.reader().name("name", &message.name)?;
        let mode = read::given("operating_mode", message.operating_mode)?;
        let command = Command::SetOperatingMode(crate::service::convert::operating_mode(mode)?);
        let done = self.desk.order(call, &LedgerId::Member(id.clone()), command).await?;
        done.shown.member(&id).ok_or_else(|| unknown(Kind::Member, &id))
    }
}
