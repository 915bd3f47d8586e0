//! Relations of a topic, both ways: as a table, and as roles with their dates.
//!
//! A relation is written once, in the record of one topic; the other topic shows it from
//! its side. Its name is the interface word `rel_<name>`, or `rel_<name>_inverse` from the
//! other side. A desk that makes up a name (`rel: owns`) adds the two words to its
//! `content/strings/`; until it does, the name itself is shown, with spaces for `_`, and
//! the other side says that it is the inverse.

use jiff::civil::Date;

use crate::model::TopicId;
use crate::parse::front_matter::{Period, Relation, TopicKind};
use crate::render::scope::Scope;
use crate::render::views::{RelatedTopicView, RelationView, RolesView, TextView};
use crate::text::date::PartialDate;

/// A relation as one of its two topics sees it.
#[derive(Debug, Clone, Copy)]
pub struct Tie<'a> {
    /// The topic on the other side.
    pub other: TopicId,
    /// What is between them.
    pub relation: &'a Relation,
    /// Whether it is written in the record of the other topic.
    pub is_inverse: bool,
}

/// What a relation is to one of its topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// An office held by a person, or by another topic.
    Office,
    /// Membership.
    Member,
}

/// Whether a period is over on a day: its last day, month or year has gone by.
pub fn is_over(period: &Period, today: Date) -> bool {
    match period.to {
        None => false,
        Some(PartialDate::Day { date, .. }) => date < today,
        Some(PartialDate::Month { year, month, .. }) => {
            (year, month) < (today.year(), today.month())
        }
        Some(PartialDate::Year { year, .. }) => year < today.year(),
    }
}

/// Whether the topic of the page holds the role, and the other one gives it.
fn is_holder(tie: &Tie<'_>) -> bool {
    tie.is_inverse == (tie.relation.rel == "led_by")
}

