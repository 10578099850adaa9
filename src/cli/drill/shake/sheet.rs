//! What an earthquake did, for people: the towns that were shaken hard, totals, what is closed or lost, needs of day 1, and
//! which of the relations are illustrative.

use super::super::super::sheet::{Sheet, left, right};
use super::Shown;
use crate::decision::Command;
use crate::hazard::damage::{AssetHit, Cause, Closure, HospitalState, TownHit};
use crate::hazard::observed::Basis;
use crate::hazard::shaking::intensity::Intensity;
use crate::lang::Lang;
use crate::units::Seconds;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Display;

const HOUR_S: Seconds = 3_600;
const MICRO_PER_PERCENT: u32 = 10_000;
/// Most rows of the table of towns, the strongest first.
const TOWNS_MAX: usize = 40;
/// Most rows of each list of things; the rest is counted.
const ROWS_MAX: usize = 20;

/// The whole sheet.
pub(super) fn of(shown: &Shown<'_>, lang: Lang) -> String {
    let mut sheet = Sheet::new(lang);
    head(&mut sheet, shown);
    towns(&mut sheet, shown);
    totals(&mut sheet, shown);
    closures(&mut sheet, shown);
    hospitals(&mut sheet, shown);
    let strike = &shown.shaken.strike;
    assets(&mut sheet, ("使えない拠点", "depots lost"), &strike.depots);
    assets(&mut sheet, ("使えない基地", "bases lost"), &strike.bases);
    assets(&mut sheet, ("使えない離着陸場", "landing sites lost"), &strike.sites);
    needs(&mut sheet, shown);
    illustrative(&mut sheet, shown);
    sheet.into_text()
}

fn head(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let drill = match &shown.scenario.space {
        crate::id::Space::Drill(drill) => drill.to_string(),
        crate::id::Space::Live => String::new(),
    };
    let banner = match lang {
        Lang::Ja => format!("【訓練 {drill}】"),
        Lang::En => format!("[DRILL {drill}]"),
    };
    sheet.line(banner);
    let shaken = shown.shaken;
    let seed = shown.args.seed.map(|seed| seed.to_string());
    let expected = lang.pick("なし(中央値と期待値)", "none: medians and expected numbers");
    let observed = shown.telegram.map(|telegram| {
        let towns = shaken.observed_count.unwrap_or(0);
        match lang {
            Lang::Ja => format!("{} {}: {towns} 市区町村の観測", telegram.kind, telegram.event),
            Lang::En => format!("{} {}: observations of {towns} towns", telegram.kind, telegram.event),
        }
    });
    sheet.pairs([
        (lang.pick("地震", "earthquake"), lang.pick(&shaken.name.ja, &shaken.name.en).to_owned()),
        (lang.pick("規模", "magnitude"), shaken.earthquake.magnitude.to_string()),
        (lang.pick("発生時刻 (時)", "hour of the day"), shown.hour.to_string()),
        (lang.pick("乱数の種", "seed"), seed.unwrap_or_else(|| expected.to_owned())),
        (lang.pick("電文", "telegram"), observed.unwrap_or_default()),
    ]);
}

fn towns(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let all = &shown.shaken.strike.towns;
    let mut hard: Vec<&TownHit> =
        all.iter().filter(|town| town.shaken.intensity >= Intensity::FIVE_LOWER).collect();
    hard.sort_by_key(|town| (Reverse(town.shaken.intensity), town.code));
    let columns = [
        left(lang.pick("市区町村", "town")),
        right(lang.pick("震度", "class")),
        right(lang.pick("計測震度", "intensity")),
        left(lang.pick("根拠", "basis")),
        right(lang.pick("全壊", "collapsed")),
        right(lang.pick("死者", "dead")),
        right(lang.pick("重傷", "severe")),
        right(lang.pick("軽傷", "light")),
        right(lang.pick("避難所 1日目", "shelters day 1")),
        right(lang.pick("断水 %", "no water %")),
        right(lang.pick("復旧 日目", "back on day")),
        right(lang.pick("停電 %", "no power %")),
        right(lang.pick("復旧 日目", "back on day")),
    ];
    let rows: Vec<[String; 13]> = hard.iter().take(TOWNS_MAX).map(|town| row(shown, lang, town)).collect();
    sheet.gap();
    sheet.grid(columns, &rows);
    let more = hard.len().saturating_sub(TOWNS_MAX);
    let weaker = all.len() - hard.len();
    sheet.line(match lang {
        Lang::Ja => format!("ほかに震度5弱以上 {more}、それ未満 {weaker} 市区町村(--json にはすべて)"),
        Lang::En => format!("{more} more towns of 5-lower or above, {weaker} below; --json has all"),
    });
}

