//! A plan as numbers, and the problem laid out the same way: phases x supporters x municipalities.

use super::problem::{Problem, Tie};
use crate::units::UNREACHABLE;

/// One number for each phase, supporter and municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cube<T> {
    supporters: usize,
    municipalities: usize,
    cells: Vec<T>,
}

impl<T: Clone> Cube<T> {
    pub(super) fn filled(problem: &Problem, value: T) -> Self {
        let (supporters, municipalities) = (problem.supporters.len(), problem.municipalities.len());
        let count = problem.phases * supporters * municipalities;
        Self { supporters, municipalities, cells: vec![value; count] }
    }
}

impl<T> Cube<T> {
    fn index(&self, (phase, supporter, municipality): Cell) -> usize {
        (phase * self.supporters + supporter) * self.municipalities + municipality
    }

    pub(super) fn at(&self, cell: Cell) -> &T {
        &self.cells[self.index(cell)]
    }

    pub(super) fn at_mut(&mut self, cell: Cell) -> &mut T {
        let index = self.index(cell);
        &mut self.cells[index]
    }

    /// Supporters x municipalities of one phase.
    pub(super) fn phase(&self, phase: usize) -> &[T] {
        let width = self.supporters * self.municipalities;
        &self.cells[phase * width..(phase + 1) * width]
    }

    pub(super) fn phase_mut(&mut self, phase: usize) -> &mut [T] {
        let width = self.supporters * self.municipalities;
        &mut self.cells[phase * width..(phase + 1) * width]
    }

    pub(super) fn cells(&self) -> &[T] {
        &self.cells
    }
}

/// Phase, supporter, municipality.
pub(super) type Cell = (usize, usize, usize);

/// Teams of a plan.
pub(super) type Teams = Cube<u32>;

impl Teams {
    /// Teams of a supporter that are away.
    pub(super) fn load(&self, phase: usize, supporter: usize) -> u32 {
        let row = supporter * self.municipalities..(supporter + 1) * self.municipalities;
        self.phase(phase)[row].iter().sum()
    }

    /// Teams that a municipality has.
    pub(super) fn met(&self, phase: usize, municipality: usize) -> u32 {
        self.phase(phase).iter().skip(municipality).step_by(self.municipalities.max(1)).sum()
    }
}

/// The lists of a problem as cells, made once.
#[derive(Clone, Debug)]
pub(super) struct Layout<'a> {
    pub(super) problem: &'a Problem,
    /// Travel less the worth of the tie; `None` where nobody may or can go.
    pub(super) way_s: Cube<Option<i64>>,
    /// Teams that were decided.
    pub(super) floor: Teams,
    /// Supporters x municipalities: teams before the first phase.
    pub(super) standing: Vec<u32>,
    /// Supporters x municipalities: what ties are worth.
    pub(super) tie_s: Vec<i64>,
    /// Supporters x municipalities: whether the pair must not be.
    pub(super) excluded: Vec<bool>,
}

impl<'a> Layout<'a> {
    /// Of a valid problem.
    pub(super) fn new(problem: &'a Problem) -> Self {
        let width = problem.municipalities.len();
        let place = |supporter: u32, municipality: u32| supporter as usize * width + municipality as usize;
        let pairs = problem.supporters.len() * width;
        let (mut tie_s, mut excluded, mut standing) = (vec![0; pairs], vec![false; pairs], vec![0; pairs]);
        for &Tie { supporter, municipality, worth_s } in &problem.ties {
            tie_s[place(supporter.0, municipality.0)] = i64::from(worth_s);
        }
        for pair in &problem.excluded {
            excluded[place(pair.supporter.0, pair.municipality.0)] = true;
        }
        for pair in &problem.standing {
            standing[place(pair.supporter.0, pair.municipality.0)] = pair.teams;
        }
        let mut floor = Teams::filled(problem, 0);
        for pair in &problem.decided {
            for phase in pair.from.0..pair.until.0 {
                *floor.at_mut((phase as usize, pair.supporter.0 as usize, pair.municipality.0 as usize)) =
                    pair.teams;
            }
        }
        let mut way_s = Cube::filled(problem, None);
        for (index, &travel_s) in problem.travel_s.iter().enumerate() {
            let pair = index % pairs;
            if travel_s != UNREACHABLE && !excluded[pair] {
                way_s.cells[index] = Some(i64::from(travel_s) - tie_s[pair]);
            }
        }
        Self { problem, way_s, floor, standing, tie_s, excluded }
    }

    pub(super) fn phases(&self) -> usize {
        self.problem.phases
    }

    pub(super) fn supporters(&self) -> usize {
        self.problem.supporters.len()
    }

    pub(super) fn municipalities(&self) -> usize {
        self.problem.municipalities.len()
    }

    /// Place of a pair among supporters x municipalities.
    pub(super) fn pair(&self, supporter: usize, municipality: usize) -> usize {
        supporter * self.municipalities() + municipality
    }

    /// Seconds of travel, [`UNREACHABLE`] where no way is open.
    pub(super) fn travel_s(&self, (phase, supporter, municipality): Cell) -> u32 {
        let row = phase * self.supporters() + supporter;
        self.problem.travel_s[row * self.municipalities() + municipality]
    }

    /// Teams that stand at a place in the phase before `phase`: in `teams`, or before the first.
    pub(super) fn before(&self, teams: &Teams, (phase, supporter, municipality): Cell) -> u32 {
        match phase.checked_sub(1) {
            Some(earlier) => *teams.at((earlier, supporter, municipality)),
            None => self.standing[self.pair(supporter, municipality)],
        }
    }

    /// Teams that stand at a place in the phase after `phase`; none after the last.
    pub(super) fn after(&self, teams: &Teams, (phase, supporter, municipality): Cell) -> u32 {
        if phase + 1 < self.phases() { *teams.at((phase + 1, supporter, municipality)) } else { 0 }
    }

    /// Teams that a supporter can send in a phase.
    pub(super) fn capacity(&self, phase: usize, supporter: usize) -> u32 {
        self.problem.supporters[supporter].capacity[phase]
    }

    /// Teams that a municipality needs in a phase.
    pub(super) fn need(&self, phase: usize, municipality: usize) -> u32 {
        self.problem.municipalities[municipality].need[phase]
    }

    /// All cells, phase by phase, within one municipality by municipality.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> {
        let (phases, supporters, municipalities) = (self.phases(), self.supporters(), self.municipalities());
        (0..phases)
            .flat_map(move |p| (0..municipalities).flat_map(move |m| (0..supporters).map(move |s| (p, s, m))))
    }
}
