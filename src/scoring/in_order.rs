//! Work on several threads whose outcomes come out in the order in which the items went in.
//!
//! Every thread does the same: it takes the next item under a lock, works on it and hands the outcome
//! on. The thread that completes the outcome whose turn it is gives it to the sink, and with it all
//! that wait behind it, while the others go on. No thread is only a reader or only a writer, so none
//! is idle while there is work, and one thread alone needs no other. A thread that is far ahead of the
//! sink waits, which bounds what is held.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::error::{Error, ErrorKind, Result};

/// How many items for each thread are on their way from source to sink at most.
const AHEAD_PER_THREAD: u64 = 2;

/// Works on all items of `source` and hands the outcomes to `sink` in the order of the source.
///
/// The first error in that order ends it, whether it is of the source, of the work or of the sink; all
/// outcomes before it went to the sink, and none behind it.
///
/// # Errors
/// That error, and [`ErrorKind::Threads`] where the system has no thread to give.
pub(super) fn in_order<A, B: Send>(
    n_threads: usize,
    source: impl FnMut() -> Result<Option<A>> + Send,
    work: impl Fn(A) -> Result<B> + Sync,
    sink: impl FnMut(B) -> Result<()> + Send,
) -> Result<()> {
    let line = Line {
        source: Mutex::new(Source { next: source, n_taken: 0, is_at_end: false }),
        sink: Mutex::new(sink),
        state: Mutex::new(State::default()),
        moved: Condvar::new(),
        most: AHEAD_PER_THREAD * n_threads as u64,
    };
    thread::scope(|scope| {
        let mut helpers = Vec::new();
        for _ in 1..n_threads {
            match thread::Builder::new().spawn_scoped(scope, || line.serve(&work)) {
                Ok(helper) => helpers.push(helper),
                Err(error) => line.end(ErrorKind::Threads { detail: error.to_string() }.into()),
            }
        }
        line.serve(&work);
        for helper in helpers {
            if let Err(panic) = helper.join() {
                resume_unwind(panic);
            }
        }
    });
    let state = line.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.fault.map_or(Ok(()), Err)
}

/// Where items wait to be taken, worked on and handed on.
struct Line<S, K, B> {
    source: Mutex<Source<S>>,
    sink: Mutex<K>,
    state: Mutex<State<B>>,
    /// Told whenever the sink took an outcome, and at the end.
    moved: Condvar,
    /// How many items may be on their way.
    most: u64,
}

struct Source<S> {
    next: S,
    n_taken: u64,
    is_at_end: bool,
}

/// How far the line has come.
struct State<B> {
    /// The outcomes behind the last that the sink took, by turn; `None` where one is still missing.
    done: VecDeque<Option<Result<B>>>,
    /// How many outcomes the sink took.
    n_out: u64,
    /// True while a thread is giving outcomes to the sink.
    is_handing_on: bool,
    /// True when nothing is to be done any more.
    is_over: bool,
    fault: Option<Error>,
}

impl<S, K, A, B> Line<S, K, B>
where
    S: FnMut() -> Result<Option<A>>,
    K: FnMut(B) -> Result<()>,
{
    /// What each thread does until nothing is left.
    fn serve(&self, work: &impl Fn(A) -> Result<B>) {
        let _ends = EndsOnPanic(self);
        while let Some((turn, item)) = self.take() {
            self.hand_on(turn, item.and_then(work));
        }
    }

    /// The next item with its turn; `None` when there is none or none is wanted.
    fn take(&self) -> Option<(u64, Result<A>)> {
        let mut source = locked(&self.source);
        if source.is_at_end || !self.has_room(source.n_taken) {
            return None;
        }
        let item = (source.next)().transpose();
        source.is_at_end = !matches!(item, Some(Ok(_)));
        let turn = source.n_taken;
        source.n_taken += 1;
        item.map(|item| (turn, item))
    }

    /// Waits until the sink has come near enough to a turn; false when it is over.
    fn has_room(&self, turn: u64) -> bool {
        let is_far = |state: &mut State<B>| !state.is_over && turn >= state.n_out + self.most;
        let state = self.moved.wait_while(locked(&self.state), is_far);
        !state.unwrap_or_else(PoisonError::into_inner).is_over
    }

    /// Puts an outcome in its place, and gives to the sink what can be given, unless another thread
    /// is about it already.
    fn hand_on(&self, turn: u64, outcome: Result<B>) {
        let mut state = locked(&self.state);
        state.put(turn, outcome);
        if state.is_handing_on {
            return;
        }
        state.is_handing_on = true;
        while let Some(outcome) = state.next_out() {
            drop(state);
            let given = outcome.and_then(|own| (locked(&self.sink))(own));
            if let Err(error) = given {
                self.end(error);
            }
            self.moved.notify_all();
            state = locked(&self.state);
        }
        state.is_handing_on = false;
    }
}

