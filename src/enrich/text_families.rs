//! The families of texts of listings in memory.

use super::families::{TEXT_WORDS, for_each_member};
use super::fingerprint::fingerprints;
use super::signature::Signature;
use super::sorter::Sorter;
use crate::error::Result;
use crate::listing::ListingBatch;

/// The family of nearly equal texts that each listing is of, as numbers without an order; `None` for a
/// text that is too short to tell a copy from a coincidence.
///
/// # Errors
/// Those of temporary files, which are needed beyond [`FAMILY_BYTES`].
pub(crate) fn text_families(listings: &ListingBatch) -> Result<Vec<Option<u64>>> {
    let mut texts: Sorter<TEXT_WORDS> = Sorter::new(FAMILY_BYTES);
    let mut families = vec![None; listings.len()];
    for (row, own) in (0..).zip(fingerprints(listings)) {
        if own.text != 0 && own.signature != Signature::NONE {
            let mut record = [0; TEXT_WORDS];
            record[..3].copy_from_slice(&[own.text, row, own.seller]);
            record[3..].copy_from_slice(&own.signature.0);
            texts.push(record)?;
        }
    }
    for_each_member(&texts.finish()?, FAMILY_BYTES, |[family, _, row]| {
        families[row as usize] = Some(family);
        Ok(())
    })?;
    Ok(families)
}

/// What the search for families may hold in memory.
const FAMILY_BYTES: usize = 256 << 20;
