//! The processor's cores for work that takes long, kept apart from those of the window.
//!
//! A window draws with the usual threads of rayon and waits for them. Were trainings computed on
//! the same, it would wait until their present blocks of updates are made. So they have threads
//! of their own, as many as there are cores, and the system prefers all others to them where it
//! can be told so.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::LazyLock;

/// None when the system gives no threads.
static LONG_WORK: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let builder = ThreadPoolBuilder::new().thread_name(|number| format!("long work {number}"));
    builder.start_handler(|_| give_way()).build().ok()
});

/// Does work that takes long on the threads for it, and waits for it. Results are the same on
/// any threads.
pub fn at_length<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match &*LONG_WORK {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// The least priority there is. With 2 a key pressed while six networks train is answered after
/// 93 ms (longest 138), with 19 after 65 (86): `tests/measure_answer`. Beside other programs that
/// want every core a training waits for them; a desktop shares the cores among sessions first.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// Lets other threads go before this one. On Linux a thread has a priority of its own; elsewhere
/// it would be the whole program's.
#[cfg(target_os = "linux")]
fn give_way() {
    use rustix::process::{getpriority_process, setpriority_process};
    if getpriority_process(None).is_ok_and(|present| present < NICE) {
        // A system that refuses leaves the thread as it is.
        let _ = setpriority_process(None, NICE);
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn work_is_done_on_threads_of_its_own() {
        let name = || std::thread::current().name().map(str::to_owned);
        let names: Vec<_> = at_length(|| (0..64).into_par_iter().map(|_| name()).collect());
        assert!(
            names
                .iter()
                .all(|name| name.as_deref().is_some_and(|n| n.starts_with("long work"))),
            "{names:?}"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn its_threads_give_way_and_no_others() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let of_work = at_length(nice);
        assert_eq!(of_work, NICE, "the program's own is {before}");
        assert_eq!(nice(), before);
    }
}
