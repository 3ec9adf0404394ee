//! The figures in the notes of homework questions 1 and 2 are those of the runs.

use super::history;
use descent_lab::analysis::explanation::{self, Explanation};
use descent_lab::engine::History;
use descent_lab::experiment::{Checked, built_in, preset};

/// A built-in experiment with its record.
struct Told {
    id: &'static str,
    checked: Checked,
    record: History,
}

fn told(id: &'static str) -> Told {
    let checked = built_in::find(id).unwrap().experiment().check().unwrap();
    let record = history(&checked);
    Told {
        id,
        checked,
        record,
    }
}

impl Told {
    /// The notes say so, in these words.
    #[track_caller]
    fn says(&self, words: &str) {
        let notes = self.checked.experiment.notes.split_whitespace();
        let notes = notes.collect::<Vec<_>>().join(" ");
        assert!(notes.contains(words), "{}: {words:?} in {notes}", self.id);
    }

    fn w(&self, run: usize, step: u64) -> [f64; 2] {
        let frame = self.record.frame(run, step).unwrap();
        [frame.parameters[0], frame.parameters[1]]
    }

    fn loss(&self, run: usize, step: u64) -> f64 {
        self.record.frame(run, step).unwrap().loss
    }

    fn losses(&self, run: usize) -> Vec<f64> {
        self.record.traces[run].losses().to_vec()
    }

    /// The first step for which something holds.
    fn first(&self, run: usize, holds: impl Fn([f64; 2]) -> bool) -> u64 {
        let mut steps = 0..=self.record.updates;
        steps.find(|&step| holds(self.w(run, step))).unwrap()
    }

    /// The step after which it holds throughout.
    fn always_after(&self, run: usize, holds: impl Fn([f64; 2]) -> bool) -> u64 {
        let mut steps = (0..=self.record.updates).rev();
        steps.find(|&step| !holds(self.w(run, step))).unwrap() + 1
    }

    fn explained(&self, run: usize, step: u64) -> Explanation {
        explanation::explain(&self.checked, run, step).unwrap()
    }
}

/// The worked values of a line, one a parameter.
fn values(of: &Explanation, symbol: &str) -> Vec<f64> {
    let line = of.lines.iter().find(|line| line.symbol == symbol).unwrap();
    line.worked.iter().map(|worked| worked.value).collect()
}

/// Within half a unit of the last digit that is written.
#[track_caller]
fn rounds_to(found: f64, written: &str) {
    let (digits, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let decimals = digits
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len()) as i32;
    let unit = 10.0_f64.powi(exponent.parse::<i32>().unwrap() - decimals);
    let expected: f64 = written.parse().unwrap();
    assert!(
        (found - expected).abs() <= 0.5001 * unit,
        "{found} for {written}"
    );
}

const V_HAT: &str = "v\u{302}";
const S_HAT: &str = "ŝ";

#[test]
fn question_1() {
    let of = told("hw3_q1");
    of.says("After 300 updates gradient descent and Adam stand at w1 = −2.2, AdaBelief at −0.74");
    rounds_to(of.w(0, 300)[0], "-2.2");
    rounds_to(of.w(1, 300)[0], "-2.2");
    rounds_to(of.w(2, 300)[0], "-0.74");
    of.says("It is at the bottom before update 600, the others after 2,500");
    assert!(of.always_after(2, |w| w[0].abs() < 0.001) < 600);
    assert!(of.w(0, 2500)[0].abs() < 1e-6 && of.w(1, 2500)[0].abs() < 1e-6);
    assert!(of.w(0, 2490)[0] < -0.009 && of.w(1, 2490)[0] < -0.009);
    of.says("v̂ is (1, 1), while ŝ is (0.012, 0.895)");
    let (adam, belief) = (of.explained(1, 300), of.explained(2, 300));
    assert!(values(&adam, V_HAT).iter().all(|v| (v - 1.0).abs() < 1e-9));
    rounds_to(values(&belief, S_HAT)[0], "0.012");
    rounds_to(values(&belief, S_HAT)[1], "0.895");
    of.says("ŝ along w1 is 0.40 at update 600 and 0.86 at 2,600");
    rounds_to(values(&of.explained(2, 600), S_HAT)[0], "0.40");
    rounds_to(values(&of.explained(2, 2600), S_HAT)[0], "0.86");
    of.says("the mean m swings by up to 0.11 with the gradient, so that (g − m)² stays near 0.9");
    let means = (280..300).map(|step| values(&of.explained(2, step), "m")[1]);
    rounds_to(means.fold(0.0, |most: f64, m| most.max(m.abs())), "0.11");
}

