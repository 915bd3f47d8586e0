# واژه‌های رابط به فارسی.

## Frame
skip_to_content = رفتن به متن
nav_label = بخش‌ها
nav_home = صفحهٔ نخست
nav_topics = موضوع‌ها
nav_archive = بایگانی
languages_label = این صفحه به زبان‌های دیگر
footer_label = دربارهٔ سایت
feed = خوراک (Atom)
preview_notice = پیش‌نمایش: این نسخه متن‌های منتشرنشده دارد.
breadcrumbs_label = مسیر شما
pagination_label = صفحه‌های فهرست
letters_label = حرف‌ها
newer = تازه‌تر
older = قدیمی‌تر
colon = :
list_comma = ،
quote_open = «
quote_close = »

## Lists
latest = تازه‌ترین گزارش‌ها
briefings = گزارش‌ها
all_briefings = همهٔ گزارش‌ها
topics = موضوع‌ها
all_topics = همهٔ موضوع‌ها
archive = بایگانی
undated = بدون تاریخ
series = مجموعه
series_list = مجموعه‌ها
author = نویسنده
no_briefings = هنوز گزارشی منتشر نشده است.
no_topics = هنوز موضوعی نیست.
no_briefings_about = هنوز گزارشی دربارهٔ این موضوع نیست.
no_corrections = اصلاحیه‌ای منتشر نشده است.

## Briefing
key_points = نکته‌های اصلی
key_judgements = ارزیابی‌های اصلی
likelihood = احتمال
confidence = اطمینان
contents = فهرست مطالب
updated = به‌روزرسانی
information_cutoff = اطلاعات تا
stale_translation = متن اصلی پس از این ترجمه تغییر کرده است. متن اصلی:
withdrawn = پس‌گرفته‌شده
withdrawn_default = این گزارش پس گرفته شده است. متن آن برای ثبت در اینجا می‌ماند و نباید به آن استناد کرد.
image_credit = تصویر
sources = منابع
source = منبع
source_grade = درجهٔ منبع (ردهٔ آدمیرالتی)
source_language = زبان منبع
footnotes = یادداشت‌ها
footnote_back = بازگشت به متن
footnote_ref = یادداشت
table_label = جدول
corrections = اصلاحیه‌ها
corrections_intro = آنچه نادرست نوشتیم و زمانی که اصلاحش کردیم؛ تازه‌ترین در آغاز.
corrections_feed = خوراک اصلاحیه‌ها (Atom)
chronology_intro = تاریخ رویدادها و توافق‌هایی که گزارش‌ها به آن‌ها پرداخته‌اند؛ تازه‌ترین‌ها در آغاز.
changes = تغییرات این گزارش
likelihood_legend = معنای واژه‌های احتمال
who = نام‌ها و موضوع‌های این گزارش
events = تاریخ‌های این گزارش
previous_part = بخش پیشین
next_part = بخش بعدی
backlinks = گزارش‌هایی که به این گزارش ارجاع داده‌اند
related_briefings = گزارش‌های مرتبط
cite = ارجاع به این گزارش
cite_files = پروندهٔ استناد

## Topic
also_known_as = نام‌های دیگر
facts = در یک نگاه
relations = پیوندها
chronology = گاه‌شمار
start_here = از اینجا آغاز کنید
about_topic = گزارش‌های این موضوع
mentions_of_topic = نام‌برده در
narrower_topics = زیرموضوع‌ها
appears_with = بیشتر همراه با
roles = سمت‌ها
office_holders = صاحبان منصب
leaders_and_members = رهبری و اعضا
membership = عضویت
former = پیشین
first_mention = نخستین اشاره
last_mention = تازه‌ترین اشاره
named_in = نام‌برده در
topic_feed = خوراک این موضوع (Atom)
together_caption = هرچه دایره بزرگ‌تر باشد، آن موضوع در گزارش‌های بیشتری با موضوع این صفحه همراه است. کمان‌ها موضوع‌هایی را به هم می‌پیوندند که بیشتر با هم می‌آیند.

## Search
search = جستجو
search_briefings = جستجو در گزارش‌ها
search_needs_script = جستجو با JavaScript کار می‌کند. بدون آن می‌توانید از موضوع‌ها و سال‌های بایگانی آغاز کنید.
search_searching = در حال جستجو…
search_failed = جستجو انجام نشد. اتصال شبکه را بررسی کنید.
search_retry = تلاش دوباره
search_partial = هیچ گزارشی همهٔ این واژه‌ها را ندارد؛ این گزارش‌ها برخی از آن‌ها را دارند.
search_hint = واژه‌ای کوتاه‌تر بنویسید یا از یکی از موضوع‌ها آغاز کنید.
search_more = نتیجه‌های بیشتر
search_results = نتیجه‌های جستجو
search_all_languages = همهٔ زبان‌ها
search_in_all_languages = جستجو در همهٔ زبان‌ها
search_filter = محدود کردن نتیجه‌ها
search_filtered = تنها
search_clear = برداشتن محدودیت‌ها
search_any = همه
search_topic = موضوع
search_kind = نوع
search_author = نویسنده
search_year = سال
search_sort = ترتیب
search_by_relevance = مرتبط‌ترین
search_by_date = تازه‌ترین

## Errors
not_found = صفحه پیدا نشد
not_found_text = در این نشانی صفحه‌ای نیست. شاید جابه‌جا شده یا پیوند ناقص باشد.
redirect = این صفحه جابه‌جا شده است
moved = این صفحه جابه‌جا شده است: رفتن به نشانی تازه

