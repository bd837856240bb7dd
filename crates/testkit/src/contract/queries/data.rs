//! One data set: the resources of an organization, and who is in which group.

use app::port::groups::{GroupWrite, MemberKind, NewMember};
use app::port::users::UserWrite;
use app::representation::{group_write, user_write};
use domain::{GroupId, Standing, UserId};
use scim::Kind;
use serde_json::Value;
use uuid::Uuid;

use super::super::random::Random;
use super::super::world::{AT, World};
use super::body;
use super::names::Names;

const USERS: usize = 40;
const GROUPS: usize = 12;
const MINUTE: i64 = 60_000;

pub(super) struct Data {
    users: Vec<UserWrite>,
    groups: Vec<GroupWrite>,
    members: Vec<(GroupId, Vec<NewMember>)>,
    /// Texts that are in it, ids among them.
    pub(super) texts: Vec<String>,
}

impl Data {
    pub(super) fn draw(names: &Names, random: &mut Random) -> Data {
        let mut data = Data {
            users: Vec::new(),
            groups: Vec::new(),
            members: Vec::new(),
            texts: Vec::new(),
        };
        let mut taken = Vec::new();
        for _ in 0..USERS {
            let name = body::name(&mut taken, random);
            let resource = body::resource(&names.registry, Kind::User, &name, random);
            collect(&Value::Object(resource.attributes.clone()), &mut data.texts);
            let (id, version, created, modified) = row(random);
            let user = user_write(UserId(id), version, created, modified, &resource);
            data.users.push(user);
            data.texts.push(id.to_string());
        }
        let mut taken = Vec::new();
        for _ in 0..GROUPS {
            let name = body::name(&mut taken, random);
            let resource = body::resource(&names.registry, Kind::Group, &name, random);
            collect(&Value::Object(resource.attributes.clone()), &mut data.texts);
            let (id, version, created, modified) = row(random);
            let group = group_write(GroupId(id), version, created, modified, &resource);
            data.groups.push(group);
            data.texts.push(id.to_string());
        }
        for number in 0..GROUPS {
            data.members.push((
                data.groups[number].row.id,
                data.some_members(number, random),
            ));
        }
        data
    }

    /// Users, and groups that come later in the list.
    fn some_members(&self, number: usize, random: &mut Random) -> Vec<NewMember> {
        let users = self
            .users
            .iter()
            .map(|user| (user.row.id.0, MemberKind::User));
        let groups = self.groups[number + 1..].iter();
        let groups = groups.map(|group| (group.row.id.0, MemberKind::Group));
        let mut members = Vec::new();
        for (id, kind) in users.chain(groups) {
            if random.once_in(8) {
                let display = random.once_in(3).then(|| super::values::text(random));
                members.push(NewMember { id, kind, display });
            }
        }
        members
    }

    /// Puts it all into an empty organization.
    pub(super) fn store(&self, world: &World) {
        let (users, groups) = (self.users.clone(), self.groups.clone());
        let members = self.members.clone();
        world.exclusive(move |tx| {
            for user in &users {
                tx.insert_user(user, Standing::default())?;
            }
            for group in &groups {
                tx.insert_group(group)?;
            }
            for (group, members) in &members {
                tx.add_members(*group, members)?;
            }
            Ok(())
        });
    }
}

/// Id, version and times of a resource; times meet often, and are before 1970 once.
fn row(random: &mut Random) -> (Uuid, i64, i64, i64) {
    let [high, low] = [random.next(), random.next()];
    let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let minutes = |random: &mut Random| MINUTE * i64::try_from(random.below(5)).unwrap_or(0);
    let created = if random.once_in(USERS) {
        -500
    } else {
        AT + minutes(random)
    };
    let modified = created + minutes(random);
    let version = 1 + i64::try_from(random.below(3)).unwrap_or(0);
    (id, version, created, modified)
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}
