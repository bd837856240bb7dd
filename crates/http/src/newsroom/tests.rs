use super::*;

fn reader(room: &Newsroom, org: i64, after: i64) -> (Seat<'_>, oneshot::Receiver<()>) {
    let (wake, news) = oneshot::channel();
    let reader = Reader {
        org: OrgId(org),
        after,
        wake,
    };
    (room.sit_down(reader), news)
}

#[test]
fn only_those_are_woken_for_whom_there_is_something() {
    let room = Newsroom::default();
    let (_a, mut early) = reader(&room, 1, 3);
    let (_b, mut late) = reader(&room, 1, 4);
    let (_c, mut elsewhere) = reader(&room, 2, 0);
    assert_eq!(room.orgs(), BTreeSet::from([OrgId(1), OrgId(2)]));
    room.tell(&[(OrgId(1), 4), (OrgId(2), 0)]);
    assert!(early.try_recv().is_ok());
    assert!(late.try_recv().is_err());
    assert!(elsewhere.try_recv().is_err());
}

#[test]
fn one_who_is_far_behind_keeps_nothing_from_the_others() {
    let room = Newsroom::default();
    let (_behind, mut behind) = reader(&room, 1, 100);
    let (_up, mut up_to_date) = reader(&room, 1, 50_000);
    room.tell(&[(OrgId(1), 50_001)]);
    assert!(behind.try_recv().is_ok());
    assert!(up_to_date.try_recv().is_ok());
}

#[test]
fn who_leaves_is_not_waited_for() {
    let room = Newsroom::default();
    let (seat, news) = reader(&room, 1, 0);
    let (_other, _) = reader(&room, 1, 0);
    assert_eq!(room.len(), 2);
    drop(news);
    drop(seat);
    assert_eq!(room.len(), 1);
    room.tell(&[(OrgId(1), 1)]);
    assert_eq!(room.len(), 0);
}

#[test]
fn nobody_waits_in_a_closed_room() {
    let room = Newsroom::default();
    let (_a, mut waiting) = reader(&room, 1, 0);
    room.close();
    assert!(waiting.try_recv().is_ok(), "answered with what there is");
    let (_b, mut late) = reader(&room, 1, 0);
    let closed = oneshot::error::TryRecvError::Closed;
    assert_eq!(late.try_recv(), Err(closed), "waits for nothing");
    assert_eq!(room.len(), 0);
}
