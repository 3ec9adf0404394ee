//! The grammar of formulas, by recursive descent:
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = signed (("*" | "/") signed)*
//! signed  = ("-" | "+") signed | power
//! power   = value ("^" signed)?
//! value   = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
//! ```
//!
//! `^` therefore binds tighter than a sign and groups to the right: −2^2 = −4, 2^3^2 = 2^9.
//! Every recursion counts a level, so that no text exhausts the stack; every word is looked at
//! once.

use super::mistake::{FormulaError, Mistake};
use super::program::{FUNCTIONS, Function, Instruction, Program};
use super::tokens::{Token, Tokens, Word, shortened};
use super::vocabulary::Vocabulary;
use super::{MOST_CHARACTERS, MOST_LEVELS};
use std::ops::Range;

/// Reads a formula.
///
/// # Errors
/// The first mistake, with its place.
pub fn read(text: &str, vocabulary: &Vocabulary<'_>) -> Result<Program, FormulaError> {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        return Err(FormulaError::new(end..text.len(), Mistake::TooLong));
    }
    let mut reader = Reader::new(text, vocabulary)?;
    if reader.next.word == Word::End {
        return Err(FormulaError::new(0..text.len(), vocabulary.empty()));
    }
    reader.sum()?;
    match reader.next.word {
        Word::End => Ok(reader.program),
        Word::Mark(')') => Err(reader.wrong_here(Mistake::Unopened)),
        Word::Mark(',') => Err(reader.wrong_here(Mistake::Comma)),
        _ => Err(reader.wrong_here(Mistake::Operator)),
    }
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary<'a>,
    tokens: Tokens<'a>,
    /// The word that is looked at.
    next: Token<'a>,
    level: usize,
    program: Program,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, vocabulary: &'a Vocabulary<'a>) -> Result<Self, FormulaError> {
        let mut tokens = Tokens::new(text);
        Ok(Self {
            next: tokens.next()?,
            tokens,
            vocabulary,
            level: 0,
            program: Program::default(),
        })
    }

    fn wrong_here(&self, mistake: Mistake) -> FormulaError {
        FormulaError::new(self.next.place.clone(), mistake)
    }

    /// Goes on to the next word, and returns the present one's place.
    fn advance(&mut self) -> Result<Range<usize>, FormulaError> {
        let next = self.tokens.next()?;
        Ok(std::mem::replace(&mut self.next, next).place)
    }

    /// Goes past a mark if it stands here.
    fn takes(&mut self, mark: char) -> Result<bool, FormulaError> {
        let stands_here = self.next.word == Word::Mark(mark);
        if stands_here {
            self.advance()?;
        }
        Ok(stands_here)
    }

    /// Reads one level deeper; `place` is what makes it one.
    fn deeper(
        &mut self,
        place: &Range<usize>,
        read: impl FnOnce(&mut Self) -> Result<(), FormulaError>,
    ) -> Result<(), FormulaError> {
        if self.level == MOST_LEVELS {
            return Err(FormulaError::new(place.clone(), Mistake::TooDeep));
        }
        self.level += 1;
        read(self)?;
        self.level -= 1;
        Ok(())
    }

    fn sum(&mut self) -> Result<(), FormulaError> {
        self.product()?;
        loop {
            let instruction = match self.next.word {
                Word::Mark('+') => Instruction::Add,
                Word::Mark('-') => Instruction::Subtract,
                _ => return Ok(()),
            };
            self.advance()?;
            self.product()?;
            self.program.push(instruction);
        }
    }

    fn product(&mut self) -> Result<(), FormulaError> {
        self.signed()?;
        loop {
            let instruction = match self.next.word {
                Word::Mark('*') => Instruction::Multiply,
                Word::Mark('/') => Instruction::Divide,
                _ => return Ok(()),
            };
            self.advance()?;
            self.signed()?;
            self.program.push(instruction);
        }
    }

    fn signed(&mut self) -> Result<(), FormulaError> {
        let is_minus = self.next.word == Word::Mark('-');
        if !is_minus && self.next.word != Word::Mark('+') {
            return self.power();
        }
        let place = self.advance()?;
        self.deeper(&place, Self::signed)?;
        if is_minus {
            self.program.push(Instruction::Negate);
        }
        Ok(())
    }

    fn power(&mut self) -> Result<(), FormulaError> {
        self.value()?;
        if self.next.word == Word::Mark('^') {
            let place = self.advance()?;
            self.deeper(&place, Self::signed)?;
            self.program.push(Instruction::Apply(Function::Power));
        }
        Ok(())
    }

    fn value(&mut self) -> Result<(), FormulaError> {
        match self.next.word {
            Word::Number(value) => {
                self.advance()?;
                self.program.push(Instruction::Constant(value));
                Ok(())
            }
            Word::Name(name) => self.named(name),
            Word::Mark('(') => {
                let place = self.advance()?;
                self.deeper(&place, Self::sum)?;
                self.close(place)
            }
            word => {
                let before = word.described();
                let values = self.vocabulary.described().to_owned();
                Err(self.wrong_here(Mistake::Operand { before, values }))
            }
        }
    }

    /// Goes past the parenthesis that closes the one at `opened`.
    fn close(&mut self, opened: Range<usize>) -> Result<(), FormulaError> {
        if self.takes(')')? {
            return Ok(());
        }
        Err(match self.next.word {
            Word::End => FormulaError::new(opened, Mistake::Unclosed),
            Word::Mark(',') => self.wrong_here(Mistake::Comma),
            _ => self.wrong_here(Mistake::Operator),
        })
    }

    fn named(&mut self, name: &str) -> Result<(), FormulaError> {
        let place = self.advance()?;
        if let Some(instruction) = self.vocabulary.value_of(name) {
            if self.next.word == Word::Mark('(') {
                let place = place.start..self.next.place.end;
                return Err(FormulaError::new(
                    place,
                    Mistake::Called {
                        name: shortened(name),
                    },
                ));
            }
            self.program.push(instruction);
            return Ok(());
        }
        match FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some(&(known, function)) => self.call(known, function, place),
            None => Err(FormulaError::new(place, self.vocabulary.unknown(name))),
        }
    }

    fn call(
        &mut self,
        name: &'static str,
        function: Function,
        place: Range<usize>,
    ) -> Result<(), FormulaError> {
        let (expected, arguments) = match function.arguments() {
            1 => ("one argument", self.vocabulary.arguments(1)),
            _ => ("two arguments", self.vocabulary.arguments(2)),
        };
        if self.next.word != Word::Mark('(') {
            return Err(FormulaError::new(place, Mistake::Bare { name, arguments }));
        }
        let opened = self.advance()?;
        let mut found = 0;
        if self.next.word != Word::Mark(')') {
            self.deeper(&place, |reader| reader.arguments(&mut found))?;
        }
        if !matches!(self.next.word, Word::Mark(')')) {
            return self.close(opened);
        }
        if found != function.arguments() {
            let place = place.start..self.next.place.end;
            let mistake = Mistake::Arguments {
                name,
                expected,
                found,
                arguments,
            };
            return Err(FormulaError::new(place, mistake));
        }
        self.program.push(Instruction::Apply(function));
        self.close(opened)
    }

    fn arguments(&mut self, found: &mut usize) -> Result<(), FormulaError> {
        loop {
            self.sum()?;
            *found += 1;
            if !self.takes(',')? {
                return Ok(());
            }
        }
    }
}
