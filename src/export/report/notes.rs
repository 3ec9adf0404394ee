//! The user's own notes within a report.

use crate::formulas::escaped;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Markdown whose headings stand below those of the report.
pub fn lowered(notes: &str) -> String {
    let mut is_code = false;
    let lines = notes.lines().map(|line| {
        is_code ^= line.trim_start().starts_with("```");
        match line.starts_with('#') && !is_code {
            true => format!("##{line}"),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Markdown as HTML. Markup inside it is shown, not obeyed; pictures and links to elsewhere
/// become their words, so that the page needs nothing and asks nobody.
pub fn as_html(notes: &str) -> String {
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = Parser::new_ext(notes, options).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H3,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H3))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) if !is_harmless(dest_url) => None,
        Event::End(TagEnd::HtmlBlock) | Event::Start(Tag::HtmlBlock) => None,
        other => Some(other),
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// Links that a reader may follow.
fn is_harmless(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// Whether a text is written from right to left, by its first letter that tells.
pub fn is_right_to_left(text: &str) -> bool {
    let is_rtl =
        |c: char| matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF);
    let mut telling = text.chars().filter(|c| c.is_alphabetic());
    telling.next().is_some_and(is_rtl)
}

/// A line of words in HTML, with its own direction.
pub fn words(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}
