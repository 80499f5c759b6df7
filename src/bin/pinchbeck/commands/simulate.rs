//! `pinchbeck simulate`: a marketplace with known truth.

use pinchbeck::report::{Target, write_text};
use pinchbeck::simulate::{EffectSet, Language, MarketSpec};
use pinchbeck::{ErrorKind, Result};

use super::{Outcome, opened};
use crate::args::SimulateArgs;
use crate::console;

pub(crate) fn run(args: &SimulateArgs) -> Result<Outcome> {
    let languages: Vec<Language> = args
        .languages
        .iter()
        .map(|code| Language::from_code(code.trim()))
        .collect::<Result<_>>()?;
    let names: Vec<&str> = args.effects.iter().map(|name| name.trim()).collect();
    let effects = match names[..] {
        ["all"] => EffectSet::default(),
        ["none"] => EffectSet::none(),
        ["nonlinear"] => EffectSet::nonlinear(),
        _ => EffectSet::only(&names)?,
    };
    if args.sellers <= 0.0 {
        return Err(ErrorKind::Option {
            option: "--sellers",
            expected: "a share above 0%".to_owned(),
            found: args.sellers.to_string(),
        }
        .into());
    }
    let market = MarketSpec {
        n_listings: args.rows,
        seed: args.seed,
        base_rate: args.base_rate,
        languages,
        listings_per_seller: 1.0 / args.sellers,
        label_noise: args.label_noise,
        seller_effect: args.seller_effect,
        effects,
    }
    .check()?
    .simulate();
    let mut csv = Vec::new();
    if args.unlabeled {
        market.write_unlabeled_csv(&mut csv)?;
    } else if args.truth_column {
        market.write_csv_with_truth(&mut csv)?;
    } else {
        market.write_csv(&mut csv)?;
    }
    let target = args.output.as_deref().map_or(Target::Stdout, opened::target);
    write_text(&target, &String::from_utf8_lossy(&csv))?;
    if args.truth {
        console::message(&format!("true coefficients\n{}", market.truth));
    }
    let n_counterfeit = market.is_counterfeit.iter().filter(|own| **own).count();
    console::message(&format!(
        "{} simulated listings, {n_counterfeit} labeled counterfeit",
        market.listings.len()
    ));
    Ok(Outcome::Done)
}
