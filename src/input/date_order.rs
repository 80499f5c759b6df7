//! Whether the day or the month stands first in dates such as `02/03/2024`, decided for a column.

use jiff::civil::Date;

use super::dates::numeric_date;

/// How the dates of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2024`; what contradicts that is not read.
    DayFirst,
    /// `12/31/2024`; what contradicts that is not read.
    MonthFirst,
    /// Nothing was decided. A date that can be read in one way only is read; `02/03/2024` is not.
    EachAlone,
}

impl DateOrder {
    /// The order of this name, `dmy` or `mdy`.
    pub fn from_name(name: &str) -> Option<DateOrder> {
        match name {
            "dmy" => Some(DateOrder::DayFirst),
            "mdy" => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The name in options and mapping files; `None` where nothing was decided.
    pub fn name(self) -> Option<&'static str> {
        match self {
            DateOrder::DayFirst => Some("dmy"),
            DateOrder::MonthFirst => Some("mdy"),
            DateOrder::EachAlone => None,
        }
    }
}

/// A date of three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numeric {
    /// Year, month and day: nobody writes the day before the month behind a year.
    YearFirst(i16, i8, i8),
    /// Two numbers of which one is the day, and the year.
    YearLast(i8, i8, i16),
}

impl Numeric {
    /// The date in an order; `None` where it is none, or could be two.
    pub(super) fn date(self, order: DateOrder) -> Option<Date> {
        let (one, other, year) = match self {
            Numeric::YearFirst(year, month, day) => return Date::new(year, month, day).ok(),
            Numeric::YearLast(one, other, year) => (one, other, year),
        };
        let day_first = Date::new(year, other, one).ok();
        let month_first = Date::new(year, one, other).ok();
        match (order, day_first, month_first) {
            (DateOrder::DayFirst, found, _) | (DateOrder::MonthFirst, _, found) => found,
            (_, Some(one), Some(other)) => (one == other).then_some(one),
            (_, one, other) => one.or(other),
        }
    }
}

/// What the cells of a column say of the order of day and month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateEvidence {
    n_day_first: u64,
    n_month_first: u64,
    n_open: u64,
    day_first_example: Option<String>,
    month_first_example: Option<String>,
    open_example: Option<String>,
}

/// What was decided for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateDecision {
    pub(crate) order: DateOrder,
    /// How many cells say so.
    pub(crate) n_cells: u64,
    /// Why, in words that complete "the date: ...".
    pub(crate) why: String,
}

impl DateEvidence {
    /// Adds what a cell says.
    pub(crate) fn add(&mut self, cell: &str) {
        let Some(Numeric::YearLast(one, other, _)) = numeric_date(cell) else { return };
        let (slot, example) = match (one > 12, other > 12) {
            (true, false) => (&mut self.n_day_first, &mut self.day_first_example),
            (false, true) => (&mut self.n_month_first, &mut self.month_first_example),
            (false, false) if one != other => (&mut self.n_open, &mut self.open_example),
            _ => return,
        };
        *slot += 1;
        example.get_or_insert_with(|| cell.trim().to_owned());
    }

    /// What the cells say.
    pub(crate) fn decide(&self) -> DateDecision {
        let shown = |example: &Option<String>| example.clone().unwrap_or_default();
        let decided = |order, n_cells, why| DateDecision { order, n_cells, why };
        match (self.n_day_first, self.n_month_first, self.n_open) {
            (1.., 0, _) => {
                let why = format!("day before month, as in {}", shown(&self.day_first_example));
                decided(DateOrder::DayFirst, self.n_day_first, why)
            }
            (0, 1.., _) => {
                let why = format!("month before day, as in {}", shown(&self.month_first_example));
                decided(DateOrder::MonthFirst, self.n_month_first, why)
            }
            (1.., 1.., _) => {
                let why = format!(
                    "contradicting: {} and {}, so each date is read alone",
                    shown(&self.day_first_example),
                    shown(&self.month_first_example)
                );
                decided(DateOrder::EachAlone, self.n_day_first + self.n_month_first, why)
            }
            (0, 0, 1..) => {
                let why = format!(
                    "undecided: {} could be two dates; --date-order says which",
                    shown(&self.open_example)
                );
                decided(DateOrder::EachAlone, self.n_open, why)
            }
            (0, 0, 0) => decided(DateOrder::EachAlone, 0, "the year first or by name".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(cells: &[&str]) -> DateDecision {
        let mut evidence = DateEvidence::default();
        for cell in cells {
            evidence.add(cell);
        }
        evidence.decide()
    }

    #[test]
    fn a_number_beyond_twelve_tells_the_order() {
        for (cells, order, n_cells) in [
            (&["31/12/2024", "01/02/2024"][..], DateOrder::DayFirst, 1),
            (&["12/31/2024 10:00 PM", "12/30/2024"], DateOrder::MonthFirst, 2),
            (&["31.12.2024", "12/31/2024"], DateOrder::EachAlone, 2),
            (&["01/02/2024", "03/03/2024"], DateOrder::EachAlone, 1),
            (&["2024-12-31", "2024/12/31", "31 Dec 2024", "x", ""], DateOrder::EachAlone, 0),
        ] {
            let found = decision(cells);
            assert_eq!((found.order, found.n_cells), (order, n_cells), "{cells:?}");
        }
        let undecided = decision(&["01/02/2024"]).why;
        assert!(undecided.contains("01/02/2024") && undecided.contains("--date-order"));
    }

    #[test]
    fn names_lead_to_their_order_and_back() {
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            assert_eq!(order.name().and_then(DateOrder::from_name), Some(order));
        }
        assert_eq!(DateOrder::from_name("ymd"), None);
    }
}
