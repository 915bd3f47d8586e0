//! Words that say little by themselves, and words that stand before a name.
//!
//! Both are short lists for one purpose: to propose expressions that may be names
//! (`link::suggest`). They decide nothing about links, so a missing word costs a useless
//! proposal and never a wrong link.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::spelling::{form, keys};

const ARABIC: &str = "في من على إلى عن مع بين قبل بعد عند لدى منذ خلال حول ضد نحو دون بدون حتى \
    ثم أو أم بل لا لم لن ما هل إن أن إذا لو كما لكن لأن حيث حين عندما بينما كلما لما قد سوف كان \
    كانت يكون تكون كانوا ليس ليست هو هي هم هما نحن أنا أنت هذا هذه ذلك تلك هؤلاء أولئك الذي التي \
    الذين اللذان اللتان اللواتي كل بعض جميع غير سوى أي أية كذلك أيضا فقط جدا أكثر أقل أبرز أهم \
    أين كيف متى لماذا ماذا معظم إعادة منتصف أولا ثانيا ثالثا عدة عدد وفق وفقا بحسب حسب رغم بسبب نتيجة ضمن عبر فوق تحت أمام خلف وراء داخل خارج مثل مثلا نفس \
    ذات كلا كلتا أحد إحدى واحد واحدة اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة مئة ألف \
    مليون مليار يوم شهر عام سنة أسبوع اليوم أمس غدا الآن حاليا سابقا لاحقا أخيرا الأول الثاني \
    الثالث الأولى الثانية الماضي المقبل الحالي الجديد قال قالت يقول تقول أكد أكدت أضاف أضافت أعلن \
    أعلنت ذكر ذكرت أشار أشارت أوضح أوضحت صرح صرحت اعتبر يرى ترى تم يتم جرى يجري بدأ بدأت بات \
    أصبح أصبحت ظل ما زال مازال يمكن يجب ينبغي لابد بد قبيل بعيد سواء إما إلا لذلك ولذلك هنا هناك \
    نفسه نفسها نفسهم برميل يوميا سنويا شهريا متر كيلومتر طن دولار درجة نسبة فقرة مادة \
    عليه عليها عليهم إليه إليها منه منها فيه فيها به بها له لها لهم بهم عنه عنها معه معها \
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار \
    نيسان أيار حزيران تموز آب أيلول تشرين";

const PERSIAN: &str = "و در از به با که این آن را برای تا بر است بود شد شده می نمی هم یا اما اگر \
    هر همه چند بین پس پیش دیگر نیز خود ما من تو او آنها ایشان شما چه چرا کجا کی هیچ یک دو سه چهار \
    پنج کرد کرده کند کنند کنید گفت گفته گوید دارد دارند داشت داشته باید شاید بدون درباره دربارهٔ \
    بعد قبل حال سال ماه روز هفته امروز دیروز فردا اکنون گذشته آینده جدید نخست دوم سوم میان سوی روی \
    زیر طی ضمن مورد طور چون زیرا بلکه ولی مگر جز نه بله بیش کم تر ترین های ها ای";

const HEBREW: &str = "של על את עם אל מן מ ב ל ה ו ש כי אם או אך אבל גם רק כל לא כן הוא היא הם הן אני \
    אתה אנחנו זה זו אלה אלו אשר כאשר לפי בין אחרי לפני תחת מול ליד עד מאז בתוך מתוך ידי כדי בשל \
    בגלל למרות כמו יותר פחות מאוד עוד כבר עכשיו היום אתמול מחר שנה שנת חודש שבוע יום היה הייתה היו \
    יהיה תהיה להיות יש אין אמר אמרה מסר מסרה הודיע הודיעה אחד אחת שני שתי שלוש שלושה ארבע חמש \
    לאחר בעוד אולם לכן כלומר וכן";

const URDU: &str = "کا کی کے کو نے سے میں پر تک اور یا کہ جو یہ وہ اس ان ہے ہیں تھا تھی تھے ہو ہوا ہوئی \
    ہوئے گا گی گے کر کیا کرنا کرتے کرتا کرتی ایک دو تین چار پانچ بھی ہی نہیں نہ اگر مگر لیکن تو پھر \
    جب تب کچھ کوئی سب ہر اپنے اپنا اپنی ساتھ بعد پہلے درمیان خلاف لیے لئے بارے مطابق طرف دوران آج کل \
    سال ماہ دن ہفتہ کہا کہتے بتایا رہا رہی رہے گیا گئی گئے جا والا والی والے";

