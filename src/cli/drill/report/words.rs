//! Names and times of a report, in both languages side by side.

use crate::decision::model::Name;
use crate::drill::report::Report;
use crate::id::{AssetId, MemberId, OrganisationId, Slug};
use crate::lang::Lang;
use crate::units::{JST_OFFSET_S, Timestamp, local_day};
use maud::{Markup, html};

/// A text in both languages; the page shows one of them.
pub(super) fn both(ja: &str, en: &str) -> Markup {
    html! { span.ja lang="ja" { (ja) } span.en lang="en" { (en) } }
}

/// A name in both languages.
pub(super) fn named(name: &Name) -> Markup {
    both(Lang::Ja.display(name), Lang::En.display(name))
}

/// A text within a picture, in both languages.
pub(super) fn drawn(ja: &str, en: &str) -> Markup {
    html! { tspan.ja { (ja) } tspan.en { (en) } }
}

/// A name within a picture.
pub(super) fn drawn_name(name: &Name) -> Markup {
    drawn(Lang::Ja.display(name), Lang::En.display(name))
}

/// Minutes, rounded up as everywhere.
pub(super) fn minutes(span_s: u32) -> u32 {
    span_s.div_ceil(60)
}

/// So many of all, in per cent with one decimal, rounded down.
pub(super) fn percent(part: usize, all: usize) -> String {
    let permille = (part * 1_000).checked_div(all).unwrap_or(0);
    format!("{}.{} %", permille / 10, permille % 10)
}

/// With a comma every three digits.
pub(in crate::cli::drill) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in Japan, in the form that jiff's `strftime` has.
pub(super) fn local(at: Timestamp, form: &str) -> String {
    let shifted = jiff::Timestamp::from_millisecond(at.plus_millis(JST_OFFSET_S * 1_000).0);
    shifted.map_or_else(|_| at.0.to_string(), |at| at.strftime(form).to_string())
}

/// The day of the week in Japan.
pub(super) fn weekday(at: Timestamp) -> (&'static str, &'static str) {
    // 1970-01-01 was a Thursday.
    match local_day(at).rem_euclid(7) {
        0 => ("木", "Thu"),
        1 => ("金", "Fri"),
        2 => ("土", "Sat"),
        3 => ("日", "Sun"),
        4 => ("月", "Mon"),
        5 => ("火", "Tue"),
        _ => ("水", "Wed"),
    }
}

/// A name of at most so many letters in each language, for a place in a picture.
pub(super) fn fitted(mut name: Name, (ja, en): (usize, usize)) -> Name {
    for (text, letters) in [(&mut name.ja, ja), (&mut name.en, en)] {
        if text.chars().count() > letters {
            *text = text.chars().take(letters.saturating_sub(1)).chain(['…']).collect();
        }
    }
    name
}

/// What names stand for, as it was known at the start.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(pub(super) &'a Report);

impl Words<'_> {
    /// An aircraft or a unit on the ground.
    pub(super) fn asset(&self, id: &AssetId) -> Name {
        let known = self.0.view.asset(id).map(|(asset, _)| asset.name.clone());
        known.unwrap_or_else(|| plain(id.slug.as_str()))
    }

    /// The same without what stands in brackets.
    pub(super) fn short(&self, id: &AssetId) -> Name {
        let mut name = self.asset(id);
        for text in [&mut name.ja, &mut name.en] {
            if let Some((head, _)) = text.split_once(['(', '（']).filter(|(head, _)| !head.trim().is_empty())
            {
                *text = head.trim().to_owned();
            }
        }
        name
    }

    /// The fire department of an area.
    pub(super) fn area(&self, id: &OrganisationId) -> Name {
        let known = self.0.view.member_state(&id.member).and_then(|state| state.organisations.get(id));
        known.map_or_else(|| plain(id.slug.as_str()), |known| known.name.clone())
    }

    /// A prefecture.
    pub(super) fn prefecture(&self, slug: &Slug) -> Name {
        let known = self.0.view.member(&MemberId(slug.clone()));
        known.map_or_else(|| plain(slug.as_str()), |known| known.name.clone())
    }
}

fn plain(text: &str) -> Name {
    Name { ja: text.to_owned(), en: text.to_owned() }
}
