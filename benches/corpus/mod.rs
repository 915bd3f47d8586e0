//! Arabic text for the benches, made from a fixed seed.

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