## Sentences with values
by = نوشتهٔ { $names }
feed_of = خوراک { $name }
figure_title = موضوع‌های همراه با { $name }
part_of = بخش { $number } از { $total }
page_of = صفحهٔ { $number } از { $total }
likelihood_with_range = { $term } ({ $range })
period = از { $from } تا { $to }
since = از { $from }
until = تا { $to }
reading_time = { $n ->
    [one] { $n_text } دقیقه مطالعه
   *[other] { $n_text } دقیقه مطالعه
}
n_briefings = { $n ->
    [0] بدون گزارش
    [one] { $n_text } گزارش
   *[other] { $n_text } گزارش
}
n_mentions = { $n ->
    [0] بدون اشاره
    [one] { $n_text } بار اشاره
   *[other] { $n_text } بار اشاره
}
n_together = { $n ->
    [0] هرگز با هم
    [one] با هم در { $n_text } گزارش
   *[other] با هم در { $n_text } گزارش
}
n_more_sentences = { $n ->
    [0] بدون جملهٔ دیگر
    [one] { $n_text } جملهٔ دیگر
   *[other] { $n_text } جملهٔ دیگر
}
n_older = { $n ->
    [0] چیزی قدیمی‌تر نیست
    [one] { $n_text } مورد قدیمی‌تر اینجا نیامده است؛ فهرست گزارش‌ها را ببینید
   *[other] { $n_text } مورد قدیمی‌تر اینجا نیامده است؛ فهرست گزارش‌ها را ببینید
}
n_topics = { $n ->
    [0] بدون موضوع
    [one] { $n_text } موضوع
   *[other] { $n_text } موضوع
}
n_corrections = { $n ->
    [0] بدون اصلاحیه
    [one] { $n_text } اصلاحیه
   *[other] { $n_text } اصلاحیه
}
n_more_names = { $n ->
    [0] بدون نام دیگر
    [one] { $n_text } نام دیگر
   *[other] { $n_text } نام دیگر
}
n_dates = { $n ->
    [0] بدون تاریخ
    [one] { $n_text } تاریخ
   *[other] { $n_text } تاریخ
}
search_nothing = نتیجه‌ای برای «{ $query }» پیدا نشد.
search_corrected = نتیجه‌های «{ $word }» به جای «{ $typed }».
n_results = { $n ->
    [0] بدون نتیجه
    [one] { $n_text } نتیجه
   *[other] { $n_text } نتیجه
}

## Kinds of briefing
kind_flash = خبر فوری
kind_briefing = گزارش
kind_analysis = تحلیل
kind_backgrounder = پیشینه
kind_report = گزارش تفصیلی
kind_tracker = رصد
kind_digest = چکیده
kind_flash_many = خبرهای فوری
kind_briefing_many = گزارش‌ها
kind_analysis_many = تحلیل‌ها
kind_backgrounder_many = پیشینه‌ها
kind_report_many = گزارش‌های تفصیلی
kind_tracker_many = رصدها
kind_digest_many = چکیده‌ها

## Kinds of topic
topic_theme = مسئله
topic_country = کشور
topic_region = منطقه
topic_place = مکان
topic_person = شخصیت
topic_organisation = سازمان
topic_agreement = توافق
topic_event = رویداد
topic_weapon = جنگ‌افزار
topic_product = محصول

## Likelihood (ICD 203) and confidence
likelihood_1 = تقریباً ناممکن
likelihood_2 = بسیار بعید
likelihood_3 = بعید
likelihood_4 = برابر
likelihood_5 = محتمل
likelihood_6 = بسیار محتمل
likelihood_7 = تقریباً قطعی
confidence_low = کم
confidence_moderate = متوسط
confidence_high = زیاد

## Relations, as seen from this topic, and from the other side
rel_member_of = عضو
rel_member_of_inverse = اعضا
rel_party_to = طرف
rel_party_to_inverse = طرف‌ها
rel_located_in = موقعیت
rel_located_in_inverse = مکان‌ها
rel_borders = هم‌مرز با
rel_borders_inverse = هم‌مرز با
rel_head_of = رئیس
rel_head_of_inverse = ریاست
rel_foreign_minister_of = وزیر خارجهٔ
rel_foreign_minister_of_inverse = وزیر خارجه
rel_part_of = بخشی از
rel_part_of_inverse = شامل
rel_hosts = میزبان
rel_hosts_inverse = به میزبانی
rel_led_by = به رهبری
rel_led_by_inverse = رهبر
rel_about = دربارهٔ
rel_about_inverse = موضوعِ
rel_route_through = گذر از
rel_route_through_inverse = مسیرهای گذرنده
rel_mediates = میانجی در
rel_mediates_inverse = میانجی‌ها
rel_inverse_of = { $name } (از سوی دیگر)

## What happens when a relation begins or ends
event_begins = { $name }: آغاز
event_ends = { $name }: پایان
event_member_of_begins = پیوستن
event_member_of_ends = ترک عضویت
event_party_to_begins = پیوستن
event_party_to_ends = خروج
event_head_of_begins = آغاز به کار
event_head_of_ends = پایان کار
event_foreign_minister_of_begins = آغاز به کار
event_foreign_minister_of_ends = پایان کار
event_part_of_begins = مشارکت
event_part_of_ends = پایان مشارکت
event_mediates_begins = آغاز میانجی‌گری
event_mediates_ends = پایان میانجی‌گری
