//! What `/proc` says of processes and all their descendants (Linux).

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// Clock ticks of a second, as `/proc` counts them.
const TICKS: f64 = 100.0;

struct Stat {
    parent: u32,
    ticks: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last parenthesis may hold anything.
    let fields: Vec<&str> = text[text.rfind(')')? + 2..].split(' ').collect();
    let number = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok());
    // proc(5): 4 ppid, 14 utime, 15 stime, 16 cutime, 17 cstime; here the third field is at 0.
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    let parent = u32::try_from(number(1)?).ok()?;
    Some(Stat { parent, ticks })
}

/// A set of processes whose cost is counted together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Processes(pub(crate) Vec<u32>);

impl Processes {
    fn all(&self) -> BTreeSet<u32> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            if let Ok(pid) = entry.file_name().to_string_lossy().parse()
                && let Some(stat) = stat(pid)
            {
                children.entry(stat.parent).or_default().push(pid);
            }
        }
        let (mut waiting, mut found) = (self.0.clone(), BTreeSet::new());
        while let Some(pid) = waiting.pop() {
            if found.insert(pid) {
                waiting.extend(children.get(&pid).into_iter().flatten());
            }
        }
        found
    }

    /// CPU seconds used so far, in steps of 10 ms.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let ticks: u64 = self
            .all()
            .into_iter()
            .filter_map(stat)
            .map(|stat| stat.ticks)
            .sum();
        ticks as f64 / TICKS
    }

    /// How many files and sockets they have open.
    pub(crate) fn open_files(&self) -> f64 {
        let open = |pid: u32| fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
        self.all().into_iter().map(open).sum::<usize>() as f64
    }

    /// Anonymous memory in MB (10^6 bytes); mapped pages of files are not counted.
    pub(crate) fn anonymous_mb(&self) -> f64 {
        let kib = |pid: u32| -> Option<f64> {
            let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("RssAnon:"))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let sum: f64 = self.all().into_iter().filter_map(kib).sum();
        sum * 1024.0 / 1e6
    }
}

/// Bytes of a SQLite file with its log.
pub(crate) fn bytes_of(database: &Path) -> u64 {
    size(database) + bytes_of_log(database)
}

/// Bytes of the log beside a SQLite file; 0 where there is none.
pub(crate) fn bytes_of_log(database: &Path) -> u64 {
    size(Path::new(&format!("{}-wal", database.display())))
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}
