//! Sheets that travel with a shipment: what to pack, and what is handed over. Made for paper: no script, no key.

use super::{Choice, Pages, asset, check_host, html, language};
use crate::authority::shipments::Tracked;
use crate::authority::{Union, View};
use crate::decision::model::{Goods, Handover, Name, quantity_of};
use crate::id::{DepotId, PlanId, ShipmentId, Space};
use crate::lang::{Lang, Term};
use crate::service::convert::Wire;
use crate::units::{JST_OFFSET_S, Timestamp};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use maud::{DOCTYPE, Markup};
use std::sync::Arc;

const STYLE: &str = include_str!("sheet.css");

/// Which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sheet {
    /// For who packs, at the sender's dock.
    Packing,
    /// For driver and receiver: counted and signed.
    Handover,
}

/// The sheets of all shipments, under `/shipments`.
pub(super) fn routes<U: Union>() -> Router<Arc<Pages<U>>> {
    Router::new()
        .route("/shipments/{plan}/{number}/packing", get(packing::<U>))
        .route("/shipments/{plan}/{number}/handover", get(handover::<U>))
        .route("/sheet.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
}

type Asked = (String, String);

async fn packing<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path(asked): Path<Asked>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    show(&pages, Sheet::Packing, &asked, &choice, &headers)
}

async fn handover<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path(asked): Path<Asked>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    show(&pages, Sheet::Handover, &asked, &choice, &headers)
}

fn show<U: Union>(
    pages: &Pages<U>,
    sheet: Sheet,
    (plan, number): &Asked,
    choice: &Choice,
    headers: &HeaderMap,
) -> Response {
    if let Err(refused) = check_host(headers) {
        return *refused;
    }
    let (view, lang) = (pages.union.view(), language(choice, headers));
    let plan = plan.parse().ok().map(PlanId);
    let number = number.parse::<u32>().ok();
    let id = plan.zip(number).map(|(plan, number)| ShipmentId { plan, number });
    let page = Page { view: &view, now: pages.union.now(), notice: pages.notice.as_ref(), lang, sheet };
    match id.as_ref().and_then(|id| view.shipment(id)) {
        Some(tracked) => html(StatusCode::OK, page.of(&tracked)),
        None => {
            let none = lang.pick("この名前の出荷はありません。", "No shipment has this name.");
            html(StatusCode::NOT_FOUND, page.around("yui", &maud::html! { p { (none) } }))
        }
    }
}

struct Page<'a> {
    view: &'a View,
    now: Timestamp,
    notice: Option<&'a Name>,
    lang: Lang,
    sheet: Sheet,
}

/// One line of goods.
struct Line {
    name: String,
    unit: String,
    planned: u32,
    sent: Option<u32>,
    received: Option<u32>,
    cartons: u64,
    mass_kg: u64,
    volume_l: u64,
}

