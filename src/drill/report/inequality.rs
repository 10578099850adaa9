//! How evenly care reaches the areas.

use crate::drill::runner::Outcome;
use crate::id::OrganisationId;
use crate::units::Seconds;
use std::collections::BTreeMap;

/// How long care took in one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaCare {
    /// Which.
    pub area: OrganisationId,
    /// Calls that got care.
    pub cared: u32,
    /// Calls that nobody answered.
    pub nobody: u32,
    /// Seconds to care of the others, added up.
    pub care_s: u64,
}

impl AreaCare {
    /// The mean of those that got any, rounded down.
    #[must_use]
    pub fn mean_s(&self) -> Seconds {
        let mean_s = self.care_s.checked_div(self.cared.into()).unwrap_or(0);
        Seconds::try_from(mean_s).unwrap_or(Seconds::MAX)
    }
}

/// Areas in which somebody got care, the longest mean first, then by name.
pub(super) fn areas(outcome: &Outcome) -> Vec<AreaCare> {
    let mut rows: BTreeMap<&OrganisationId, AreaCare> = BTreeMap::new();
    for call in &outcome.calls {
        let new = || AreaCare { area: call.area.clone(), cared: 0, nobody: 0, care_s: 0 };
        let row = rows.entry(&call.area).or_insert_with(new);
        match call.care_s() {
            None => row.nobody += 1,
            Some(care_s) => {
                row.cared += 1;
                row.care_s += u64::from(care_s);
            }
        }
    }
    let mut rows: Vec<AreaCare> = rows.into_values().filter(|row| row.cared > 0).collect();
    rows.sort_by(|a, b| (b.mean_s(), &a.area).cmp(&(a.mean_s(), &b.area)));
    rows
}

/// Gini's coefficient in ten-thousandths, rounded down: 0 where all are alike, near 10,000 where one has everything. None
/// of no number, or of zeros.
///
/// `Σi Σj |xi − xj| / (2 n² mean)`, worked out as `Σi (2i − n − 1) xi / (n Σ x)` over ascending numbers. Source: C. Gini,
/// Variabilità e mutabilità (1912), in the form of A. Sen, On Economic Inequality (1973), chapter 2.
///
/// # Complexity
/// O(n log n).
#[must_use]
pub fn gini_e4(numbers: &[Seconds]) -> Option<u32> {
    let mut ascending = numbers.to_vec();
    ascending.sort_unstable();
    let count = i128::try_from(ascending.len()).ok()?;
    let sum: i128 = ascending.iter().map(|number| i128::from(*number)).sum();
    let weighted: i128 =
        (1..).zip(&ascending).map(|(place, number)| (2 * place - count - 1) * i128::from(*number)).sum();
    u32::try_from((weighted * 10_000).checked_div(count * sum)?).ok()
}