/// On a slope that never turns, ŝ tends to (0, 0.90), as the notes say of the way down.
#[test]
fn on_an_endless_slope_the_mean_deviation_tends_to_0_and_0_9() {
    let text = r#"(version: 1, epochs: 5000, objective: Formula(expression: "w1 + abs(w2)",
        w1: (-200, 5), w2: (-1, 1), start: (-2.5, 0.0005)),
        runs: [(optimizer: "adabelief", learning_rate: 0.001)])"#;
    let checked = preset::read(text).unwrap().check().unwrap();
    let mut before = f64::INFINITY;
    for step in [300, 1000, 2000, 3000, 5000] {
        let of = explanation::explain(&checked, 0, step).unwrap();
        let [along, across] = values(&of, S_HAT)[..] else {
            panic!("two parameters");
        };
        assert!(
            along < before && (0.89..=0.90).contains(&across),
            "{along} {across}"
        );
        before = along;
    }
    assert!(before < 3e-5, "{before}");
}

#[test]
fn toy_a_and_b() {
    let a = told("hw3_q1_a");
    a.says("SGD with momentum and Adam go 0.001 a step and arrive at update 2,500");
    for run in [0, 1] {
        assert!(a.w(run, 2500)[0].abs() < 1e-6);
        rounds_to(a.w(run, 1001)[0] - a.w(run, 1000)[0], "0.001");
    }
    a.says("steps grow to 0.010, and it is at the bottom at update 377");
    assert_eq!(a.first(2, |w| w[0] >= 0.0), 377);
    let longest = (1..=3000).map(|step| a.w(2, step)[0] - a.w(2, step - 1)[0]);
    rounds_to(longest.fold(0.0, f64::max), "0.010");
    a.says("swings 0.022 through it");
    let farthest = (0..=3000).map(|step| a.w(2, step)[0]).fold(0.0, f64::max);
    rounds_to(farthest, "0.022");
    a.says("From update 438 on it stays within 0.001, at update 1,000 it is within 0.0002");
    assert_eq!(a.always_after(2, |w| w[0].abs() <= 0.001), 438);
    assert!(a.w(2, 1000)[0].abs() < 0.0002);
    let b = told("hw3_q1_b");
    b.says("AdaBelief is there near update 250, the others after 1,250");
    let crease = |run| b.first(run, |w| w[0] + w[1] <= 0.0);
    assert!((235..=255).contains(&crease(2)) && crease(0) >= 1249 && crease(1) >= 1249);
    b.says("after 3,000 updates J = 0.19 for SGD, 0.22 for Adam and 0.18 for AdaBelief");
    for (run, written) in ["0.19", "0.22", "0.18"].into_iter().enumerate() {
        rounds_to(b.loss(run, 3000), written);
    }
}

