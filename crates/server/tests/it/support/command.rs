use std::process::{Command, Stdio};

use serde_json::Value;

use super::Db;

/// The binary on a database, without anything of this process's environment that is a setting.
pub(crate) fn command(database: &Db) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ROLECALL") {
            command.env_remove(name);
        }
    }
    command
        .env("ROLECALL__DATABASE__URL", &database.url)
        .current_dir(database.folder.path());
    command.stdin(Stdio::null());
    command
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a command to its end.
pub(crate) fn rolecall(database: &Db, arguments: &[&str]) -> Ran {
    run(command(database).args(arguments))
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().expect("the command ended by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// The answer of a command that has to succeed with `--json`.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        testkit::secrets::keep_tokens(&self.stdout);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Asserts a refusal: its exit code, and what it has to say.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        for says in says {
            assert!(
                self.stderr.contains(says),
                "does not say {says:?}: {self:?}"
            );
        }
        assert!(!self.stderr.contains("panicked"), "{self:?}");
    }
}
