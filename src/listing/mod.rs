//! What a listing is: its columns, one listing, and a batch of them.

mod aliases;
mod batch;
mod conventions;
mod files;
mod frame;
mod mapping;
mod mapping_file;
mod read;
mod record;
mod schema;
mod survey;
mod transform;

pub use batch::{Cell, ListingBatch};
pub use conventions::{Convention, Decided};
pub(crate) use frame::record_batch;
pub use mapping::{Defaults, ExtraColumns, Mapping, ResolvedMapping};
pub use read::ReadBatch;
pub use record::Listing;
pub use schema::{COLUMNS, Column, ColumnInfo, Kind};
pub use survey::{Found, Survey};
pub use transform::Transform;
