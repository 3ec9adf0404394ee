//! A display of its own for each test, and the program on it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The size of the display, and of a window that fills it.
pub const SIZE: [usize; 2] = [1280, 800];

/// Far more than anything here takes; a test that waits as long has failed.
const DEADLINE: Duration = Duration::from_secs(120);

/// Waits until `done` gives something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = done() {
            return found;
        }
        assert!(start.elapsed() < DEADLINE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a program of the system prints.
fn output_of(command: &mut Command) -> Vec<u8> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{name} is needed for window tests ({error}); tests/run installs it")
    });
    output.stdout
}

/// A virtual display.
pub struct Display {
    server: Child,
    /// Held open for as long as the server lives.
    _numbers: BufReader<ChildStdout>,
    name: String,
    /// One display at a time: several windows drawn in software at once are so slow on few
    /// cores that a gesture and its answer no longer belong together.
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::new(());

impl Display {
    pub fn start() -> Self {
        // A test that failed while it had its turn does not keep the others from theirs.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let screen = format!("{}x{}x24", SIZE[0], SIZE[1]);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"])
            .args(["-screen", "0", &screen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("Xvfb is needed for window tests ({error}); tests/run installs it")
            });
        let mut numbers = BufReader::new(server.stdout.take().unwrap());
        let mut number = String::new();
        numbers.read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb has no free display");
        Self {
            server,
            _numbers: numbers,
            name: format!(":{}", number.trim()),
            _turn: turn,
        }
    }

    fn on(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        output_of(
            Command::new(program)
                .args(arguments)
                .env("DISPLAY", &self.name),
        )
    }

    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let text = self.on("xdotool", arguments);
        String::from_utf8_lossy(&text).trim().to_owned()
    }

    /// What is on the display: red, green, blue of every pixel, row by row.
    pub fn pixels(&self) -> Vec<u8> {
        let pixels = self.on("import", &["-window", "root", "-depth", "8", "rgb:-"]);
        assert_eq!(pixels.len(), SIZE[0] * SIZE[1] * 3);
        pixels
    }

    /// Keeps a picture for people.
    pub fn screenshot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name).with_extension("png");
        self.on("import", &["-window", "root", file.to_str().unwrap()]);
        assert!(file.metadata().unwrap().len() > 0);
    }

    pub fn point(&self, at: egui::Pos2) {
        let [x, y] = [at.x, at.y].map(|side| format!("{side:.0}"));
        self.xdotool(&["mousemove", &x, &y]);
    }

    pub fn click(&self, at: egui::Pos2, times: usize) {
        self.point(at);
        let times = times.to_string();
        self.xdotool(&["click", "--repeat", &times, "--delay", "60", "1"]);
    }

    pub fn key(&self, name: &str) {
        self.xdotool(&["key", name]);
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program without a display yet.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_descent-lab"));
    command
        .env("DESCENT_LAB_HOME", home)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("WINIT_X11_SCALE_FACTOR", "1")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .stdin(Stdio::null());
    command
}

/// The program with its window open.
pub struct Window<'a> {
    pub display: &'a Display,
    child: Child,
    id: String,
    said: PathBuf,
}

impl<'a> Window<'a> {
    /// Starts the program and makes its window fill the display.
    pub fn open(display: &'a Display, home: &Path, arguments: &[&str]) -> Self {
        let said = home.join(format!("said-{}", display.name.trim_start_matches(':')));
        let said = said.with_extension(format!("{:?}", Instant::now()).replace(' ', ""));
        let mut child = program(home)
            .args(arguments)
            .env("DISPLAY", &display.name)
            .stdout(Stdio::null())
            .stderr(File::create(&said).unwrap())
            .spawn()
            .unwrap();
        let pid = child.id().to_string();
        let id = wait_for("the window", || {
            let status = child.try_wait().unwrap();
            assert!(status.is_none(), "{}", fs::read_to_string(&said).unwrap());
            let found = display.xdotool(&["search", "--onlyvisible", "--pid", &pid]);
            found.lines().next().map(str::to_owned)
        });
        let window = Self {
            display,
            child,
            id,
            said,
        };
        wait_for("the first frame", || {
            window.title().contains(" – Descent Lab").then_some(())
        });
        window.resize(SIZE);
        window.focus();
        window
    }

    pub fn title(&self) -> String {
        self.display.xdotool(&["getwindowname", &self.id])
    }

    pub fn is_unsaved(&self) -> bool {
        self.title().starts_with('•')
    }

    #[track_caller]
    pub fn wait_for_title(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        wait_for(what, || is_it(&self.title()).then_some(()));
    }

    pub fn resize(&self, size: [usize; 2]) {
        let [width, height] = size.map(|side| side.to_string());
        self.display.xdotool(&["windowmove", &self.id, "0", "0"]);
        self.display
            .xdotool(&["windowsize", &self.id, &width, &height]);
        let expected = format!("X=0\nY=0\nWIDTH={width}\nHEIGHT={height}\n");
        wait_for("the window's size", || {
            let geometry = self
                .display
                .xdotool(&["getwindowgeometry", "--shell", &self.id]);
            geometry.contains(&expected).then_some(())
        });
    }

    /// Brings it to the front and gives it the keyboard.
    pub fn focus(&self) {
        self.display.xdotool(&["windowraise", &self.id]);
        wait_for("the keyboard", || {
            self.display.xdotool(&["windowfocus", &self.id]);
            (self.display.xdotool(&["getwindowfocus"]) == self.id).then_some(())
        });
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it, whatever it shows.
    pub fn quit_or_kill(self) {
        drop(self);
    }

    /// Ends it as a crash of the machine would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to quit, and checks that it does so in peace.
    #[track_caller]
    pub fn quit(mut self) {
        self.focus();
        self.display.key("ctrl+q");
        let status: ExitStatus = wait_for("the end", || self.child.try_wait().unwrap());
        let said = fs::read_to_string(&self.said).unwrap();
        assert!(status.success(), "{status}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
