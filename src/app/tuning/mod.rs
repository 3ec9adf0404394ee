//! Maps, the tuner and the range test: what is asked, and the threads that answer.

mod form;
mod mapper;
mod picture;
mod searcher;

pub use form::{AxisForm, Cost, Fineness, MapForm, usual_target};
pub use mapper::{Mapper, Place, Stage};
pub use picture::{Colours, Legend, picture};
pub use searcher::{Found, Search, Searcher};

use super::background::Background;
use super::state::Lab;
use crate::analysis::map::MapQuestion;
use crate::analysis::range_test::{RangeTest, range_test, usual_rates};
use crate::analysis::tuner::Tuned;
use crate::engine;
use crate::experiment::Experiment;
use crate::schedules::Schedule;

/// Something about maps or tuning.
#[derive(Clone, Debug, PartialEq)]
pub enum TuningCommand {
    /// The map is to show this.
    SetMap(Box<MapForm>),
    /// Compute maps, in place of whatever was computed.
    AskMaps(Vec<MapQuestion>),
    /// Break off the maps that are being computed.
    StopMaps,
    /// Draw the path of this cell on the landscape, or none.
    Preview(Option<Place>),
    /// Begin the search that the experiment's own `tune` asks for.
    Search,
    /// Break the search off.
    Cancel,
    /// Take what the search has found for a run, or for all.
    Apply(Option<usize>),
    /// Test the learning rates of a run.
    AskRange(Box<RangeQuestion>),
}

/// A question for the range test.
#[derive(Clone, Debug)]
pub struct RangeQuestion {
    /// The document that it was asked for.
    pub document: u64,
    /// Which run of it.
    pub run: usize,
    /// That run alone, without what the test replaces: taking a rate changes no test.
    experiment: Experiment,
}

impl PartialEq for RangeQuestion {
    /// The same test has the same answer, in whichever document it is asked for.
    fn eq(&self, other: &Self) -> bool {
        (self.run, &self.experiment) == (other.run, &other.experiment)
    }
}

impl RangeQuestion {
    /// The test of a run on show.
    pub fn of(lab: &Lab, run: usize) -> Self {
        let mut experiment = lab.experiment.only(run).deciding_part();
        for spec in &mut experiment.runs {
            spec.learning_rate = None;
            spec.events.clear();
            spec.schedule = Schedule::Constant;
        }
        Self {
            document: lab.document.id,
            run,
            experiment,
        }
    }
}

/// The range test's thread, its question and its answer.
type RangeTester = Background<RangeQuestion, (RangeQuestion, Option<RangeTest>)>;

/// Everything about maps and tuning.
pub struct Tuning {
    /// What the map is to show.
    pub map: MapForm,
    /// The map's thread.
    pub mapper: Mapper,
    /// The search's thread.
    pub searcher: Searcher,
    range: Option<RangeTester>,
    range_asked: Option<RangeQuestion>,
    /// The newest range test.
    pub range_test: Option<(RangeQuestion, Option<RangeTest>)>,
}

impl Tuning {
    /// Nothing asked yet. Where the system gives no thread, nothing is answered.
    pub fn new(ctx: &egui::Context) -> Self {
        let wake = ctx.clone();
        let answer = |question: RangeQuestion, superseded: &(dyn Fn() -> bool + Sync)| {
            let found = engine::at_length(|| test_range(&question, &|| !superseded()));
            (!superseded()).then_some((question, found))
        };
        Self {
            map: MapForm::default(),
            mapper: Mapper::new(ctx),
            searcher: Searcher::new(ctx),
            range: Background::start_watched("range test", move || wake.request_repaint(), answer)
                .ok(),
            range_asked: None,
            range_test: None,
        }
    }

    /// Whether a map or a range test is under way; tests wait for it.
    pub fn is_busy(&self) -> bool {
        let is_tested = |question: &RangeQuestion| {
            self.range_test
                .as_ref()
                .is_some_and(|(tested, _)| tested == question)
        };
        self.mapper.is_busy()
            || self
                .range_asked
                .as_ref()
                .is_some_and(|asked| !is_tested(asked))
    }

    /// Whether this was the last question for the range test.
    pub fn has_asked_range(&self, question: &RangeQuestion) -> bool {
        self.range_asked.as_ref() == Some(question)
    }
}

fn test_range(question: &RangeQuestion, goes_on: &dyn Fn() -> bool) -> Option<RangeTest> {
    let experiment = &question.experiment;
    let rates = usual_rates(experiment, 0).ok()?;
    range_test(experiment, 0, &rates, goes_on).ok().flatten()
}

/// Takes what the threads have answered.
pub fn attend(lab: &mut Lab) {
    lab.tuning.mapper.attend();
    lab.tuning.searcher.attend();
    let answer = lab.tuning.range.as_ref().and_then(Background::take);
    if let Some(answer) = answer {
        lab.tuning.range_test = Some(answer);
    }
}

/// Carries out a command.
pub fn perform(lab: &mut Lab, command: TuningCommand) {
    match command {
        TuningCommand::SetMap(form) => lab.tuning.map = *form,
        TuningCommand::AskMaps(questions) => lab.tuning.mapper.ask(lab.document.id, questions),
        TuningCommand::StopMaps => lab.tuning.mapper.cancel(),
        TuningCommand::Preview(place) => lab.tuning.mapper.preview(place),
        TuningCommand::Search => {
            if let Some(search) = Search::of(lab) {
                lab.tuning.searcher.begin(search);
            }
        }
        TuningCommand::Cancel => lab.tuning.searcher.cancel(),
        TuningCommand::Apply(run) => apply(lab, run),
        TuningCommand::AskRange(question) => {
            if let Some(range) = &lab.tuning.range {
                range.ask((*question).clone());
                lab.tuning.range_asked = Some(*question);
            }
        }
    }
}

/// Writes what was found into the experiment on show, as one change that can be undone.
fn apply(lab: &mut Lab, run: Option<usize>) {
    let Some(found) = lab.tuning.searcher.found(lab.document.id) else {
        return;
    };
    let mut experiment = lab.experiment.clone();
    for tuned in &found.tuned {
        let is_meant = run.is_none_or(|run| run == tuned.run);
        if is_meant && is_still_of(tuned, &found.question.experiment, &experiment) {
            tuned.apply(&mut experiment);
        }
    }
    lab.experiment = experiment;
}

/// Whether what was found for a run of one experiment is meant for the run with its number in
/// another; it may have been changed since, or have become another.
pub fn is_still_of(tuned: &Tuned, searched: &Experiment, now: &Experiment) -> bool {
    match (searched.runs.get(tuned.run), now.runs.get(tuned.run)) {
        (Some(searched), Some(now)) => tuned.fits_both(searched, now),
        _ => false,
    }
}