fn row(shown: &Shown<'_>, lang: Lang, town: &TownHit) -> [String; 13] {
    let name = shown.hazard.names.get(&town.code);
    let name = name.map(|name| lang.pick(&name.ja, &name.en).to_owned());
    let number = |count: u32| count.to_string();
    let percent = |micro: u32| (micro / MICRO_PER_PERCENT).to_string();
    [
        name.unwrap_or_else(|| format!("{:05}", town.code)),
        town.shaken.intensity.class().to_string(),
        town.shaken.intensity.to_string(),
        basis_text(town.shaken.basis, lang).to_owned(),
        number(town.wooden_full + town.other_full),
        number(town.dead),
        number(town.serious),
        number(town.light),
        number(town.in_shelter.first().copied().unwrap_or(0)),
        percent(town.water.share_micro),
        number(town.water.over_on_day()),
        percent(town.power.share_micro),
        number(town.power.over_on_day()),
    ]
}

fn totals(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let totals = shown.shaken.strike.totals();
    let strike = &shown.shaken.strike;
    sheet.heading(lang.pick("合計", "totals"));
    let most = match lang {
        Lang::Ja => format!("{} ({} 日目)", totals.in_shelter_max, totals.in_shelter_max_day),
        Lang::En => format!("{} (day {})", totals.in_shelter_max, totals.in_shelter_max_day),
    };
    sheet.pairs([
        (lang.pick("全壊", "collapsed fully"), totals.full.to_string()),
        (lang.pick("半壊", "collapsed half"), totals.half.to_string()),
        (lang.pick("死者", "dead"), totals.dead.to_string()),
        (lang.pick("重傷", "severely injured"), totals.serious.to_string()),
        (lang.pick("軽傷", "lightly injured"), totals.light.to_string()),
        (lang.pick("避難所 最大", "in shelters, most"), most),
        (lang.pick("断水 (人、1日目)", "without water on day 1"), totals.without_water.to_string()),
        (lang.pick("停電 (人、1日目)", "without power on day 1"), totals.without_power.to_string()),
        (lang.pick("機能停止の病院", "hospitals out"), totals.hospitals_out.to_string()),
        (lang.pick("機能低下の病院", "hospitals reduced"), totals.hospitals_reduced.to_string()),
        (lang.pick("使えない病床", "beds lost"), totals.beds_lost.to_string()),
        (lang.pick("通行止めの道路", "roads closed"), strike.closures.len().to_string()),
        (lang.pick("使えない離着陸場", "landing sites lost"), strike.sites.len().to_string()),
        (lang.pick("使えない拠点", "depots lost"), strike.depots.len().to_string()),
        (lang.pick("使えない基地", "bases lost"), strike.bases.len().to_string()),
    ]);
}

