//! Text in a figure: what XML allows, and what fits.

/// The longest text that is set, in characters, however narrow they are.
const MOST_CHARACTERS: usize = 160;

/// Text as XML character data on one line. Control characters, which XML 1.0 cannot hold, are
/// left out, and with them those that turn the direction of what follows.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            _ if is_dropped(c) => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// `text`, cut with … where it would be wider than `width` at this font size.
pub(super) fn shortened(text: &str, width: f64, size: f64) -> String {
    let text = text.trim();
    if text.chars().count() <= MOST_CHARACTERS && text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut left = width - text_width("…", size);
    let fits = |c: &char| {
        left -= size * advance(*c);
        left >= 0.0
    };
    let kept: String = text
        .chars()
        .take(MOST_CHARACTERS)
        .take_while(fits)
        .collect();
    format!("{}…", kept.trim_end())
}

/// The width of a text, estimated: which font shows it is not known when it is written.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    size * text.chars().map(advance).sum::<f64>()
}

/// The width of a character in units of the font size, after Noto Sans; a little too wide
/// rather than too narrow.
fn advance(c: char) -> f64 {
    match c {
        _ if is_dropped(c) || is_combining(c) => 0.0,
        'i' | 'j' | 'l' | 'I' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' | ' ' => 0.3,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '⁰'..='⁹' | '¹' | '²' | '³' | '⁻' => {
            0.4
        }
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.94,
        'A'..='Z' => 0.7,
        '\u{20}'..='\u{10ff}' => 0.59,
        // Ideographs, full-width forms, pictures.
        _ => 1.05,
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_what_xml_cannot_hold_is_dropped() {
        assert_eq!(
            escape("a<b> & \"c\"\t'd'\u{0}\u{8}\u{1b}\u{202e}\u{ffff}\n"),
            "a&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; "
        );
    }

    #[test]
    fn long_texts_end_in_an_ellipsis_and_fit() {
        assert_eq!(shortened(" Adam ", 100.0, 12.0), "Adam");
        for long in [
            "W".repeat(500),
            "i".repeat(500),
            "学".repeat(500),
            "a\u{301}".repeat(500),
        ] {
            let short = shortened(&long, 120.0, 12.0);
            assert!(
                short.ends_with('…') && text_width(&short, 12.0) <= 120.0,
                "{short}"
            );
            assert!(short.chars().count() <= MOST_CHARACTERS + 1);
        }
    }
}
