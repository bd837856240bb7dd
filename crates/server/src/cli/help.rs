//! `rolecall completions` and `rolecall man`: help beside the program, made from the commands.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::Cli;
use crate::{failure::Failure, out};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rolecall completions bash > /etc/bash_completion.d/rolecall
  rolecall completions zsh > \"${fpath[1]}/_rolecall\"
  rolecall completions fish > ~/.config/fish/completions/rolecall.fish")]
pub(super) struct Completions {
    /// The shell.
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rolecall man | man -l -
  rolecall man --folder /usr/local/share/man/man1")]
pub(super) struct Man {
    /// Write a page for each command to this folder, which has to be there.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn completions(command: &Completions) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "rolecall", &mut text);
    out::document(&String::from_utf8_lossy(&text))
}

pub(super) fn man(command: &Man) -> Result<(), Failure> {
    let fails = |error: std::io::Error| {
        Failure::other(format!("the manual page cannot be written: {error}"))
    };
    if let Some(folder) = &command.folder {
        return clap_mangen::generate_to(Cli::command(), folder).map_err(fails);
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut text)
        .map_err(fails)?;
    out::document(&String::from_utf8_lossy(&text))
}
