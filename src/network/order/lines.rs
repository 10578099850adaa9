//! Directions along which a cell is cut: one number for each node and direction.

use super::PlanePoint;
use super::cell::Cell;

/// For each direction a place on its line for every node of the cell.
pub(super) fn of(cell: &Cell, points: Option<&[PlanePoint]>) -> Vec<Vec<i64>> {
    let (x, y) = match points {
        Some(points) if !are_alike(cell, points) => {
            let points = cell.nodes().iter().map(|&node| points[node as usize]);
            points.map(|point| (i64::from(point.x), i64::from(point.y))).unzip()
        }
        Some(_) | None => spread(cell),
    };
    let both = |combine: fn(i64, i64) -> i64| x.iter().zip(&y).map(|(&x, &y)| combine(x, y)).collect();
    let diagonals = [both(|x, y| x + y), both(|x, y| x - y)];
    [x, y].into_iter().chain(diagonals).collect()
}

/// Whether all points of a cell are one: its lines would tell nothing.
fn are_alike(cell: &Cell, points: &[PlanePoint]) -> bool {
    let mut points = cell.nodes().iter().map(|&node| points[node as usize]);
    let first = points.next();
    points.all(|point| Some(point) == first)
}

/// The same as points.
pub(super) fn landmark_points(cell: &Cell) -> Vec<PlanePoint> {
    if cell.len() == 0 {
        return Vec::new();
    }
    let (x, y) = spread(cell);
    x.iter().zip(&y).map(|(&x, &y)| PlanePoint { x: x as i32, y: y as i32 }).collect()
}

/// Two coordinates from steps alone: how much nearer a node is to one of two far-apart nodes than to the other.
fn spread(cell: &Cell) -> (Vec<i64>, Vec<i64>) {
    let farthest = |steps: &[u32]| {
        (0..cell.len() as u32)
            .max_by_key(|&node| (steps[node as usize], std::cmp::Reverse(node)))
            .expect("a cell has nodes")
    };
    let west = farthest(&cell.steps_from(&[0]));
    let from_west = cell.steps_from(&[west]);
    let east = farthest(&from_west);
    let from_east = cell.steps_from(&[east]);
    // Far from both, then far from all three.
    let from_ends: Vec<u32> = from_west.iter().zip(&from_east).map(|(a, b)| *a.min(b)).collect();
    let south = farthest(&from_ends);
    let from_south = cell.steps_from(&[south]);
    let apart: Vec<u32> = from_ends.iter().zip(&from_south).map(|(a, b)| *a.min(b)).collect();
    let from_north = cell.steps_from(&[farthest(&apart)]);
    let between =
        |a: &[u32], b: &[u32]| a.iter().zip(b).map(|(a, b)| i64::from(*a) - i64::from(*b)).collect();
    (between(&from_west, &from_east), between(&from_south, &from_north))
}
