//! An explanation for a terminal.

use super::{Explanation, Line, Look, Question, Remembered, Show, shortest};
use std::fmt::Write;

/// The whole page.
pub(super) fn page(of: &Explanation) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut out, of);
    out
}

fn write_page(out: &mut String, of: &Explanation) -> std::fmt::Result {
    writeln!(
        out,
        "{} ({}), step {} of {}",
        of.label, of.card.id, of.step, of.updates
    )?;
    writeln!(out, "\nThe rule")?;
    for line in of.card.formula {
        writeln!(out, "  {line}")?;
    }
    for (name, formula) in &of.wrappers {
        writeln!(out, "  around it, {name}:")?;
        for line in *formula {
            writeln!(out, "    {line}")?;
        }
    }
    writeln!(out, "  {}", of.card.citation)?;
    before(out, of)?;
    if !of.looks.is_empty() {
        writeln!(out, "\nWhat the rule asked")?;
        for (index, look) in of.looks.iter().enumerate() {
            writeln!(out, "  ⟨{}⟩ {}", index + 1, asked(look))?;
        }
    }
    writeln!(out, "\nThe step")?;
    for line in &of.lines {
        worked(out, line, &of.parameter_names)?;
    }
    after(out, of)
}

fn before(out: &mut String, of: &Explanation) -> std::fmt::Result {
    let of_batch = if of.has_batches {
        ", J and g of its batch"
    } else {
        ""
    };
    writeln!(out, "\nBefore the step{of_batch}")?;
    writeln!(out, "  J = {}", shortest(of.loss))?;
    if let Some(alone) = of.loss_alone {
        writeln!(out, "  {}: {}", ALONE, shortest(alone))?;
    }
    for (index, moved) in of.parameters.iter().enumerate() {
        let mut line = format!(
            "  {} = {}, g = {}",
            moved.name,
            shortest(moved.before),
            shortest(of.gradient[index])
        );
        if let Some(disturbed) = &of.disturbed {
            line += &format!(", with noise g = {}", shortest(disturbed[index]));
        }
        writeln!(out, "{line}")?;
    }
    writeln!(out, "  α = {}: {}", shortest(of.rate.value), origin(of))?;
    for setting in &of.settings {
        writeln!(out, "  {} = {}", setting.symbol, shortest(setting.value))?;
    }
    Ok(())
}

/// What is said of the loss without what earlier surfaces add.
pub(super) const ALONE: &str = "of the present surface alone, without what those before add";

/// Where the rate comes from.
pub(super) fn origin(of: &Explanation) -> String {
    let rate = &of.rate;
    let when = match rate.epoch == rate.update {
        true => format!("k = {}", rate.update),
        false => format!("k = {} (update) or {} (epoch)", rate.update, rate.epoch),
    };
    let set = match rate.set_at {
        Some(step) => format!(", set at step {step},"),
        None => String::new(),
    };
    let slowed = match rate.factor == 1.0 {
        true => String::new(),
        false => format!(" times {} on this surface", shortest(rate.factor)),
    };
    format!(
        "{} ({}), {}, with base α = {}{set}{slowed} and {when}",
        rate.schedule.name,
        rate.written,
        rate.schedule.formula,
        shortest(rate.base)
    )
}

/// What was asked, and what the answer was.
pub(super) fn asked(look: &Look) -> String {
    let at = list(&look.at);
    let value = look.value.map_or_else(String::new, shortest);
    match look.question {
        Question::Value => format!("J at {at}: {value}"),
        Question::Gradient => format!("J and g at {at}: {value} and {}", list(&look.answer)),
        Question::Hessian => format!("∇²J at {at}: {}", list(&look.answer)),
        Question::Diagonal => format!("the diagonal of ∇²J at {at}: {}", list(&look.answer)),
        Question::SampledDiagonal => {
            format!(
                "an estimate of the diagonal of ∇²J at {at}: {}",
                list(&look.answer)
            )
        }
    }
}

fn list(values: &[f64]) -> String {
    let values: Vec<_> = values.iter().map(|&value| shortest(value)).collect();
    format!("({})", values.join(", "))
}

fn worked(out: &mut String, line: &Line, names: &[String]) -> std::fmt::Result {
    let of = |component: Option<usize>| match component.and_then(|c| names.get(c)) {
        Some(name) => format!("{name}: "),
        None => String::new(),
    };
    if line.mixes_components {
        for worked in &line.worked {
            let of = of(worked.component);
            writeln!(out, "  {of}{}", line.formula(worked, names))?;
            numbers(out, "", worked)?;
        }
        return Ok(());
    }
    let Some(first) = line.worked.first() else {
        return Ok(());
    };
    writeln!(out, "  {}", line.formula(first, names))?;
    for worked in &line.worked {
        numbers(out, &of(worked.component), worked)?;
    }
    Ok(())
}

fn numbers(out: &mut String, of: &str, worked: &super::Worked) -> std::fmt::Result {
    writeln!(out, "      {of}{}", in_numbers(worked))
}

/// The formula in numbers and its result, with all digits; of a plain number the result alone.
pub(super) fn in_numbers(worked: &super::Worked) -> String {
    let numbers = worked.expression.text(Show::Values);
    let value = shortest(worked.value);
    match numbers == value {
        true => format!("= {value}"),
        false => format!("{numbers} = {value}"),
    }
}

fn after(out: &mut String, of: &Explanation) -> std::fmt::Result {
    writeln!(out, "\nAfter the step")?;
    for moved in &of.parameters {
        let rate = moved.effective_rate.map_or_else(
            || "g is 0".to_owned(),
            |rate| format!("effective rate {}", shortest(rate)),
        );
        let (before, after) = (shortest(moved.before), shortest(moved.after));
        let step = shortest(moved.step());
        writeln!(
            out,
            "  {}: {before} → {after}, by {step}, {rate}",
            moved.name
        )?;
    }
    writeln!(
        out,
        "  J: {} → {}",
        shortest(of.loss),
        shortest(of.loss_after)
    )?;
    if let Some((shown, loss)) = &of.shown {
        writeln!(out, "  shown: {}, J = {}", list(shown), shortest(*loss))?;
    }
    for remembered in &of.memory {
        memory(out, remembered, &of.parameter_names)?;
    }
    Ok(())
}

fn memory(out: &mut String, remembered: &Remembered, names: &[String]) -> std::fmt::Result {
    writeln!(out, "  {}, {}", remembered.symbol, remembered.meaning)?;
    let is_each = remembered.is_per_parameter(names.len());
    for number in &remembered.numbers {
        let of = match number.entry {
            Some(entry) if is_each => format!("{}: ", names[entry]),
            Some(entry) => format!("{}: ", entry + 1),
            None => String::new(),
        };
        let (before, after) = (shortest(number.before), shortest(number.after));
        writeln!(out, "      {of}{before} → {after}")?;
    }
    Ok(())
}
