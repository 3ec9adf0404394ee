//! What can be wrong with a schedule.

use super::check::Problems;
use crate::schedules::{Field, MAX_LIST, MAX_NESTING, ParameterKind, Schedule};

/// Reports every setting of a schedule, and of those inside it, that is out of its domain.
pub(super) fn check(schedule: &Schedule, place: &str, problems: &mut Problems) {
    check_level(&mut schedule.clone(), place, 1, problems);
}

fn check_level(schedule: &mut Schedule, place: &str, level: usize, problems: &mut Problems) {
    if level > MAX_NESTING {
        let message = format!("more than {MAX_NESTING} schedules lie inside one another");
        problems.add(place, message);
        return;
    }
    let parameters = schedule.card().parameters;
    for (parameter, field) in parameters.iter().zip(schedule.fields_mut()) {
        let place = format!("{place}.{}", parameter.id);
        match (field, parameter.kind) {
            (Field::Number(value), ParameterKind::Number { domain, .. }) => {
                problems.number(&place, *value, domain.contains(*value), &domain);
            }
            (Field::Count(value), ParameterKind::Count { least, .. }) if *value < least => {
                let message =
                    format!("{value} is out of range; give a whole number of at least {least}");
                problems.add(&place, message);
            }
            (Field::Counts(list), _) => check_list(list, &place, problems),
            (Field::Schedule(inner), _) => check_level(inner, &place, level + 1, problems),
            (Field::Stages(stages), _) => {
                check_length(stages.len(), "stages", &place, problems);
                if stages.is_empty() {
                    problems.add(&place, "give at least one stage".into());
                }
                for (index, stage) in stages.iter_mut().enumerate() {
                    let place = format!("{place}[{index}].schedule");
                    check_level(&mut stage.schedule, &place, level + 1, problems);
                }
            }
            _ => {}
        }
    }
}

fn check_list(list: &[u64], place: &str, problems: &mut Problems) {
    check_length(list.len(), "numbers", place, problems);
    for (index, pair) in list.windows(2).enumerate() {
        if pair[0] >= pair[1] {
            let place = format!("{place}[{}]", index + 1);
            let message = format!("{} does not rise above {} before it", pair[1], pair[0]);
            problems.add(&place, message);
            return;
        }
    }
}

fn check_length(length: usize, of: &str, place: &str, problems: &mut Problems) {
    if length > MAX_LIST {
        let message = format!("{length} {of} are more than the {MAX_LIST} that it may have");
        problems.add(place, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Experiment, preset};

    fn with(schedule: &str) -> Experiment {
        let text = format!(
            "(version: 1, objective: Landscape(surface: \"beale\"), \
             runs: [(optimizer: \"sgd\"), (optimizer: \"sgd\", schedule: {schedule})])"
        );
        preset::read(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    fn problems(schedule: &str) -> Vec<String> {
        let found = with(schedule).check().err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_reported_with_its_place() {
        assert_eq!(
            problems("WarmUp(steps: 0, start_rate: -1, then: Step(every: 0, factor: inf))"),
            [
                "runs[1].schedule.start_rate: -1 is out of range; give a finite number of at \
                 least 0",
                "runs[1].schedule.then.every: 0 is out of range; give a whole number of at least 1",
                "runs[1].schedule.then.factor: inf is not a finite number; give a finite number \
                 of at least 0",
            ]
        );
        assert_eq!(
            problems(
                "Sequence(stages: [(steps: 1, schedule: Constant), \
                 (steps: 0, schedule: MultiStep(milestones: [3, 9, 9], factor: 0.5))])"
            ),
            [
                "runs[1].schedule.stages[1].schedule.milestones[2]: 9 does not rise above 9 before it"
            ]
        );
        assert_eq!(
            problems("Sequence(stages: [])"),
            ["runs[1].schedule.stages: give at least one stage"]
        );
        assert_eq!(problems("Plateau(factor: 1)").len(), 1);
        assert_eq!(problems("Plateau()"), [""; 0]);
    }

    #[test]
    fn nests_and_lists_have_their_bounds() {
        let warm_ups = |levels: usize| {
            format!(
                "{}Constant{}",
                "WarmUp(steps: 1, then: ".repeat(levels - 1),
                ")".repeat(levels - 1)
            )
        };
        assert_eq!(problems(&warm_ups(16)), [""; 0]);
        let deep = problems(&warm_ups(17));
        assert_eq!(deep.len(), 1);
        assert!(deep[0].ends_with(".then: more than 16 schedules lie inside one another"));
        let list = |length: u64| {
            let numbers: Vec<_> = (0..length).map(|number| number.to_string()).collect();
            format!("MultiStep(milestones: [{}], factor: 1)", numbers.join(","))
        };
        assert_eq!(problems(&list(1000)), [""; 0]);
        assert!(problems(&list(1001))[0].contains("1001 numbers are more than the 1000"));
    }

    #[test]
    fn the_deepest_nest_can_be_written_and_read() {
        let nest = format!(
            "{}Constant{}",
            "Sequence(stages: [(steps: 1, schedule: ".repeat(15),
            ")])".repeat(15)
        );
        let experiment = with(&nest);
        assert!(experiment.check().is_ok());
        assert_eq!(
            preset::read(&preset::write(&experiment)).as_ref(),
            Ok(&experiment)
        );
    }
}
