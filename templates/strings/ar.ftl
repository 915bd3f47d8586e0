# كلمات الواجهة بالعربية.

## Frame
skip_to_content = انتقل إلى المحتوى
nav_label = أقسام الموقع
nav_home = الرئيسية
nav_topics = الموضوعات
nav_archive = الأرشيف
languages_label = هذه الصفحة بلغات أخرى
footer_label = عن الموقع
feed = خلاصة الموقع (Atom)
preview_notice = نسخة معاينة: تتضمن نصوصًا لم تُنشر بعد.
breadcrumbs_label = موضعك في الموقع
pagination_label = صفحات القائمة
letters_label = الحروف
newer = الأحدث
older = الأقدم
colon = :
list_comma = ،
quote_open = «
quote_close = »

## Lists
latest = أحدث الإحاطات
briefings = الإحاطات
all_briefings = كل الإحاطات
topics = الموضوعات
all_topics = كل الموضوعات
archive = الأرشيف
undated = بلا تاريخ
series = سلسلة
series_list = السلاسل
author = كاتب
no_briefings = لم تُنشر إحاطات بعد.
no_topics = لا موضوعات بعد.
no_briefings_about = لا إحاطات عن هذا الموضوع بعد.
no_corrections = لم تُنشر تصويبات.

## Briefing
key_points = أبرز النقاط
key_judgements = أهم التقديرات
likelihood = الاحتمال
confidence = درجة الثقة
contents = المحتويات
updated = آخر تحديث
information_cutoff = المعلومات حتى
stale_translation = تغيّر النص الأصلي بعد إعداد هذه الترجمة. النص الأصلي:
withdrawn = مسحوبة
withdrawn_default = سُحبت هذه الإحاطة. يبقى نصها هنا للتوثيق، ولا يُعتمد عليه.
image_credit = الصورة
sources = المصادر
source = المصدر
source_grade = درجة المصدر (تصنيف الأميرالية)
source_language = لغة المصدر
footnotes = الهوامش
footnote_back = العودة إلى النص
footnote_ref = هامش
table_label = جدول
corrections = التصويبات
corrections_intro = ما أخطأنا فيه ومتى صوّبناه، والأحدث أولًا.
corrections_feed = خلاصة التصويبات (Atom)
chronology_intro = تواريخ الأحداث والاتفاقيات التي تتناولها الإحاطات، والأحدث أولًا.
changes = سجل التعديلات
likelihood_legend = دلالة ألفاظ الاحتمال
who = الأسماء والموضوعات في هذه الإحاطة
events = تواريخ في هذه الإحاطة
previous_part = الجزء السابق
next_part = الجزء التالي
backlinks = إحاطات تحيل إلى هذه الإحاطة
related_briefings = إحاطات ذات صلة
cite = كيف تستشهد بهذه الإحاطة
cite_files = ملف الاستشهاد

## Topic
also_known_as = أسماء أخرى
facts = بطاقة تعريف
relations = الصلات
chronology = التسلسل الزمني
start_here = ابدأ من هنا
about_topic = إحاطات في الموضوع
mentions_of_topic = إحاطات تذكر الموضوع
narrower_topics = موضوعات فرعية
appears_with = موضوعات مقترنة
roles = المناصب
office_holders = أصحاب المناصب
leaders_and_members = القيادة والأعضاء
membership = العضوية
former = سابقًا
first_mention = أول ذكر
last_mention = آخر ذكر
named_in = ورد الاسم في
topic_feed = خلاصة الموضوع (Atom)
together_caption = كلما كبرت الدائرة كثرت الإحاطات التي تجمع موضوعها بموضوع هذه الصفحة، وتصل الأقواس بين موضوعات كثيرًا ما تُذكر معًا.

