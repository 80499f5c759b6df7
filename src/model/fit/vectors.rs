//! What both fits need of linear algebra, in an order of operations that no number of threads changes.

use crate::error::{Error, ErrorKind};

/// How a system is solved.
pub(super) struct ConjugateGradients {
    /// How far the residual is brought down, against the right side.
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
}

impl ConjugateGradients {
    /// The step that brings a gradient to zero, by conjugate gradients (Hestenes and Stiefel 1952) on a
    /// positive definite Hessian, which is known by what it does to a vector. `diagonal` is its
    /// diagonal, or anything positive, as preconditioner.
    pub(super) fn step(
        &self,
        gradient: &[f64],
        diagonal: &[f64],
        hessian_times: impl Fn(&[f64]) -> Vec<f64>,
    ) -> Vec<f64> {
        let mut step = vec![0.0; gradient.len()];
        let mut residual: Vec<f64> = gradient.iter().map(|value| -value).collect();
        let conditioned = |residual: &[f64]| -> Vec<f64> {
            residual.iter().zip(diagonal).map(|(r, d)| r / d).collect()
        };
        let mut direction = conditioned(&residual);
        let mut energy = dot(&residual, &direction);
        let goal = norm(gradient) * self.tolerance;
        for _ in 0..self.max_iterations {
            if norm(&residual) <= goal || energy <= 0.0 {
                break;
            }
            let image = hessian_times(&direction);
            let curvature = dot(&direction, &image);
            if curvature <= 0.0 {
                break;
            }
            let length = energy / curvature;
            for ((own, r), (d, i)) in
                step.iter_mut().zip(&mut residual).zip(direction.iter().zip(&image))
            {
                *own += length * d;
                *r -= length * i;
            }
            let next = conditioned(&residual);
            let next_energy = dot(&residual, &next);
            let share = next_energy / energy;
            energy = next_energy;
            for (own, next) in direction.iter_mut().zip(next) {
                *own = next + share * *own;
            }
        }
        step
    }
}

/// The product of two vectors, in several sums side by side: one alone would wait for each addition.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, rest_of_a) = a.as_chunks::<LANES>();
    let (b, rest_of_b) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f64 = rest_of_a.iter().zip(rest_of_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// Sums side by side.
const LANES: usize = 8;

pub(super) fn norm(values: &[f64]) -> f64 {
    libm::sqrt(dot(values, values))
}

/// That a fit is impossible.
pub(super) fn fault(detail: String) -> Error {
    ErrorKind::Fit { detail }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [[4, 1], [1, 3]] x = [1, 2] has the solution [1/11, 7/11].
    #[test]
    fn a_system_is_solved() {
        let times = |x: &[f64]| vec![4.0 * x[0] + x[1], x[0] + 3.0 * x[1]];
        let solver = ConjugateGradients { tolerance: 1e-12, max_iterations: 10 };
        for diagonal in [[1.0, 1.0], [4.0, 3.0]] {
            let step = solver.step(&[-1.0, -2.0], &diagonal, times);
            assert!((step[0] - 1.0 / 11.0).abs() < 1e-12, "{step:?}");
            assert!((step[1] - 7.0 / 11.0).abs() < 1e-12, "{step:?}");
        }
    }
}
