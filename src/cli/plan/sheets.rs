//! Plans, runs and what they do otherwise, on sheets.

use crate::api::v1;
use crate::cli::sheet::{Sheet, Show, left, right};
use crate::lang::Term;

impl Show for v1::PlanRun {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let title = if self.name.is_empty() {
            lang.pick("検証のみ", "judged only").to_owned()
        } else {
            self.name.clone()
        };
        sheet.line(format!("{title}  {}", self.state().text(lang)));
        let gap = format!("{}.{:04} %", self.gap_e6 / 10_000, self.gap_e6 % 10_000);
        let (plan, begun_from) = (sheet.name(&self.plan), sheet.name(&self.begun_from));
        sheet.pairs([
            (lang.pick("計算", "rounds"), format!("{} / {}", self.round_count, self.rounds)),
            (lang.pick("最良との差", "gap"), gap),
            (lang.pick("計画", "plan"), plan),
            (lang.pick("もとにした計画", "begun from"), begun_from),
            (lang.pick("必要量", "needs"), self.need_count.to_string()),
            (lang.pick("拠点", "depots"), self.depot_count.to_string()),
            (lang.pick("受入れ先", "receiving points"), self.receiving_point_count.to_string()),
            (lang.pick("必要な10トン車", "lorries of 10 t needed"), self.lorries_needed.to_string()),
        ]);
    }
}

/// Legs on a sheet; all of them are in the JSON.
const LEGS_SHOWN: usize = 20;

impl Show for v1::ComparePlansResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (one, other) = (self.vehicles, self.other_vehicles);
        sheet.line(lang.pick(format!("車両 {one} 台 → {other} 台"), format!("{one} vehicles -> {other}")));
        sheet.gap();
        let columns = [
            left(lang.pick("品目", "commodity")),
            left(lang.pick("単位", "unit")),
            right(lang.pick("届く", "sent")),
            right(lang.pick("もう一方", "other")),
            right(lang.pick("不足", "unmet")),
            right(lang.pick("もう一方", "other")),
        ];
        let mut row = |row: &v1::compare_plans_response::Difference| {
            let counts =
                [row.sent, row.other_sent, row.unfilled, row.other_unfilled].map(|count| count.to_string());
            let [sent, other_sent, unfilled, other_unfilled] = counts;
            [sheet.name(&row.commodity), row.unit.clone(), sent, other_sent, unfilled, other_unfilled]
        };
        let rows: Vec<[String; 6]> = self.commodities.iter().map(&mut row).collect();
        sheet.grid(columns, &rows);
        sheet.gap();
        let count = self.leg_count;
        sheet.line(lang.pick(format!("違う区間 {count}"), format!("{count} legs differ")));
        let columns = [
            left(lang.pick("発", "from")),
            left(lang.pick("着", "to")),
            right(lang.pick("台", "vehicles")),
            right(lang.pick("もう一方", "other")),
        ];
        let mut row = |leg: &v1::compare_plans_response::Leg| {
            let (from, to) = (sheet.name(&leg.sender), sheet.name(&leg.receiver));
            [from, to, leg.vehicles.to_string(), leg.other_vehicles.to_string()]
        };
        let rows: Vec<[String; 4]> = self.legs.iter().take(LEGS_SHOWN).map(&mut row).collect();
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::AidPlan {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let count = self.shipment_count;
        sheet.line(lang.pick(format!("{name}  出荷 {count} 件"), format!("{name}  {count} shipments")));
        sheet.pairs([
            (lang.pick("立案者", "proposed by"), self.proposed_by.clone()),
            (lang.pick("承認期限", "approve by"), sheet.time(self.approve_by_time.as_ref())),
            (lang.pick("問題", "problem"), self.problem_sha256.clone()),
            (lang.pick("計算の上限", "work allowed"), self.work_budget.to_string()),
        ]);
        if !self.newer_plan.is_empty() {
            let newer = sheet.name(&self.newer_plan);
            sheet.line(
                lang.pick(format!("新しい計画 {newer} が優先します"), format!("{newer} counts instead")),
            );
        }
        if !self.objective.is_empty() {
            sheet.gap();
            let columns = [
                right(lang.pick("目的の段", "tier")),
                right(lang.pick("値", "value")),
                right(lang.pick("下界", "bound")),
                right(lang.pick("差 %", "gap %")),
            ];
            let row = |tier: &v1::aid_plan::Objective| {
                let gap = format!("{}.{:04}", tier.gap_e6 / 10_000, tier.gap_e6 % 10_000);
                [tier.tier.to_string(), tier.value.to_string(), tier.bound.to_string(), gap]
            };
            let rows: Vec<[String; 4]> = self.objective.iter().map(row).collect();
            sheet.grid(columns, &rows);
        }
        sheet.gap();
        senders(self, sheet);
        if !self.unfilled.is_empty() {
            sheet.heading(sheet.pick("満たせないニーズ", "needs that it does not meet"));
            let columns = [
                left(sheet.pick("ニーズ", "need")),
                right(sheet.pick("不足量", "short of")),
                left(sheet.pick("理由", "why")),
                left(sheet.pick("満たすには", "what would meet it")),
            ];
            let mut rows = Vec::with_capacity(self.unfilled.len());
            for unfilled in &self.unfilled {
                let reason = sheet.term::<v1::unfilled::Reason>(unfilled.reason);
                let remedies: Vec<String> =
                    unfilled.remedies.iter().map(|remedy| in_words(remedy, sheet)).collect();
                let quantity = unfilled.quantity.to_string();
                rows.push([sheet.name(&unfilled.need), quantity, reason, remedies.join(" + ")]);
            }
            sheet.grid(columns, &rows);
        }
        grounds(self, sheet);
    }
}

