# מילות הממשק בעברית.

## Frame
skip_to_content = דילוג לתוכן
nav_label = מדורי האתר
nav_home = דף הבית
nav_topics = נושאים
nav_archive = ארכיון
languages_label = הדף הזה בשפות אחרות
footer_label = על האתר
feed = עדכונים (Atom)
preview_notice = תצוגה מקדימה: הגרסה כוללת טקסטים שטרם פורסמו.
breadcrumbs_label = מיקומך באתר
pagination_label = דפי הרשימה
letters_label = אותיות
newer = חדשים יותר
older = ישנים יותר
colon = :
list_comma = ,
quote_open = ”
quote_close = ”

## Lists
latest = התדרוכים האחרונים
briefings = תדרוכים
all_briefings = כל התדרוכים
topics = נושאים
all_topics = כל הנושאים
archive = ארכיון
undated = ללא תאריך
series = סדרה
series_list = סדרות
author = מאת
no_briefings = טרם פורסמו תדרוכים.
no_topics = אין עדיין נושאים.
no_briefings_about = אין עדיין תדרוכים בנושא הזה.
no_corrections = לא פורסמו תיקונים.

## Briefing
key_points = עיקרי הדברים
key_judgements = הערכות מרכזיות
likelihood = סבירות
confidence = רמת ביטחון
contents = תוכן העניינים
updated = עודכן
information_cutoff = מועד המידע
stale_translation = המקור עודכן לאחר שהוכן התרגום הזה. המקור:
withdrawn = נמשך מפרסום
withdrawn_default = התדרוך הזה נמשך מפרסום. הטקסט נשמר כאן לתיעוד ואין להסתמך עליו.
image_credit = תמונה
sources = מקורות
source = מקור
source_grade = דירוג המקור (קוד האדמירליות)
source_language = שפת המקור
footnotes = הערות
footnote_back = חזרה לטקסט
footnote_ref = הערה
table_label = טבלה
corrections = תיקונים
corrections_intro = מה טעינו ומתי תיקנו. התיקון האחרון מופיע ראשון.
corrections_feed = עדכונים על תיקונים (Atom)
chronology_intro = תאריכי האירועים וההסכמים שבתדרוכים, מהחדש לישן.
changes = שינויים בתדרוך
likelihood_legend = משמעות מילות הסבירות
who = מי ומה בתדרוך הזה
events = תאריכים בתדרוך הזה
previous_part = החלק הקודם
next_part = החלק הבא
backlinks = תדרוכים שמפנים לתדרוך הזה
related_briefings = תדרוכים קשורים
cite = ציטוט התדרוך
cite_files = קובץ ציטוט

## Topic
also_known_as = שמות נוספים
facts = במבט מהיר
relations = קשרים
chronology = ציר הזמן
start_here = להתחיל כאן
about_topic = תדרוכים בנושא
mentions_of_topic = מוזכר בתדרוכים
narrower_topics = תת־נושאים
appears_with = מופיע לרוב עם
roles = תפקידים
office_holders = בעלי תפקידים
leaders_and_members = הנהגה וחברים
membership = חברות בארגון
former = לשעבר
first_mention = אזכור ראשון
last_mention = אזכור אחרון
named_in = מופיע ב
topic_feed = עדכונים בנושא (Atom)
together_caption = ככל שהעיגול גדול יותר, הנושא משותף ליותר תדרוכים עם נושא הדף. הקשתות מחברות נושאים שמופיעים יחד לעיתים קרובות.

## Search
search = חיפוש
search_briefings = חיפוש בתדרוכים
search_needs_script = החיפוש פועל כאשר JavaScript מופעל בדפדפן. אפשר להתחיל מהנושאים ומשנות הארכיון.
search_searching = מתבצע חיפוש…
search_failed = החיפוש נכשל. כדאי לבדוק את החיבור לרשת.
search_retry = ניסיון נוסף
search_partial = אין תדרוך שכולל את כל המילים; התדרוכים האלה כוללים חלק מהן.
search_hint = אפשר לנסות מילה קצרה יותר, או להתחיל מאחד הנושאים.
search_more = תוצאות נוספות
search_results = תוצאות החיפוש
search_all_languages = כל השפות
search_in_all_languages = חיפוש בכל השפות
search_filter = סינון התוצאות
search_filtered = רק
search_clear = ביטול הסינון
search_any = הכול
search_topic = נושא
search_kind = סוג
search_author = כותב
search_year = שנה
search_sort = מיון
search_by_relevance = לפי רלוונטיות
search_by_date = מהחדש לישן

## Errors
not_found = הדף לא נמצא
not_found_text = אין דף בכתובת הזאת. ייתכן שהועבר או שהקישור חלקי.
redirect = הדף הועבר
moved = הדף הועבר: מעבר לכתובת החדשה

