//! Neutral words: what every seller writes, and which says nothing of genuine or counterfeit.
//!
//! The pools hold no negation ("not", "不", "не") and no "for", "fits" or "compatible with" in any
//! language: such a word beside a replica term would change what the term means. They do hold
//! words that look like replica terms and are none: пальто (coat) begins like паль, 高帮 (high-top)
//! like 高仿, and "top handle" like "top grade".

use crate::error::{ErrorKind, Result, excerpt};

/// A language in which listings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Chinese, simplified.
    Zh,
    /// Russian.
    Ru,
    /// Portuguese.
    Pt,
    /// Spanish.
    Es,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 5] =
        [Language::En, Language::Zh, Language::Ru, Language::Pt, Language::Es];

    /// The BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh",
            Language::Ru => "ru",
            Language::Pt => "pt",
            Language::Es => "es",
        }
    }

    /// The language of this code.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] when the simulator does not write it.
    pub fn from_code(code: &str) -> Result<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code).ok_or_else(|| {
            ErrorKind::Option {
                option: "--languages",
                expected: Language::ALL.map(Language::code).join(", "),
                found: excerpt(code),
            }
            .into()
        })
    }

    /// ISO 3166-1 codes of countries whose sellers write it.
    pub(crate) fn countries(self) -> &'static [&'static str] {
        match self {
            Language::En => &["US", "GB", "AU"],
            Language::Zh => &["CN", "SG"],
            Language::Ru => &["RU", "KZ"],
            Language::Pt => &["BR", "PT"],
            Language::Es => &["ES", "MX", "CO"],
        }
    }

    /// The words of the language.
    pub(crate) fn vocabulary(self) -> &'static Vocabulary {
        match self {
            Language::En => &EN,
            Language::Zh => &ZH,
            Language::Ru => &RU,
            Language::Pt => &PT,
            Language::Es => &ES,
        }
    }
}

/// The neutral words of one language.
pub(crate) struct Vocabulary {
    /// What is sold, in the order of [`super::catalog::CATEGORIES`].
    pub(crate) nouns: [&'static str; 14],
    /// What stands in titles beside it.
    pub(crate) attributes: &'static [&'static str],
    /// Sentences of descriptions, without the stop.
    pub(crate) sentences: &'static [&'static str],
    /// What stands before a way of contact.
    pub(crate) contact_us: &'static str,
    /// What ends a sentence, with the blank after it.
    pub(crate) stop: &'static str,
}

impl Vocabulary {
    /// Every word and sentence that must say nothing about the goods being genuine.
    #[cfg(test)]
    pub(crate) fn neutral(&self) -> impl Iterator<Item = &'static str> {
        let pools = [self.attributes, self.sentences];
        self.nouns.into_iter().chain(pools.into_iter().flatten().copied()).chain([self.contact_us])
    }
}

static EN: Vocabulary = Vocabulary {
    nouns: [
        "sneakers",
        "handbag",
        "wristwatch",
        "sunglasses",
        "headphones",
        "perfume",
        "jacket",
        "backpack",
        "wallet",
        "belt",
        "necklace",
        "toy set",
        "tablet",
        "face cream",
    ],
    attributes: &[
        "black",
        "dark blue",
        "red",
        "size M",
        "size L",
        "new season",
        "gift box",
        "lightweight",
        "unisex",
        "top handle",
        "soft touch",
        "classic",
        "large",
        "small",
        "matte",
        "vivid",
        "daily wear",
        "slim",
        "bright",
        "boxed",
    ],
    sentences: &[
        "Soft inside and sturdy outside",
        "Comes in a sealed box with a care card",
        "Worn twice and kept in a dry place",
        "Ships within two working days",
        "Color as shown in the pictures",
        "Measured by hand, details on request",
        "Light and comfortable all day long",
        "Bought last spring in a store downtown",
        "Small scratch near the corner",
        "Even finish on every side",
        "Goes with casual and formal outfits",
        "Stored in a smoke free home",
        "Wipe clean with a damp cloth",
        "Pick your size from the menu",
        "Parcel is tracked and insured",
        "Great gift idea this season",
        "The upgraded closing is smooth",
        "Buyers of a bundle save on postage",
    ],
    contact_us: "Contact us on",
    stop: ". ",
};

static ZH: Vocabulary = Vocabulary {
    nouns: [
        "运动鞋",
        "手提包",
        "手表",
        "太阳镜",
        "耳机",
        "香水",
        "外套",
        "双肩包",
        "钱包",
        "腰带",
        "项链",
        "玩具",
        "平板电脑",
        "面霜",
    ],
    attributes: &[
        "黑色",
        "深蓝",
        "红色",
        "轻便",
        "高帮",
        "单肩",
        "大号",
        "小号",
        "新款",
        "礼盒装",
        "防水",
        "春季",
        "经典款",
        "日常",
        "哑光",
        "可调节",
        "百搭",
        "柔软",
        "纤薄",
        "亮色",
    ],
    sentences: &[
        "面料柔软手感舒适",
        "做工整齐线条均匀",
        "颜色以图片为准",
        "两天内寄出",
        "一直在干燥处存放",
        "穿过两次成色好",
        "礼盒送人很体面",
        "包邮并且可追踪",
        "尺寸为手工测量",
        "去年春天在市中心购买",
        "角落有轻微划痕",
        "长度可以调节",
        "清洁时轻轻擦拭即可",
        "轻盈舒服适合全天",
        "尺码请在菜单里选择",
        "搭配休闲或商务都好看",
        "多件一起拍省邮费",
        "本季很好的礼物",
    ],
    contact_us: "请加",
    stop: "。 ",
};

