//! Work that cannot be packed, one piece a core.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// What `run` makes of every number below `count`, in their order, as many at a time as there
/// are cores; none when one of them gave up, and then the others that have not begun never do.
///
/// The threads are none of the pool that a piece may use within itself: a core of the pool that
/// waits for others takes up whatever is there, and would begin one training within another.
pub fn one_a_core<T: Send>(
    count: usize,
    run: &(dyn Fn(usize) -> Option<T> + Sync),
) -> Option<Vec<T>> {
    let next = AtomicUsize::new(0);
    let gave_up = AtomicBool::new(false);
    let work = || {
        let mut made = Vec::new();
        while !gave_up.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            match run(index) {
                Some(piece) => made.push((index, piece)),
                None => gave_up.store(true, Ordering::Relaxed),
            }
        }
        made
    };
    let cores = rayon::current_num_threads().min(count);
    let mut made = thread::scope(|scope| {
        // With fewer threads than were asked for it only takes longer.
        let begin = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..cores).filter_map(begin).collect();
        let mut made = work();
        for other in others {
            match other.join() {
                Ok(theirs) => made.extend(theirs),
                Err(panic) => resume_unwind(panic),
            }
        }
        made
    });
    if gave_up.into_inner() {
        return None;
    }
    made.sort_unstable_by_key(|(index, _)| *index);
    Some(made.into_iter().map(|(_, piece)| piece).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_made_once_and_in_order() {
        for count in [0, 1, 2, 100] {
            let made = one_a_core(count, &|index| Some(3 * index)).unwrap();
            let expected: Vec<usize> = (0..count).map(|index| 3 * index).collect();
            assert_eq!(made, expected);
        }
    }

    #[test]
    fn nothing_new_begins_once_a_piece_has_given_up() {
        let begun = AtomicUsize::new(0);
        let run = |index| {
            begun.fetch_add(1, Ordering::Relaxed);
            (index != 0).then_some(index)
        };
        assert_eq!(one_a_core(1_000_000, &run), None);
        assert!(begun.into_inner() < 1_000_000);
    }
}
