//! The font inside a figure, so that it looks the same everywhere: only the glyphs that are
//! set, of Noto Sans and, for what that does not have, of Noto Sans Math.

mod sfnt;
mod source;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use source::Source;
use std::collections::BTreeSet;

/// The rule of a style sheet that holds a font with these characters; characters that neither
/// font has are left to the fonts of the system.
pub(super) fn face(characters: &BTreeSet<char>) -> String {
    let font = STANDARD.encode(sfnt::subset(&Source::shipped(), characters));
    format!(
        "@font-face{{font-family:\"Noto Sans\";src:url(data:font/ttf;base64,{font}) \
         format(\"truetype\")}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::usvg::fontdb;

    /// The font with these characters, as another reader sees it.
    fn read_back(characters: &str) -> fontdb::Database {
        let characters = characters.chars().collect();
        let mut database = fontdb::Database::new();
        database.load_font_data(sfnt::subset(&Source::shipped(), &characters));
        database
    }

    #[test]
    fn the_subset_is_a_font_of_the_same_name() {
        let database = read_back("Loss ‖∇J‖ − ÄÅﬁ10⁻³");
        let face = database.faces().next().expect("a font was read");
        assert_eq!(face.families[0].0, "Noto Sans");
        assert_eq!(face.index, 0);
    }

    #[test]
    fn a_subset_is_small_and_the_same_every_time() {
        let characters: BTreeSet<char> = ('!'..='~').chain("α∇‖−·⁰¹²³".chars()).collect();
        let font = sfnt::subset(&Source::shipped(), &characters);
        assert!(font.len() < 20_000, "{}", font.len());
        assert_eq!(font, sfnt::subset(&Source::shipped(), &characters));
    }

    #[test]
    fn no_text_and_unknown_letters_are_no_fault() {
        for characters in ["", "学🙂\u{0}\u{10ffff}"] {
            assert_eq!(read_back(characters).len(), 1);
        }
    }
}
