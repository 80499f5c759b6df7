//! What a listing is: its columns, one listing, and a batch of them.

mod batch;
mod record;
mod schema;

pub use batch::{Cell, ListingBatch};
pub use record::Listing;
pub use schema::{COLUMNS, Column, ColumnInfo, Kind};
