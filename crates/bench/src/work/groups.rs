//! Members come into groups.

use crate::Fault;
use crate::drive::{Cost, Target, drive};
use crate::idp;
use crate::table::Figures;

/// The groups whose members get a workspace.
pub(crate) const MAPPED: &[&str] = &[
    "large", "small-0", "small-1", "small-2", "small-3", "small-4", "small-5", "small-6",
    "small-7", "small-8", "small-9",
];

/// Makes a group of these members, a thousand at once.
pub(crate) fn fill(target: &Target, name: &str, ids: &[String]) -> Result<String, Fault> {
    let mut client = target.client();
    let group = idp::create_group(&mut client, name)?;
    for part in ids.chunks(1000) {
        idp::join(&mut client, &group, part)?;
    }
    Ok(group)
}

/// Adds to small groups and to a large one, both of them mapped, so that access is resolved.
/// `ids` are the large group's members, `others` come in.
pub(crate) fn grow(
    target: &Target,
    ids: &[String],
    others: &[String],
    figures: &mut Figures,
) -> Result<(), Fault> {
    let small: Vec<String> = MAPPED[1..]
        .iter()
        .map(|name| fill(target, name, &ids[..10]))
        .collect::<Result<_, _>>()?;
    let large = [fill(target, "large", ids)?];
    let (ones, hundreds) = others.split_at(others.len() / 20);
    // Warm, and equal: the same people come into both.
    let at_small = add(target, &small, ones, 1)?;
    let at_large = add(target, &large, ones, 1)?;
    figures.put("member10", at_small.percentile_ms(0.5));
    let growth = at_large.percentile_ms(0.5) / at_small.percentile_ms(0.5).max(0.001);
    figures.put("member_growth", growth);
    for (key, cost) in [("member10_cpu", &at_small), ("member_large_cpu", &at_large)] {
        figures.put(key, cost.cpu * 1000.0 / cost.done as f64);
    }
    let small = add(target, &small, hundreds, 100)?.percentile_ms(0.5);
    let large_time = add(target, &large, hundreds, 100)?.percentile_ms(0.5);
    figures.put("members100", small.max(large_time));
    let have = idp::members(&mut target.client(), &large[0])?;
    if have != ids.len() + others.len() {
        return Err(format!("the large group has {have} members"));
    }
    Ok(())
}

fn add(target: &Target, groups: &[String], ids: &[String], batch: usize) -> Result<Cost, Fault> {
    let parts: Vec<&[String]> = ids.chunks(batch).collect();
    drive(target, 1, parts.len(), |client, k| {
        idp::join(client, &groups[k % groups.len()], parts[k])
    })
}
