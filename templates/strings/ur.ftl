# انٹرفیس کے الفاظ اردو میں۔

## Frame
skip_to_content = متن پر جائیں
nav_label = شعبے
nav_home = سرورق
nav_topics = موضوعات
nav_archive = محفوظات
languages_label = یہ صفحہ دوسری زبانوں میں
footer_label = اس سائٹ کے بارے میں
feed = فیڈ (Atom)
preview_notice = پیش منظر: اس نسخے میں غیر شائع شدہ تحریریں شامل ہیں۔
breadcrumbs_label = آپ یہاں ہیں
pagination_label = فہرست کے صفحات
letters_label = حروف
newer = تازہ تر
older = پرانے
colon = :
list_comma = ،
quote_open = ”
quote_close = “

## Lists
latest = تازہ ترین بریفنگز
briefings = بریفنگز
all_briefings = تمام بریفنگز
topics = موضوعات
all_topics = تمام موضوعات
archive = محفوظات
undated = بلا تاریخ
series = سلسلہ
series_list = سلسلے
author = مصنف
no_briefings = ابھی کوئی بریفنگ شائع نہیں ہوئی۔
no_topics = ابھی کوئی موضوع نہیں۔
no_briefings_about = اس موضوع پر ابھی کوئی بریفنگ نہیں۔
no_corrections = کوئی تصحیح شائع نہیں ہوئی۔

## Briefing
key_points = اہم نکات
key_judgements = کلیدی اندازے
likelihood = امکان
confidence = اعتماد
contents = فہرست
updated = تازہ کاری
information_cutoff = معلومات تا
stale_translation = اس ترجمے کے بعد اصل متن میں تبدیلی ہوئی ہے۔ اصل متن:
withdrawn = واپس لی گئی
withdrawn_default = یہ بریفنگ واپس لے لی گئی ہے۔ متن صرف ریکارڈ کے لیے موجود ہے، اس پر انحصار نہ کریں۔
image_credit = تصویر
sources = ماخذ
source = ماخذ
source_grade = ماخذ کا درجہ (ایڈمرلٹی کوڈ)
source_language = ماخذ کی زبان
footnotes = حواشی
footnote_back = متن پر واپس
footnote_ref = حاشیہ
table_label = جدول
corrections = تصحیحات
corrections_intro = ہم سے کیا غلطی ہوئی اور کب درست کی گئی؛ تازہ ترین سب سے پہلے۔
corrections_feed = تصحیحات کی فیڈ (Atom)
chronology_intro = بریفنگز میں آنے والے واقعات اور معاہدوں کی تاریخیں، تازہ ترین پہلے۔
changes = اس بریفنگ میں تبدیلیاں
likelihood_legend = امکان کے الفاظ کا مطلب
who = اس بریفنگ کے نام اور موضوعات
events = اس بریفنگ کی تاریخیں
previous_part = پچھلا حصہ
next_part = اگلا حصہ
backlinks = اس کا حوالہ دینے والی بریفنگز
related_briefings = متعلقہ بریفنگز
cite = اس بریفنگ کا حوالہ
cite_files = حوالے کی فائل

## Topic
also_known_as = دیگر نام
facts = ایک نظر میں
relations = روابط
chronology = واقعات کی ترتیب
start_here = یہاں سے شروع کریں
about_topic = اس موضوع پر بریفنگز
mentions_of_topic = جہاں ذکر آیا
narrower_topics = ذیلی موضوعات
appears_with = اکثر ساتھ مذکور
roles = عہدے
office_holders = عہدے دار
leaders_and_members = قیادت اور ارکان
membership = رکنیت
former = سابق
first_mention = پہلا ذکر
last_mention = تازہ ترین ذکر
named_in = ذکر آیا ہے
topic_feed = اس موضوع کی فیڈ (Atom)
together_caption = دائرہ جتنا بڑا ہو، وہ موضوع اتنی ہی زیادہ بریفنگز میں اس صفحے کے موضوع کے ساتھ آیا ہے۔ قوسیں ان موضوعات کو ملاتی ہیں جو اکثر ایک ساتھ آتے ہیں۔

## Search
search = تلاش
search_briefings = بریفنگز میں تلاش کریں
search_needs_script = تلاش کے لیے براؤزر میں JavaScript کا فعال ہونا ضروری ہے۔ آپ موضوعات اور محفوظات کے برسوں سے آغاز کر سکتے ہیں۔
search_searching = تلاش جاری ہے…
search_failed = تلاش نہیں ہو سکی۔ اپنا انٹرنیٹ رابطہ دیکھیں۔
search_retry = دوبارہ کوشش کریں
search_partial = کسی بریفنگ میں یہ تمام الفاظ نہیں؛ ان بریفنگز میں ان میں سے کچھ ہیں۔
search_hint = کوئی چھوٹا لفظ لکھیں، یا کسی موضوع سے آغاز کریں۔
search_more = مزید نتائج
search_results = تلاش کے نتائج
search_all_languages = تمام زبانیں
search_in_all_languages = تمام زبانوں میں تلاش کریں
search_filter = نتائج محدود کریں
search_filtered = صرف
search_clear = پابندیاں ہٹائیں
search_any = سب
search_topic = موضوع
search_kind = قسم
search_author = مصنف
search_year = سال
search_sort = ترتیب
search_by_relevance = متعلقہ ترین
search_by_date = تازہ ترین

## Errors
not_found = صفحہ نہیں ملا
not_found_text = اس پتے پر کوئی صفحہ نہیں۔ شاید صفحہ منتقل ہو گیا ہے یا ربط نامکمل ہے۔
redirect = یہ صفحہ منتقل ہو گیا ہے
moved = یہ صفحہ منتقل ہو گیا ہے: نئے پتے پر جائیں