const ENGLISH: &str = "a an the and or but nor so yet of in on at to from by with without for about \
    between among into over under after before during since until against through as than if when \
    while where which who whom whose that this these those it its he she they them his her their we \
    our you your i is are was were be been being has have had do does did will would can could may \
    might must should shall not no yes also only very more most less least much many few some any \
    all both each every either neither other another such same own one two three four five six \
    seven eight nine ten first second third last next new old year month week day today yesterday \
    tomorrow now then there here said says say told added according however therefore because \
    although though whether january february march april may june july august september october \
    november december jan feb mar apr jun jul aug sep sept oct nov dec article chapter \
    paragraph section figure table mr mrs ms dr";

/// Words that a question needs and a search does not. None of them may fold to another
/// word: «على» would take «علي» with it.
const FUNCTION_WORDS: &[(&str, &str)] = &[
    (
        "ar",
        "في من إلى عن مع هل ما ماذا لماذا متى أين كيف كم أي هو هي هم هذا هذه ذلك تلك التي الذي \
        الذين أن إن أو أم ثم قد لم لن لا بين عند منذ حتى كان كانت يكون تكون ليس ليست و يا بأن لأن \
        حيث بعض كل عندما التى اللذين ولا وما",
    ),
    (
        "fa",
        "در از به با که این آن را برای تا است بود شد هم یا اما چه چرا چگونه کجا کی آیا و هر بین شود \
        شده می",
    ),
    (
        "he",
        "של את עם אל מה מי מתי איפה איך למה מדוע כמה האם זה זו הוא היא הם או גם כי אם לא על",
    ),
    (
        "ur",
        "کا کی کے کو نے سے میں پر تک اور یا کہ کیا کیوں کب کہاں کیسے کون ہے ہیں تھا تھی تھے یہ وہ",
    ),
    (
        "en",
        "a an the and or of in on at to from by with for about is are was were be been what when \
        where why how who which do does did it its this that these those has have had",
    ),
];

/// Words before which a name of this kind is likely to follow.
const TITLES: &[(&str, &str, &str)] = &[
    (
        "ar",
        "person",
        "الرئيس رئيس وزير الوزير وزيرة الوزيرة السفير سفير المبعوث مبعوث الناطق \
        المتحدث الأمين أمين المستشار مستشار الأمير أمير الملك ملك الشيخ شيخ الإمام السيد السيدة \
        الدكتور الدكتورة د الجنرال العميد اللواء الفريق المرشد النائب نائب الزعيم زعيم الباحث \
        الكاتب القاضي البابا",
    ),
    ("ar", "country", "دولة جمهورية مملكة سلطنة إمارة"),
    (
        "ar",
        "place",
        "مدينة بلدة قرية محافظة ميناء مطار مضيق خليج جزيرة بحر نهر قناة جبل وادي منطقة \
        إقليم ولاية معبر ممر",
    ),
    (
        "ar",
        "organisation",
        "منظمة حركة حزب شركة مؤسسة مجموعة مجلس هيئة وكالة بنك مصرف جامعة اتحاد \
        حلف رابطة جمعية لجنة مركز معهد صحيفة قناة كتائب تنظيم جماعة",
    ),
    ("ar", "agreement", "اتفاقية اتفاق معاهدة بروتوكول ميثاق مذكرة"),
    ("ar", "weapon", "صاروخ صواريخ طائرة طائرات مسيرة غواصة دبابة"),
    (
        "fa",
        "person",
        "رئیس رئیس‌جمهور وزیر سفیر نماینده سخنگوی سرتیپ سردار آیت‌الله حجت‌الاسلام دکتر \
        آقای خانم ژنرال",
    ),
    ("fa", "place", "شهر استان بندر تنگه جزیره دریای رود کوه منطقه"),
    ("fa", "organisation", "سازمان حزب شرکت بانک دانشگاه اتحادیه شورای کمیته مرکز گروه"),
    (
        "he",
        "person",
        "הנשיא נשיא השר שר שרת השרה השגריר שגריר הרמטכל הגנרל ראש דובר דוברת הרב דר \
        פרופ מר גב",
    ),
    ("he", "place", "העיר עיר מחוז נמל מצר אי ים נהר הר כפר"),
    ("he", "organisation", "ארגון מפלגת חברת בנק אוניברסיטת איגוד תנועת מועצת ועדת מכון"),
    ("ur", "person", "صدر وزیر وزیراعظم سفیر ترجمان جنرل مولانا ڈاکٹر جناب"),
    ("ur", "place", "شہر صوبہ ضلع بندرگاہ آبنائے جزیرہ دریا"),
    (
        "en",
        "person",
        "president minister ambassador envoy spokesman spokeswoman spokesperson general \
        king prince sheikh professor senator secretary chancellor",
    ),
    ("en", "place", "city port province strait gulf island river mount lake"),
];

