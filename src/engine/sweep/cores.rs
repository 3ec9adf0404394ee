//! Work that cannot be packed, one piece a core.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What `run` makes of every number below `count`, in their order, as many at a time as there
/// are cores; none when one of them gave up, and then the others that have not begun never do.
///
/// A piece may use other cores within itself. One of these that waits there takes up whatever is
/// to be done; so there is one task a core, not one a piece, and never more pieces are begun than
/// there are cores.
pub fn one_a_core<T: Send>(
    count: usize,
    run: &(dyn Fn(usize) -> Option<T> + Sync),
) -> Option<Vec<T>> {
    let next = AtomicUsize::new(0);
    let gave_up = AtomicBool::new(false);
    let made = Mutex::new(Vec::with_capacity(count));
    let work = || {
        while !gave_up.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            match run(index) {
                Some(piece) => made
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((index, piece)),
                None => gave_up.store(true, Ordering::Relaxed),
            }
        }
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(count) {
            scope.spawn(|_| work());
        }
    });
    if gave_up.into_inner() {
        return None;
    }
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
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