#[test]
fn toy_c_and_d() {
    let c = told("hw3_q1_c");
    c.says(
        "After 1,000 updates J = 0.28 for SGD with momentum, 1.42 for Adam and 0.11 for AdaBelief",
    );
    for (run, written) in ["0.28", "1.42", "0.11"].into_iter().enumerate() {
        rounds_to(c.loss(run, 1000), written);
    }
    c.says("5,000 they stand at 0.011, 0.025 and 0 to 24 digits");
    rounds_to(c.loss(0, 5000), "0.011");
    rounds_to(c.loss(1, 5000), "0.025");
    assert!(c.loss(2, 5000) < 1e-24);
    let d = told("hw3_q1_d");
    d.says("w1 = 0.2 after 3,000 updates");
    rounds_to(d.w(0, 3000)[0], "0.2");
    d.says("w1 arrives after 500 updates and w2 after 1,500");
    assert!(d.w(1, 500)[0].abs() < 0.001 && d.w(1, 490)[0] > 0.009);
    assert!(d.w(1, 1500)[1].abs() < 0.001 && d.w(1, 1490)[1] < -0.009);
    d.says("J is below 0.01 from update 38 on");
    let falls = d.losses(2);
    let is_above = |loss: &f64| *loss > 0.01;
    assert_eq!(falls.iter().rposition(is_above), Some(38 - 1));
    d.says("between 0.0003 and 0.0011, where Adam stays between 0.0002 and 0.0004");
    for (run, from, least, most) in [(2, 1000, "0.0003", "0.0011"), (1, 1600, "0.0002", "0.0004")] {
        let late = &d.losses(run)[from..];
        rounds_to(late.iter().copied().fold(f64::INFINITY, f64::min), least);
        rounds_to(late.iter().copied().fold(0.0, f64::max), most);
    }
}

#[test]
fn toy_e_and_g() {
    let e = told("hw3_q1_e");
    e.says("J = 2,176");
    rounds_to(e.loss(1, 0), "2176");
    e.says(
        "AdaBelief stands at 60 after 1,000 updates and at 0.03 after 10,000, Adam at 331 and 5.4",
    );
    for (run, step, written) in [
        (2, 1000, "60"),
        (2, 10_000, "0.03"),
        (1, 1000, "331"),
        (1, 10_000, "5.4"),
    ] {
        rounds_to(e.loss(run, step), written);
    }
    e.says("Both reach the minimum at (3, 0.5)");
    for run in [1, 2] {
        assert!((e.w(run, 30_000)[0] - 3.0).hypot(e.w(run, 30_000)[1] - 0.5) < 1e-9);
    }
    let g = told("hw3_q1_g");
    g.says("J = 40,025");
    rounds_to(g.loss(1, 0), "40025");
    g.says("J = 551, where Adam stands at 16,822; after 3,000 they have 4.3 and 3,178");
    for (run, step, written) in [
        (2, 1000, "551"),
        (1, 1000, "16822"),
        (2, 3000, "4.3"),
        (1, 3000, "3178"),
    ] {
        rounds_to(g.loss(run, step), written);
    }
    g.says("2.9 and 3.1 at 10,000");
    rounds_to(g.loss(2, 10_000), "2.9");
    rounds_to(g.loss(1, 10_000), "3.1");
    for of in [&e, &g] {
        of.says("diverges at update 6");
        assert!(matches!(
            of.record.traces[0].outcome,
            descent_lab::engine::Outcome::Diverged { step: 6 }
        ));
    }
    let leap = |of: &Told| (of.w(0, 1)[0] - of.w(0, 0)[0]).hypot(of.w(0, 1)[1] - of.w(0, 0)[1]);
    e.says("nearly 5 long");
    rounds_to(leap(&e), "5");
    g.says("32 long");
    rounds_to(leap(&g), "32");
}

