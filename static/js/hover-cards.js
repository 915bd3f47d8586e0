// Shows what a topic is while a link to it in running text is pointed at or has the focus.
//
// Nothing depends on this file: without it a link is a link. What a card says stands on the
// page, in the list of names below the text (`mz.who`); for a name that is not listed there,
// it is read off the page of the topic. A card can be pointed at, stays as long as it or its
// link is, and goes with Escape (WCAG 1.4.13).
"use strict";
{
  const WAIT = 250;
  const GAP = 6;
  const links = ".prose a[data-topic]";
  const card = document.createElement("div");
  card.className = "hover-card";
  card.id = "mz-hover-card";
  card.role = "tooltip";
  let shown = null;
  let wanted = null;
  let timer = 0;
  let mouse = { clientX: -1, clientY: -1 };
  const pages = new Map();

  /** A copy of a part of a page for the card, under a class of its own. */
  const part = (from, tag, name) => {
    const to = document.createElement(tag);
    to.className = name;
    to.lang = from.closest("[lang]").lang;
    to.dir = from.closest("[dir]").dir;
    to.append(...[...from.childNodes].map((it) => document.importNode(it, true)));
    return to;
  };

  /** What a card says, from the place that says it: title, kind, a sentence. */
  const content = (title, kind, summary) =>
    [
      title && part(title, "p", "hover-card__title"),
      kind && part(kind, "p", "meta"),
      summary && part(summary, "p", "quiet"),
    ].filter(Boolean);

  const fromPage = (link) => {
    const id = CSS.escape(link.dataset.topic);
    const entry = document.querySelector(`.who [data-topic="${id}"]`);
    return entry && [
      entry.querySelector(".topic-card__title"),
      entry.querySelector(".topic-card__meta span"),
      entry.querySelector(".topic-card__summary"),
    ];
  };

  const fromTopic = async (link) => {
    // A topic without a page is a line of the list of topics.
    if (link.hash) return null;
    const href = link.href;
    if (!pages.has(href)) {
      const read = async () => {
        const answer = await fetch(href);
        if (!answer.ok) return null;
        const topic = new DOMParser().parseFromString(await answer.text(), "text/html");
        const head = topic.querySelector(".topic__head");
        return head && [
          head.querySelector(".topic__title"),
          head.querySelector(".kicker__kind"),
          head.querySelector(".topic__summary"),
        ];
      };
      pages.set(href, read().catch(() => null));
    }
    return pages.get(href);
  };

  /**
   * Puts the card below the line of its link that is at a height of the window, else below
   * the first one; above it where there is no room below.
   */
  const place = (link, height) => {
    const root = document.documentElement;
    const lines = [...link.getClientRects()];
    const line = lines.find((it) => it.top <= height && height <= it.bottom) ?? lines[0];
    const isRtl = getComputedStyle(root).direction === "rtl";
    const start = isRtl ? root.clientWidth - line.right : line.left;
    const most = root.clientWidth - card.offsetWidth - GAP;
    card.style.insetInlineStart = `${Math.max(GAP, Math.min(start, most))}px`;
    const below = line.bottom + GAP;
    const above = line.top - card.offsetHeight - GAP;
    const isBelow = below + card.offsetHeight <= innerHeight || above < 0;
    card.style.insetBlockStart = `${scrollY + (isBelow ? below : above)}px`;
  };

  const hide = () => {
    clearTimeout(timer);
    wanted = null;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    card.remove();
  };

  const show = async (link, height) => {
    wanted = link;
    const found = fromPage(link) || (await fromTopic(link));
    if (wanted !== link || !link.matches(":hover, :focus")) return;
    hide();
    if (!found) return;
    card.replaceChildren(...content(...found));
    document.body.append(card);
    shown = link;
    link.setAttribute("aria-describedby", card.id);
    place(link, height);
  };

  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };

  /** Leaves a link or a card; what the keyboard shows stays until the focus goes. */
  const leave = () => {
    if (!shown) clearTimeout(timer);
    else if (!shown.matches(":focus-visible")) soon(hide);
  };

  document.addEventListener("pointermove", (event) => {
    mouse = event;
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    // A page that scrolls to the focus moves below a mouse that points at nothing.
    const isStill = event.clientX === mouse.clientX && event.clientY === mouse.clientY;
    if (isStill && document.querySelector(":focus-visible")) return;
    const link = event.target.closest?.(links);
    if (link === shown && link) clearTimeout(timer);
    else if (link) soon(() => show(link, mouse.clientY));
    else if (card.contains(event.target)) clearTimeout(timer);
    else leave();
  });
  document.documentElement.addEventListener("pointerleave", leave);
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.(links);
    if (link && link.matches(":focus-visible")) show(link);
    else if (shown) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