fn closures(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let all = &shown.shaken.strike.closures;
    sheet.heading(lang.pick("通行止め(原因別)", "roads closed, by cause"));
    let mut by_cause: BTreeMap<Cause, Vec<Seconds>> = BTreeMap::new();
    for closure in all {
        by_cause.entry(closure.cause).or_default().push(closure.open_after_s);
    }
    let rows: Vec<[String; 3]> = by_cause
        .iter()
        .map(|(cause, spans_s)| {
            let longest_s = spans_s.iter().max().copied().unwrap_or(0);
            [cause_text(*cause, lang).to_owned(), spans_s.len().to_string(), hours(longest_s)]
        })
        .collect();
    let columns = [
        left(lang.pick("原因", "cause")),
        right(lang.pick("区間", "roads")),
        right(lang.pick("最長 (時間)", "longest (h)")),
    ];
    sheet.grid(columns, &rows);
    // Those with a name that stay closed once inspections are over, the longest first.
    let mut named: Vec<(&Closure, String)> = all
        .iter()
        .filter(|closure| closure.cause >= Cause::Surface)
        .filter_map(|closure| Some((closure, road(shown, lang, closure)?)))
        .collect();
    named.sort_by_key(|(closure, _)| (Reverse(closure.open_after_s), closure.road_index));
    if named.is_empty() {
        return;
    }
    sheet.heading(lang.pick("名のある構造物の通行止め", "closed structures that have a name"));
    let rows: Vec<[String; 4]> = named
        .iter()
        .take(ROWS_MAX)
        .map(|(closure, name)| {
            [
                name.clone(),
                format!("{} - {}", closure.from, closure.to),
                cause_text(closure.cause, lang).to_owned(),
                hours(closure.open_after_s),
            ]
        })
        .collect();
    let columns = [
        left(lang.pick("構造物", "structure")),
        left(lang.pick("区間", "between")),
        left(lang.pick("原因", "cause")),
        right(lang.pick("開通まで (時間)", "open after (h)")),
    ];
    sheet.grid(columns, &rows);
    left_off(sheet, named.len());
}

/// The name of the structure that is closed, if it has one.
fn road(shown: &Shown<'_>, lang: Lang, closure: &Closure) -> Option<String> {
    let id = closure.structure.as_ref()?;
    let structure = shown.scenario.structures.iter().find(|structure| structure.id == *id)?;
    Some(lang.pick(&structure.name.ja, &structure.name.en).to_owned())
}

fn hospitals(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let hit: Vec<_> =
        shown.shaken.strike.hospitals.iter().filter(|hit| hit.state != HospitalState::Working).collect();
    if hit.is_empty() {
        return;
    }
    sheet.heading(lang.pick("被災した病院", "hospitals hit"));
    let rows: Vec<[String; 5]> = hit
        .iter()
        .take(ROWS_MAX)
        .map(|hit| {
            let name = sheet.name(&hit.id.to_string());
            [
                name,
                hit.intensity.to_string(),
                state_text(hit.state, lang).to_owned(),
                format!("{}/{}", hit.beds_lost, hit.beds),
                hours(hit.back_after_s),
            ]
        })
        .collect();
    let columns = [
        left(lang.pick("病院", "hospital")),
        right(lang.pick("計測震度", "intensity")),
        left(lang.pick("機能", "function")),
        right(lang.pick("使えない病床", "beds lost")),
        right(lang.pick("復旧まで (時間)", "back after (h)")),
    ];
    sheet.grid(columns, &rows);
    left_off(sheet, hit.len());
}

fn assets<T: Display>(sheet: &mut Sheet, heading: (&'static str, &'static str), hits: &[AssetHit<T>]) {
    if hits.is_empty() {
        return;
    }
    sheet.heading(sheet.lang().pick(heading.0, heading.1));
    let rows: Vec<[String; 3]> = hits
        .iter()
        .take(ROWS_MAX)
        .map(|hit| [sheet.name(&hit.id.to_string()), hit.intensity.to_string(), hours(hit.back_after_s)])
        .collect();
    let columns = [
        left(sheet.pick("名前", "name")),
        right(sheet.pick("計測震度", "intensity")),
        right(sheet.pick("復旧まで (時間)", "back after (h)")),
    ];
    sheet.grid(columns, &rows);
    left_off(sheet, hits.len());
}

fn left_off(sheet: &mut Sheet, count: usize) {
    if let Some(more) = count.checked_sub(ROWS_MAX).filter(|more| *more > 0) {
        match sheet.lang() {
            Lang::Ja => sheet.line(format!("ほか {more} 件(--json にはすべて)")),
            Lang::En => sheet.line(format!("and {more} more; --json has all")),
        }
    }
}