impl<S, K, B> Line<S, K, B> {
    /// Ends it for all threads, with an error.
    fn end(&self, error: Error) {
        let mut state = locked(&self.state);
        state.is_over = true;
        state.fault.get_or_insert(error);
        self.moved.notify_all();
    }
}

impl<B> State<B> {
    fn put(&mut self, turn: u64, outcome: Result<B>) {
        let at = (turn - self.n_out) as usize;
        if self.done.len() <= at {
            self.done.resize_with(at + 1, || None);
        }
        if let Some(place) = self.done.get_mut(at) {
            *place = Some(outcome);
        }
    }

    /// The outcome whose turn it is, if it is there.
    fn next_out(&mut self) -> Option<Result<B>> {
        if self.is_over {
            return None;
        }
        let outcome = self.done.front_mut()?.take()?;
        self.done.pop_front();
        self.n_out += 1;
        Some(outcome)
    }
}

impl<B> Default for State<B> {
    fn default() -> Self {
        let done = VecDeque::new();
        State { done, n_out: 0, is_handing_on: false, is_over: false, fault: None }
    }
}

/// Lets no thread wait for one that panicked.
struct EndsOnPanic<'a, S, K, B>(&'a Line<S, K, B>);

impl<S, K, B> Drop for EndsOnPanic<'_, S, K, B> {
    fn drop(&mut self) {
        if thread::panicking() {
            locked(&self.0.state).is_over = true;
            self.0.moved.notify_all();
        }
    }
}

/// A thread that panicked takes the whole run with it, so what it left is not looked at again.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    fn fault(n: u64) -> Error {
        ErrorKind::Threads { detail: n.to_string() }.into()
    }

    /// The numbers below `n`; the number `bad` is an error.
    fn numbers(n: u64, bad: u64) -> impl FnMut() -> Result<Option<u64>> {
        let mut next = 0;
        move || {
            next += 1;
            match next - 1 {
                own if own == bad => Err(fault(own)),
                own => Ok(Some(own).filter(|own| *own < n)),
            }
        }
    }

    /// Works for longer on every third item, so that others overtake it.
    fn slowly(n: u64) -> Result<u64> {
        if n.is_multiple_of(3) {
            thread::sleep(Duration::from_micros(300));
        }
        Ok(n)
    }

    #[test]
    fn outcomes_keep_the_order_of_their_items() {
        for n_threads in 1..=5 {
            let mut out = Vec::new();
            let sink = |n| {
                out.push(n);
                Ok(())
            };
            in_order(n_threads, numbers(200, u64::MAX), slowly, sink).expect("no fault");
            assert_eq!(out, (0..200).collect::<Vec<u64>>(), "{n_threads} threads");
        }
    }

    #[test]
    fn the_first_error_in_order_ends_it_and_all_before_it_is_out() {
        for n_threads in 1..=4 {
            // An error of the source, of the work and of the sink; each is first once.
            for (source, work, last) in [(20, 40, 60), (60, 20, 40), (40, 60, 20), (20, 20, 40)] {
                let mut out = Vec::new();
                let sink = |n| {
                    out.push(n);
                    if n == last { Err(fault(n)) } else { Ok(()) }
                };
                let worked = |n| if n == work { Err(fault(n)) } else { slowly(n) };
                let error = in_order(n_threads, numbers(100, source), worked, sink).unwrap_err();
                assert_eq!(error.to_string(), fault(20).to_string());
                let n_out = if last == 20 { 21 } else { 20 };
                assert_eq!(out, (0..n_out).collect::<Vec<u64>>());
            }
        }
    }

    #[test]
    fn no_more_is_on_its_way_than_allowed() {
        let (n_in, n_out) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut numbers = numbers(100, u64::MAX);
        let source = || {
            let n_ahead = n_in.fetch_add(1, Ordering::SeqCst) - n_out.load(Ordering::SeqCst);
            // One more is in the hands of the sink, and one is being taken.
            assert!(n_ahead <= 2 * AHEAD_PER_THREAD + 2, "{n_ahead} on their way");
            numbers()
        };
        let sink = |_| {
            thread::sleep(Duration::from_micros(200));
            n_out.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        in_order(2, source, slowly, sink).expect("no fault");
    }

    #[test]
    fn all_threads_work() {
        let threads = Mutex::new(BTreeSet::new());
        let work = |n| {
            locked(&threads).insert(format!("{:?}", thread::current().id()));
            thread::sleep(Duration::from_millis(2));
            Ok(n)
        };
        in_order(3, numbers(30, u64::MAX), work, |_: u64| Ok(())).expect("no fault");
        assert_eq!(locked(&threads).len(), 3);
    }

    #[test]
    fn a_panic_ends_it_for_all() {
        for n_threads in 1..=3 {
            let work = |n: u64| {
                assert!(n != 7, "seven");
                slowly(n)
            };
            let run = || in_order(n_threads, numbers(1000, u64::MAX), work, |_| Ok(()));
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
    }
}
