//! The discrete Fourier transform of a square of numbers, sides a power of two; the same bits on every machine.

use std::f64::consts::TAU;

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Complex {
    pub(super) re: f64,
    pub(super) im: f64,
}

/// Transforms `square` of `side` x `side` numbers in place.
///
/// # Complexity
/// O(side² log side).
///
/// Source: J. W. Cooley, J. W. Tukey, Mathematics of Computation 19 (1965), 297-301.
pub(super) fn transform(square: &mut [Complex], side: usize) {
    let turns = turns(side);
    for _ in 0..2 {
        square.chunks_exact_mut(side).for_each(|row| transform_row(row, &turns));
        transpose(square, side);
    }
}

/// exp(-2 pi i k / side) for the first half of k.
fn turns(side: usize) -> Vec<Complex> {
    let angle = |index: usize| -TAU * index as f64 / side as f64;
    let turn = |index| {
        let (im, re) = libm::sincos(angle(index));
        Complex { re, im }
    };
    (0..side / 2).map(turn).collect()
}

fn transform_row(row: &mut [Complex], turns: &[Complex]) {
    let side = row.len();
    let shift = usize::BITS - side.trailing_zeros();
    for index in 1..side {
        let mirrored = index.reverse_bits() >> shift;
        if index < mirrored {
            row.swap(index, mirrored);
        }
    }
    let mut half = 1;
    while half < side {
        let stride = side / (2 * half);
        for block in row.chunks_exact_mut(2 * half) {
            let (left, right) = block.split_at_mut(half);
            for (index, (low, high)) in left.iter_mut().zip(right).enumerate() {
                let turn = turns[index * stride];
                let turned = Complex {
                    re: turn.re * high.re - turn.im * high.im,
                    im: turn.re * high.im + turn.im * high.re,
                };
                *high = Complex { re: low.re - turned.re, im: low.im - turned.im };
                *low = Complex { re: low.re + turned.re, im: low.im + turned.im };
            }
        }
        half *= 2;
    }
}

fn transpose(square: &mut [Complex], side: usize) {
    for row in 1..side {
        for column in 0..row {
            square.swap(row * side + column, column * side + row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_transform_by_its_definition() {
        let side = 8;
        let number = |k: usize| Complex { re: (k * 7 % 13) as f64 - 6.0, im: (k * 5 % 11) as f64 };
        let given: Vec<Complex> = (0..side * side).map(number).collect();
        let mut fast = given.clone();
        transform(&mut fast, side);
        for (p, q) in (0..side).flat_map(|p| (0..side).map(move |q| (p, q))) {
            let (mut re, mut im) = (0.0, 0.0);
            for (a, b) in (0..side).flat_map(|a| (0..side).map(move |b| (a, b))) {
                let (sine, cosine) = libm::sincos(-TAU * ((p * a + q * b) % side) as f64 / side as f64);
                let number = given[a * side + b];
                re += number.re * cosine - number.im * sine;
                im += number.re * sine + number.im * cosine;
            }
            let found = fast[p * side + q];
            assert!((found.re - re).abs() < 1e-9 && (found.im - im).abs() < 1e-9, "{p} {q}: {found:?}");
        }
    }
}
