//! Explanations as pages.

use super::{experiment, fits};
use descent_lab::analysis::explanation;
use descent_lab::experiment::{RunSpec, WrapperSpec};
use descent_lab::optimizers::OPTIMIZERS;
use descent_lab::optimizers::wrappers;

#[test]
fn a_page_has_every_number_in_full() {
    let experiment = experiment("rosenbrock", [-1.54, -0.64], 0.0, RunSpec::new("adam"));
    let of = explanation::explain(&experiment.check().unwrap(), 0, 3).unwrap();
    for page in [of.to_text(), of.to_markdown()] {
        for moved in &of.parameters {
            for number in [moved.before, moved.after] {
                assert!(page.contains(&explanation::shortest(number)), "{page}");
            }
        }
        assert!(page.contains(&explanation::shortest(of.loss_after)));
        assert!(page.contains("step 3 of 40") && page.contains("adam"));
        assert!(page.contains("Constant"));
    }
    assert!(of.to_text().contains("θ ← θ − α·m̂/(√(v̂ + ε_r) + ε)"));
    assert!(
        of.to_markdown()
            .contains(r"{\theta} &\leftarrow \theta - \frac{")
    );
}

#[test]
fn every_rule_has_pages_that_are_balanced() {
    for rule in OPTIMIZERS.iter().filter(|rule| fits(**rule)) {
        let mut run = RunSpec::new(rule.card().id);
        run.wrappers = vec![WrapperSpec::new(wrappers::find("L2").unwrap())];
        let experiment = experiment("rosenbrock", [-1.54, -0.64], 0.1, run);
        let of = explanation::explain(&experiment.check().unwrap(), 0, 2).unwrap();
        let markdown = of.to_markdown();
        for (open, close) in [('{', '}'), ('(', ')')] {
            let math = markdown.split("$$").skip(1).step_by(2);
            for math in math {
                let count = |c: char| math.matches(c).count();
                assert_eq!(count(open), count(close), "{math}");
            }
        }
        assert_eq!(markdown.matches("$$").count() % 2, 0);
        assert!(of.to_text().lines().count() > 10);
    }
}
