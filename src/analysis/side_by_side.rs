//! Two rules' formulas, line beside line, with what differs marked.

/// Lines with less in common than this stand alone.
const ALIKE: f64 = 0.5;

/// A line of one rule beside the line of the other that is most like it.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// The left rule's line; none where it has nothing of the kind.
    pub left: Option<Vec<Span>>,
    /// The right rule's line.
    pub right: Option<Vec<Span>>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// As it stands in the formula.
    pub text: String,
    /// Whether the other line has something else there.
    pub differs: bool,
}

/// A name of the right side that has the place of one of the left side: s for v, where one rule
/// keeps s as the other keeps v.
pub type Renamed = (String, String);

/// Sets two formulas side by side, in the order of both.
pub fn side_by_side(left: &[&str], right: &[&str]) -> Vec<Beside> {
    let rows = aligned(left, right, &[]).into_iter();
    rows.map(|(i, j)| match (i.map(|i| left[i]), j.map(|j| right[j])) {
        (Some(a), Some(b)) => compared(a, b, &[]),
        (a, b) => Beside {
            left: a.map(alone),
            right: b.map(alone),
        },
    })
    .collect()
}

/// The places of lines that belong beside one another, in the order of both: those that are alike,
/// and those that work out what has the same name. Any other stands alone.
pub fn aligned(
    left: &[&str],
    right: &[&str],
    renamed: &[Renamed],
) -> Vec<(Option<usize>, Option<usize>)> {
    let left: Vec<Vec<String>> = left.iter().map(|line| tokens(line)).collect();
    let right = right.iter().map(|line| as_left(&tokens(line), renamed));
    let right: Vec<Vec<String>> = right.collect();
    let pairs = common(left.len(), right.len(), &|i, j| {
        let likeness = likeness(&left[i], &right[j]);
        let is_same_name = name(&left[i]).is_some_and(|own| Some(own) == name(&right[j]));
        match (likeness >= ALIKE, is_same_name) {
            (true, _) => likeness,
            (false, true) => ALIKE,
            (false, false) => 0.0,
        }
    });
    let mut rows = Vec::new();
    let (mut next_left, mut next_right) = (0, 0);
    let ends = std::iter::once((left.len(), right.len()));
    for (i, j) in pairs.into_iter().chain(ends) {
        rows.extend((next_left..i).map(|i| (Some(i), None)));
        rows.extend((next_right..j).map(|j| (None, Some(j))));
        if i < left.len() && j < right.len() {
            rows.push((Some(i), Some(j)));
        }
        (next_left, next_right) = (i + 1, j + 1);
    }
    rows
}

/// Two lines with what differs between them marked; a name in the place of another does not.
pub fn compared(left: &str, right: &str, renamed: &[Renamed]) -> Beside {
    let (a, b) = (tokens(left), tokens(right));
    let same = same(&a, &as_left(&b, renamed));
    let left: Vec<usize> = same.iter().map(|(i, _)| *i).collect();
    let right: Vec<usize> = same.iter().map(|(_, j)| *j).collect();
    Beside {
        left: Some(spans(&a, &left)),
        right: Some(spans(&b, &right)),
    }
}

/// The tokens with the left side's names in place of those that stand for them.
fn as_left(tokens: &[String], renamed: &[Renamed]) -> Vec<String> {
    let name = |token: &String| {
        let known = renamed.iter().find(|(theirs, _)| theirs == token);
        known.map_or_else(|| token.clone(), |(_, own)| own.clone())
    };
    tokens.iter().map(name).collect()
}

/// A line that has nothing beside it.
pub fn alone(line: &str) -> Vec<Span> {
    vec![Span {
        text: line.to_owned(),
        differs: true,
    }]
}

/// What a line works out: all before its arrow or sign of equality.
fn name(line: &[String]) -> Option<&[String]> {
    let end = line.iter().position(|token| token == "←" || token == "=")?;
    Some(&line[..end])
}

/// Words, and signs one by one.
fn tokens(line: &str) -> Vec<String> {
    let is_sign = |c: char| c.is_whitespace() || "+−·/()[]{}=←,;:|<>≤≥∈√^∛".contains(c);
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in line.chars() {
        match tokens.last_mut().filter(|_| in_word && !is_sign(c)) {
            Some(word) => word.push(c),
            None => tokens.push(c.to_string()),
        }
        in_word = !is_sign(c);
    }
    tokens
}

fn is_space(token: &str) -> bool {
    token.trim().is_empty()
}

