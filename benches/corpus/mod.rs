//! Arabic text for the benches, made from a fixed seed.

use std::fmt::Write as _;
use std::path::Path;

pub(crate) const WORDS: [&str; 40] = [
    "التعاون",
    "بين",
    "البلدين",
    "في",
    "مجال",
    "الطاقة",
    "على",
    "الرغم",
    "من",
    "العقوبات",
    "المفاوضات",
    "التي",
    "جرت",
    "خلال",
    "الشهر",
    "الماضي",
    "وقد",
    "أكد",
    "المتحدث",
    "أن",
    "الاتفاق",
    "سيوقع",
    "قريبا",
    "بعد",
    "زيارة",
    "الوفد",
    "إلى",
    "العاصمة",
    "حيث",
    "ناقش",
    "الجانبان",
    "مشروع",
    "الممر",
    "التجاري",
    "وخطوط",
    "النقل",
    "البحري",
    "والبري",
    "مع",
    "ذلك",
];
pub(crate) const FIRST: [&str; 20] = [
    "أحمد", "محمد", "علي", "حسن", "سعيد", "ناصر", "فيصل", "طارق", "سامي", "كريم", "ياسر",
    "زياد", "رامي", "هاني", "وليد", "ماجد", "عادل", "جمال", "كمال", "فؤاد",
];
pub(crate) const LAST: [&str; 20] = [
    "الزبيدي",
    "الجبوري",
    "العبيدي",
    "التميمي",
    "الربيعي",
    "الساعدي",
    "الكعبي",
    "المالكي",
    "البصري",
    "الموصلي",
    "الحلبي",
    "النجار",
    "الحداد",
    "القاضي",
    "الخطيب",
    "الهاشمي",
    "العتيبي",
    "الشمري",
    "الحربي",
    "الكندي",
];

/// A sequence of numbers that is the same in every run (xorshift64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// The name of a topic; a number tells the later ones apart.
pub(crate) fn topic_name(at: usize) -> String {
    let number = at / (FIRST.len() * LAST.len());
    let name =
        format!("{} {}", FIRST[at % FIRST.len()], LAST[at / FIRST.len() % LAST.len()]);
    if number == 0 { name } else { format!("{name} {number}") }
}

/// A sentence of 8 to 21 words that names a topic, often with a joined letter.
pub(crate) fn sentence(numbers: &mut Numbers, n_topics: usize) -> String {
    let n_words = 8 + numbers.below(14);
    let named = numbers.below(n_words * 2);
    let words: Vec<String> = (0..n_words)
        .map(|at| {
            if at == named {
                let prefix = ["", "", "و", "ل", "ب"][numbers.below(5)];
                return format!("{prefix}{}", topic_name(numbers.below(n_topics)));
            }
            WORDS[numbers.below(WORDS.len())].to_owned()
        })
        .collect();
    format!("{}.", words.join(" "))
}

/// One of about 80,000 shapes of words that stand in few texts, the first of them more
/// often (Zipf).
pub(crate) fn rare_word(numbers: &mut Numbers) -> String {
    const LETTERS: [char; 24] = [
        'ر', 'س', 'ل', 'م', 'ن', 'ق', 'ع', 'ف', 'ح', 'ج', 'خ', 'د', 'ذ', 'ز', 'ش', 'ص',
        'ض', 'ط', 'ظ', 'غ', 'ك', 'ت', 'ب', 'ث',
    ];
    const SHAPES: [&str; 12] = [
        "ا12ا3",
        "الم1ا2ة3",
        "است1ا23",
        "1ا2ي3",
        "م1ت23",
        "ال1ا23ات",
        "ت1ا2ي3",
        "و1ا2ي3ها",
        "بال1ا23",
        "1و2ا3ين",
        "لل1ا2ي3",
        "ا1ت2ا3",
    ];
    let most = numbers.below(5000) + 1;
    let mut root = numbers.below(most);
    let mut shape = SHAPES[numbers.below(SHAPES.len())].to_owned();
    for place in ["1", "2", "3"] {
        let letter = LETTERS[root % LETTERS.len()];
        root = root / LETTERS.len() + 7;
        shape = shape.replace(place, &letter.to_string());
    }
    shape
}

/// Writes a site of this many briefings, with a fifth as many topics, and so many rare
/// words at the end of each briefing.
#[expect(clippy::disallowed_methods, reason = "a bench writes its own site")]
pub(crate) fn write(root: &Path, n_briefings: usize, n_rare: usize) {
    let n_topics = (n_briefings / 5).max(50);
    let file = |path: String, text: String| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    file(
        "content/site.yaml".to_owned(),
        "title: قياس\nbase_url: https://example.org/\n".into(),
    );
    for at in 0..n_topics {
        let text = format!(
            "title: \"{}\"\nkind: person\naliases: [\"Person {at}\"]\nsummary: نص عنه.\n",
            topic_name(at)
        );
        file(format!("content/topics/topic-{at}.yaml"), text);
    }
    for at in 0..n_briefings {
        let mut numbers = Numbers(at as u64 * 7919 + 1);
        let (year, month, day) = (2021 + at % 5, 1 + at / 5 % 12, 1 + at / 60 % 28);
        let mut text = format!(
            "---\ntitle: \"إحاطة {at} عن {}\"\ndate: {year}-{month:02}-{day:02}\nauthors: \
             [\"{} {}\"]\ntopics: [topic-{}, topic-{}]\nsummary: \"{}\"\n---\n",
            topic_name(numbers.below(n_topics)),
            FIRST[at % 20],
            LAST[at % 17],
            at % n_topics,
            (at * 7 + 1) % n_topics,
            sentence(&mut numbers, n_topics),
        );
        for part in 0..4 + numbers.below(5) {
            let _ = write!(text, "\n## قسم {part}\n\n");
            for _ in 0..2 + numbers.below(3) {
                for _ in 0..3 {
                    text.push_str(&sentence(&mut numbers, n_topics));
                    text.push(' ');
                }
                text.push_str("\n\n");
            }
        }
        let link = numbers.below(n_briefings);
        let _ = write!(
            text,
            "- بند أول\n- بند **ثان**\n\n| بند | عدد |\n|---|---:|\n| نفط | {} |\n\nانظر \
             [إحاطة أخرى](briefing:briefing-{link})[^1].\n\n[^1]: حاشية ({year}).\n",
            numbers.below(9999)
        );
        let rare = (0..n_rare).map(|_| rare_word(&mut numbers));
        let _ = write!(text, "\n{}\n", rare.collect::<Vec<_>>().join(" "));
        file(format!("content/briefings/briefing-{at}.md"), text);
    }
}