/// A change in a few words: what, where, how much.
fn in_words(remedy: &v1::unfilled::Remedy, sheet: &mut Sheet) -> String {
    use v1::unfilled::remedy::Kind;
    let mut words = sheet.term::<Kind>(remedy.kind);
    if !remedy.at.is_empty() {
        words = format!("{words} {}", sheet.name(&remedy.at));
    }
    match remedy.kind() {
        Kind::MoreVehicleTime | Kind::MoreDriverTime | Kind::AcceptLater => {
            format!("{words} {} min", remedy.quantity.div_ceil(60))
        }
        _ if remedy.quantity > 0 => format!("{words} {}", remedy.quantity),
        _ => words,
    }
}

/// Rows of each list of grounds on a sheet; all that is kept is in the JSON.
const GROUNDS_SHOWN: usize = 10;

/// Whom it serves worst, who gives, what one more would do, what stays though it need not.
fn grounds(plan: &v1::AidPlan, sheet: &mut Sheet) {
    let percent = |permille: u32| format!("{}.{}", permille / 10, permille % 10);
    if !plan.worst_served.is_empty() {
        sheet.heading(sheet.pick("充足の最も低い所", "served worst"));
        let columns = [
            left(sheet.pick("受入れ先", "receiving point")),
            right(sheet.pick("不足 %", "unmet %")),
            right(sheet.pick("うち生命に関わるもの %", "of what comes first %")),
        ];
        let mut rows = Vec::new();
        for served in plan.worst_served.iter().take(GROUNDS_SHOWN) {
            let unmet = [served.unmet_permille, served.first_tier_unmet_permille].map(percent);
            let [unmet, first] = unmet;
            rows.push([sheet.name(&served.depot), unmet, first]);
        }
        sheet.grid(columns, &rows);
    }
    if !plan.burdens.is_empty() {
        sheet.heading(sheet.pick("他へ出す割合", "given to others"));
        let columns = [left(sheet.pick("構成団体", "member")), right("%")];
        let mut rows = Vec::new();
        for burden in &plan.burdens {
            rows.push([sheet.name(&burden.member), percent(burden.given_permille)]);
        }
        sheet.grid(columns, &rows);
    }
    if !plan.one_more.is_empty() {
        sheet.heading(sheet.pick("もう一つあれば", "one more would serve"));
        let columns = [
            left(sheet.pick("もう一つ", "one more")),
            left(sheet.pick("場所", "at")),
            left(sheet.pick("時期", "from")),
            right(sheet.pick("人", "people")),
        ];
        let mut rows = Vec::new();
        for more in plan.one_more.iter().take(GROUNDS_SHOWN) {
            let kind = sheet.term::<v1::one_more::Kind>(more.kind);
            let people = format!("{}.{:03}", more.people_milli / 1_000, more.people_milli % 1_000);
            rows.push([kind, sheet.name(&more.at), sheet.time(more.from_time.as_ref()), people]);
        }
        sheet.grid(columns, &rows);
    }
    if !plan.moves.is_empty() {
        sheet.heading(sheet.pick("承認済みで、動かせば改善するもの", "approved, and better elsewhere"));
        let columns = [left(sheet.pick("出荷", "shipment")), right(sheet.pick("改善 %", "gain %"))];
        let mut rows = Vec::new();
        for moved in plan.moves.iter().take(GROUNDS_SHOWN) {
            let gain = format!("{}.{:04}", moved.gain_e6 / 10_000, moved.gain_e6 % 10_000);
            rows.push([sheet.name(&moved.shipment), gain]);
        }
        sheet.grid(columns, &rows);
    }
    if !plan.stranded_shipments.is_empty() {
        let names: Vec<String> = plan.stranded_shipments.iter().map(|name| sheet.name(name)).collect();
        sheet.heading(sheet.pick("経路を失った承認済みの出荷", "approved, and without a way"));
        sheet.line(names.join(", "));
    }
}

fn senders(plan: &v1::AidPlan, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("送り手", "sender")),
        right(lang.pick("承認待ち", "waiting")),
        right(lang.pick("承認済み", "approved")),
        right(lang.pick("辞退", "declined")),
        right(lang.pick("期限切れ", "lapsed")),
    ];
    let mut rows = Vec::with_capacity(plan.senders.len());
    for share in &plan.senders {
        rows.push([
            sheet.name(&share.member),
            share.pending_count.to_string(),
            share.approved_count.to_string(),
            share.declined_count.to_string(),
            share.lapsed_count.to_string(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::ListPlansResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("計画", "plan")),
            left(lang.pick("立案者", "proposed by")),
            right(lang.pick("出荷", "shipments")),
            right(lang.pick("承認待ち", "waiting")),
            left(lang.pick("承認期限", "approve by")),
        ];
        let mut rows = Vec::with_capacity(self.plans.len());
        for plan in &self.plans {
            let waiting: u32 = plan.senders.iter().map(|share| share.pending_count).sum();
            rows.push([
                sheet.name(&plan.name),
                plan.proposed_by.clone(),
                plan.shipment_count.to_string(),
                waiting.to_string(),
                sheet.time(plan.approve_by_time.as_ref()),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::ApprovePlanResponse {
    fn show(&self, sheet: &mut Sheet) {
        crate::cli::shipment::grid(&self.shipments, sheet);
    }
}

impl Show for v1::DeclinePlanResponse {
    fn show(&self, sheet: &mut Sheet) {
        crate::cli::shipment::grid(&self.shipments, sheet);
    }
}