## Search
search = بحث
search_briefings = ابحث في الإحاطات
search_needs_script = يعمل البحث حين تُفعَّل JavaScript في المتصفح. وهذه الموضوعات وسنوات الأرشيف لتبدأ منها.
search_searching = جارٍ البحث…
search_failed = تعذّر البحث. تحقّق من اتصالك بالشبكة.
search_retry = أعد المحاولة
search_partial = لا إحاطة تجمع هذه الكلمات كلها؛ وهذه إحاطات فيها بعضها.
search_hint = جرّب كلمة أقصر، أو ابدأ من أحد الموضوعات.
search_more = مزيد من النتائج
search_results = نتائج البحث
search_all_languages = كل اللغات
search_in_all_languages = ابحث في كل اللغات
search_filter = تصفية النتائج
search_filtered = نتائج مقصورة على
search_clear = ألغِ التصفية
search_any = الكل
search_topic = الموضوع
search_kind = النوع
search_author = الكاتب
search_year = السنة
search_sort = الترتيب
search_by_relevance = الأوثق صلة
search_by_date = الأحدث

## Errors
not_found = الصفحة غير موجودة
not_found_text = لا صفحة على هذا العنوان. قد تكون نُقلت، أو أن الرابط ناقص.
redirect = انتقلت هذه الصفحة
moved = انتقلت هذه الصفحة إلى عنوان جديد

## Sentences with values
by = بقلم { $names }
feed_of = خلاصة { $name }
figure_title = الموضوعات المقترنة: { $name }
part_of = الجزء { $number } من { $total }
page_of = الصفحة { $number } من { $total }
likelihood_with_range = { $term } ({ $range })
period = من { $from } إلى { $to }
since = منذ { $from }
until = حتى { $to }
reading_time = { $n ->
    [zero] أقل من دقيقة للقراءة
    [one] دقيقة واحدة للقراءة
    [two] دقيقتان للقراءة
    [few] { $n_text } دقائق للقراءة
    [many] { $n_text } دقيقة للقراءة
   *[other] { $n_text } دقيقة للقراءة
}
n_briefings = { $n ->
    [zero] لا إحاطات
    [one] إحاطة واحدة
    [two] إحاطتان
    [few] { $n_text } إحاطات
    [many] { $n_text } إحاطة
   *[other] { $n_text } إحاطة
}
n_mentions = { $n ->
    [zero] لا إشارات
    [one] إشارة واحدة
    [two] إشارتان
    [few] { $n_text } إشارات
    [many] { $n_text } إشارة
   *[other] { $n_text } إشارة
}
n_together = { $n ->
    [zero] لا تجمعهما إحاطة
    [one] معًا في إحاطة واحدة
    [two] معًا في إحاطتين
    [few] معًا في { $n_text } إحاطات
    [many] معًا في { $n_text } إحاطة
   *[other] معًا في { $n_text } إحاطة
}
n_more_sentences = { $n ->
    [zero] لا جمل أخرى
    [one] جملة أخرى
    [two] جملتان أخريان
    [few] { $n_text } جمل أخرى
    [many] { $n_text } جملة أخرى
   *[other] { $n_text } جملة أخرى
}
n_older = { $n ->
    [zero] لا شيء أقدم من ذلك
    [one] مدخل واحد أقدم لا يظهر هنا، وتجده في قائمة الإحاطات
    [two] مدخلان أقدم لا يظهران هنا، وتجدهما في قائمة الإحاطات
    [few] { $n_text } مدخلات أقدم لا تظهر هنا، وتجدها في قائمة الإحاطات
    [many] { $n_text } مدخلًا أقدم لا تظهر هنا، وتجدها في قائمة الإحاطات
   *[other] { $n_text } مدخل أقدم لا تظهر هنا، وتجدها في قائمة الإحاطات
}
n_topics = { $n ->
    [zero] لا موضوعات
    [one] موضوع واحد
    [two] موضوعان
    [few] { $n_text } موضوعات
    [many] { $n_text } موضوعًا
   *[other] { $n_text } موضوع
}
n_corrections = { $n ->
    [zero] لا تصويبات
    [one] تصويب واحد
    [two] تصويبان
    [few] { $n_text } تصويبات
    [many] { $n_text } تصويبًا
   *[other] { $n_text } تصويب
}
n_more_names = { $n ->
    [zero] لا أسماء أخرى
    [one] اسم آخر
    [two] اسمان آخران
    [few] { $n_text } أسماء أخرى
    [many] { $n_text } اسمًا آخر
   *[other] { $n_text } اسم آخر
}
n_dates = { $n ->
    [zero] لا تواريخ
    [one] تاريخ واحد
    [two] تاريخان
    [few] { $n_text } تواريخ
    [many] { $n_text } تاريخًا
   *[other] { $n_text } تاريخ
}
search_nothing = لا نتائج عن «{ $query }».
search_corrected = نتائج «{ $word }» بدل «{ $typed }».
n_results = { $n ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { $n_text } نتائج
    [many] { $n_text } نتيجة
   *[other] { $n_text } نتيجة
}

