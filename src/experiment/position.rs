//! Lines and columns of a text, both from 1, columns in characters.

/// Line and column (both from 1, columns in characters) of a byte offset.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// Byte offset of a line and column, the inverse of [`line_and_column`].
pub(super) fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let line_start = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let rest = &text[line_start..];
    let within = rest.char_indices().nth(column.saturating_sub(1));
    line_start + within.map_or(rest.len(), |(offset, _)| offset)
}

/// Lines and columns of many byte offsets, in one pass over the text.
pub(super) fn lines_and_columns(text: &str, offsets: &[usize]) -> Vec<(usize, usize)> {
    let mut order: Vec<_> = (0..offsets.len()).collect();
    order.sort_by_key(|&index| offsets[index]);
    let mut places = vec![(1, 1); offsets.len()];
    let (mut at, mut place) = (0, (1, 1));
    for index in order {
        for c in text.get(at..offsets[index]).unwrap_or("").chars() {
            place = if c == '\n' {
                (place.0 + 1, 1)
            } else {
                (place.0, place.1 + 1)
            };
        }
        at = offsets[index];
        places[index] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = "é\nab";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 4), (2, 2));
        assert_eq!(
            lines_and_columns(text, &[4, 0, 2]),
            [(2, 2), (1, 1), (1, 2)]
        );
        assert_eq!(offset_of(text, 2, 2), 4);
        assert_eq!(offset_of(text, 1, 2), 2);
    }
}