impl<'a> Scope<'a> {
    /// Relations of a topic: its own, then those that others have to it.
    pub fn ties(&self, id: TopicId) -> Vec<Tie<'a>> {
        let relations = |of: TopicId| {
            let relations = self.site.topics[of.at()].meta.relations.as_ref();
            relations.map_or(&[][..], |it| it.value.as_slice())
        };
        let own = relations(id).iter().filter_map(|relation| {
            let other = self.site.topic(&relation.to.value)?;
            Some(Tie { other, relation, is_inverse: false })
        });
        let inverse = self.links.inverse[id.at()].iter().filter_map(|(other, at)| {
            let relation = relations(*other).get(*at)?;
            Some(Tie { other: *other, relation, is_inverse: true })
        });
        own.chain(inverse).collect()
    }

    /// Name of a relation in words, from the side of the page.
    pub fn relation_name(&self, tie: &Tie<'_>) -> String {
        let rel = &tie.relation.rel;
        let suffix = if tie.is_inverse { "_inverse" } else { "" };
        if let Some(words) = self.words.find(&format!("rel_{rel}{suffix}")) {
            return words.to_owned();
        }
        // A made-up name is a word of another language: it stays in its own isolate.
        let name = format!("\u{2068}{}\u{2069}", rel.replace('_', " "));
        if tie.is_inverse {
            self.words.with("rel_inverse_of", &[("name", &name)])
        } else {
            name
        }
    }

    /// The roles of a person; the leaders and members of an organisation; who is in
    /// office in a country. Offices come before membership, current ones before former
    /// ones, and the newest first.
    pub fn roles(&self, id: TopicId, ties: &[Tie<'a>]) -> Option<RolesView<'a>> {
        let mut roles: Vec<(Role, &Tie<'a>)> =
            ties.iter().filter_map(|it| Some((self.role(id, it)?, it))).collect();
        roles.sort_by_key(|(role, tie)| {
            let period = &tie.relation.period;
            let from = period.from.as_ref().map(PartialDate::first_day);
            (*role, is_over(period, self.today), std::cmp::Reverse(from))
        });
        let is_person = self.site.topics[id.at()].kind == TopicKind::Person;
        let title = match (roles.first()?.0, roles.last()?.0) {
            _ if is_person => "roles",
            (Role::Office, Role::Office) => "office_holders",
            (Role::Office, Role::Member) => "leaders_and_members",
            (Role::Member, _) => "membership",
        };
        let mut groups = Vec::new();
        for (role, tie) in roles {
            let Some(mut target) = self.related_topic(tie) else { continue };
            // The note of an office is its title: "Director General".
            let office = target.note.take_if(|_| role == Role::Office);
            let name = || self.made_text(self.relation_name(tie));
            add(&mut groups, office.unwrap_or_else(name), target);
        }
        let title = self.words.get(title);
        (!groups.is_empty()).then_some(RolesView { title, groups })
    }

    /// The relations that are no roles, grouped by their names.
    pub fn relations(&self, id: TopicId, ties: &[Tie<'a>]) -> Vec<RelationView<'a>> {
        let mut groups = Vec::new();
        for tie in ties.iter().filter(|it| self.role(id, it).is_none()) {
            if let Some(target) = self.related_topic(tie) {
                let name = self.made_text(self.relation_name(tie));
                add(&mut groups, name, target);
            }
        }
        groups
    }

    /// What a relation is in the roles of a topic; nothing for those that are none.
    fn role(&self, id: TopicId, tie: &Tie<'_>) -> Option<Role> {
        let role = match tie.relation.rel.as_str() {
            _ if self.is_office(id, tie) => Role::Office,
            "member_of" => Role::Member,
            _ => return None,
        };
        let is_holder = is_holder(tie);
        let is_shown = match self.site.topics[id.at()].kind {
            TopicKind::Person => is_holder,
            TopicKind::Organisation => !is_holder,
            TopicKind::Country => !is_holder && role == Role::Office,
            _ => false,
        };
        is_shown.then_some(role)
    }

    /// Whether a relation is an office: leading something, or what a person is by a name
    /// that ends in `_of`, as in `ambassador_of`.
    pub fn is_office(&self, id: TopicId, tie: &Tie<'_>) -> bool {
        let rel = tie.relation.rel.as_str();
        let holder = if is_holder(tie) { id } else { tie.other };
        matches!(rel, "head_of" | "foreign_minister_of" | "leads" | "led_by")
            || (self.site.topics[holder.at()].kind == TopicKind::Person
                && rel.ends_with("_of")
                && !matches!(rel, "member_of" | "part_of"))
    }

    fn related_topic(&self, tie: &Tie<'a>) -> Option<RelatedTopicView<'a>> {
        let period = &tie.relation.period;
        Some(RelatedTopicView {
            topic: self.topic_link(tie.other)?,
            period: self.period(period),
            is_former: is_over(period, self.today),
            note: self.localized(&tie.relation.note),
        })
    }
}

fn add<'a>(
    groups: &mut Vec<RelationView<'a>>,
    label: TextView<'a>,
    target: RelatedTopicView<'a>,
) {
    match groups.iter_mut().find(|it| it.label.text == label.text) {
        Some(group) => group.targets.push(target),
        None => groups.push(RelationView { label, targets: vec![target] }),
    }
}

#[cfg(test)]
mod tests {
    use super::is_over;
    use crate::parse::front_matter::Period;
    use crate::text::date::parse_partial;

    #[track_caller]
    fn check(to: &str, today: &str, expected: bool) {
        let period = Period { from: None, to: parse_partial(to).ok() };
        assert_eq!(is_over(&period, today.parse().unwrap()), expected);
    }

    #[test]
    fn a_period_is_over_when_its_last_day_month_or_year_has_gone_by() {
        check("2025-06-30", "2025-06-30", false);
        check("2025-06-30", "2025-07-01", true);
        check("2025-06", "2025-06-30", false);
        check("2025-06", "2025-07-01", true);
        check("2025", "2025-12-31", false);
        check("2025", "2026-01-01", true);
        let open = Period::default();
        assert!(!is_over(&open, "2025-01-01".parse().unwrap()));
    }
}
