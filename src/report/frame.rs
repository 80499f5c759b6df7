//! Scoring polars data frames: the frame with the columns of the scored output behind its own.

use polars::prelude::{Column as FrameColumn, DataFrame};

use super::scored::{
    BAND, FLAGGED, PROBABILITY, REASON_CODES, REASONS, reason_codes, reasons_text,
};
use crate::error::{ErrorKind, Location, Result};
use crate::input::RawBatch;
use crate::listing::{Mapping, record_batch};
use crate::scoring::Scorer;

/// How messages speak of a data frame.
const NAME: &str = "data frame";

impl Scorer {
    /// Scores a data frame of listings: its columns, then `counterfeit_probability`, `risk_band`,
    /// `flagged`, `reasons` and `reason_codes`, as in a scored CSV.
    ///
    /// # Errors
    /// A missing column, a cell that cannot be read (records are counted from 1), or a column of
    /// the output's names that is there already.
    pub fn score_frame(&self, frame: &DataFrame, mapping: &Mapping) -> Result<DataFrame> {
        let raw = RawBatch::of(record_batch(frame)?, NAME);
        let resolved = self
            .resolve(mapping, NAME, &raw.table.schema())?
            .with_conventions(std::slice::from_ref(&raw))?;
        let read = resolved.read(&raw)?;
        if let Some(problem) = read.problems.first() {
            return Err(problem.to_error());
        }
        let scores = self.score_batch(&read.listings);
        let texts = |of: &dyn Fn(&crate::scoring::Score) -> String| -> Vec<String> {
            scores.iter().map(of).collect()
        };
        let probabilities: Vec<f64> = scores.iter().map(|score| score.probability).collect();
        let flags: Vec<bool> = scores.iter().map(|score| score.flagged).collect();
        let added = vec![
            FrameColumn::new(PROBABILITY.into(), probabilities),
            FrameColumn::new(BAND.into(), texts(&|score| score.band.name().to_owned())),
            FrameColumn::new(FLAGGED.into(), flags),
            FrameColumn::new(REASONS.into(), texts(&reasons_text)),
            FrameColumn::new(REASON_CODES.into(), texts(&reason_codes)),
        ];
        frame.hstack(&added).map_err(|error| {
            ErrorKind::Format {
                location: Location::file(NAME),
                format: "a frame to add scores to",
                detail: error.to_string(),
            }
            .into()
        })
    }
}