## Kinds of briefing
kind_flash = إحاطة عاجلة
kind_briefing = إحاطة
kind_analysis = تحليل
kind_backgrounder = خلفية
kind_report = تقرير
kind_tracker = رصد
kind_digest = موجز دوري
kind_flash_many = إحاطات عاجلة
kind_briefing_many = إحاطات
kind_analysis_many = تحليلات
kind_backgrounder_many = خلفيات
kind_report_many = تقارير
kind_tracker_many = رصد
kind_digest_many = موجزات دورية

## Kinds of topic
topic_theme = قضية
topic_country = دولة
topic_region = منطقة
topic_place = مكان
topic_person = شخصية
topic_organisation = منظمة
topic_agreement = اتفاقية
topic_event = حدث
topic_weapon = سلاح
topic_product = منتج

## Likelihood (ICD 203) and confidence
likelihood_1 = شبه معدوم
likelihood_2 = مستبعد جدًا
likelihood_3 = مستبعد
likelihood_4 = متكافئ
likelihood_5 = مرجّح
likelihood_6 = مرجّح جدًا
likelihood_7 = شبه مؤكد
confidence_low = منخفضة
confidence_moderate = متوسطة
confidence_high = عالية

## Relations, as seen from this topic, and from the other side
rel_member_of = عضوية
rel_member_of_inverse = الأعضاء
rel_party_to = طرف في
rel_party_to_inverse = الأطراف
rel_located_in = الموقع
rel_located_in_inverse = من الأماكن
rel_borders = الحدود مع
rel_borders_inverse = الحدود مع
rel_head_of = على رأس
rel_head_of_inverse = الرئيس
rel_foreign_minister_of = وزير خارجية
rel_foreign_minister_of_inverse = وزير الخارجية
rel_part_of = جزء من
rel_part_of_inverse = من أجزائه
rel_hosts = يستضيف
rel_hosts_inverse = المضيف
rel_led_by = القيادة
rel_led_by_inverse = يقود
rel_about = يتناول
rel_about_inverse = في هذا الشأن
rel_route_through = يمر عبر
rel_route_through_inverse = ممرات عابرة
rel_mediates = وسيط في
rel_mediates_inverse = الوسطاء
rel_inverse_of = { $name } (من الطرف الآخر)

## What happens when a relation begins or ends
event_begins = { $name }: البداية
event_ends = { $name }: النهاية
event_member_of_begins = انضمام
event_member_of_ends = خروج
event_party_to_begins = انضمام
event_party_to_ends = انسحاب
event_head_of_begins = تولّي المنصب
event_head_of_ends = مغادرة المنصب
event_foreign_minister_of_begins = تولّي المنصب
event_foreign_minister_of_ends = مغادرة المنصب
event_part_of_begins = مشاركة
event_part_of_ends = نهاية المشاركة
event_mediates_begins = بدء الوساطة
event_mediates_ends = نهاية الوساطة
