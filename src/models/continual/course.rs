//! The data of a sequence of tasks, handed out once.

use crate::models::datasets::{Data, Dataset, Inputs};
use crate::models::network::Volume;
use std::collections::VecDeque;
use std::sync::Arc;

/// The tasks' data. Training data can be taken only in the order of the tasks, and are not kept
/// here once they are: a past task's data exist as long as somebody holds them.
#[derive(Debug)]
pub struct Course {
    upcoming: VecDeque<Arc<Dataset>>,
    tests: Vec<Arc<Dataset>>,
}

/// What a task is made of.
pub(super) struct Lesson<'a> {
    /// The classes, in the order of their outputs.
    pub classes: &'a [usize],
    /// The output of the first.
    pub first_output: usize,
    /// What is done to the inputs.
    pub transform: Transform,
}

/// What is done to the inputs of a set or of a task.
#[derive(Clone, Debug)]
pub(super) enum Transform {
    /// Nothing.
    None,
    /// Number i of an input is taken from this place.
    Permuted(Vec<usize>),
    /// They are turned by this angle.
    Rotated(f64),
}

impl Course {
    /// Of several sets, whose classes are numbered on from one another.
    pub(super) fn new<'a>(
        sets: &[(Data, Transform)],
        lessons: impl Iterator<Item = Lesson<'a>>,
    ) -> Self {
        let mut course = Self {
            upcoming: VecDeque::new(),
            tests: Vec::new(),
        };
        for lesson in lessons {
            let part = |choose: &dyn Fn(&Data) -> Arc<Dataset>| {
                let sets = sets
                    .iter()
                    .map(|(data, transform)| (choose(data), transform));
                Arc::new(lesson.of(sets))
            };
            course
                .upcoming
                .push_back(part(&|data| Arc::clone(&data.train)));
            course.tests.push(part(&|data| Arc::clone(&data.test)));
        }
        course
    }

    /// The training data of the next task.
    pub fn next_task(&mut self) -> Option<Arc<Dataset>> {
        self.upcoming.pop_front()
    }

    /// The training data of a task, from 0; those of the tasks before it are dropped.
    pub fn skip_to(&mut self, task: usize) -> Option<Arc<Dataset>> {
        self.upcoming.drain(..task.min(self.upcoming.len()));
        self.next_task()
    }

    /// Everything that is here: the training data to come, and all test data.
    pub fn datasets(&self) -> impl Iterator<Item = &Dataset> {
        let all = self.upcoming.iter().chain(&self.tests);
        all.map(|set| &**set)
    }

    /// The test data of every task, on which nothing is ever trained.
    pub fn tests(&self) -> &[Arc<Dataset>] {
        &self.tests
    }
}

impl Lesson<'_> {
    /// The examples of its classes, with the numbers of their outputs for labels.
    fn of<'s>(&self, sets: impl Iterator<Item = (Arc<Dataset>, &'s Transform)>) -> Dataset {
        let mut made: Option<Dataset> = None;
        let mut begin = 0;
        for (set, transform) in sets {
            let mut labels = Vec::new();
            let mut rows = Vec::new();
            for (row, &label) in (0_u32..).zip(&set.labels) {
                let class = begin + usize::from(label);
                if let Some(place) = self.classes.iter().position(|&c| c == class) {
                    rows.push(row);
                    // `check` allows no more than 256 outputs.
                    labels.push((self.first_output + place) as u8);
                }
            }
            begin += set.classes.len();
            let inputs = transform.of(chosen(&set, &rows), set.shape);
            let inputs = self.transform.of(inputs, set.shape);
            let made = made.get_or_insert_with(|| Dataset {
                shape: set.shape,
                classes: Vec::new(),
                inputs: Inputs::Pixels(Vec::new()),
                labels: Vec::new(),
            });
            append(&mut made.inputs, inputs);
            made.labels.extend(labels);
        }
        let mut made = made.unwrap_or_else(|| Dataset {
            shape: Volume::vector(1),
            classes: Vec::new(),
            inputs: Inputs::Pixels(Vec::new()),
            labels: Vec::new(),
        });
        let outputs = self.first_output + self.classes.len();
        made.classes = (0..outputs).map(|output| output.to_string()).collect();
        made
    }
}