impl Page<'_> {
    fn of(&self, tracked: &Tracked<'_>) -> Markup {
        let (lang, shipment) = (self.lang, tracked.shipment);
        let title = match self.sheet {
            Sheet::Packing => lang.pick("積込明細書", "Packing sheet"),
            Sheet::Handover => lang.pick("物資受渡書", "Hand-over sheet"),
        };
        let state = tracked.state(self.now).wire().text(lang);
        let lines = self.lines(tracked);
        let vehicles = format!("{} x {}", shipment.vehicles, shipment.class.wire().text(lang));
        let body = maud::html! {
            h1 { (title) " " (shipment.id.plan.slug()) "/" (shipment.id.number) }
            p.screen { a href=(self.other_language(&shipment.id)) { (lang.pick("English", "日本語")) } }
            dl {
                dt { (lang.pick("状態", "State")) } dd { (state) }
                dt { (lang.pick("送り手", "From")) } dd { (self.depot(&shipment.sender)) }
                dt { (lang.pick("受け手", "To")) } dd { (self.depot(&shipment.receiver)) }
                dt { (lang.pick("車両", "Vehicles")) } dd { (vehicles) }
                dt { (lang.pick("出発", "Leaves")) } dd { (local(shipment.departs_at)) }
                dt { (lang.pick("到着予定", "Due there")) } dd { (local(shipment.arrives_at)) }
                dt { (lang.pick("経路", "Route")) } dd { (shipment.route) }
            }
            (self.table(&lines))
            (self.totals(&lines))
            (self.signs(tracked))
            p { (lang.pick("印刷", "Printed")) " " (local(self.now)) " · yui" }
        };
        self.around(&format!("{title} {}/{}", shipment.id.plan.slug(), shipment.id.number), &body)
    }

    fn table(&self, lines: &[Line]) -> Markup {
        let lang = self.lang;
        let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        maud::html! {
            table {
                thead { tr {
                    th { (lang.pick("物資", "Goods")) }
                    th { (lang.pick("単位", "Unit")) }
                    th.count { (lang.pick("計画", "Planned")) }
                    th.count { (lang.pick("箱", "Cartons")) }
                    th.count { "kg" }
                    th.count { (lang.pick("出荷", "Sent")) }
                    @if self.sheet == Sheet::Handover { th.count { (lang.pick("受領", "Received")) } }
                    th { (lang.pick("確認", "Checked")) }
                } }
                tbody { @for line in lines { tr {
                    td { (line.name) }
                    td { (line.unit) }
                    td.count { (line.planned) }
                    td.count { (line.cartons) }
                    td.count { (line.mass_kg) }
                    td.count { (count(line.sent)) }
                    @if self.sheet == Sheet::Handover { td.count { (count(line.received)) } }
                    td.write {}
                } } }
            }
        }
    }

    fn totals(&self, lines: &[Line]) -> Markup {
        let lang = self.lang;
        let sum = |of: fn(&Line) -> u64| lines.iter().map(of).sum::<u64>();
        let (cartons, kg, litres) =
            (sum(|line| line.cartons), sum(|line| line.mass_kg), sum(|line| line.volume_l));
        let cubic = format!("{}.{}", litres / 1_000, litres % 1_000 / 100);
        maud::html! {
            dl {
                dt { (lang.pick("箱の合計", "Cartons in all")) } dd { (cartons) }
                dt { (lang.pick("質量の合計", "Mass in all")) } dd { (kg) " kg" }
                dt { (lang.pick("容積の合計", "Volume in all")) } dd { (cubic) " m³" }
            }
        }
    }

    fn signs(&self, tracked: &Tracked<'_>) -> Markup {
        let lang = self.lang;
        let by = |handover: Option<&Handover>| {
            handover.map(|handover| format!("{} {}", handover.by, local(handover.at))).unwrap_or_default()
        };
        let sent = by(tracked.sender.and_then(|side| side.dispatched.as_ref()));
        let received = by(tracked.receiver.and_then(|side| side.received.as_ref()));
        maud::html! {
            div.signs {
                div { (lang.pick("送り手 署名", "Sender, signed")) br; (sent) }
                @match self.sheet {
                    Sheet::Packing => div { (lang.pick("運転者 署名", "Driver, signed")) },
                    Sheet::Handover => div { (lang.pick("受け手 署名", "Receiver, signed")) br; (received) },
                }
            }
        }
    }

    fn lines(&self, tracked: &Tracked<'_>) -> Vec<Line> {
        let sent = tracked.sender.and_then(|side| side.dispatched.as_ref());
        let received = tracked.receiver.and_then(|side| side.received.as_ref());
        let line = |goods: &Goods| {
            let commodity = self.view.commodity(&goods.commodity);
            let of = |handover: Option<&Handover>| {
                handover.map(|handover| quantity_of(&handover.goods, &goods.commodity))
            };
            let count = u64::from(of(sent).unwrap_or(goods.quantity));
            let name = commodity.map(|commodity| self.lang.display(&commodity.name).to_owned());
            let cartons_of = commodity.map_or(1, |commodity| u64::from(commodity.units_per_carton.max(1)));
            let mass_g = commodity.map_or(0, |commodity| u64::from(commodity.mass_g));
            let volume_cm3 = commodity.map_or(0, |commodity| u64::from(commodity.volume_cm3));
            Line {
                name: name.unwrap_or_else(|| goods.commodity.slug().to_owned()),
                unit: commodity.map(|commodity| commodity.unit.clone()).unwrap_or_default(),
                planned: goods.quantity,
                sent: of(sent),
                received: of(received),
                cartons: count.div_ceil(cartons_of),
                mass_kg: (count * mass_g).div_ceil(1_000),
                volume_l: (count * volume_cm3).div_ceil(1_000),
            }
        };
        tracked.shipment.goods.iter().map(line).collect()
    }

    fn depot(&self, id: &DepotId) -> String {
        match self.view.depot(id) {
            None => id.to_string(),
            Some((depot, _)) => format!("{} · {}", self.lang.display(&depot.name), depot.telephone),
        }
    }

    fn other_language(&self, id: &ShipmentId) -> String {
        let sheet = match self.sheet {
            Sheet::Packing => "packing",
            Sheet::Handover => "handover",
        };
        let lang = self.lang.pick(Lang::En, Lang::Ja).code();
        format!("/shipments/{}/{}/{sheet}?lang={lang}", id.plan.slug(), id.number)
    }

    fn around(&self, title: &str, body: &Markup) -> Markup {
        let lang = self.lang;
        maud::html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    link rel="stylesheet" href="/sheet.css";
                }
                body {
                    @if let Space::Drill(name) = &self.view.space {
                        p.drill {
                            (lang.pick("訓練", "DRILL")) " " (name)
                            @if let Some(notice) = self.notice { " · " (lang.display(notice)) }
                        }
                    }
                    (body)
                }
            }
        }
    }
}

/// A time in Japan, to the minute.
fn local(at: Timestamp) -> String {
    let shifted = jiff::Timestamp::from_millisecond(at.plus_millis(JST_OFFSET_S * 1_000).0);
    shifted.map_or_else(|_| at.0.to_string(), |at| format!("{} JST", at.strftime("%Y-%m-%d %H:%M")))
}
