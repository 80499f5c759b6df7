//! Whether a point or a comma stands before the fraction of numbers, decided for a whole column.

use super::money::{DASHES, is_number};
use super::numerals::normalized;

/// What stands between the whole and the fraction where a number alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `12.50`
    Point,
    /// `12,50`
    Comma,
}

impl DecimalMark {
    pub(super) fn char(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }
}

/// How the numbers of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalConvention {
    /// A point stands before the fraction; what contradicts that is not read.
    Point,
    /// A comma stands before the fraction; what contradicts that is not read.
    Comma,
    /// Nothing was decided. A number that can be read in one way only is read; `1.299` and `1,299`
    /// alone are not.
    EachAlone,
}

impl From<DecimalMark> for DecimalConvention {
    fn from(mark: DecimalMark) -> Self {
        match mark {
            DecimalMark::Point => DecimalConvention::Point,
            DecimalMark::Comma => DecimalConvention::Comma,
        }
    }
}

/// What the marks of one number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// There are none.
    Plain,
    /// This is the decimal mark, whatever the convention.
    Decided(DecimalMark),
    /// One mark with three digits behind it, which may separate thousands or a fraction.
    Open(DecimalMark),
}

/// What the marks of a number say: digits, points, commas, and blanks or apostrophes between
/// thousands.
pub(super) fn marks(number: &str) -> Marks {
    let (n_points, n_commas) = (number.matches('.').count(), number.matches(',').count());
    let (own, other) = match (n_points, n_commas) {
        (0, 0) => return Marks::Plain,
        (_, 0) => (DecimalMark::Point, DecimalMark::Comma),
        (0, _) => (DecimalMark::Comma, DecimalMark::Point),
        // Of both, the last separates the fraction.
        _ if number.rfind('.') > number.rfind(',') => return Marks::Decided(DecimalMark::Point),
        _ => return Marks::Decided(DecimalMark::Comma),
    };
    if n_points + n_commas > 1 {
        return Marks::Decided(other);
    }
    let Some((left, right)) = number.split_once(['.', ',']) else { return Marks::Plain };
    let n_left = left.chars().count();
    let is_grouped = left.contains(|c: char| !c.is_ascii_digit());
    let could_be_thousands =
        right.len() == 3 && (1..=3).contains(&n_left) && !left.starts_with('0') && !is_grouped;
    if could_be_thousands { Marks::Open(own) } else { Marks::Decided(own) }
}

/// The decimal mark of an amount with a dash in place of its cents, `1.299,-`.
fn mark_before_dash(text: &str) -> Option<DecimalMark> {
    let pairs = text.char_indices().zip(text.chars().skip(1));
    pairs.into_iter().find_map(|((at, mark), next)| {
        let is_behind_digit =
            text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        match mark {
            _ if !is_behind_digit || !DASHES.contains(&next) => None,
            ',' => Some(DecimalMark::Comma),
            '.' => Some(DecimalMark::Point),
            _ => None,
        }
    })
}

/// What a column is of, which tells how likely a fraction of three digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Amounts of money: a fraction of three digits is rare.
    Money,
    /// Pieces and days: fractions are rare.
    Count,
    /// Ratings, of which fractions of three digits are common and thousands do not exist.
    Rating,
    /// Numbers of which nothing is known, in further columns of the user's.
    Other,
}

/// What the cells of a column say of its decimal mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DecimalEvidence {
    /// Numbers that are read with a point before the fraction, or not at all.
    pub(crate) n_point: u64,
    /// Likewise with a comma.
    pub(crate) n_comma: u64,
    n_open_point: u64,
    n_open_comma: u64,
    /// Whole numbers of four digits or more without a mark.
    n_long: u64,
    example: Option<String>,
    open_example: Option<String>,
}

/// What was decided for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecimalDecision {
    pub(crate) convention: DecimalConvention,
    /// How many cells say so.
    pub(crate) n_cells: u64,
    /// Why, in words that complete "price: ...".
    pub(crate) why: String,
}