## Sentences with values
by = تحریر: { $names }
feed_of = { $name } کی فیڈ
figure_title = { $name } کے ساتھ مذکور موضوعات
part_of = { $total } میں سے حصہ { $number }
page_of = { $total } میں سے صفحہ { $number }
likelihood_with_range = { $term } ({ $range })
period = { $from } تا { $to }
since = { $from } سے
until = { $to } تک
reading_time = { $n ->
    [one] { $n_text } منٹ کا مطالعہ
   *[other] { $n_text } منٹ کا مطالعہ
}
n_briefings = { $n ->
    [0] کوئی بریفنگ نہیں
    [one] { $n_text } بریفنگ
   *[other] { $n_text } بریفنگز
}
n_mentions = { $n ->
    [0] کوئی ذکر نہیں
    [one] { $n_text } بار ذکر
   *[other] { $n_text } بار ذکر
}
n_together = { $n ->
    [0] کبھی ایک ساتھ نہیں
    [one] { $n_text } بریفنگ میں ایک ساتھ
   *[other] { $n_text } بریفنگز میں ایک ساتھ
}
n_more_sentences = { $n ->
    [0] مزید کوئی جملہ نہیں
    [one] مزید { $n_text } جملہ
   *[other] مزید { $n_text } جملے
}
n_older = { $n ->
    [0] اس سے پرانا کچھ نہیں
    [one] { $n_text } پرانا اندراج یہاں نہیں دکھایا گیا؛ بریفنگز کی فہرست دیکھیں
   *[other] { $n_text } پرانے اندراجات یہاں نہیں دکھائے گئے؛ بریفنگز کی فہرست دیکھیں
}
n_topics = { $n ->
    [0] کوئی موضوع نہیں
    [one] { $n_text } موضوع
   *[other] { $n_text } موضوعات
}
n_corrections = { $n ->
    [0] کوئی تصحیح نہیں
    [one] { $n_text } تصحیح
   *[other] { $n_text } تصحیحات
}
n_more_names = { $n ->
    [0] کوئی اور نام نہیں
    [one] { $n_text } اور نام
   *[other] { $n_text } اور نام
}
n_dates = { $n ->
    [0] کوئی تاریخ نہیں
    [one] { $n_text } تاریخ
   *[other] { $n_text } تاریخیں
}
search_nothing = ”{ $query }“ کے لیے کوئی نتیجہ نہیں ملا۔
search_corrected = ”{ $typed }“ کے بجائے ”{ $word }“ کے نتائج۔
n_results = { $n ->
    [0] کوئی نتیجہ نہیں
    [one] { $n_text } نتیجہ
   *[other] { $n_text } نتائج
}

## Kinds of briefing
kind_flash = فوری خبر
kind_briefing = بریفنگ
kind_analysis = تجزیہ
kind_backgrounder = پس منظر
kind_report = رپورٹ
kind_tracker = نگرانی
kind_digest = خلاصہ
kind_flash_many = فوری خبریں
kind_briefing_many = بریفنگز
kind_analysis_many = تجزیے
kind_backgrounder_many = پس منظر
kind_report_many = رپورٹیں
kind_tracker_many = جائزے
kind_digest_many = خلاصے

## Kinds of topic
topic_theme = مسئلہ
topic_country = ملک
topic_region = خطہ
topic_place = مقام
topic_person = شخصیت
topic_organisation = ادارہ
topic_agreement = معاہدہ
topic_event = واقعہ
topic_weapon = ہتھیار
topic_product = مصنوعہ

## Likelihood (ICD 203) and confidence
likelihood_1 = تقریباً ناممکن
likelihood_2 = بہت بعید
likelihood_3 = بعید
likelihood_4 = برابر
likelihood_5 = ممکنہ
likelihood_6 = بہت ممکنہ
likelihood_7 = تقریباً یقینی
confidence_low = کم
confidence_moderate = درمیانہ
confidence_high = زیادہ

## Relations, as seen from this topic, and from the other side
rel_member_of = رکنیت
rel_member_of_inverse = ارکان
rel_party_to = فریق
rel_party_to_inverse = فریقین
rel_located_in = محل وقوع
rel_located_in_inverse = مقامات
rel_borders = سرحد
rel_borders_inverse = سرحد
rel_head_of = سربراہی
rel_head_of_inverse = سربراہ
rel_foreign_minister_of = وزارت خارجہ
rel_foreign_minister_of_inverse = وزیر خارجہ
rel_part_of = جزو
rel_part_of_inverse = اجزا
rel_hosts = میزبانی
rel_hosts_inverse = میزبان
rel_led_by = قیادت
rel_led_by_inverse = زیر قیادت
rel_about = بابت
rel_about_inverse = اس بارے میں
rel_route_through = گزرگاہ
rel_route_through_inverse = راستے
rel_mediates = ثالثی
rel_mediates_inverse = ثالث
rel_inverse_of = { $name } (دوسری جانب سے)

## What happens when a relation begins or ends
event_begins = { $name }: آغاز
event_ends = { $name }: اختتام
event_member_of_begins = شمولیت
event_member_of_ends = علیحدگی
event_party_to_begins = شمولیت
event_party_to_ends = دستبرداری
event_head_of_begins = عہدہ سنبھالا
event_head_of_ends = عہدہ چھوڑا
event_foreign_minister_of_begins = عہدہ سنبھالا
event_foreign_minister_of_ends = عہدہ چھوڑا
event_part_of_begins = شرکت
event_part_of_ends = شرکت کا اختتام
event_mediates_begins = ثالثی کا آغاز
event_mediates_ends = ثالثی کا اختتام
