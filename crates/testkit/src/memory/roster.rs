//! Pages of users by what they have in common.

use app::port::roster::Common;
use app::port::{Roster, Stored};
use domain::{ManagedBy, UserId};

use super::unit::MemoryTx;

impl Roster for MemoryTx {
    fn roster(
        &mut self,
        common: &Common,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<UserId>> {
        let members = common.group.map(|group| self.member_users(group));
        let found = self.org.access.iter().filter(|(user, access)| {
            after.is_none_or(|after| **user > after)
                && members.as_ref().is_none_or(|all| all.contains(user))
                && common
                    .role
                    .as_ref()
                    .is_none_or(|role| access.role.as_ref() == Some(role))
                && common.state.is_none_or(|state| access.state == state)
        });
        Ok(found
            .map(|(user, _)| *user)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect())
    }

    fn users_by_hand(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>> {
        let found = self.org.users.values().filter(|user| {
            user.row.managed_by == ManagedBy::Admin && after.is_none_or(|after| user.row.id > after)
        });
        Ok(found
            .map(|user| user.row.id)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect())
    }
}
