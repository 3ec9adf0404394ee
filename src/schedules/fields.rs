//! The settings of a schedule in the order of its card.

use super::{Field, SCHEDULES, Schedule, ScheduleCard};

impl Schedule {
    /// What is known about it.
    pub fn card(&self) -> &'static ScheduleCard {
        let id = match self {
            Self::Constant => "Constant",
            Self::InverseTime { .. } => "InverseTime",
            Self::Step { .. } => "Step",
            Self::MultiStep { .. } => "MultiStep",
            Self::Exponential { .. } => "Exponential",
            Self::Polynomial { .. } => "Polynomial",
            Self::Linear { .. } => "Linear",
            Self::Cosine { .. } => "Cosine",
            Self::CosineRestarts { .. } => "CosineRestarts",
            Self::OneCycle { .. } => "OneCycle",
            Self::Cyclic { .. } => "Cyclic",
            Self::InverseSqrt { .. } => "InverseSqrt",
            Self::Factor { .. } => "Factor",
            Self::WarmUp { .. } => "WarmUp",
            Self::WarmupStableDecay { .. } => "WarmupStableDecay",
            Self::Sequence { .. } => "Sequence",
            Self::Plateau { .. } => "Plateau",
        };
        SCHEDULES
            .iter()
            .find(|card| card.id == id)
            .expect("every variant has a card; a test walks them")
    }

    /// Its settings in the order of the card, to be read or set.
    #[allow(clippy::too_many_lines, reason = "a table with one arm a schedule")]
    pub fn fields_mut(&mut self) -> Vec<Field<'_>> {
        use Field::{Count, Counts, Number, Stages};
        let (mut fields, per) = match self {
            Self::Constant => return Vec::new(),
            Self::InverseTime { rate, per } => (vec![Number(rate)], per),
            Self::Step { every, factor, per } => (vec![Count(every), Number(factor)], per),
            Self::MultiStep {
                milestones,
                factor,
                per,
            } => (vec![Counts(milestones), Number(factor)], per),
            Self::Exponential { factor, per } => (vec![Number(factor)], per),
            Self::Polynomial { steps, power, per } => (vec![Count(steps), Number(power)], per),
            Self::Linear {
                start_factor,
                end_factor,
                steps,
                per,
            } => {
                let [start, end] = [start_factor, end_factor].map(Number);
                (vec![start, end, Count(steps)], per)
            }
            Self::Cosine { steps, floor, per } => (vec![Count(steps), Number(floor)], per),
            Self::CosineRestarts {
                first,
                growth,
                floor,
                per,
            } => (vec![Count(first), Count(growth), Number(floor)], per),
            Self::OneCycle {
                steps,
                warmup_fraction,
                initial_divisor,
                final_divisor,
                per,
            } => {
                let [rise, start, end] =
                    [warmup_fraction, initial_divisor, final_divisor].map(Number);
                (vec![Count(steps), rise, start, end], per)
            }
            Self::Cyclic {
                low,
                half_cycle,
                per,
            } => (vec![Number(low), Count(half_cycle)], per),
            Self::InverseSqrt { per } => (Vec::new(), per),
            Self::Factor { factor, stop, per } => (vec![Number(factor), Number(stop)], per),
            Self::WarmUp {
                steps,
                start_rate,
                then,
                per,
            } => {
                let then = Field::Schedule(then);
                (vec![Count(steps), Number(start_rate), then], per)
            }
            Self::WarmupStableDecay {
                warmup_steps,
                stable_steps,
                decay_steps,
                floor,
                per,
            } => {
                let [up, stay, down] = [warmup_steps, stable_steps, decay_steps].map(Count);
                (vec![up, stay, down, Number(floor)], per)
            }
            Self::Sequence { stages, per } => (vec![Stages(stages)], per),
            Self::Plateau {
                factor,
                patience,
                threshold,
                cooldown,
                floor,
                per,
            } => {
                let [factor, threshold, floor] = [factor, threshold, floor].map(Number);
                let [patience, cooldown] = [patience, cooldown].map(Count);
                (vec![factor, patience, threshold, cooldown, floor], per)
            }
        };
        fields.push(Field::Per(per));
        fields
    }
}
