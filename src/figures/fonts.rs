//! The fonts of the window and of every exported figure.

/// Letters, digits, Greek, superscripts.
pub static NOTO_SANS: &[u8] = include_bytes!("../../assets/fonts/NotoSans-Regular.ttf");

/// Mathematical signs that Noto Sans does not have.
pub static NOTO_SANS_MATH: &[u8] = include_bytes!("../../assets/fonts/NotoSansMath-Regular.ttf");