impl DecimalEvidence {
    /// Adds what a cell says. What is no number in any convention says nothing: a version, a date
    /// or an address in one cell would decide for the column.
    pub(crate) fn add(&mut self, cell: &str) {
        let conventions =
            [DecimalConvention::Point, DecimalConvention::Comma, DecimalConvention::EachAlone];
        if !conventions.into_iter().any(|convention| is_number(cell, convention)) {
            return;
        }
        let normal = normalized(cell);
        if let Some(mark) = mark_before_dash(&normal) {
            return self.add_number(&normal, Marks::Decided(mark));
        }
        let between = ['.', ',', '\'', '\u{2019}', ' '];
        let is_numeral = |c: char| c.is_ascii_digit() || between.contains(&c);
        for part in normal.split("..").flat_map(|part| part.split(|c: char| !is_numeral(c))) {
            let number = part.trim_matches(between);
            if !number.is_empty() {
                self.add_number(number, marks(number));
            }
        }
    }

    fn add_number(&mut self, number: &str, marks: Marks) {
        let slot = match marks {
            Marks::Plain => {
                let is_long = number.len() >= 4 && number.bytes().all(|b| b.is_ascii_digit());
                self.n_long += u64::from(is_long);
                return;
            }
            Marks::Decided(DecimalMark::Point) => &mut self.n_point,
            Marks::Decided(DecimalMark::Comma) => &mut self.n_comma,
            Marks::Open(mark) => {
                match mark {
                    DecimalMark::Point => self.n_open_point += 1,
                    DecimalMark::Comma => self.n_open_comma += 1,
                }
                self.open_example.get_or_insert_with(|| number.to_owned());
                return;
            }
        };
        *slot += 1;
        self.example.get_or_insert_with(|| number.to_owned());
    }

    /// The convention that all decisive cells follow, if there are any and they agree.
    pub(crate) fn agreed(&self) -> Option<DecimalConvention> {
        match (self.n_point, self.n_comma) {
            (1.., 0) => Some(DecimalConvention::Point),
            (0, 1..) => Some(DecimalConvention::Comma),
            _ => None,
        }
    }

    /// What the cells of a column, and where they are silent those of the other columns (`others`),
    /// say of its decimal mark.
    pub(crate) fn decide(
        &self,
        quantity: Quantity,
        others: Option<DecimalConvention>,
    ) -> DecimalDecision {
        let shown = |example: &Option<String>| example.clone().unwrap_or_default();
        let decided = |convention, n_cells, why| DecimalDecision { convention, n_cells, why };
        let n_open = self.n_open_point + self.n_open_comma;
        if let Some(convention) = self.agreed() {
            let mark = mark_name(convention);
            let why = format!("decimal {mark}, as in {}", shown(&self.example));
            return decided(convention, self.n_point + self.n_comma, why);
        }
        if self.n_point > 0 {
            let why = format!(
                "points (in {} of them) and commas (in {}) before fractions, so each is read alone",
                self.n_point, self.n_comma
            );
            return decided(DecimalConvention::EachAlone, self.n_point + self.n_comma, why);
        }
        if n_open == 0 {
            return decided(DecimalConvention::EachAlone, 0, "no decimal marks".to_owned());
        }
        let open = shown(&self.open_example);
        let separates = |mark: &str| {
            format!(
                "thousands separated as in {open}: each {mark} has three digits behind it and no \
                 whole number has four without one"
            )
        };
        let inferred = match (self.n_open_point, self.n_open_comma, quantity) {
            // Programs write fractions with a point; as thousands they would be rare here.
            (1.., 0, Quantity::Rating) => {
                Some((DecimalConvention::Point, format!("decimal point, as programs write {open}")))
            }
            _ if matches!(quantity, Quantity::Rating | Quantity::Other) || self.n_long > 0 => None,
            (1.., 0, _) => Some((DecimalConvention::Comma, separates("point"))),
            (0, 1.., _) => Some((DecimalConvention::Point, separates("comma"))),
            _ => None,
        };
        match (inferred, others) {
            (Some((convention, why)), others) if others.is_none_or(|own| own == convention) => {
                decided(convention, n_open, why)
            }
            (None, Some(convention)) => {
                let mark = mark_name(convention);
                decided(convention, n_open, format!("decimal {mark}, as in the other columns"))
            }
            // A rating that a program wrote beside a price that a person wrote: neither is believed.
            _ => {
                let why = format!(
                    "undecided: {open} could be a thousand or a fraction; --decimal says which"
                );
                decided(DecimalConvention::EachAlone, n_open, why)
            }
        }
    }
}

