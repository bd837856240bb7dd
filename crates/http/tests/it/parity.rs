//! What the systems that rolecall stands in for do: a test for every line of theirs that speaks
//! of a server's behavior, and a table of all lines.

mod datahub;
mod datasaur;
mod entra;
mod label_studio;
mod okta;
mod secoda;
mod table;
mod tenant;
