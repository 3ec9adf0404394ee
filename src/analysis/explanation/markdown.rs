//! An explanation as Markdown with LaTeX.

use super::text::{ALONE, asked, origin};
use super::{Explanation, Line, Show, latex, number, shortest};
use std::fmt::{Result, Write};

/// The whole page.
pub(super) fn page(of: &Explanation) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut out, of);
    out
}

fn write_page(out: &mut String, of: &Explanation) -> Result {
    writeln!(
        out,
        "## {} (`{}`), step {} of {}\n",
        plain(&of.label),
        of.card.id,
        of.step,
        of.updates
    )?;
    writeln!(out, "### The rule\n\n```text")?;
    for line in of.card.formula {
        writeln!(out, "{line}")?;
    }
    for (name, formula) in &of.wrappers {
        writeln!(out, "around it, {name}:")?;
        for line in *formula {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out, "```\n\n{}\n", plain(of.card.citation))?;
    before(out, of)?;
    writeln!(out, "### The step\n")?;
    for line in &of.lines {
        worked(out, line, &of.parameter_names)?;
    }
    after(out, of)
}

/// Text in which no character means anything to Markdown.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\`*_{}[]<>#|$~".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

fn before(out: &mut String, of: &Explanation) -> Result {
    writeln!(out, "### Before the step\n")?;
    if of.has_batches {
        writeln!(out, "$J$ and its gradient are those of the step's batch.\n")?;
    }
    let noise = match of.disturbed {
        Some(_) => (" $g$ with noise |", " ---: |"),
        None => ("", ""),
    };
    writeln!(
        out,
        "| parameter | $\\theta$ | $\\partial J/\\partial\\theta$ |{}",
        noise.0
    )?;
    writeln!(out, "| :--- | ---: | ---: |{}", noise.1)?;
    for (index, moved) in of.parameters.iter().enumerate() {
        let mut row = format!(
            "| {} | {} | {} |",
            plain(&moved.name),
            shortest(moved.before),
            shortest(of.gradient[index])
        );
        if let Some(disturbed) = &of.disturbed {
            row += &format!(" {} |", shortest(disturbed[index]));
        }
        writeln!(out, "{row}")?;
    }
    writeln!(out, "\n- $J = {}$", number::latex(of.loss))?;
    if let Some(alone) = of.loss_alone {
        writeln!(out, "- {ALONE}: {}", shortest(alone))?;
    }
    let rate = number::latex(of.rate.value);
    writeln!(out, "- $\\alpha = {rate}$: {}", plain(&origin(of)))?;
    for setting in &of.settings {
        let (symbol, value) = (latex::name(&setting.symbol), number::latex(setting.value));
        writeln!(out, "- ${symbol} = {value}$: {}", plain(setting.meaning))?;
    }
    writeln!(out)?;
    if !of.looks.is_empty() {
        writeln!(out, "### What the rule asked\n")?;
        for (index, look) in of.looks.iter().enumerate() {
            writeln!(out, "{}. {}", index + 1, plain(&asked(look)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn worked(out: &mut String, line: &Line, names: &[String]) -> Result {
    let show = line.show(names);
    let symbol = latex::name(&line.symbol);
    let sign = match line.sign() {
        "=" => "=",
        _ => r"\leftarrow",
    };
    writeln!(out, "$$\n\\begin{{aligned}}")?;
    for (index, worked) in line.worked.iter().enumerate() {
        let subscript = match worked.component.and_then(|c| names.get(c)) {
            Some(name) => format!(r"_{{\text{{{}}}}}", plain(name)),
            None => String::new(),
        };
        if line.mixes_components || index == 0 {
            let formula = worked.expression.latex(show);
            let of = if line.mixes_components {
                subscript.as_str()
            } else {
                ""
            };
            writeln!(out, r"{{{symbol}}}{of} &{sign} {formula} \\")?;
        }
        let (numbers, value) = (
            worked.expression.latex(Show::Values),
            number::latex(worked.value),
        );
        let numbers = if numbers == value {
            String::new()
        } else {
            format!("{numbers} = ")
        };
        writeln!(out, r"{{{symbol}}}{subscript} &= {numbers}{value} \\")?;
    }
    writeln!(out, "\\end{{aligned}}\n$$\n")
}

fn after(out: &mut String, of: &Explanation) -> Result {
    writeln!(out, "### After the step\n")?;
    writeln!(out, "| | before | after | change | effective rate |")?;
    writeln!(out, "| :--- | ---: | ---: | ---: | ---: |")?;
    for moved in &of.parameters {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            plain(&moved.name),
            shortest(moved.before),
            shortest(moved.after),
            shortest(moved.step()),
            moved.effective_rate.map_or("–".to_owned(), shortest)
        )?;
    }
    let (before, after) = (shortest(of.loss), shortest(of.loss_after));
    let change = shortest(of.loss_after - of.loss);
    writeln!(out, "| $J$ | {before} | {after} | {change} | |")?;
    for remembered in &of.memory {
        let is_each = remembered.is_per_parameter(of.parameter_names.len());
        for number in &remembered.numbers {
            let of = match number.entry {
                Some(entry) if is_each => format!(", {}", plain(&of.parameter_names[entry])),
                Some(entry) => format!(", {}", entry + 1),
                None => String::new(),
            };
            writeln!(
                out,
                "| ${}${of} | {} | {} | {} | |",
                latex::name(&remembered.symbol),
                shortest(number.before),
                shortest(number.after),
                shortest(number.after - number.before)
            )?;
        }
    }
    if let Some((shown, loss)) = &of.shown {
        let shown: Vec<_> = shown.iter().map(|&w| shortest(w)).collect();
        let (shown, loss) = (shown.join(", "), shortest(*loss));
        writeln!(
            out,
            "\nShown in place of the parameters: ({shown}), $J = {loss}$."
        )?;
    }
    writeln!(out)
}
