//! How far a long command has come, for a person who waits at a terminal.

use std::sync::{Mutex, PoisonError};
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
        let rate = self.n_rows as f64 / elapsed.as_secs_f64();
        let mut told = format!(
            "{}{} rows, {} rows/s",
            self.task,
            HumanCount(self.n_rows),
            HumanCount(rate as u64)
        );
        if let Some(share) = share.filter(|share| *share > 0.0) {
            let left = elapsed.mul_f64(((1.0 - share) / share).clamp(0.0, 1e6));
            told.push_str(&format!(", {} left", HumanDuration(left)));
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
        bar.set_message(told);
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

fn shown() -> std::sync::MutexGuard<'static, Option<ProgressBar>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}