/// The share of both lines that they have in common, in the same order, from 0 to 1.
fn likeness(a: &[String], b: &[String]) -> f64 {
    let same = same(a, b).len();
    let count = |tokens: &[String]| tokens.iter().filter(|t| !is_space(t)).count();
    let all = count(a) + count(b);
    if all == 0 {
        1.0
    } else {
        2.0 * same as f64 / all as f64
    }
}

/// The places of the tokens that two lines have in common, spaces apart.
fn same(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    common(a.len(), b.len(), &|i, j| {
        f64::from(u8::from(a[i] == b[j] && !is_space(&a[i])))
    })
}

/// The pairs, rising on both sides, whose worths have the greatest sum; what is worth nothing is
/// no pair.
fn common(left: usize, right: usize, worth: &dyn Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let width = right + 1;
    // The greatest sum of what is left from (i, j) on.
    let mut best = vec![0.0_f64; (left + 1) * width];
    for i in (0..left).rev() {
        for j in (0..right).rev() {
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let take = worth(i, j) + best[(i + 1) * width + j + 1];
            best[i * width + j] = skip.max(take);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < left && j < right {
        let here = best[i * width + j];
        let worth = worth(i, j);
        if worth > 0.0 && here == worth + best[(i + 1) * width + j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here == best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// A line in parts, those at the places in `same` being what the other has too; a space belongs to
/// what is before it.
fn spans(line: &[String], same: &[usize]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (place, token) in line.iter().enumerate() {
        let differs = !same.contains(&place);
        let goes_on = |last: &&mut Span| is_space(token) || last.differs == differs;
        match spans.last_mut().filter(goes_on) {
            Some(last) => last.text.push_str(token),
            None => spans.push(Span {
                text: token.clone(),
                differs,
            }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers;

    fn formula(id: &str) -> &'static [&'static str] {
        optimizers::find(id).unwrap().card().formula
    }

    fn text(spans: &Option<Vec<Span>>) -> String {
        let spans = spans.iter().flatten();
        let marked = spans.map(|span| match span.differs {
            true => format!("[{}]", span.text),
            false => span.text.clone(),
        });
        marked.collect()
    }

    #[test]
    fn every_line_is_there_once_and_in_order() {
        for (left, right) in [("adam", "adabelief"), ("sgd", "lbfgs"), ("muon", "adam")] {
            let rows = side_by_side(formula(left), formula(right));
            let plain = |spans: &Option<Vec<Span>>| -> Option<String> {
                let spans = spans.as_ref()?;
                Some(spans.iter().map(|span| span.text.as_str()).collect())
            };
            let lines: Vec<_> = rows.iter().filter_map(|row| plain(&row.left)).collect();
            assert_eq!(lines, formula(left));
            let lines: Vec<_> = rows.iter().filter_map(|row| plain(&row.right)).collect();
            assert_eq!(lines, formula(right));
        }
    }

    #[test]
    fn what_has_the_same_name_stands_beside_one_another() {
        let rows = aligned(
            &["θ ← θ − α·g"],
            &["v₁ ← β₁·v₁ + g", "θ ← θ − α/3·v₁ − α/3·v₂ − α/3·v₃"],
            &[],
        );
        assert_eq!(rows, [(None, Some(0)), (Some(0), Some(1))]);
    }

    #[test]
    fn a_rule_beside_itself_differs_nowhere() {
        for row in side_by_side(formula("adam"), formula("adam")) {
            assert_eq!(row.left, row.right);
            assert!(row.left.unwrap().iter().all(|span| !span.differs));
        }
    }

    #[test]
    fn what_differs_is_marked_and_a_name_for_the_same_thing_only_where_none_is_given() {
        let lines = ["v ← β₂·v + (1 − β₂)·g²", "s ← β₂·s + (1 − β₂)·(g − m)² + ε"];
        let texts = |renamed: &[Renamed]| {
            let row = compared(lines[0], lines[1], renamed);
            [text(&row.left), text(&row.right)]
        };
        let marked = [
            "[v ]← β₂·[v ]+ (1 − β₂)·[g²]",
            "[s ]← β₂·[s ]+ (1 − β₂)·[(g − m)² + ε]",
        ];
        assert_eq!(texts(&[]), marked);
        let known = [("s".to_owned(), "v".to_owned())];
        let marked = [
            "v ← β₂·v + (1 − β₂)·[g²]",
            "s ← β₂·s + (1 − β₂)·[(g − m)² + ε]",
        ];
        assert_eq!(texts(&known), marked);
    }
}