/// Words before which a noun stands.
const PREPOSITIONS: &[(&str, &str)] = &[
    ("ar", "من إلى في مع بين على عن عبر ضد نحو لدى حول بعد قبل لصالح داخل خارج تجاه"),
    ("fa", "در از به با برای بین میان علیه"),
    ("he", "עם של אל מול נגד בין על"),
    ("ur", "میں سے پر کے کی کا"),
];

fn set(words: &str) -> BTreeSet<String> {
    words.split_whitespace().map(fold).collect()
}

static STOP_WORDS: LazyLock<Vec<(&str, BTreeSet<String>)>> = LazyLock::new(|| {
    let lists =
        [("ar", ARABIC), ("fa", PERSIAN), ("he", HEBREW), ("ur", URDU), ("en", ENGLISH)];
    lists.into_iter().map(|(lang, words)| (lang, set(words))).collect()
});

/// A language, a kind of topic, and the folded words that speak for it.
type Titles = (&'static str, &'static str, BTreeSet<String>);

static FOLDED_TITLES: LazyLock<Vec<Titles>> = LazyLock::new(|| {
    TITLES.iter().map(|(lang, kind, words)| (*lang, *kind, set(words))).collect()
});

/// Whether a folded word is one of those that begin or end no name. Arabic conjunctions
/// may be joined to it.
pub fn is_stop_word(word: &str, lang: &Lang) -> bool {
    let list = STOP_WORDS.iter().find(|(it, _)| *it == lang.primary());
    list.is_some_and(|(primary, words)| {
        let rest = word.strip_prefix(['و', 'ف']).filter(|_| *primary == "ar");
        words.contains(word) || rest.is_some_and(|it| words.contains(it))
    })
}

static FOLDED_FUNCTION_WORDS: LazyLock<Vec<(&str, BTreeSet<String>)>> =
    LazyLock::new(|| {
        let keys = |it: &str| keys(&form(it)).seat;
        let lists = FUNCTION_WORDS.iter();
        lists
            .map(|(lang, words)| (*lang, words.split_whitespace().map(keys).collect()))
            .collect()
    });

/// The words of a language that a search can do without, as keys
/// (`text::spelling::Keys::seat`).
pub fn function_words(lang: &Lang) -> impl Iterator<Item = &'static str> {
    let lists = FOLDED_FUNCTION_WORDS.iter().filter(|(it, _)| *it == lang.primary());
    lists.flat_map(|(_, words)| words).map(String::as_str)
}

/// Whether a key (`text::spelling::Keys::seat`) is one of `function_words`.
pub fn is_function_word(key: &str, lang: &Lang) -> bool {
    let list = FOLDED_FUNCTION_WORDS.iter().find(|(it, _)| *it == lang.primary());
    list.is_some_and(|(_, words)| words.contains(key))
}

static FOLDED_PREPOSITIONS: LazyLock<Vec<(&str, BTreeSet<String>)>> =
    LazyLock::new(|| {
        PREPOSITIONS.iter().map(|(lang, words)| (*lang, set(words))).collect()
    });

/// Whether a folded word is a preposition, to which و may be joined.
pub fn is_preposition(word: &str, lang: &Lang) -> bool {
    let list = FOLDED_PREPOSITIONS.iter().find(|(it, _)| *it == lang.primary());
    list.is_some_and(|(_, words)| {
        words.contains(word)
            || word.strip_prefix('و').is_some_and(|it| words.contains(it))
    })
}

/// The kind of topic that a name after this folded word is likely to be.
pub fn title_kind(word: &str, lang: &Lang) -> Option<&'static str> {
    let bare = word.strip_prefix(['و', 'ف', 'ب', 'ل']).unwrap_or(word);
    FOLDED_TITLES
        .iter()
        .filter(|(it, _, _)| *it == lang.primary())
        .find(|(_, _, words)| words.contains(word) || words.contains(bare))
        .map(|(_, kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::{is_stop_word, title_kind};
    use crate::text::lang::Lang;

    #[test]
    fn conjunctions_may_be_joined_and_titles_tell_the_kind() {
        let (ar, en) = (Lang::parse("ar").unwrap(), Lang::parse("en").unwrap());
        assert!(is_stop_word("وقد", &ar) && is_stop_word("الي", &ar));
        assert!(!is_stop_word("موسكو", &ar) && is_stop_word("the", &en));
        assert_eq!(title_kind("وزير", &ar), Some("person"));
        assert_eq!(title_kind("ولمضيق", &ar), None);
        assert_eq!(title_kind("بمدينه", &ar), Some("place"));
        assert_eq!(title_kind("موسكو", &ar), None);
    }
}