## Sentences with values
by = מאת { $names }
feed_of = עדכונים: { $name }
figure_title = נושאים שמופיעים עם { $name }
part_of = חלק { $number } מתוך { $total }
page_of = עמוד { $number } מתוך { $total }
likelihood_with_range = { $term } ({ $range })
period = מ־{ $from } עד { $to }
since = מאז { $from }
until = עד { $to }
reading_time = { $n ->
    [one] דקת קריאה
    [two] שתי דקות קריאה
   *[other] { $n_text } דקות קריאה
}
n_briefings = { $n ->
    [0] אין תדרוכים
    [one] תדרוך אחד
    [two] שני תדרוכים
   *[other] { $n_text } תדרוכים
}
n_mentions = { $n ->
    [0] אין אזכורים
    [one] אזכור אחד
    [two] שני אזכורים
   *[other] { $n_text } אזכורים
}
n_together = { $n ->
    [0] אף פעם לא יחד
    [one] יחד בתדרוך אחד
    [two] יחד בשני תדרוכים
   *[other] יחד ב־{ $n_text } תדרוכים
}
n_more_sentences = { $n ->
    [0] אין עוד משפטים
    [one] עוד משפט אחד
    [two] עוד שני משפטים
   *[other] עוד { $n_text } משפטים
}
n_older = { $n ->
    [0] אין פריטים ישנים יותר
    [one] פריט אחד ישן יותר אינו מוצג כאן: לרשימת התדרוכים
    [two] שני פריטים ישנים יותר אינם מוצגים כאן: לרשימת התדרוכים
   *[other] { $n_text } פריטים ישנים יותר אינם מוצגים כאן: לרשימת התדרוכים
}
n_topics = { $n ->
    [0] אין נושאים
    [one] נושא אחד
    [two] שני נושאים
   *[other] { $n_text } נושאים
}
n_corrections = { $n ->
    [0] אין תיקונים
    [one] תיקון אחד
    [two] שני תיקונים
   *[other] { $n_text } תיקונים
}
n_more_names = { $n ->
    [0] אין שמות נוספים
    [one] שם נוסף
    [two] שני שמות נוספים
   *[other] { $n_text } שמות נוספים
}
n_dates = { $n ->
    [0] אין תאריכים
    [one] תאריך אחד
    [two] שני תאריכים
   *[other] { $n_text } תאריכים
}
search_nothing = אין תוצאות עבור ”{ $query }”.
search_corrected = תוצאות עבור ”{ $word }” במקום ”{ $typed }”.
n_results = { $n ->
    [0] אין תוצאות
    [one] תוצאה אחת
    [two] שתי תוצאות
   *[other] { $n_text } תוצאות
}

## Kinds of briefing
kind_flash = מבזק
kind_briefing = תדרוך
kind_analysis = ניתוח
kind_backgrounder = רקע
kind_report = דוח
kind_tracker = מעקב
kind_digest = תקציר
kind_flash_many = מבזקים
kind_briefing_many = תדרוכים
kind_analysis_many = ניתוחים
kind_backgrounder_many = רקע
kind_report_many = דוחות
kind_tracker_many = מעקב
kind_digest_many = תקצירים

## Kinds of topic
topic_theme = סוגיה
topic_country = מדינה
topic_region = אזור
topic_place = מקום
topic_person = אישיות
topic_organisation = ארגון
topic_agreement = הסכם
topic_event = אירוע
topic_weapon = נשק
topic_product = מוצר

## Likelihood (ICD 203) and confidence
likelihood_1 = כמעט בלתי אפשרי
likelihood_2 = מאוד לא סביר
likelihood_3 = לא סביר
likelihood_4 = סיכוי שקול
likelihood_5 = סביר
likelihood_6 = סביר מאוד
likelihood_7 = כמעט ודאי
confidence_low = נמוכה
confidence_moderate = בינונית
confidence_high = גבוהה

## Relations, as seen from this topic, and from the other side
rel_member_of = חברות
rel_member_of_inverse = חברים
rel_party_to = הסכמים
rel_party_to_inverse = הצדדים
rel_located_in = מיקום
rel_located_in_inverse = מקומות
rel_borders = גובל עם
rel_borders_inverse = גובל עם
rel_head_of = בראש
rel_head_of_inverse = העומד בראש
rel_foreign_minister_of = שר החוץ של
rel_foreign_minister_of_inverse = שר החוץ
rel_part_of = שייך אל
rel_part_of_inverse = כולל
rel_hosts = אירוח
rel_hosts_inverse = המארח
rel_led_by = בהנהגת
rel_led_by_inverse = הנהגה
rel_about = עוסק בנושא
rel_about_inverse = בנושא זה
rel_route_through = עובר דרך
rel_route_through_inverse = נתיבים
rel_mediates = תיווך
rel_mediates_inverse = המתווכים
rel_inverse_of = { $name } (מהצד האחר)

## What happens when a relation begins or ends
event_begins = { $name }: התחלה
event_ends = { $name }: סיום
event_member_of_begins = הצטרפות
event_member_of_ends = עזיבה
event_party_to_begins = הצטרפות
event_party_to_ends = פרישה
event_head_of_begins = כניסה לתפקיד
event_head_of_ends = סיום התפקיד
event_foreign_minister_of_begins = כניסה לתפקיד
event_foreign_minister_of_ends = סיום התפקיד
event_part_of_begins = השתתפות
event_part_of_ends = סיום ההשתתפות
event_mediates_begins = תחילת התיווך
event_mediates_ends = סיום התיווך
