//! Workspaces and their projects.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    places::{self, Place, PutPlace, RemovePlace},
    port::{
        Lock,
        places::{Atlas, ProjectRow, WorkspaceRow},
    },
    representation::time,
};
use domain::{ProjectPath, Slug};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{call::Call, input, once, paging::ByName, reply, routes::Level, tag};

#[derive(Serialize, ToSchema)]
#[schema(as = Place)]
pub(crate) struct PlaceView {
    slug: String,
    name: String,
    /// Of a project only.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    created_at: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"slug": "quality", "name": "Quality"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlace {
    /// Its name in URLs and rules, for good: lower-case letters, digits, `-` and `_`.
    #[schema(value_type = String)]
    slug: Slug,
    /// Its name for people; the slug where it is left out.
    name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RenamePlace, example = json!({"name": "Quality"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    name: String,
}

/// GET `…/workspaces` and `…/projects`, by slug.
pub(crate) async fn list(call: &Call<'_>, level: Level) -> Result<HttpResponse> {
    let page = ByName::read(&call.query)?;
    let atlas = call.work(Lock::Read, |tx| Ok(tx.places()?))?;
    let atlas = call.state.hop.quick(atlas).await?;
    let list = match level {
        Level::Workspace => page.cut(
            atlas.workspaces.iter(),
            |row| row.slug.as_str(),
            workspace_view,
        ),
        Level::Project => {
            let workspace = atlas.workspace(call.name(0));
            let workspace = workspace.ok_or_else(|| Error::not_found("workspace"))?;
            let rows = atlas.projects.iter();
            page.cut(
                rows.filter(|row| row.workspace == workspace.id),
                |row| row.slug.as_str(),
                |row| project_view(&atlas, row),
            )
        }
    };
    Ok(reply::json(&mut HttpResponse::Ok(), &list))
}

/// POST `…/workspaces` and `…/projects`.
pub(crate) async fn create(call: &Call<'_>, level: Level, body: &[u8]) -> Result<HttpResponse> {
    let NewPlace { slug, name } = input::body(body)?;
    let place = match level {
        Level::Workspace => Place::Workspace(slug),
        Level::Project => Place::Project(ProjectPath {
            workspace: workspace(call)?,
            project: slug,
        }),
    };
    let command = saving(call, place, name, true);
    let made = once::create(call, Lock::Exclusive, body, move |tx, _, org| {
        let atlas = places::put(tx, &command)?;
        let place = &command.place;
        let path = format!("/orgs/{}{}", org.slug, path(place));
        Ok(once::made(path, place.tag(&atlas)?, &view(&atlas, place)?))
    });
    let answer = made.await?;
    call.state.app.settings_changed(call.org()?);
    Ok(answer)
}

/// GET of one.
pub(crate) async fn read(call: &Call<'_>, level: Level) -> Result<HttpResponse> {
    let place = named(call, level)?;
    let work = call.work(Lock::Read, move |tx| look(&*tx.places()?, &place))?;
    let (tag, view) = call.state.hop.quick(work).await?;
    Ok(tag::tagged(tag, &view))
}

/// PUT of one: another name for people. The slug is for good.
pub(crate) async fn rename(call: &Call<'_>, level: Level, body: &[u8]) -> Result<HttpResponse> {
    let Rename { name } = input::body(body)?;
    let command = saving(call, named(call, level)?, Some(name), false);
    let seen = tag::condition(call)?;
    let work = call.work(Lock::Exclusive, move |tx| {
        command.place.must_be(&*tx.places()?, seen.as_deref())?;
        look(&*places::put(tx, &command)?, &command.place)
    })?;
    let (tag, view) = call.state.hop.run(work).await?;
    call.state.app.settings_changed(call.org()?);
    Ok(tag::tagged(tag, &view))
}

/// DELETE of one; with `force=true` the rules that name it go too.
pub(crate) async fn remove(call: &Call<'_>, level: Level) -> Result<HttpResponse> {
    let command = RemovePlace {
        place: named(call, level)?,
        force: input::flag(&call.query, "force")?,
        change: call.change(),
    };
    let seen = tag::condition(call)?;
    let work = call.work(Lock::Exclusive, move |tx| {
        command.place.must_be(&*tx.places()?, seen.as_deref())?;
        places::remove(tx, &command)
    })?;
    call.state.hop.run(work).await?;
    call.state.app.settings_changed(call.org()?);
    Ok(HttpResponse::NoContent().finish())
}

fn saving(call: &Call<'_>, place: Place, name: Option<String>, create: bool) -> PutPlace {
    PutPlace {
        place,
        name,
        create,
        id: Uuid::now_v7(),
        change: call.change(),
    }
}

/// A place with its entity tag.
fn look(atlas: &Atlas, place: &Place) -> Result<(String, PlaceView)> {
    Ok((place.tag(atlas)?, view(atlas, place)?))
}

/// The place that the path names.
///
/// # Errors
/// Not found, for what cannot be a slug.
pub(super) fn named(call: &Call<'_>, level: Level) -> Result<Place> {
    let workspace = workspace(call)?;
    Ok(match level {
        Level::Workspace => Place::Workspace(workspace),
        Level::Project => {
            let project = Slug::new(call.name(1)).map_err(|_| Error::not_found("project"))?;
            Place::Project(ProjectPath { workspace, project })
        }
    })
}

fn workspace(call: &Call<'_>) -> Result<Slug> {
    Slug::new(call.name(0)).map_err(|_| Error::not_found("workspace"))
}

/// Below the organization.
fn path(place: &Place) -> String {
    match place {
        Place::Workspace(slug) => format!("/workspaces/{slug}"),
        Place::Project(ProjectPath { workspace, project }) => {
            format!("/workspaces/{workspace}/projects/{project}")
        }
    }
}

fn view(atlas: &Atlas, place: &Place) -> Result<PlaceView> {
    let view = match place {
        Place::Workspace(slug) => atlas.workspace(slug.as_str()).map(workspace_view),
        Place::Project(ProjectPath { workspace, project }) => atlas
            .project(workspace.as_str(), project.as_str())
            .map(|row| project_view(atlas, row)),
    };
    view.ok_or_else(|| Error::not_found(place.kind()))
}

fn workspace_view(row: &WorkspaceRow) -> PlaceView {
    PlaceView {
        slug: row.slug.to_string(),
        name: row.name.clone(),
        workspace: None,
        created_at: time(row.created),
    }
}

fn project_view(atlas: &Atlas, row: &ProjectRow) -> PlaceView {
    let workspace = atlas.workspace_by_id(row.workspace);
    PlaceView {
        slug: row.slug.to_string(),
        name: row.name.clone(),
        workspace: workspace.map(|workspace| workspace.slug.to_string()),
        created_at: time(row.created),
    }
}
