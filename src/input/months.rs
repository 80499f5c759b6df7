//! The months by their names in English, German, French, Spanish, Portuguese, Italian, Russian,
//! Polish, Turkish, Dutch and Indonesian, short and long.

/// The names of each month in lower case, January first.
const NAMES: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen января январь янв stycznia styczeń sty ocak oca januari",
    "february feb februar février févr fév febrero fevereiro fev febbraio февраля февраль фев lutego luty lut şubat şub februari",
    "march mar märz mär mrz mars marzo março марта март мар marca marzec mart maart maret",
    "april apr avril avr abril abr aprile апреля апрель апр kwietnia kwiecień kwi nisan nis",
    "may mai mayo maio maggio mag мая май maja maj mayıs mei",
    "june jun juni juin junio junho giugno giu июня июнь июн czerwca czerwiec cze haziran haz",
    "july jul juli juillet juil julio julho luglio lug июля июль июл lipca lipiec lip temmuz tem",
    "august aug août agosto ago августа август авг sierpnia sierpień sie ağustos ağu augustus agustus",
    "september sep sept septembre septiembre setiembre setembro set settembre сентября сентябрь сен сент września wrzesień wrz eylül eyl",
    "october oct oktober okt octobre octubre outubro out ottobre ott октября октябрь окт października październik paź ekim eki",
    "november nov novembre noviembre novembro ноября ноябрь ноя нояб listopada listopad lis kasım kas",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre декабря декабрь дек grudnia grudzień gru aralık ara desember",
];

/// The number of the month of this name in lower case, 1 for January.
pub(super) fn month_named(name: &str) -> Option<i8> {
    let name = name.trim_end_matches('.');
    let at = NAMES.iter().position(|names| names.split(' ').any(|own| own == name))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_means_two_months() {
        let mut seen = HashSet::new();
        for (index, names) in NAMES.iter().enumerate() {
            for name in names.split(' ') {
                assert!(seen.insert(name), "{name} stands twice");
                assert_eq!(name, name.to_lowercase());
                assert_eq!(month_named(name), i8::try_from(index + 1).ok());
            }
        }
        assert_eq!(month_named("dez."), Some(12));
        assert_eq!(month_named("brumaire"), None);
    }
}
