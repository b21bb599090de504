//! The commands, run as they would be in a shell, on recordings that the core wrote.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::{
    json, read, write, Ended, Event, Head, Limits, Recording, Summary,
};
use phoenix_replay_core::view::HIDDEN;

/// A folder that goes when the test does.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("phoenix_replay_cli_{}_{nth}", std::process::id()));
        fs::create_dir_all(path.join("3F")).unwrap();
        Folder(path)
    }

    /// One with a finished recording, `a`, and one as JSON, `b`, that began later.
    fn with_two() -> Self {
        let folder = Folder::new();
        fs::write(
            folder.0.join("3F/a.etf.gz"),
            write(&recording("a", 0)).unwrap(),
        )
        .unwrap();
        fs::write(
            folder.0.join("b.json.gz"),
            json::write(&recording("b", 60_000)).unwrap(),
        )
        .unwrap();
        fs::create_dir(folder.0.join(".journal")).unwrap();
        fs::write(folder.0.join(".journal/c.etf.gz"), "a journal").unwrap();
        folder
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn recording(id: &str, connected_at: i64) -> Recording {
    let facts = map([
        ("id", Value::binary(id)),
        ("view", Value::atom("Elixir.Shop.CartLive")),
        ("connected_at", Value::Integer(connected_at)),
    ]);
    let assigns = map([
        ("count", Value::Integer(1)),
        ("status", Value::atom("open")),
        ("token", Value::atom(HIDDEN)),
        (
            "user",
            map([
                ("__struct__", Value::atom("Elixir.Shop.User")),
                ("name", Value::binary("Ann")),
            ]),
        ),
    ]);
    let typed = |text| {
        map([(
            "user",
            map([(
                "name",
                Value::tuple([Value::Integer(0), Value::Integer(0), Value::binary(text)]),
            )]),
        )])
    };
    let events = vec![
        event(0, "mount", map([("assigns", assigns)])),
        event(
            1_500,
            "event",
            map([("name", Value::binary("save")), ("params", Value::map([]))]),
        ),
        event(1_500, "assigns", map([("patch", typed("ab"))])),
        event(2_000, "assigns", map([("patch", typed("el"))])),
    ];
    Recording {
        head: Head::new(facts).unwrap(),
        summary: Summary {
            event_count: 4,
            duration_ms: 2_000,
            url: Some("/cart".into()),
            ended: Some(Ended::Closed),
            ..Summary::default()
        },
        context: map([("params", Value::map([])), ("session", Value::map([]))]),
        events,
    }
}

fn event(offset_ms: u64, name: &str, payload: Value) -> Event {
    Event {
        offset_ms,
        name: name.into(),
        payload,
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_phoenix-replay"))
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

/// Status and standard output.
fn said(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

fn error(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn ls_lists_newest_first_and_no_journals() {
    let folder = Folder::with_two();
    let line = |id, minute| {
        format!(
            "{id}  1970-01-01 00:0{minute}:00  Shop.CartLive  4 events  +2.000s  closed  /cart\n"
        )
    };
    assert_eq!(
        said(&["ls", &folder.at("")]),
        (0, line("b", 1) + &line("a", 0))
    );
    assert_eq!(
        said(&["ls", &folder.at(""), "--limit", "1"]),
        (0, line("b", 1))
    );
    assert_eq!(said(&["ls", &Folder::new().at("")]), (1, String::new()));
}

#[test]
fn show_says_what_happened() {
    let folder = Folder::with_two();
    let (status, out) = said(&["show", &folder.at("3F/a.etf.gz")]);
    assert_eq!(status, 0);
    assert!(
        out.contains("view       Shop.CartLive\nurl        /cart\n"),
        "{out}"
    );
    assert!(out.ends_with("     1      +1.500s  event          save\n     2      +1.500s  assigns        user\n     3      +2.000s  assigns        user\n"), "{out}");
}

#[test]
fn a_recording_may_be_named_as_it_is_listed() {
    let folder = Folder::with_two();
    for (id, file) in [("a", "3F/a.etf.gz"), ("b", "b.json.gz")] {
        assert_eq!(
            said(&["show", &folder.at(id)]),
            said(&["show", &folder.at(file)])
        );
    }
    let (status, said) = error(&["show", &folder.at("c")]);
    assert_eq!(status, 2);
    assert!(said.contains("there is no such file or folder"), "{said}");
}

#[test]
fn at_prints_assigns_without_what_is_hidden() {
    let folder = Folder::with_two();
    let file = folder.at("b.json.gz");
    let printed = "%{count: 1, status: :open, user: %Shop.User{name: \"Annabel\"}}\n";
    assert_eq!(said(&["at", &file, "--event", "3"]), (0, printed.into()));
    assert_eq!(said(&["at", &file, "--ms", "99999"]), (0, printed.into()));
    let (_, json) = said(&["at", &file, "--ms", "0", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"count": 1, "status": "open", "user": {"__struct__": "Elixir.Shop.User", "name": "Ann"}})
    );
    let (status, words) = error(&["at", &file, "--event", "4"]);
    assert_eq!(status, 2);
    assert!(
        words.contains("there is no event 4; it has 4, from 0 to 3"),
        "{words}"
    );
}

#[test]
fn diff_prints_what_changed() {
    let folder = Folder::with_two();
    let file = folder.at("3F/a.etf.gz");
    assert_eq!(
        said(&["diff", &file, "0", "3"]),
        (0, "user.name\n- \"Ann\"\n+ \"Annabel\"\n".into())
    );
    assert_eq!(said(&["diff", &file, "0", "1"]), (1, String::new()));
}

#[test]
fn grep_finds_what_was_typed() {
    let folder = Folder::with_two();
    let hit = |id| format!("{id} #3 +2.000s assigns.user.name: Annabel\n");
    let dir = folder.at("");
    assert_eq!(said(&["grep", "Annabel", &dir]), (0, hit("a") + &hit("b")));
    assert_eq!(
        said(&["grep", "-ie", "^an+A.*l$", &folder.at("b.json.gz")]),
        (0, hit("b"))
    );
    assert_eq!(
        said(&["grep", "--number", "1", &folder.at("3F")]),
        (0, "a #0 +0.000s assigns.count: 1\n".into())
    );
    assert_eq!(said(&["grep", "hidden", &dir]), (1, String::new()));
    let (status, words) = error(&["grep", "-e", "(", &dir]);
    assert_eq!(status, 2);
    assert!(
        words.starts_with("error: the regular expression is not valid"),
        "{words}"
    );
}

#[test]
fn export_writes_what_can_be_read_again() {
    let folder = Folder::with_two();
    let copy = folder.at("copy.json");
    assert_eq!(
        said(&["export", &folder.at("3F/a.etf.gz"), "--json", "-o", &copy]),
        (0, String::new())
    );
    let read = read(&fs::read(&copy).unwrap(), Limits::default()).unwrap();
    assert_eq!(read.head, recording("a", 0).head);
    let (_, printed) = said(&["export", &folder.at("3F/a.etf.gz"), "--json"]);
    assert_eq!(printed, fs::read_to_string(&copy).unwrap());
}

#[test]
fn verify_names_what_is_damaged() {
    let folder = Folder::with_two();
    let dir = folder.at("");
    assert_eq!(said(&["verify", &dir]), (0, "2 intact, 0 damaged\n".into()));
    let whole = fs::read(Path::new(&folder.at("3F/a.etf.gz"))).unwrap();
    fs::write(folder.at("cut.etf.gz"), &whole[..whole.len() - 20]).unwrap();
    fs::write(folder.at("none.etf.gz"), "nothing of ours").unwrap();
    let (status, out) = said(&["verify", &dir]);
    assert_eq!(status, 1);
    assert!(
        out.contains("cut.etf.gz: 0 of 4 events can be read\n"),
        "{out}"
    );
    assert!(out.contains("none.etf.gz: "), "{out}");
    assert!(out.ends_with("2 intact, 2 damaged\n"), "{out}");
    let (status, words) = error(&["ls", &dir]);
    assert_eq!(status, 0);
    assert!(
        words.contains("warning: ") && words.contains("none.etf.gz"),
        "{words}"
    );
}

#[test]
fn what_is_wrong_is_said() {
    assert_eq!(
        error(&["ls", "/no/such/folder"]),
        (
            2,
            "error: /no/such/folder: there is no such file or folder\n".into()
        )
    );
    assert_eq!(error(&["at", "x"]).0, 2);
    assert_eq!(error(&[]).0, 2);
    let (status, script) = said(&["completions", "bash"]);
    assert!(status == 0 && script.contains("complete -F"));
}

#[test]
fn what_is_damaged_is_passed_over_in_a_folder_and_a_failure_alone() {
    let folder = Folder::with_two();
    fs::write(folder.at("none.etf.gz"), "nothing of ours").unwrap();
    let (dir, none) = (folder.at(""), folder.at("none.etf.gz"));
    for arguments in [&["ls"][..], &["grep", "Ann"]] {
        let asked = |path| run(&[arguments, &[path]].concat());
        assert_eq!(asked(&dir).status.code(), Some(0));
        assert_eq!(asked(&none).status.code(), Some(2), "{arguments:?}");
    }
    for arguments in [
        &["show", &none][..],
        &["at", &none, "--ms", "0"],
        &["diff", &none, "0", "1"],
        &["export", &none, "--json"],
    ] {
        let (status, words) = error(arguments);
        assert_eq!(status, 2);
        assert!(
            words.starts_with("error: ") && words.contains("none.etf.gz: "),
            "{words}"
        );
    }
}

#[test]
fn who_stops_reading_ends_it_quietly() {
    let folder = Folder::with_two();
    for nth in 0..2_000 {
        fs::write(folder.at(&format!("{nth}.etf.gz")), "damaged").unwrap();
    }
    for arguments in [&["ls"][..], &["grep", "nobody"], &["verify"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_phoenix-replay"))
            .args(arguments)
            .arg(&folder.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // More than a pipe holds comes on one of the two, and nobody is there.
        drop((child.stdout.take(), child.stderr.take()));
        let status = child.wait().unwrap().code();
        assert!(matches!(status, Some(0 | 1)), "{arguments:?} {status:?}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::with_two();
    let listed = |force: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phoenix-replay"));
        command.args(["ls", &folder.at("")]).env_remove("NO_COLOR");
        if force {
            command.env("CLICOLOR_FORCE", "1");
        } else {
            command.env_remove("CLICOLOR_FORCE");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(!listed(false).contains('\u{1b}'));
    assert!(listed(true).contains("\u{1b}[36ma\u{1b}[0m"));
}

#[cfg(unix)]
#[test]
fn names_may_be_of_any_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = Folder::with_two();
    let odd = folder.0.join(OsStr::from_bytes(b"\xff\x1b[31m"));
    fs::create_dir(&odd).unwrap();
    let file = odd.join(OsStr::from_bytes(b"c\xfe.etf.gz"));
    fs::write(&file, write(&recording("c", 0)).unwrap()).unwrap();
    fs::write(odd.join("none.etf"), "nothing of ours").unwrap();
    let command = |name: &str, path: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phoenix-replay"));
        command.arg(name).arg(path).output().unwrap()
    };
    let shown = command("show", &file);
    assert!(shown.status.success());
    let listed = command("ls", &odd);
    assert_eq!(String::from_utf8(listed.stdout).unwrap().lines().count(), 1);
    let words = String::from_utf8(listed.stderr).unwrap();
    assert!(
        words.contains("none.etf: ") && !words.contains('\u{1b}'),
        "{words:?}"
    );
}

#[test]
fn what_an_old_version_wrote_has_no_end_to_tell() {
    let folder = Folder::new();
    let old = r#"{"id":"old","view":"Elixir.Shop.CartLive","url":"/","params":{},"session":{},
        "connected_at":0,"events":[]}"#;
    fs::write(folder.at("old.json"), old).unwrap();
    let line = "old  1970-01-01 00:00:00  Shop.CartLive  0 events  +0.000s  unknown  /\n";
    assert_eq!(said(&["ls", &folder.at("")]), (0, line.into()));
}