#[test]
fn the_three_cases() {
    let [one, two, three] = ["hw3_q1_case_1", "hw3_q1_case_2", "hw3_q1_case_3"].map(told);
    let belief = |of: &Told| values(&of.explained(2, 1000), S_HAT)[0];
    let adam = |of: &Told| values(&of.explained(1, 1000), V_HAT)[0];
    let moved = |of: &Told, run| of.explained(run, 1000).parameters[0].step().abs();
    one.says("α·|g| = 0.0001");
    rounds_to(moved(&one, 0), "0.0001");
    one.says("Adam divides by √v̂ = 0.1, so that it multiplies by 0.01");
    rounds_to(adam(&one).sqrt(), "0.1");
    one.says("AdaBelief divides by √ŝ = 0.005 and goes 0.02 a step");
    rounds_to(belief(&one).sqrt(), "0.005");
    rounds_to(moved(&one, 2), "0.02");
    rounds_to(moved(&one, 1), "0.001");
    two.says("0.0005 is as near as it gets");
    assert!((0..=1000).all(|step| (two.w(0, step)[0].abs() - 0.0005).abs() < 1e-12));
    two.says("AdaBelief has ŝ = 0.895");
    rounds_to(belief(&two), "0.895");
    rounds_to(0.001 / belief(&two).sqrt(), "0.00106");
    two.says("It multiplies by 0.00106");
    assert!((adam(&two) - 1.0).abs() < 1e-9);
    three.says("AdaBelief divides by √ŝ = 0.05 and goes 0.02 a step");
    rounds_to(belief(&three).sqrt(), "0.05");
    rounds_to(moved(&three, 2), "0.02");
    three.says("it is at −11.98, Adam at −1");
    rounds_to(three.w(2, 1000)[0], "-11.98");
    rounds_to(three.w(1, 1000)[0], "-1");
    three.says("the same as in case 1 to five digits");
    for run in [1, 2] {
        let (a, b) = (one.w(run, 1000)[0], three.w(run, 1000)[0]);
        assert!((a - b).abs() < 1e-5 * a.abs(), "{a} {b}");
    }
}

#[test]
fn question_2() {
    let high = told("hw3_q2_high");
    high.says("from 170 to 0.77 in five updates and then hardly at all: 0.49 at step 10, 0.17 at step 50, 0.024 at step 150");
    for (step, written) in [
        (0, "170"),
        (5, "0.77"),
        (10, "0.49"),
        (50, "0.17"),
        (150, "0.024"),
    ] {
        rounds_to(high.loss(0, step), written);
    }
    high.says("It rises in 72 of the 150 updates, from step 7 on in every second one");
    let losses = high.losses(0);
    let rises: Vec<usize> = (1..losses.len())
        .filter(|&k| losses[k] > losses[k - 1])
        .collect();
    assert_eq!(rises, (7..150).step_by(2).collect::<Vec<_>>());
    high.says("curves by λ_max = 82.3 at most");
    let at_the_bottom =
        descent_lab::analysis::curvature::Curvature::of(&*high.checked.objective, &[3.0, 2.0]);
    let sharpness = at_the_bottom.unwrap().sharpness();
    rounds_to(sharpness, "82.3");
    high.says("1 − 0.0242·82.3 = −0.991");
    // With the curvature's further digits, rather than those of 82.3 alone.
    assert!((1.0 - 0.0242 * sharpness + 0.991).abs() < 0.0015);
    high.says("Above α = 2/λ_max = 0.0243");
    rounds_to(2.0 / sharpness, "0.0243");
    high.says("some ninety, and J ends below 10⁻²⁹");
    assert!(high.loss(1, 90) < 1e-26 && high.loss(1, 150) < 1e-29);
    let low = told("hw3_q2_low");
    low.says("After 150 updates J = 153.6 of 170");
    rounds_to(low.loss(0, 150), "153.6");
    low.says("λ_max is −26 at first and −22.5 after 150 updates");
    let sharp =
        descent_lab::analysis::curvature::over_time(&low.checked, 0, 151, &|| true).unwrap();
    rounds_to(sharp[0].sharpness, "-26");
    rounds_to(sharp[150].sharpness, "-22.5");
    low.says("the largest |λ|, 42 at first, is 0.2 % of the limit 2/α = 20,000");
    rounds_to(sharp[0].met_size.unwrap(), "42");
    rounds_to(100.0 * sharp[0].size_of_limit().unwrap(), "0.2");
    low.says("λ_max = 82.3 would be 0.4 %");
    rounds_to(100.0 * sharpness / 20_000.0, "0.4");
    low.says("there within some dozen steps");
    assert!(low.loss(1, 20) < 0.01 && low.loss(1, 6) > 1.0);
    low.says("It ends at J = 0.03");
    rounds_to(low.loss(2, 150), "0.03");
}
