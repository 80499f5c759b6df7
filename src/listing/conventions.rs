//! How the numbers and dates of a file are written: as the user says, or decided for each column
//! from the first records of the input.

use arrow_array::Array;
use arrow_schema::DataType;

use super::mapping::ResolvedMapping;
use super::schema::{Column, Kind};
use crate::error::Result;
use crate::input::{
    DateEvidence, DateOrder, DecimalConvention, DecimalEvidence, Quantity, RawBatch, as_text,
    is_null_word,
};

/// What was decided for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convention {
    /// The file's name of the column.
    pub name: String,
    /// The canonical column; `None` for a further one.
    pub column: Option<Column>,
    /// What it is.
    pub decided: Decided,
    /// How many cells of the sample say so.
    pub n_cells: u64,
    /// Why, in words that stand behind the name.
    pub why: String,
}

/// A convention that was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Which mark stands before a fraction.
    Decimal(DecimalConvention),
    /// Whether the day or the month stands first.
    Order(DateOrder),
}

impl Decided {
    /// The key of a mapping file that says so, and its value; `None` where nothing was decided.
    pub fn in_mapping(self) -> (&'static str, Option<&'static str>) {
        match self {
            Decided::Decimal(DecimalConvention::Point) => ("decimal", Some(".")),
            Decided::Decimal(DecimalConvention::Comma) => ("decimal", Some(",")),
            Decided::Decimal(DecimalConvention::EachAlone) => ("decimal", None),
            Decided::Order(order) => ("date_order", order.name()),
        }
    }
}

impl Convention {
    /// False for what goes without saying: points before fractions, and columns without either.
    pub fn is_remarkable(&self) -> bool {
        match self.decided {
            _ if self.n_cells == 0 => false,
            Decided::Decimal(DecimalConvention::Point) => self.why.starts_with("thousands"),
            Decided::Decimal(_) | Decided::Order(_) => true,
        }
    }
}

/// A column whose numbers are looked at.
struct Numbers {
    column: Option<Column>,
    at: usize,
    quantity: Quantity,
    evidence: DecimalEvidence,
}

impl ResolvedMapping {
    /// Decides how the numbers and dates of each column are written, from the first records of an
    /// input. What the user says is not looked for.
    ///
    /// # Errors
    /// A column of a type that has no text.
    pub fn with_conventions(mut self, sample: &[RawBatch]) -> Result<ResolvedMapping> {
        let mut numbers: Vec<Numbers> = Vec::new();
        for column in Column::all() {
            let quantity = match column.info().kind {
                Kind::Money => Quantity::Money,
                Kind::Count => Quantity::Count,
                Kind::Number => Quantity::Rating,
                Kind::Text | Kind::Date | Kind::Label => continue,
            };
            if let Some(at) = self.position(column).filter(|_| !self.is_given(column.name())) {
                let evidence = DecimalEvidence::default();
                numbers.push(Numbers { column: Some(column), at, quantity, evidence });
            }
        }
        for (_, at) in self.extra_numeric.iter().filter(|(name, _)| !self.is_given(name)) {
            numbers.push(Numbers {
                column: None,
                at: *at,
                quantity: Quantity::Other,
                evidence: DecimalEvidence::default(),
            });
        }
        for own in &mut numbers {
            for batch in sample {
                each_cell(batch, own.at, &self.spelled, |cell| own.evidence.add(cell))?;
            }
        }
        let agreed: Vec<Option<DecimalConvention>> =
            numbers.iter().map(|own| own.evidence.agreed()).collect();
        for (index, own) in numbers.iter().enumerate() {
            let others = agreed.iter().enumerate().filter(|(other, _)| *other != index);
            let decision =
                own.evidence.decide(own.quantity, unanimous(others.map(|(_, own)| *own)));
            let name = self.spelled.get(own.at).cloned().unwrap_or_default();
            self.set_decimal(own.column, own.at, decision.convention);
            self.conventions.push(Convention {
                name,
                column: own.column,
                decided: Decided::Decimal(decision.convention),
                n_cells: decision.n_cells,
                why: decision.why,
            });
        }
        for column in Column::all().filter(|column| column.info().kind == Kind::Date) {
            let Some(at) = self.position(column).filter(|_| !self.is_ordered(column.name())) else {
                continue;
            };
            let mut evidence = DateEvidence::default();
            for batch in sample {
                each_cell(batch, at, &self.spelled, |cell| evidence.add(cell))?;
            }
            let decision = evidence.decide();
            self.orders[column as usize] = decision.order;
            self.conventions.push(Convention {
                name: self.spelled.get(at).cloned().unwrap_or_default(),
                column: Some(column),
                decided: Decided::Order(decision.order),
                n_cells: decision.n_cells,
                why: decision.why,
            });
        }
        Ok(self)
    }

    /// What was decided, column by column.
    pub fn conventions(&self) -> &[Convention] {
        &self.conventions
    }
}

/// The convention of all columns that have one, if they agree.
fn unanimous(
    conventions: impl Iterator<Item = Option<DecimalConvention>>,
) -> Option<DecimalConvention> {
    let mut found = None;
    for convention in conventions.flatten() {
        match found {
            Some(other) if other != convention => return None,
            _ => found = Some(convention),
        }
    }
    found
}

/// Hands over the cells of a column that are written by the convention of the file's texts.
fn each_cell(
    batch: &RawBatch,
    at: usize,
    spelled: &[String],
    mut look: impl FnMut(&str),
) -> Result<()> {
    let Some(array) = batch.table.columns().get(at).filter(|_| !batch.absent.contains(&at)) else {
        return Ok(());
    };
    let data_type = match array.data_type() {
        DataType::Dictionary(_, values) => values,
        own => own,
    };
    if data_type.is_numeric() || data_type.is_temporal() || *data_type == DataType::Boolean {
        return Ok(());
    }
    let Ok(text) = as_text(array) else { return Ok(()) };
    for row in 0..text.len() {
        if text.is_null(row) || is_null_word(text.value(row)) {
            continue;
        }
        let name = spelled.get(at).map_or("", String::as_str);
        if !batch.is_native_number(name, row) {
            look(text.value(row));
        }
    }
    Ok(())
}