static RU: Vocabulary = Vocabulary {
    nouns: [
        "кроссовки",
        "сумка",
        "часы",
        "солнечные очки",
        "наушники",
        "духи",
        "пальто",
        "рюкзак",
        "кошелёк",
        "ремень",
        "ожерелье",
        "игрушка",
        "планшет",
        "крем",
    ],
    attributes: &[
        "чёрный цвет",
        "тёмно-синий",
        "красный",
        "размер M",
        "размер L",
        "новый сезон",
        "подарочная коробка",
        "лёгкий вес",
        "унисекс",
        "мягкий",
        "классика",
        "большой",
        "маленький",
        "матовый",
        "яркий",
        "на каждый день",
        "тонкий",
        "молния",
        "водостойкий",
        "в коробке",
    ],
    sentences: &[
        "Мягкий внутри и прочный снаружи",
        "Отправим в течение двух дней",
        "Цвет точно на фотографиях",
        "Хранили в сухом месте",
        "Надевали два раза",
        "Швы ровные со всех сторон",
        "Лёгкая и удобная вещь",
        "Есть небольшая царапина сбоку",
        "Длина регулируется",
        "Посылка застрахована и отслеживается",
        "Купили прошлой весной в торговом центре",
        "Размер выберите в меню",
        "Протирать влажной тканью",
        "Хорошая идея подарка в этом сезоне",
        "Сочетается с повседневной одеждой",
        "Замеры сделаны вручную",
        "При покупке пары доставка дешевле",
        "Приедет в подарочной коробке",
    ],
    contact_us: "Пишите в",
    stop: ". ",
};

static PT: Vocabulary = Vocabulary {
    nouns: [
        "tênis",
        "bolsa",
        "relógio",
        "óculos de sol",
        "fones",
        "perfume",
        "jaqueta",
        "mochila",
        "carteira",
        "cinto",
        "colar",
        "brinquedo",
        "tablet",
        "creme facial",
    ],
    attributes: &[
        "preto",
        "azul escuro",
        "vermelho",
        "tamanho M",
        "tamanho G",
        "nova estação",
        "caixa presente",
        "leve",
        "unissex",
        "macio",
        "linha leve",
        "grande",
        "pequeno",
        "fosco",
        "vivo",
        "dia a dia",
        "fino",
        "zíper",
        "impermeável",
        "na caixa",
    ],
    sentences: &[
        "Macio por dentro e firme por fora",
        "Enviamos em dois dias úteis",
        "Cor conforme as fotos",
        "Guardado em local seco",
        "Usado duas vezes",
        "Acabamento uniforme em todos os lados",
        "Leve e confortável o dia todo",
        "Comprado na primavera passada na cidade",
        "Pequeno risco perto do canto",
        "Comprimento regulável",
        "Limpar com pano úmido",
        "Escolha o tamanho pelo menu",
        "Pacote rastreado e segurado",
        "Ótima ideia de presente nesta estação",
        "Combina com roupa casual e formal",
        "Medidas tiradas à mão",
        "Leve duas peças e economize na entrega",
        "Chega em caixa de presente",
    ],
    contact_us: "Chame pelo",
    stop: ". ",
};

static ES: Vocabulary = Vocabulary {
    nouns: [
        "zapatillas",
        "bolso",
        "reloj",
        "gafas de sol",
        "auriculares",
        "perfume",
        "chaqueta",
        "mochila",
        "cartera",
        "cinturón",
        "collar",
        "juguete",
        "tableta",
        "crema facial",
    ],
    attributes: &[
        "negro",
        "azul oscuro",
        "rojo",
        "talla M",
        "talla L",
        "nueva temporada",
        "caja regalo",
        "ligero",
        "unisex",
        "suave",
        "línea clásica",
        "grande",
        "pequeño",
        "mate",
        "vivo",
        "uso diario",
        "fino",
        "cremallera",
        "impermeable",
        "en caja",
    ],
    sentences: &[
        "Suave por dentro y firme por fuera",
        "Enviamos en dos días hábiles",
        "Color según las fotos",
        "Guardado en un lugar seco",
        "Usado dos veces",
        "Acabado uniforme en todos los lados",
        "Ligero y cómodo todo el día",
        "Comprado la primavera pasada en el centro",
        "Pequeño rasguño cerca de la esquina",
        "Largo ajustable",
        "Limpiar con un paño húmedo",
        "Elige la talla en el menú",
        "Paquete asegurado y con seguimiento",
        "Gran idea de regalo esta temporada",
        "Combina con ropa casual y formal",
        "Medidas tomadas a mano",
        "Dos piezas juntas ahorran en el envío",
        "Llega en caja de regalo",
    ],
    contact_us: "Escribe por",
    stop: ". ",
};

#[cfg(test)]
mod tests {
    use super::super::catalog::CATEGORIES;
    use super::*;

    #[test]
    fn every_category_has_a_noun_in_every_language() {
        for language in Language::ALL {
            assert_eq!(language.vocabulary().nouns.len(), CATEGORIES.len());
            assert_eq!(Language::from_code(language.code()).ok(), Some(language));
        }
        assert!(Language::from_code("xx").is_err());
    }

    #[test]
    fn no_neutral_word_negates_or_relates() {
        const WORDS: &[&str] = &[
            "no",
            "not",
            "never",
            "without",
            "for",
            "fits",
            "compatible",
            "не",
            "нет",
            "без",
            "для",
            "não",
            "sem",
            "para",
            "sin",
            "nunca",
        ];
        const PARTS: &[&str] = &["不", "非", "没", "无", "未", "勿", "用", "适用"];
        for language in Language::ALL {
            for phrase in language.vocabulary().neutral() {
                for word in phrase.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
                    assert!(!WORDS.contains(&word), "{phrase}");
                }
                assert!(PARTS.iter().all(|part| !phrase.contains(part)), "{phrase}");
            }
        }
    }
}