fn mark_name(convention: DecimalConvention) -> &'static str {
    match convention {
        DecimalConvention::Point => "point",
        DecimalConvention::Comma => "comma",
        DecimalConvention::EachAlone => "mark",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::money::{Priced, parse_amount};
    use super::DecimalConvention::{Comma, EachAlone, Point};
    use super::*;

    fn decision(cells: &[&str], quantity: Quantity) -> DecimalDecision {
        let mut evidence = DecimalEvidence::default();
        for cell in cells {
            evidence.add(cell);
        }
        evidence.decide(quantity, None)
    }

    fn money(cells: &[&str]) -> DecimalConvention {
        decision(cells, Quantity::Money).convention
    }

    #[test]
    fn marks_of_a_number_alone() {
        use DecimalMark as M;
        for (number, expected) in [
            ("1299", Marks::Plain),
            ("12.5", Marks::Decided(M::Point)),
            ("12,50", Marks::Decided(M::Comma)),
            ("1.299", Marks::Open(M::Point)),
            ("12,345", Marks::Open(M::Comma)),
            ("0.299", Marks::Decided(M::Point)),
            ("1234.567", Marks::Decided(M::Point)),
            (".299", Marks::Decided(M::Point)),
            ("1.234.567", Marks::Decided(M::Comma)),
            ("1,234.5", Marks::Decided(M::Point)),
            ("1.234,5", Marks::Decided(M::Comma)),
            ("1'299.500", Marks::Decided(M::Point)),
        ] {
            assert_eq!(marks(number), expected, "{number}");
        }
    }

    #[test]
    fn a_column_is_decided_by_its_cells() {
        assert_eq!(money(&["12.50", "1,299", "7"]), Point);
        assert_eq!(money(&["12,50 €", "1.299", "7"]), Comma);
        assert_eq!(money(&["R$ 1.299,00"]), Comma);
        assert_eq!(money(&["1 299,00 руб."]), Comma);
        assert_eq!(money(&["12.50", "12,50"]), EachAlone);
        assert_eq!(money(&["12", "1299"]), EachAlone);
        assert_eq!(money(&[]), EachAlone);
    }

    #[test]
    fn three_digits_behind_a_lone_mark_are_thousands_unless_others_have_none() {
        assert_eq!(money(&["1.299", "899", "12.500"]), Comma);
        assert_eq!(money(&["1,299", "899"]), Point);
        assert_eq!(money(&["1.299", "1299"]), EachAlone);
        assert_eq!(money(&["1.299", "1,299"]), EachAlone);
        assert_eq!(decision(&["1.299"], Quantity::Count).convention, Comma);
        // Ratings have fractions of three digits, and of other numbers nothing is known.
        assert_eq!(decision(&["4.667", "3.333"], Quantity::Rating).convention, Point);
        assert_eq!(decision(&["4,667"], Quantity::Rating).convention, EachAlone);
        assert_eq!(decision(&["1.299", "12.500", "899"], Quantity::Other).convention, EachAlone);
        let undecided = decision(&["1.299", "1299"], Quantity::Money);
        assert!(undecided.why.contains("1.299") && undecided.why.contains("--decimal"));
    }

    /// One cell that is no number turned a column of plain amounts into one where nothing was
    /// decided.
    #[test]
    fn what_is_no_number_says_nothing() {
        for cell in ["1.2.3", "v1,2", "31.12.2024", "192.168.1.1", "see 1,5", "12:30,5", ""] {
            assert_eq!(money(&["12.50", cell, "1,299"]), Point, "{cell}");
            assert_eq!(money(&[cell]), EachAlone, "{cell}");
        }
    }

    #[test]
    fn marks_are_seen_wherever_the_number_stands() {
        assert_eq!(money(&["1.299,-"]), Comma);
        assert_eq!(money(&["CHF 1'299.–"]), Point);
        assert_eq!(money(&["12,50..13,00"]), Comma);
        assert_eq!(money(&["1 299,500"]), Comma);
        assert_eq!(money(&["S/. 1.299,50"]), Comma);
        assert_eq!(money(&["12.5 %"]), Point);
        // The two points between the bounds are no marks.
        assert_eq!(money(&["1..5"]), EachAlone);
    }

    #[test]
    fn a_silent_column_follows_the_others_unless_it_speaks_against_them() {
        use Quantity::{Count, Money, Other, Rating};
        let with = |cells: &[&str], quantity, others| {
            let mut evidence = DecimalEvidence::default();
            for cell in cells {
                evidence.add(cell);
            }
            evidence.decide(quantity, others).convention
        };
        // A whole number of four digits leaves open what 1.299 is; the others tell.
        assert_eq!(with(&["1.299", "1299"], Money, Some(Comma)), Comma);
        assert_eq!(with(&["1.299", "1299"], Money, Some(Point)), Point);
        assert_eq!(with(&["1.299"], Count, Some(Comma)), Comma);
        // Ratings of 4.5 beside prices of 1.299: the price may be a thousand.
        assert_eq!(with(&["1.299", "899"], Money, Some(Point)), EachAlone);
        assert_eq!(with(&["4.667"], Rating, Some(Comma)), EachAlone);
        assert_eq!(with(&["4,667"], Rating, Some(Comma)), Comma);
        assert_eq!(with(&["4.667"], Other, Some(Point)), Point);
        assert_eq!(with(&["1.299", "1,5"], Count, Some(Point)), Comma, "its own word counts");
    }

    /// Whole and cents as people write them who separate thousands by `separator`.
    fn written(cents: u64, separator: &str, decimal: &str) -> String {
        let digits = (cents / 100).to_string();
        let mut whole = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                whole.push_str(separator);
            }
            whole.push(digit);
        }
        if decimal.is_empty() { whole } else { format!("{whole}{decimal}{:02}", cents % 100) }
    }

    proptest! {
        #[test]
        fn amounts_are_read_back_under_the_convention_that_their_column_tells(
            cents in prop::collection::vec(0u64..100_000_000_000, 1..20),
            style in prop::sample::select(vec![
                (",", "."), (".", ","), (" ", ","), ("\u{202f}", ","), ("\u{2019}", "."),
                ("", "."), ("", ","),
            ]),
        ) {
            let (separator, decimal) = style;
            let cells: Vec<String> =
                cents.iter().map(|own| format!("{} €", written(*own, separator, decimal))).collect();
            let mut evidence = DecimalEvidence::default();
            for cell in &cells {
                evidence.add(cell);
            }
            let convention = evidence.decide(Quantity::Money, None).convention;
            for (cell, cents) in cells.iter().zip(cents) {
                let Some(Priced::Amount(found)) = parse_amount(cell, convention) else {
                    return Err(TestCaseError::fail(format!("{cell} under {convention:?}")));
                };
                prop_assert_eq!(found.value, cents as f64 / 100.0, "{}", cell);
            }
        }

        // Without cents a column may stay undecided, but no amount is read as another.
        #[test]
        fn whole_amounts_are_read_back_or_not_at_all(
            amounts in prop::collection::vec(0u64..10_000_000, 1..20),
            separator in prop::sample::select(vec![",", ".", " ", "\u{2019}", ""]),
        ) {
            let cells: Vec<String> =
                amounts.iter().map(|own| written(*own * 100, separator, "")).collect();
            let mut evidence = DecimalEvidence::default();
            for cell in &cells {
                evidence.add(cell);
            }
            for quantity in [Quantity::Money, Quantity::Count] {
                let convention = evidence.decide(quantity, None).convention;
                for (cell, amount) in cells.iter().zip(&amounts) {
                    match parse_amount(cell, convention) {
                        Some(Priced::Amount(own)) => prop_assert_eq!(own.value, *amount as f64),
                        found => prop_assert_eq!(found, None),
                    }
                }
            }
        }
    }
}
