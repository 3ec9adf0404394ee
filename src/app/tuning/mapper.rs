//! The map's thread: a map is computed coarse first, shown, and refined while nobody asks for
//! another one.

use crate::analysis::map::{Map, MapQuestion};
use crate::app::background::Background;
use crate::engine;
use std::mem::discriminant;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The most updates of a path that is computed while the pointer rests on its cell.
const MOST_UPDATES: u64 = 2_000;

/// Work for the thread.
enum Work {
    /// A new map.
    Begin(Box<MapQuestion>),
    /// The next look at one.
    Refine(Arc<Map>),
}

/// The path of a cell.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The document whose map it is of.
    pub document: u64,
    /// Which cell.
    pub cell: [usize; 2],
    /// Its points, the start first.
    pub path: Vec<[f64; 2]>,
}

/// The map on show, and the thread that makes it finer.
pub struct Mapper {
    background: Option<Background<Work, Arc<Map>>>,
    asked: Option<Asked>,
    map: Option<(u64, Arc<Map>)>,
    preview: Option<Preview>,
    /// Counts the maps shown.
    serial: u64,
}

/// What was asked last, and for which document.
struct Asked {
    document: u64,
    question: MapQuestion,
}

impl Mapper {
    pub(super) fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        Self {
            background: Background::start_watched("map", wake, work).ok(),
            asked: None,
            map: None,
            preview: None,
            serial: 0,
        }
    }

    /// The map of a question, as far as it is computed.
    pub fn map_of(&self, question: &MapQuestion) -> Option<&Arc<Map>> {
        let (_, map) = self.map.as_ref()?;
        is_same(map.question(), question).then_some(map)
    }

    /// A map of the same run of a document before its last changes: seen until the new one is
    /// there, but nothing to take values from.
    pub fn map_before(&self, document: u64, question: &MapQuestion) -> Option<&Arc<Map>> {
        let kind = |of: &MapQuestion| (of.run, discriminant(&of.experiment.objective));
        let (made, map) = self.map.as_ref()?;
        let is_here = *made == document && kind(map.question()) == kind(question);
        is_here.then_some(map)
    }

    /// Two maps with the same number have the same cells.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The path on the landscape of a document.
    pub fn shown_preview(&self, document: u64) -> Option<&Preview> {
        let preview = self.preview.as_ref();
        preview.filter(|preview| preview.document == document)
    }

    /// Whether this is the latest question. Numbers that are none are the same.
    pub fn has_asked(&self, question: &MapQuestion) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|asked| is_same(&asked.question, question))
    }

    /// Whether the map of the latest question is not complete yet.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some() && self.background.is_some() && !self.is_answered()
    }

    fn is_answered(&self) -> bool {
        let Some(asked) = &self.asked else {
            return true;
        };
        self.map
            .as_ref()
            .is_some_and(|(_, map)| is_same(map.question(), &asked.question) && map.is_complete())
    }

    pub(super) fn ask(&mut self, document: u64, question: MapQuestion) {
        self.preview = None;
        if let Some(background) = &self.background {
            background.ask(Work::Begin(Box::new(question.clone())));
            self.asked = Some(Asked { document, question });
        }
    }

    /// Takes a map that was refined, and has it refined further.
    pub(super) fn attend(&mut self) {
        let Some(background) = &self.background else {
            return;
        };
        let Some(map) = background.take() else { return };
        // Of which document another question's map is can no longer be told.
        let asked = self.asked.as_ref();
        let Some(asked) = asked.filter(|asked| is_same(map.question(), &asked.question)) else {
            return;
        };
        if !map.is_complete() {
            background.ask(Work::Refine(Arc::clone(&map)));
        }
        self.map = Some((asked.document, map));
        self.serial += 1;
    }

    pub(super) fn preview(&mut self, cell: Option<[usize; 2]>) {
        self.preview = cell.and_then(|cell| {
            // On anything else there is no path to draw, and it could take seconds.
            let is_on_landscape =
                |map: &Arc<Map>| map.question().experiment.objective.landscape().is_some();
            let (document, map) = self.map.as_ref().filter(|(_, map)| is_on_landscape(map))?;
            let mut experiment = map.experiment(cell);
            experiment.epochs = experiment.epochs.min(MOST_UPDATES);
            let checked = experiment.check().ok()?;
            let history = engine::run(&checked, |_| ControlFlow::Continue(()));
            let points = history.traces.first()?.parameters();
            let path = points
                .filter_map(|w| Some([*w.first()?, *w.get(1)?]))
                .collect();
            Some(Preview {
                document: *document,
                cell,
                path,
            })
        });
    }
}

fn is_same(a: &MapQuestion, b: &MapQuestion) -> bool {
    let targets = a.target == b.target || a.target.is_nan() && b.target.is_nan();
    targets
        && (&a.experiment, a.run, &a.x, &a.y, a.cells)
            == (&b.experiment, b.run, &b.x, &b.y, b.cells)
}

fn work(work: Work, is_superseded: &(dyn Fn() -> bool + Sync)) -> Option<Arc<Map>> {
    let mut map = match work {
        Work::Begin(question) => Map::new(*question).ok()?,
        Work::Refine(map) => Arc::unwrap_or_clone(map),
    };
    let is_refined = engine::at_length(|| map.refine(&|| !is_superseded()));
    is_refined.then(|| Arc::new(map))
}