fn needs(sheet: &mut Sheet, shown: &Shown<'_>) {
    let Some(model) = &shown.scenario.unit_model else { return };
    let lang = sheet.lang();
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for days in shown.shaken.strike.needs(model).into_values() {
        for need in days.into_iter().next().unwrap_or_default() {
            *sums.entry(need.commodity.to_string()).or_default() += need.quantity;
        }
    }
    sheet.heading(lang.pick("1日目に見込まれるニーズ", "expected needs of day 1"));
    let units: BTreeMap<&str, &str> = shown
        .scenario
        .seeds
        .iter()
        .filter_map(|seed| match &seed.command {
            Command::RegisterCommodity(commodity) => Some((commodity.id.slug(), commodity.unit.as_str())),
            _ => None,
        })
        .collect();
    let rows: Vec<[String; 3]> = sums
        .into_iter()
        .filter(|(_, quantity)| *quantity > 0)
        .map(|(commodity, quantity)| {
            let unit = units.get(commodity.as_str()).copied().unwrap_or_default().to_owned();
            [commodity, quantity.to_string(), unit]
        })
        .collect();
    let columns = [
        left(lang.pick("品目", "commodity")),
        right(lang.pick("数量", "quantity")),
        left(lang.pick("単位", "unit")),
    ];
    sheet.grid(columns, &rows);
}

fn illustrative(sheet: &mut Sheet, shown: &Shown<'_>) {
    let lang = sheet.lang();
    let relations = shown.hazard.profile.relations();
    let count = relations.iter().filter(|relation| relation.is_illustrative).count();
    sheet.heading(match lang {
        Lang::Ja => format!(
            "例示用の関係式 {count} 件(全 {} 件): 計画には使えません。津波・火災・液状化は含みません",
            relations.len()
        ),
        Lang::En => format!(
            "{count} of {} relations are illustrative: not for plans. Tsunami, fire and liquefaction are not in it",
            relations.len()
        ),
    });
    for relation in relations.iter().filter(|relation| relation.is_illustrative) {
        sheet.line(format!("  {}: {}", relation.name, relation.source));
    }
}

/// Hours, rounded up.
fn hours(span_s: Seconds) -> String {
    span_s.div_ceil(HOUR_S).to_string()
}

/// What an intensity rests on, in a word for machines.
pub(super) fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Observed => "observed",
        Basis::NotReceived => "not_received",
        Basis::Blended => "blended",
        Basis::Predicted => "predicted",
    }
}

fn basis_text(basis: Basis, lang: Lang) -> &'static str {
    match basis {
        Basis::Observed => lang.pick("観測", "observed"),
        Basis::NotReceived => lang.pick("未入電", "not received"),
        Basis::Blended => lang.pick("推定(観測で補正)", "blended"),
        Basis::Predicted => lang.pick("推定", "predicted"),
    }
}

/// What a hospital can do, in a word for machines.
pub(super) fn state_word(state: HospitalState) -> &'static str {
    match state {
        HospitalState::Out => "out",
        HospitalState::Reduced => "reduced",
        HospitalState::Working => "working",
    }
}

fn state_text(state: HospitalState, lang: Lang) -> &'static str {
    match state {
        HospitalState::Out => lang.pick("停止", "out"),
        HospitalState::Reduced => lang.pick("低下", "reduced"),
        HospitalState::Working => lang.pick("通常", "working"),
    }
}

/// Why a road is closed, in a word for machines.
pub(super) fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::Inspection => "inspection",
        Cause::BridgeInspection => "bridge_inspection",
        Cause::Surface => "surface",
        Cause::Landslide => "landslide",
        Cause::Tunnel => "tunnel",
        Cause::Bridge => "bridge",
    }
}

fn cause_text(cause: Cause, lang: Lang) -> &'static str {
    match cause {
        Cause::Inspection => lang.pick("点検", "inspection"),
        Cause::BridgeInspection => lang.pick("橋の点検", "inspection of a bridge"),
        Cause::Surface => lang.pick("路面・沿道", "surface or roadside"),
        Cause::Landslide => lang.pick("土砂崩れ", "landslide"),
        Cause::Tunnel => lang.pick("トンネル", "tunnel"),
        Cause::Bridge => lang.pick("橋の損傷", "bridge damaged"),
    }
}
