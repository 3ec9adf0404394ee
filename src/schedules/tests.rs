//! What holds for every schedule, and how they compose.

use super::*;
use proptest::prelude::*;

/// Any schedule with settings in their domains, the extreme ones often.
pub(crate) fn any_schedule() -> impl Strategy<Value = Schedule> {
    proptest::collection::vec(any::<u32>(), 40).prop_map(|choices| {
        let mut schedule = Schedule::Constant;
        choose(&mut schedule, &mut choices.into_iter());
        schedule
    })
}

/// Sets a schedule as `choices` say; leaves it as it is when they run out.
fn choose(schedule: &mut Schedule, choices: &mut impl Iterator<Item = u32>) {
    let Some(kind) = choices.next() else {
        return;
    };
    let card = &SCHEDULES[kind as usize % SCHEDULES.len()];
    *schedule = (card.template)();
    for (parameter, field) in card.parameters.iter().zip(schedule.fields_mut()) {
        let Some(choice) = choices.next() else {
            return;
        };
        match (field, parameter.kind) {
            (Field::Number(value), ParameterKind::Number { domain, slider, .. }) => {
                let most = domain.most.min(f64::MAX);
                let most = if domain.contains(most) {
                    most
                } else {
                    most.next_down()
                };
                let some = f64::from(choice) / f64::from(u32::MAX) * slider.1.min(most);
                let offered = [domain.least, domain.least.next_up(), most, slider.0, some];
                *value = offered[choice as usize % offered.len()].max(domain.least);
            }
            (Field::Count(value), ParameterKind::Count { least, .. }) => {
                let offered = [least, least + 1, u64::MAX, least + u64::from(choice % 40)];
                *value = offered[choice as usize % offered.len()];
            }
            (Field::Counts(list), _) => {
                *list = (0..u64::from(choice % 5)).map(|m| m * 13).collect();
            }
            (Field::Per(per), _) => *per = [Per::Step, Per::Epoch][choice as usize % 2],
            (Field::Schedule(inner), _) => choose(inner, choices),
            (Field::Stages(stages), _) => {
                stages.resize(1 + choice as usize % 3, Stage::default());
                for stage in stages {
                    stage.steps = u64::from(choice % 50);
                    choose(&mut stage.schedule, choices);
                }
            }
            (field, kind) => panic!("{field:?} is not {kind:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn every_rate_is_finite_and_not_negative(
        schedule in any_schedule(),
        base in prop_oneof![Just(0.0), Just(5e-324), Just(f64::MAX), 0.0..10.0],
        updates_per_epoch in 1..40_u64,
        losses in proptest::collection::vec(-1.0..1.0, 60),
        far in proptest::collection::vec(1..1_000_000_u64, 20),
    ) {
        let mut state = ScheduleState::default();
        for (moment, loss) in (1..).map(|k| Moment::new(k, updates_per_epoch)).zip(losses) {
            let rate = schedule.rate_given(base, moment, &state);
            prop_assert!(rate.is_finite() && rate >= 0.0, "{rate} at {moment:?}");
            schedule.observe(moment, loss, &mut state);
        }
        for update in far.into_iter().chain([1_000_000, u64::MAX]) {
            let rate = schedule.rate(base, Moment::new(update, updates_per_epoch));
            prop_assert!(rate.is_finite() && rate >= 0.0, "{rate} at {update}");
        }
    }

    #[test]
    fn every_schedule_survives_writing_and_reading(schedule in any_schedule()) {
        let text = ron::to_string(&schedule).unwrap();
        prop_assert_eq!(ron::from_str::<Schedule>(&text).unwrap(), schedule, "{}", text);
    }

    #[test]
    fn warm_up_hands_over_at_the_base(
        steps in 1..100_u64, wave in 1..100_u64, base in 0.01..1.0, start_rate in 0.0..1.0,
    ) {
        let then = Schedule::Cosine { steps: wave, floor: 0.0, per: Per::Epoch };
        let whole = Schedule::WarmUp {
            steps, start_rate, then: Box::new(then.clone()), per: Per::Epoch,
        };
        let rate = |update| whole.rate(base, Moment::of_update(update));
        prop_assert_eq!(rate(1), start_rate);
        prop_assert_eq!(rate(steps + 1), base);
        // The way to the base is in equal strides, the last one too.
        let stride = (base - start_rate) / steps as f64;
        prop_assert!((rate(steps + 1) - rate(steps) - stride).abs() < 1e-12);
        for update in 1..=wave + 2 {
            prop_assert_eq!(rate(steps + update), then.rate(base, Moment::of_update(update)));
        }
    }
}

#[test]
fn every_card_describes_its_own_template() {
    for card in SCHEDULES {
        let mut template = (card.template)();
        assert_eq!(template.card().id, card.id);
        let fields = template.fields_mut();
        assert_eq!(fields.len(), card.parameters.len());
        for (field, parameter) in fields.iter().zip(card.parameters) {
            match (field, parameter.kind) {
                (Field::Number(value), ParameterKind::Number { domain, slider, .. }) => {
                    assert!(domain.contains(**value), "{}", parameter.id);
                    assert!(domain.contains(slider.0) && slider.0 < slider.1);
                }
                (Field::Count(value), ParameterKind::Count { least, slider }) => {
                    assert!(least <= **value, "{}", parameter.id);
                    assert!(least <= slider.0 && slider.0 < slider.1);
                }
                (Field::Counts(_), ParameterKind::Counts)
                | (Field::Per(_), ParameterKind::Per)
                | (Field::Schedule(_), ParameterKind::Schedule)
                | (Field::Stages(_), ParameterKind::Stages) => {}
                (field, kind) => panic!("{}: {field:?} is not {kind:?}", card.id),
            }
            let text = ron::to_string(&(card.template)()).unwrap();
            let is_default = parameter.id == "per";
            assert!(is_default || text.contains(parameter.id), "{text}");
        }
    }
}

#[test]
fn decay_counts_from_one_at_the_first_update() {
    let schedule = Schedule::InverseTime {
        rate: 0.5,
        per: Per::Step,
    };
    assert_eq!(schedule.rate(0.3, Moment::of_update(1)), 0.3 / 1.5);
    assert_eq!(schedule.rate(0.3, Moment::of_update(4)), 0.3 / 3.0);
}

#[test]
fn epochs_and_steps_are_counted_apart() {
    let step = |per| Schedule::Step {
        every: 2,
        factor: 0.5,
        per,
    };
    let rates = |schedule: Schedule| -> Vec<f64> {
        (1..=7)
            .map(|update| schedule.rate(1.0, Moment::new(update, 3)))
            .collect()
    };
    assert_eq!(
        rates(step(Per::Step)),
        [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125]
    );
    assert_eq!(rates(step(Per::Epoch)), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5]);
    // One epoch of warm-up, then stairs that count updates from there.
    let nested = Schedule::WarmUp {
        steps: 1,
        start_rate: 0.25,
        then: Box::new(step(Per::Step)),
        per: Per::Epoch,
    };
    assert_eq!(rates(nested), [0.25, 0.25, 0.25, 1.0, 1.0, 0.5, 0.5]);
}

#[test]
fn values_at_the_turns_are_as_the_formulas_say() {
    let rates = |text: &str, updates: &[u64]| -> Vec<f64> {
        let schedule: Schedule = ron::from_str(text).unwrap();
        let rate = |&update: &u64| schedule.rate(2.0, Moment::of_update(update));
        updates.iter().map(rate).collect()
    };
    // d2l's FactorScheduler(factor=0.9, stop=1e-2, base=2): the first value is 1.8.
    let factor = rates("Factor(factor: 0.9, stop: 0.01)", &[1, 2, 1000]);
    assert!((factor[0] - 1.8).abs() < 1e-15 && (factor[1] - 1.62).abs() < 1e-15);
    assert_eq!(factor[2], 0.01);
    // transformers' get_wsd_schedule(4, num_stable_steps=3, num_decay_steps=2).
    let decay = "WarmupStableDecay(warmup_steps: 4, stable_steps: 3, decay_steps: 2)";
    assert_eq!(
        rates(decay, &[1, 3, 5, 8, 9, 10, 11]),
        [0.0, 1.0, 2.0, 2.0, 1.0, 0.0, 0.0]
    );
    let sequence = "Sequence(stages: [(steps: 2, schedule: Constant), (steps: 0, schedule: \
                    Constant), (steps: 1, schedule: Cosine(steps: 2))])";
    assert_eq!(rates(sequence, &[2, 3, 4, 5, 9]), [2.0, 2.0, 1.0, 0.0, 0.0]);
    assert_eq!(rates("Sequence(stages: [])", &[1, 5]), [2.0, 2.0]);
    let zero = "WarmUp(steps: 0, then: Linear(start_factor: 1, end_factor: 0.5, steps: 0))";
    assert_eq!(rates(zero, &[1, 2]), [1.0, 1.0]);
}
