//! All open requests at once, on a sheet.

use super::super::sheet::{Sheet, Show, left, right};
use super::super::text::reason;
use crate::api::v1;
use crate::cli::time;

impl Show for v1::ProposeAssignmentResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (open, aircraft) = (self.assigned.len() + self.unserved.len(), self.aircraft_count);
        sheet.line(lang.pick(
            format!("機体の決まっていない要請 {open}  行ける機体 {aircraft}"),
            format!("{open} to serve, {aircraft} aircraft that could"),
        ));
        let gap = self.total - self.bound;
        sheet.line(match gap {
            0 => lang.pick("これより良い割当てはない", "no assignment is better").to_owned(),
            gap => lang.pick(format!("最良との差は多くとも {gap}"), format!("at most {gap} from the best")),
        });
        assigned(self, sheet);
        if self.routes.iter().any(|route| route.sorties.len() > 1) {
            routes(self, sheet);
        }
        unserved(self, sheet);
        if !self.spare.is_empty() {
            let spare = sheet.names(&self.spare);
            sheet.line(lang.pick(format!("残る機体：{spare}"), format!("stay: {spare}")));
        }
    }
}

fn numbered(sheet: &mut Sheet, request: &str, number: u32) -> String {
    format!("{}/{number}", sheet.name(request))
}

fn assigned(answer: &v1::ProposeAssignmentResponse, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("要請", "request")),
        left(lang.pick("機体", "aircraft")),
        right(lang.pick("医療開始まで（分）", "minutes to care")),
        left(lang.pick("離着陸場", "landing site")),
        left(lang.pick("病院", "hospital")),
        left(lang.pick("第一候補とその行先", "first choice, and where it goes")),
    ];
    let mut rows = Vec::with_capacity(answer.assigned.len());
    for one in &answer.assigned {
        let first = match (one.first_choice.as_str(), one.first_choice_request.as_str()) {
            ("", _) => String::new(),
            (first, "") => format!("{} {}", sheet.name(first), one.first_choice_minutes_to_care),
            (first, request) => {
                let (first, request) = (sheet.name(first), sheet.name(request));
                format!("{first} {} -> {request}", one.first_choice_minutes_to_care)
            }
        };
        rows.push([
            numbered(sheet, &one.request, one.number),
            sheet.name(&one.asset),
            one.minutes_to_care.to_string(),
            sheet.name(&one.site),
            sheet.name(&one.hospital),
            first,
        ]);
    }
    sheet.grid(columns, &rows);
}

fn routes(answer: &v1::ProposeAssignmentResponse, sheet: &mut Sheet) {
    let lang = sheet.lang();
    sheet.heading(sheet.pick("機体ごとの出動", "what each aircraft does"));
    let columns = [
        left(lang.pick("機体", "aircraft")),
        right(lang.pick("回", "sortie")),
        left(lang.pick("給油", "refuels")),
        left(lang.pick("要請", "request")),
        left(lang.pick("離着陸場", "landing site")),
        left(lang.pick("着陸", "lands")),
        left(lang.pick("医療開始", "care")),
        left(lang.pick("離陸", "leaves")),
        left(lang.pick("病院", "hospital")),
        left(lang.pick("病院着", "there")),
        left(lang.pick("帰投", "home")),
    ];
    let mut rows = Vec::new();
    for route in &answer.routes {
        for (place, sortie) in route.sorties.iter().enumerate() {
            let refuels = sortie.refuelling.as_ref().map(|refuelling| {
                let (at, site) = (clock(answer, refuelling.time.as_ref()), sheet.name(&refuelling.site));
                format!("{site} {at} {} L", refuelling.litres)
            });
            let is_last = place + 1 == route.sorties.len();
            rows.push([
                if place == 0 { sheet.name(&route.asset) } else { String::new() },
                (place + 1).to_string(),
                refuels.unwrap_or_default(),
                numbered(sheet, &sortie.request, sortie.number),
                sheet.name(&sortie.site),
                clock(answer, sortie.landing_time.as_ref()),
                clock(answer, sortie.care_time.as_ref()),
                clock(answer, sortie.leave_time.as_ref()),
                sheet.name(&sortie.hospital),
                clock(answer, sortie.hospital_time.as_ref()),
                if is_last { clock(answer, route.home_time.as_ref()) } else { String::new() },
            ]);
        }
    }
    sheet.grid(columns, &rows);
}

/// The minute, with its day where it is not that of the answer.
fn clock(answer: &v1::ProposeAssignmentResponse, at: Option<&prost_types::Timestamp>) -> String {
    at.map(|at| time::minute(at, answer.at_time.as_ref())).unwrap_or_default()
}

fn unserved(answer: &v1::ProposeAssignmentResponse, sheet: &mut Sheet) {
    if answer.unserved.is_empty() {
        return;
    }
    let lang = sheet.lang();
    sheet.heading(sheet.pick("機体のない要請", "nobody is left for"));
    let columns = [
        left(lang.pick("要請", "request")),
        left(lang.pick("理由", "why")),
        left(lang.pick("何があれば", "what would serve it")),
    ];
    let mut rows = Vec::with_capacity(answer.unserved.len());
    for one in &answer.unserved {
        let mut change = Vec::new();
        for taken in &one.taken {
            let (asset, request) = (sheet.name(&taken.asset), sheet.name(&taken.request));
            change.push(format!("{asset} {} (-> {request})", taken.minutes_to_care));
        }
        if let Some(ruled) = &one.ruled_out {
            let changes = ruled.smallest_changes.iter().map(|change| reason::smallest_change(change, lang));
            let changes: Vec<String> = changes.collect();
            change.push(format!("{}: {}", sheet.name(&ruled.asset), changes.join(", ")));
        }
        if let Some(smallest) = &one.smallest_change {
            change.insert(0, reason::smallest_change(smallest, lang));
        }
        rows.push([
            numbered(sheet, &one.request, one.number),
            sheet.term::<v1::unserved_number::Reason>(one.reason),
            change.join("; "),
        ]);
    }
    sheet.grid(columns, &rows);
}
