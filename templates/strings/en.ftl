# The interface's words in English.

## Frame
skip_to_content = Skip to content
nav_label = Sections
nav_home = Home
nav_topics = Topics
nav_archive = Archive
languages_label = This page in other languages
footer_label = About this site
feed = Feed (Atom)
preview_notice = Preview: this build contains unpublished texts.
breadcrumbs_label = You are here
pagination_label = Pages of this list
letters_label = Letters
newer = Newer
older = Older
colon = :
list_comma = ,
quote_open = “
quote_close = ”

## Lists
latest = Latest briefings
briefings = Briefings
all_briefings = All briefings
topics = Topics
all_topics = All topics
archive = Archive
undated = Undated
series = Series
series_list = Series
author = Author
no_briefings = No briefings have been published yet.
no_topics = There are no topics yet.
no_briefings_about = No briefing deals with this topic yet.
no_corrections = No corrections have been published.

## Briefing
key_points = Key points
key_judgements = Key judgements
likelihood = Likelihood
confidence = Confidence
contents = Contents
updated = Updated
information_cutoff = Information as of
stale_translation = The original has changed since this translation was made. The original:
withdrawn = Withdrawn
withdrawn_default = This briefing has been withdrawn. Its text is kept here for the record and should no longer be relied on.
image_credit = Image
sources = Sources
source = Source
source_grade = Grade of the source (Admiralty code)
source_language = Language of the source
footnotes = Notes
footnote_back = Back to the text
footnote_ref = Note
table_label = Table
corrections = Corrections
corrections_intro = What we got wrong, and when we put it right. The newest correction comes first.
corrections_feed = Feed of corrections (Atom)
chronology_intro = Dates of the events and agreements in our briefings, newest first.
changes = Changes to this briefing
likelihood_legend = What the words of likelihood mean
who = Who and what is in this briefing
events = Dates in this briefing
previous_part = Previous part
next_part = Next part
backlinks = Briefings that refer to this one
related_briefings = Related briefings
cite = Cite this briefing
cite_files = Citation file

## Topic
also_known_as = Also known as
facts = At a glance
relations = Relations
chronology = Chronology
start_here = Start here
about_topic = Briefings on this topic
mentions_of_topic = Mentioned in
narrower_topics = Within this topic
appears_with = Often appears with
roles = Roles
office_holders = Office-holders
leaders_and_members = Leadership and members
membership = Membership
former = former
first_mention = First mention
last_mention = Latest mention
named_in = Named in
topic_feed = Feed of this topic (Atom)
together_caption = The larger the dot, the more briefings a topic shares with the topic of this page. Arcs join topics that often appear with each other.

## Search
search = Search
search_briefings = Search the briefings
search_needs_script = Search works when JavaScript is on in your browser. Here are the topics and the years of the archive to start from.
search_searching = Searching…
search_failed = The search failed. Check your connection.
search_retry = Try again
search_partial = No briefing has all of these words; these have some of them.
search_hint = Try a shorter word, or start from one of the topics.
search_more = More results
search_results = Search results
search_all_languages = All languages
search_in_all_languages = Search in all languages
search_filter = Filter the results
search_filtered = Only
search_clear = Clear the filters
search_any = All
search_topic = Topic
search_kind = Kind
search_author = Author
search_year = Year
search_sort = Sort by
search_by_relevance = Relevance
search_by_date = Newest

## Errors
not_found = Page not found
not_found_text = There is no page at this address. It may have moved, or the link may be incomplete.
redirect = This page has moved
moved = This page has moved: go to its new address

