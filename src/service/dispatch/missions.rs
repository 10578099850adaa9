//! Missions: confirmed, reported on, given a hospital, stood down, aborted.

use super::{Adviser, Answer, Dispatch};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::Mission;
use crate::decision::rejection::Kind;
use crate::id::{HospitalId, MissionId};
use crate::service::convert::{Shown, Wire, read};
use crate::service::desk::{Call, Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;
use crate::service::registry::{ledgers, parent_key};

const FILTER: [FilterField; 2] = [
    FilterField { name: "state", takes: |value| v1::mission::State::from_str_name(value).is_some() },
    FilterField { name: "asset", takes: |_| true },
];

fn values(shown: &Shown, mission: &Mission, field: &str) -> Vec<String> {
    match field {
        "state" => vec![mission.phase.wire().as_str_name().to_string()],
        _ => vec![mission.asset.to_string(), shown.names.print(&mission.asset)],
    }
}

impl<U: Union, P: Adviser<U>> Dispatch<U, P> {
    pub(super) async fn get_mission(&self, _: Caller, message: v1::GetMissionRequest) -> Answer<v1::Mission> {
        let id: MissionId = self.desk.reader().name("name", &message.name)?;
        self.mission(&self.desk.shown(), &id).await
    }

    pub(super) async fn list_missions(
        &self,
        _: Caller,
        message: v1::ListMissionsRequest,
    ) -> Answer<v1::ListMissionsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListMissions",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.missions.values());
        let passing = all.filter(|mission| page.filter.admits(|field| values(&shown, mission, field)));
        let (missions, next_page_token) = page.cut(passing, |mission| mission.id.clone())?;
        let missions = missions.into_iter().map(|mission| shown.mission_of(mission)).collect();
        Ok(v1::ListMissionsResponse { missions, next_page_token })
    }

    pub(super) async fn confirm_commitment(
        &self,
        caller: Caller,
        message: v1::ConfirmCommitmentRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        self.change_mission(call, &message.name, |mission| Command::ConfirmCommitment { mission }).await
    }

    pub(super) async fn report_progress(
        &self,
        caller: Caller,
        message: v1::ReportProgressRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let phase = read::choice("state", message.state)?;
        self.change_mission(call, &message.name, |mission| Command::ReportProgress { mission, phase }).await
    }

    pub(super) async fn choose_hospital(
        &self,
        caller: Caller,
        message: v1::ChooseHospitalRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let hospital: HospitalId = self.desk.reader().name("hospital", &message.hospital)?;
        // The mission's ledger cannot look into the hospital's.
        if self.desk.shown().view.hospital(&hospital).is_none() {
            return Err(unknown(Kind::Hospital, &hospital));
        }
        let patients = read::count("patients", message.patients.max(1))?;
        let command = |mission| Command::ChooseHospital { mission, hospital, patients };
        self.change_mission(call, &message.name, command).await
    }

    pub(super) async fn stand_down_mission(
        &self,
        caller: Caller,
        message: v1::StandDownMissionRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        self.change_mission(call, &message.name, |mission| Command::StandDown { mission }).await
    }

    pub(super) async fn abort_mission(
        &self,
        caller: Caller,
        message: v1::AbortMissionRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let reason = read::choice("reason", message.reason)?;
        self.change_mission(call, &message.name, |mission| Command::AbortMission { mission, reason }).await
    }

    /// Changes one mission, in the ledger of its custodian.
    async fn change_mission(
        &self,
        call: Call,
        name: &str,
        command: impl FnOnce(MissionId) -> Command + Send,
    ) -> Answer<v1::Mission> {
        let id: MissionId = self.desk.reader().name("name", name)?;
        let done = self.desk.order(call, &id.ledger(), command(id.clone())).await?;
        self.mission(&done.shown, &id).await
    }

    /// A mission with its crew, as one who asks for it by name gets it.
    pub(super) async fn mission(&self, shown: &Shown, id: &MissionId) -> Answer<v1::Mission> {
        let ledger = id.ledger();
        let mission = shown.view.state(&ledger).and_then(|state| state.missions.get(id));
        let mission = mission.ok_or_else(|| unknown(Kind::Mission, id))?;
        let crew = self.desk.open(&ledger, mission.crew).await;
        Ok(v1::Mission { crew, ..shown.mission_of(mission) })
    }
}
