//! What each receiving point needs of each good, and what it costs not to bring it.

/// Units that are needed, and what each of them costs when it does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many units; at least one.
    pub units: u32,
    /// Cost of each unit that does not come.
    pub penalty: i64,
}

/// The needs of all receiving points and goods, point after point, within a point good after good.
///
/// A need is a list of [`Step`]s whose penalties fall: the first units brought are the dearest to miss. One step is a
/// need with one penalty, ten steps a convex penalty on the share that is missed, no step no need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    ends: Vec<u32>,
    steps: Vec<Step>,
}

impl Needs {
    /// No needs yet; room for `count` of them.
    pub fn with_capacity(count: usize) -> Self {
        Self { ends: Vec::with_capacity(count), steps: Vec::with_capacity(count) }
    }

    /// Adds the need of the next point and good.
    pub fn push(&mut self, steps: &[Step]) {
        self.steps.extend_from_slice(steps);
        self.ends.push(self.steps.len() as u32);
    }

    /// Adds the need of the next point and good, with one penalty; nothing when `units` is 0.
    pub fn push_flat(&mut self, units: u32, penalty: i64) {
        let step = Step { units, penalty };
        self.push(if units == 0 { &[] } else { std::slice::from_ref(&step) });
    }

    /// How many needs there are: points times goods.
    #[inline]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The steps of need `index` (point times goods plus good); empty where there is none.
    #[inline]
    pub fn steps(&self, index: usize) -> &[Step] {
        let begin = if index == 0 { 0 } else { self.ends.get(index - 1).copied().unwrap_or(0) };
        let end = self.ends.get(index).copied().unwrap_or(begin);
        self.steps.get(begin as usize..end as usize).unwrap_or(&[])
    }

    /// Units of need `index`, all steps together.
    #[inline]
    pub fn units(&self, index: usize) -> u64 {
        self.steps(index).iter().map(|step| u64::from(step.units)).sum()
    }

    /// All steps of all needs.
    pub(super) fn all_steps(&self) -> &[Step] {
        &self.steps
    }
}
