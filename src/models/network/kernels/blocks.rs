//! Work cut into blocks that fit the registers.

/// Cuts `count` things into blocks of these sizes, the largest first: (first thing, how many).
/// The last size is 1.
#[inline(always)]
pub fn blocks<const S: usize>(
    count: usize,
    sizes: [usize; S],
) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let left = count - first;
        let size = sizes.into_iter().find(|&size| size <= left)?;
        let block = (first, size);
        first += size;
        Some(block)
    })
}