/// The inputs of some rows.
pub(super) fn chosen(set: &Dataset, rows: &[u32]) -> Inputs {
    let size = set.shape.size();
    let range = |row: u32| row as usize * size..(row as usize + 1) * size;
    match &set.inputs {
        Inputs::Pixels(pixels) => Inputs::Pixels(
            rows.iter()
                .flat_map(|&row| &pixels[range(row)])
                .copied()
                .collect(),
        ),
        Inputs::Numbers(numbers) => Inputs::Numbers(
            rows.iter()
                .flat_map(|&row| &numbers[range(row)])
                .copied()
                .collect(),
        ),
    }
}

/// Adds inputs behind others; pixels become numbers where only one of them are pixels.
fn append(inputs: &mut Inputs, more: Inputs) {
    let numbers = |pixels: &[u8]| pixels.iter().map(|&p| f32::from(p) / 255.0).collect();
    match (&mut *inputs, more) {
        (Inputs::Pixels(mine), Inputs::Pixels(more)) => mine.extend(more),
        (Inputs::Numbers(mine), Inputs::Numbers(more)) => mine.extend(more),
        (Inputs::Numbers(mine), Inputs::Pixels(more)) => {
            let more: Vec<f32> = numbers(&more);
            mine.extend(more);
        }
        (Inputs::Pixels(mine), Inputs::Numbers(more)) => {
            let mut all: Vec<f32> = numbers(mine);
            all.extend(more);
            *inputs = Inputs::Numbers(all);
        }
    }
}

impl Transform {
    fn of(&self, inputs: Inputs, shape: Volume) -> Inputs {
        match (self, inputs) {
            (Self::None, inputs) => inputs,
            (Self::Permuted(order), Inputs::Pixels(pixels)) => {
                Inputs::Pixels(rearranged(&pixels, order))
            }
            (Self::Permuted(order), Inputs::Numbers(numbers)) => {
                Inputs::Numbers(rearranged(&numbers, order))
            }
            (Self::Rotated(angle), Inputs::Pixels(pixels)) => {
                Inputs::Pixels(turned_images(&pixels, shape, *angle))
            }
            (Self::Rotated(angle), Inputs::Numbers(numbers)) => {
                Inputs::Numbers(turned_points(&numbers, *angle))
            }
        }
    }
}

fn rearranged<T: Copy>(numbers: &[T], order: &[usize]) -> Vec<T> {
    let inputs = numbers.chunks_exact(order.len().max(1));
    inputs
        .flat_map(|input| order.iter().map(|&place| input[place]))
        .collect()
}

fn turned_points(numbers: &[f32], angle: f64) -> Vec<f32> {
    let (sine, cosine) = (libm::sin(angle) as f32, libm::cos(angle) as f32);
    let points = numbers.chunks_exact(2);
    points
        .flat_map(|point| {
            let [x, y] = [point[0], point[1]];
            [cosine * x - sine * y, sine * x + cosine * y]
        })
        .collect()
}

/// Every image turned counter-clockwise around its middle; between pixels it is interpolated,
/// and outside it is black.
fn turned_images(pixels: &[u8], shape: Volume, angle: f64) -> Vec<u8> {
    let (height, width) = (shape.height as isize, shape.width as isize);
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let middle = ((width - 1) as f64 / 2.0, (height - 1) as f64 / 2.0);
    let mut turned = Vec::with_capacity(pixels.len());
    for image in pixels.chunks_exact((height * width).max(1) as usize) {
        let at = |x: isize, y: isize| {
            let is_inside = (0..width).contains(&x) && (0..height).contains(&y);
            if is_inside {
                f64::from(image[(y * width + x) as usize])
            } else {
                0.0
            }
        };
        for y in 0..height {
            for x in 0..width {
                let (dx, dy) = (x as f64 - middle.0, y as f64 - middle.1);
                // Rows count downwards, so that counter-clockwise is this way round.
                let from_x = middle.0 + cosine * dx - sine * dy;
                let from_y = middle.1 + sine * dx + cosine * dy;
                let (left, above) = (from_x.floor(), from_y.floor());
                let (share_x, share_y) = (from_x - left, from_y - above);
                let (left, above) = (left as isize, above as isize);
                let row = |y: isize| at(left, y) * (1.0 - share_x) + at(left + 1, y) * share_x;
                let grey = row(above) * (1.0 - share_y) + row(above + 1) * share_y;
                turned.push(grey.round() as u8);
            }
        }
    }
    turned
}
