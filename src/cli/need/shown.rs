//! Needs and their totals on a sheet.

use super::code;
use crate::api::v1;
use crate::cli::sheet::{Sheet, Show, left, right};

/// Needs that may mean the same, each with the reason.
fn twice(need: &v1::Need, sheet: &mut Sheet) -> String {
    let mut others = Vec::with_capacity(need.duplicates.len());
    for other in &need.duplicates {
        let reason = sheet.term::<v1::need::duplicate::Reason>(other.reason);
        others.push(format!("{} ({reason})", sheet.name(&other.need)));
    }
    others.join(", ")
}

/// How many needs of a total may mean the same as another, by reason.
fn counted_twice(total: &v1::NeedTotal, sheet: &Sheet) -> String {
    let by_reason: Vec<String> = total
        .duplicate_counts
        .iter()
        .map(|of| format!("{} {}", sheet.term::<v1::need::duplicate::Reason>(of.reason), of.need_count))
        .collect();
    match total.duplicate_count {
        0 => String::new(),
        count => format!("{count} ({})", by_reason.join(", ")),
    }
}

fn grid(needs: &[v1::Need], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("ニーズ", "need")),
        left(lang.pick("市区町村", "municipality")),
        left(lang.pick("受入場所", "place")),
        left(lang.pick("物資", "commodity")),
        right(lang.pick("量", "quantity")),
        left(lang.pick("単位", "unit")),
        right(lang.pick("優先", "priority")),
        left(lang.pick("期限", "wanted by")),
        left(lang.pick("毎日・終わり", "daily until")),
        left(lang.pick("状態", "state")),
        left(lang.pick("出所", "source")),
        left(lang.pick("報告者", "reporter")),
        left(lang.pick("重複の疑い", "stated twice?")),
        left(lang.pick("備考", "note")),
    ];
    let mut rows = Vec::with_capacity(needs.len());
    for need in needs {
        rows.push([
            sheet.name(&need.name),
            code(need.municipality),
            sheet.name(&need.depot),
            sheet.name(&need.commodity),
            need.quantity.to_string(),
            need.unit.clone(),
            need.priority.to_string(),
            sheet.time(need.want_time.as_ref()),
            sheet.time(need.daily_until_time.as_ref()),
            sheet.term::<v1::need::State>(need.state),
            sheet.term::<v1::need::Source>(need.source),
            need.reporter.clone(),
            twice(need, sheet),
            need.note.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Need {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
        if self.history.is_empty() {
            return;
        }
        sheet.heading(sheet.pick("訂正前", "before it was corrected"));
        let columns = [
            left(sheet.pick("訂正", "corrected")),
            right(sheet.pick("量", "quantity")),
            right(sheet.pick("優先", "priority")),
            left(sheet.pick("期限", "wanted by")),
            left(sheet.pick("訂正者", "corrected by")),
            left(sheet.pick("理由", "why")),
        ];
        let rows: Vec<[String; 6]> = self
            .history
            .iter()
            .map(|before| {
                [
                    sheet.time(before.correct_time.as_ref()),
                    before.quantity.to_string(),
                    before.priority.to_string(),
                    sheet.time(before.want_time.as_ref()),
                    before.corrected_by.clone(),
                    before.note.clone(),
                ]
            })
            .collect();
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::StateNeedsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.needs, sheet);
    }
}

impl Show for v1::ListNeedsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.needs, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::SumNeedsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("構成団体", "member")),
            left(lang.pick("市区町村", "municipality")),
            left(lang.pick("受入場所", "place")),
            left(lang.pick("物資", "commodity")),
            right(lang.pick("計", "in all")),
            right(lang.pick("毎日", "each day")),
            left(lang.pick("単位", "unit")),
            right("t"),
            right("m3"),
            right(lang.pick("件数", "needs")),
            right(lang.pick("重複の疑い", "stated twice?")),
            left(lang.pick("最初の期限", "first wanted by")),
        ];
        let thousandth = |all: i64| {
            let tenths = (all + 99) / 100;
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        let mut rows = Vec::with_capacity(self.totals.len());
        for total in &self.totals {
            let blank = |count: i64| if count == 0 { String::new() } else { count.to_string() };
            rows.push([
                sheet.name(&total.member),
                code(total.municipality),
                sheet.name(&total.depot),
                sheet.name(&total.commodity),
                blank(total.quantity),
                blank(total.daily_quantity),
                total.unit.clone(),
                thousandth(total.mass_kg),
                thousandth(total.volume_l),
                total.need_count.to_string(),
                counted_twice(total, sheet),
                sheet.time(total.first_want_time.as_ref()),
            ]);
        }
        sheet.grid(columns, &rows);
    }
}
