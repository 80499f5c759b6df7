//! How far a long command has come, for a person who waits at a terminal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Steps of the bar.
const STEPS: u64 = 10_000;

/// How often it is drawn, at most, in a second.
const HERTZ: u8 = 5;

/// Before that nobody wonders.
const PATIENCE: Duration = Duration::from_millis(700);

/// The bar that is on the terminal, which other lines must not run into.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A bar with rows, rate and remaining time on standard error, if that is a terminal. It is gone when
/// this value is dropped.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    /// What is being done, where that is not the whole.
    task: &'static str,
    n_rows: u64,
}

impl Progress {
    /// Nothing done yet.
    pub(crate) fn new(task: &'static str, is_quiet: bool) -> Progress {
        let bar = (!is_quiet).then(|| {
            let bar = ProgressBar::with_draw_target(
                Some(STEPS),
                ProgressDrawTarget::stderr_with_hz(HERTZ),
            );
            bar.set_style(ProgressStyle::default_spinner());
            bar
        });
        Progress {
            bar: bar.filter(|bar| !bar.is_hidden()),
            started: Instant::now(),
            task,
            n_rows: 0,
        }
    }

    /// So many rows more; `share` of the input is done, where that is known.
    pub(crate) fn advance(&mut self, n_rows: u64, share: Option<f64>) {
        self.n_rows += n_rows;
        let elapsed = self.started.elapsed();
        let Some(bar) = self.bar.as_ref().filter(|_| elapsed >= PATIENCE) else { return };
        if let Some(share) = share {
            bar.set_position((share * STEPS as f64) as u64);
        }
        if shown().is_none() {
            // The width of the bar is what the text leaves.
            let template = if share.is_some() { "{wide_bar} {percent:>3}% {msg}" } else { "{msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            *shown() = Some(bar.clone());
        }
        bar.set_message(format!("{}{}", self.task, told(self.n_rows, elapsed, share)));
    }
}

/// Rows, rate and, as far as a share of the input can tell it, what is left.
fn told(n_rows: u64, elapsed: Duration, share: Option<f64>) -> String {
    let rate = n_rows as f64 / elapsed.as_secs_f64().max(1e-9);
    let told = format!("{} rows, {} rows/s", HumanCount(n_rows), HumanCount(rate as u64));
    match share.filter(|share| *share > 0.0) {
        None => told,
        Some(share) => {
            let left = elapsed.mul_f64(((1.0 - share) / share).clamp(0.0, 1e6));
            format!("{told}, {} left", HumanDuration(left))
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        clear();
    }
}

/// Takes the bar off the terminal.
pub(crate) fn clear() {
    if let Some(bar) = shown().take() {
        bar.finish_and_clear();
    }
}

/// Writes something else to the terminal while the bar is off it.
pub(crate) fn aside(write: impl FnOnce()) {
    match shown().clone() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

fn shown() -> MutexGuard<'static, Option<ProgressBar>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_what_was_read() {
        let minute = Duration::from_secs(60);
        assert_eq!(told(120_000, minute, Some(0.25)), "120,000 rows, 2,000 rows/s, 3 minutes left");
        assert_eq!(told(600, minute, Some(1.0)), "600 rows, 10 rows/s, 0 seconds left");
        assert_eq!(told(600, minute, Some(0.0)), "600 rows, 10 rows/s");
        assert_eq!(told(600, minute, None), "600 rows, 10 rows/s");
    }
}
