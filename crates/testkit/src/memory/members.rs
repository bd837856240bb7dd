//! Memberships.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::port::groups::{GroupRef, Member, MemberKind, NewMember, RemovedMember};
use app::port::{Members, Millis, Stored};
use domain::{GroupId, UserId};
use uuid::Uuid;

use super::documents::text_of;
use super::state::Membership;
use super::unit::MemoryTx;

impl MemoryTx {
    fn kind_of(&self, id: Uuid) -> Option<MemberKind> {
        if self.org.users.contains_key(&UserId(id)) {
            return Some(MemberKind::User);
        }
        self.org
            .groups
            .contains_key(&GroupId(id))
            .then_some(MemberKind::Group)
    }

    /// The memberships of one group, in id order.
    fn memberships(&self, group: GroupId) -> impl Iterator<Item = (Uuid, &Membership)> {
        let range = (group, Uuid::nil())..=(group, Uuid::max());
        self.org
            .members
            .range(range)
            .map(|((_, id), membership)| (*id, membership))
    }

    /// The direct user members of a group.
    pub(super) fn member_users(&self, group: GroupId) -> Vec<UserId> {
        let users = self
            .memberships(group)
            .filter(|(_, m)| m.kind == MemberKind::User);
        users.map(|(id, _)| UserId(id)).collect()
    }

    fn display(&self, id: Uuid, membership: &Membership) -> Stored<String> {
        if let Some(sent) = &membership.display {
            return Ok(sent.clone());
        }
        match membership.kind {
            MemberKind::User => match self.org.users.get(&UserId(id)) {
                Some(user) => text_of(&user.row.document, &["displayName", "userName"]),
                None => Ok(String::new()),
            },
            MemberKind::Group => {
                let group = self.org.groups.get(&GroupId(id));
                Ok(group
                    .map(|group| group.row.display_name.clone())
                    .unwrap_or_default())
            }
        }
    }
}

impl Members for MemoryTx {
    fn lock_members(&mut self, ids: &[Uuid]) -> Stored<Vec<(Uuid, MemberKind)>> {
        self.may_write()?;
        let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
        Ok(ids
            .into_iter()
            .filter_map(|id| Some((id, self.kind_of(id)?)))
            .collect())
    }

    fn hold_users(&mut self, _: &[UserId]) -> Stored<()> {
        self.may_write()
    }

    fn members(&mut self, group: GroupId) -> Stored<Vec<Member>> {
        let named = |(id, membership): (Uuid, &Membership)| {
            let display = self.display(id, membership)?;
            Ok(Member {
                id,
                kind: membership.kind,
                display,
            })
        };
        self.memberships(group).map(named).collect()
    }

    fn member_ids(&mut self, group: GroupId) -> Stored<Vec<Uuid>> {
        Ok(self.memberships(group).map(|(id, _)| id).collect())
    }

    fn add_members(&mut self, group: GroupId, members: &[NewMember]) -> Stored<Vec<Uuid>> {
        self.may_write()?;
        let stored = Arc::make_mut(&mut self.org.members);
        let mut added = Vec::new();
        for member in members {
            let place = stored.entry((group, member.id));
            if let std::collections::btree_map::Entry::Vacant(free) = place {
                free.insert(Membership {
                    kind: member.kind,
                    display: member.display.clone(),
                });
                added.push(member.id);
            }
        }
        Ok(added)
    }

    fn remove_members(&mut self, group: GroupId, ids: &[Uuid]) -> Stored<Vec<RemovedMember>> {
        self.may_write()?;
        let stored = Arc::make_mut(&mut self.org.members);
        let remove = |id: &Uuid| {
            let Membership { kind, display } = stored.remove(&(group, *id))?;
            let id = *id;
            Some(RemovedMember { id, kind, display })
        };
        Ok(ids.iter().filter_map(remove).collect())
    }

    fn touch_groups_of(&mut self, member: Uuid, modified: Millis) -> Stored<()> {
        self.may_write()?;
        for id in self.group_ids_of(member)? {
            if let Some(group) = Arc::make_mut(&mut self.org.groups).get_mut(&id) {
                let group = Arc::make_mut(group);
                group.row.version += 1;
                group.row.modified = group.row.modified.max(modified);
            }
        }
        Ok(())
    }

    fn groups_of(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, GroupRef)>> {
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        let mut found = Vec::new();
        for user in users {
            for id in self.group_ids_of(user.0)? {
                if let Some(group) = self.org.groups.get(&id) {
                    let display_name = group.row.display_name.clone();
                    found.push((user, GroupRef { id, display_name }));
                }
            }
        }
        Ok(found)
    }

    fn parents_of(&mut self, groups: &[GroupId]) -> Stored<Vec<(GroupId, GroupId)>> {
        let mut pairs = Vec::new();
        for member in groups.iter().collect::<BTreeSet<_>>() {
            let parents = self.group_ids_of(member.0)?.into_iter();
            pairs.extend(parents.map(|parent| (*member, parent)));
        }
        Ok(pairs)
    }

    fn groups_in(&mut self, groups: &[GroupId]) -> Stored<Vec<GroupId>> {
        let members = groups.iter().flat_map(|group| self.memberships(*group));
        let inner = members.filter(|(_, m)| m.kind == MemberKind::Group);
        let inner: BTreeSet<GroupId> = inner.map(|(id, _)| GroupId(id)).collect();
        Ok(inner.into_iter().collect())
    }

    fn group_ids_of(&mut self, member: Uuid) -> Stored<Vec<GroupId>> {
        let of_member = self.org.members.keys().filter(|(_, id)| *id == member);
        Ok(of_member.map(|(group, _)| *group).collect())
    }
}