## Sentences with values
by = By { $names }
feed_of = { $name }: feed
figure_title = Topics that appear with { $name }
part_of = Part { $number } of { $total }
page_of = Page { $number } of { $total }
likelihood_with_range = { $term } ({ $range })
period = { $from } to { $to }
since = since { $from }
until = until { $to }
reading_time = { $n ->
    [one] { $n_text } min read
   *[other] { $n_text } min read
}
n_briefings = { $n ->
    [0] no briefings
    [one] { $n_text } briefing
   *[other] { $n_text } briefings
}
n_mentions = { $n ->
    [0] no mentions
    [one] { $n_text } mention
   *[other] { $n_text } mentions
}
n_together = { $n ->
    [0] never together
    [one] together in { $n_text } briefing
   *[other] together in { $n_text } briefings
}
n_more_sentences = { $n ->
    [0] no more sentences
    [one] { $n_text } more sentence
   *[other] { $n_text } more sentences
}
n_older = { $n ->
    [0] nothing older
    [one] { $n_text } older entry is not shown here: see the list of briefings
   *[other] { $n_text } older entries are not shown here: see the list of briefings
}
n_topics = { $n ->
    [0] no topics
    [one] { $n_text } topic
   *[other] { $n_text } topics
}
n_corrections = { $n ->
    [0] no corrections
    [one] { $n_text } correction
   *[other] { $n_text } corrections
}
n_more_names = { $n ->
    [0] no more names
    [one] { $n_text } more name
   *[other] { $n_text } more names
}
n_dates = { $n ->
    [0] no dates
    [one] { $n_text } date
   *[other] { $n_text } dates
}
search_nothing = No results for “{ $query }”.
search_corrected = Showing results for “{ $word }” instead of “{ $typed }”.
n_results = { $n ->
    [0] no results
    [one] { $n_text } result
   *[other] { $n_text } results
}

## Kinds of briefing
kind_flash = Flash
kind_briefing = Briefing
kind_analysis = Analysis
kind_backgrounder = Backgrounder
kind_report = Report
kind_tracker = Tracker
kind_digest = Digest
kind_flash_many = Flashes
kind_briefing_many = Briefings
kind_analysis_many = Analyses
kind_backgrounder_many = Backgrounders
kind_report_many = Reports
kind_tracker_many = Trackers
kind_digest_many = Digests

## Kinds of topic
topic_theme = Theme
topic_country = Country
topic_region = Region
topic_place = Place
topic_person = Person
topic_organisation = Organisation
topic_agreement = Agreement
topic_event = Event
topic_weapon = Weapon
topic_product = Product

## Likelihood (ICD 203) and confidence
likelihood_1 = almost no chance
likelihood_2 = very unlikely
likelihood_3 = unlikely
likelihood_4 = roughly even chance
likelihood_5 = likely
likelihood_6 = very likely
likelihood_7 = almost certain
confidence_low = low
confidence_moderate = moderate
confidence_high = high

## Relations, as seen from this topic, and from the other side
rel_member_of = Member of
rel_member_of_inverse = Members
rel_party_to = Party to
rel_party_to_inverse = Parties
rel_located_in = Location
rel_located_in_inverse = Places
rel_borders = Borders
rel_borders_inverse = Borders
rel_head_of = Head of
rel_head_of_inverse = Head
rel_foreign_minister_of = Foreign minister of
rel_foreign_minister_of_inverse = Foreign minister
rel_part_of = Part of
rel_part_of_inverse = Includes
rel_hosts = Hosts
rel_hosts_inverse = Host
rel_led_by = Led by
rel_led_by_inverse = Leads
rel_about = Concerns
rel_about_inverse = Subject of
rel_route_through = Passes through
rel_route_through_inverse = Routes across
rel_mediates = Mediates in
rel_mediates_inverse = Mediators
rel_inverse_of = { $name } (from the other side)

## What happens when a relation begins or ends
event_begins = { $name }: beginning
event_ends = { $name }: end
event_member_of_begins = Joined
event_member_of_ends = Left
event_party_to_begins = Joined
event_party_to_ends = Withdrew
event_head_of_begins = Took office
event_head_of_ends = Left office
event_foreign_minister_of_begins = Took office
event_foreign_minister_of_ends = Left office
event_part_of_begins = Took part
event_part_of_ends = End of participation
event_mediates_begins = Began to mediate
event_mediates_ends = End of mediation
