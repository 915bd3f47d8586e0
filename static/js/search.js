// Finds briefings on the search page while a query is typed.
//
// What matches is decided by the module that `data-search` names. This file keeps the state
// in the address and lays results into the page. Words and markup stand in the page; what is
// typed, and what pages say, becomes text nodes and nothing else.

const TYPING = 120;
const PAUSE = 400;
const PART = 10;
const N_TOPICS = 3;
const FACETS = ["topic", "kind", "author", "year"];

const page = document.documentElement;
const root = document.querySelector("[data-search]");
const start = document.querySelector("[data-search-start]");
const input = document.querySelector("main [role=search] input");
const words = root.dataset;
const place = (name) => root.querySelector(`[data-search-${name}]`);
const part = (of, name) => of.querySelector(`[data-part=${name}]`);
const template = (name) => root.querySelector(`[data-template=${name}]`).content;
const copy = (name) => template(name).firstElementChild.cloneNode(true);
const [list, found, more] = ["results", "found", "more"].map(place);
const everywhere = root.querySelector("[name=lang]");
const selects = {};
for (const it of root.querySelectorAll("select")) selects[it.name] = it;
const isSaving = navigator.connection?.saveData;

/** An element with a text. */
const element = (tag, textContent = "", values = {}) =>
  Object.assign(document.createElement(tag), { textContent }, values);

const plurals = new Intl.PluralRules(page.lang);
const numbers = new Intl.NumberFormat(page.lang, { numberingSystem: words.digits });

/** "3 results", "3 briefings". */
const count = (of, n) => {
  const form = plurals.select(n);
  // A browser may know a form that the site has no words for.
  const text = words[of + form[0].toUpperCase() + form.slice(1)] ?? words[`${of}Other`];
  return text.replace("{n}", numbers.format(n));
};

/** A sentence whose `{name}` are values, each in an isolate. */
const sentence = (text, values) =>
  text.split(/\{(\w+)\}/).map((it, at) => (at % 2 ? element("bdi", values[it]) : it));

// What is found

const languages = [...template("languages").children].map((it) => ({
  lang: it.lang,
  dir: it.dir,
  name: it.textContent,
  url: it.dataset.index,
}));
const foreign = ({ lang, dir }) => (lang === page.lang ? {} : { lang, dir });
let n_failures = 0;

/** What is made once, and again only where that failed. */
const once = (owner, key, make) =>
  (owner[key] ??= make().catch((error) => {
    owner[key] = null;
    throw error;
  }));

const open = (language) =>
  once(language, "opened", async () => {
    // Browsers keep that a module failed: another try has another address.
    const { openIndex } = await import(words.search + (n_failures ? `#${n_failures}` : ""));
    return openIndex(language.url);
  });

/** Results are not kept waiting for what they can be narrowed down by. */
const NONE = Object.fromEntries(FACETS.map((it) => [`${it}s`, []]));
const pause = () => new Promise((done) => setTimeout(done, TYPING));
const facetsOf = (index) => {
  if (FACETS.some((it) => state[it])) return index.facets();
  return Promise.race([index.facets().catch(() => NONE), pause()]);
};

/** Answers of one language or of all, and their hits with the values of each facet. */
const match = async () => {
  const wanted = state.all ? languages : languages.slice(0, 1);
  const all = await Promise.all(
    wanted.map(async (language) => {
      const index = await open(language);
      const [found, facets] = await Promise.all([index.search(state.q), facetsOf(index)]);
      return { language, index, found, facets: facets ?? NONE, isLate: !facets };
    }),
  );
  const some = all.filter((it) => it.found.hits.length);
  // Where one language has all the words, another that has some of them is no answer.
  const whole = some.filter((it) => !it.found.partial);
  const used = whole.length ? whole : some;
  const hits = used.flatMap((of) => {
    const own = new Map();
    for (const { doc, score } of of.found.hits) {
      own.set(doc, { doc, score, of, topic: [], kind: [], author: [], year: [] });
    }
    for (const name of FACETS) {
      for (const value of of.facets[`${name}s`]) {
        for (const doc of value.docs) own.get(doc)?.[name].push(value);
      }
    }
    return [...own.values()];
  });
  return { all, used, hits, isPartial: used !== whole && used.length > 0 };
};

/** Hits that pass all filters but one. */
const narrowed = (hits, except) => {
  const passes = (hit, name) => hit[name].some((it) => String(it.id) === state[name]);
  const names = FACETS.filter((it) => it !== except && state[it]);
  return hits.filter((hit) => names.every((it) => passes(hit, it)));
};

/** The first hits in their order, with their records. */
const listed = async (hits, used) => {
  const isByDate = state.sort === "date";
  const lists = await Promise.all(
    used.map(async (of) => {
      const own = hits.filter((it) => it.of === of);
      if (isByDate) own.sort((a, b) => b.doc - a.doc);
      const first = own.slice(0, state.n);
      const records = await of.index.records(first.map((it) => it.doc));
      return first.map((it, at) => ({ ...it, record: records[at] }));
    }),
  );
  const key = (it) => (isByDate ? (it.record.iso ?? "") : it.score);
  const all = lists.flat().sort((a, b) => (key(a) < key(b)) - (key(a) > key(b)));
  // Texts that have the words come before those that tell of the same topics.
  const isOther = (it) => !isByDate && !it.of.found.literal;
  return all.sort((a, b) => isOther(a) - isOther(b)).slice(0, state.n);
};

// Results

/** Puts a text, which stands at a place of a longer one, into an element with its marks. */
const lay = (to, text, at, marks) => {
  let done = 0;
  for (const [first, last] of marks) {
    const [from, end] = [Math.max(first - at, done), Math.min(last - at, text.length)];
    if (end <= from) continue;
    to.append(text.slice(done, from), element("mark", text.slice(from, end)));
    done = end;
  }
  to.append(text.slice(done));
};

const result = ({ record, of, topic }) => {
  const { language, found } = of;
  const item = copy("result");
  const title = part(item, "title");
  Object.assign(item.firstElementChild, foreign(language));
  title.href = record.href;
  lay(title, record.title, 0, found.marks(record.title));
  part(item, "kind").textContent = record.kind;
  if (language.lang !== page.lang) part(item, "language").textContent = language.name;
  if (record.date) {
    part(item, "date").append(element("time", record.date, { dateTime: record.iso }));
  }
  const isNamed = (it) => found.topicIds.has(it.id);
  const topics = [...topic].sort((a, b) => isNamed(b) - isNamed(a)).slice(0, N_TOPICS);
  for (const { href, title } of topics) {
    const link = href ? element("a", "", { href }) : element("span");
    link.append(element("bdi", title));
    part(item, "topics").before(link, " ");
  }
  for (const it of item.querySelectorAll(".line > :empty")) it.remove();
  return item;
};

const pages = {};
const hitOf = new WeakMap();

const excerpt = async (item) => {
  const { record, of } = hitOf.get(item);
  const read = async () => {
    const { read, fill } = await import(words.excerpts);
    return { fill, blocks: await read(record.href) };
  };
  const { fill, blocks } = await once(pages, record.href, read);
  fill(part(item, "excerpt"), blocks, of.found, lay);
};

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target } of entries.filter((it) => it.isIntersecting)) {
      sight.unobserve(target);
      // Without its excerpt a result is still a result.
      excerpt(target).catch(() => {});
    }
  },
  { rootMargin: "300px" },
);

const showResults = (hits, n_kept) => {
  if (!n_kept) {
    sight.disconnect();
    list.replaceChildren();
  }
  for (const hit of hits.slice(n_kept)) {
    const item = result(hit);
    list.append(item);
    hitOf.set(item, hit);
    if (isSaving) part(item, "excerpt").remove();
    // A page that is known fills its excerpt before the next paint.
    else if (pages[hit.record.href]) excerpt(item).catch(() => {});
    else sight.observe(item);
  }
};

const showTopics = (all) => {
  const topics = new Map();
  for (const { found, language } of all) {
    for (const it of found.topics) {
      if (!topics.has(it.id)) topics.set(it.id, { ...it, language });
    }
  }
  const items = [...topics.values()].map(({ title, href, count: n, language }) => {
    const item = copy("topic");
    if (href) part(item, "title").href = href;
    part(item, "title").append(element("bdi", title, foreign(language)));
    part(item, "count").textContent = count("briefings", n);
    return item;
  });
  place("topics").replaceChildren(...items);
  place("named").hidden = !items.length;
};

/** Lists the values of a facet with their numbers, and gives the name of the chosen one. */
const showFacet = (name, hits, all) => {
  const select = selects[name];
  // The page's own language has the last word about names.
  const values = [...all].reverse().flatMap((it) => it.facets[`${name}s`]);
  const titles = new Map(values.map((it) => [String(it.id), it.title]));
  const numbered = new Map();
  for (const value of narrowed(hits, name).flatMap((it) => it[name])) {
    const id = String(value.id);
    numbered.set(id, (numbered.get(id) ?? 0) + 1);
  }
  // Years stand in their order, all others with the most briefings first.
  const order = name === "year" ? ([a], [b]) => (a < b ? 1 : -1) : ([, a], [, b]) => b - a;
  const options = [...numbered].sort(order).map(([id, n]) => {
    return new Option(`\u2068${titles.get(id)}\u2069 (${numbers.format(n)})`, id);
  });
  // What was chosen stays to be seen, also where it has nothing.
  if (state[name] && !numbered.has(state[name])) {
    const title = titles.get(state[name]) ?? state[name];
    options.push(new Option(`\u2068${title}\u2069 (${numbers.format(0)})`, state[name]));
  }
  select.replaceChildren(select.options[0], ...options);
  select.value = state[name];
  select.parentElement.hidden = options.length < 2 && !state[name];
  return state[name] && (titles.get(state[name]) ?? state[name]);
};

const showFilters = (hits, all) => {
  const chosen = FACETS.map((it) => showFacet(it, hits, all)).filter(Boolean);
  place("chosen").replaceChildren(
    ...chosen.flatMap((it, at) => [at ? `${words.comma} ` : "", element("bdi", it)]),
  );
  place("filtered").hidden = !chosen.length;
  place("filter").hidden = FACETS.every((it) => selects[it].parentElement.hidden);
  place("sort").hidden = !hits.length;
};

const showNote = (used, isPartial) => {
  const corrected = used.flatMap((it) => it.found.corrected);
  const notes = corrected.flatMap(({ from, to }) => [
    ...sentence(words.corrected, { typed: from, word: to }),
    " ",
  ]);
  if (isPartial) notes.push(words.partial);
  place("note").replaceChildren(...notes);
  place("note").hidden = !notes.length;
};

let saying = 0;
/** Tells all readers; what changes with each letter waits until typing has paused. */
const say = (wait, ...what) => {
  clearTimeout(saying);
  saying = setTimeout(() => place("status").replaceChildren(...what), wait);
};

const showFailure = () => {
  const retry = copy("retry");
  retry.addEventListener("click", () => {
    // What fails twice may be gone with an older version of the site.
    if (n_failures > 1) location.reload();
    else update(0);
    input.focus();
  });
  place("failed").replaceChildren(words.failed, " ", retry);
  place("failed").hidden = false;
  say(0);
};

let run = 0;
let slow = 0;
/** Shows what the state asks for, behind results that are kept. */
const update = async (wait, n_kept = 0) => {
  run += 1;
  const own = run;
  clearTimeout(slow);
  const query = state.q.trim();
  root.hidden = !query;
  start.hidden = Boolean(query);
  place("failed").hidden = true;
  selects.sort.value = state.sort;
  if (everywhere) everywhere.checked = state.all;
  if (!query) {
    list.replaceChildren();
    found.ariaBusy = null;
    say(0);
    return;
  }
  found.ariaBusy = "true";
  slow = setTimeout(() => say(0, words.searching), PAUSE);
  try {
    const { all, used, hits, isPartial } = await match();
    const rest = narrowed(hits);
    const shown = await listed(rest, used);
    if (own !== run) return;
    showResults(shown, n_kept);
    showTopics(all);
    showFilters(hits, all);
    showNote(used, isPartial && rest.length > 0);
    more.parentElement.hidden = rest.length <= shown.length;
    // Nothing is left of what was found: the filters are to blame, not the query.
    place("nothing").hidden = start.hidden = hits.length > 0;
    if (everywhere) place("everywhere").hidden = state.all;
    if (n_kept && list.children[n_kept]) part(list.children[n_kept], "title").focus();
    if (hits.length) say(wait, count("results", rest.length));
    else say(wait, ...sentence(words.nothing, { query }));
    const late = used.filter((it) => it.isLate).map((it) => it.index.facets());
    const isFree = () => own === run && !list.contains(document.activeElement);
    if (late.length) Promise.all(late).then(() => isFree() && update(wait), () => {});
    const idle = window.requestIdleCallback ?? setTimeout;
    for (const { index } of isSaving ? [] : used) {
      idle(() => index.preload().catch(() => {}));
    }
  } catch (error) {
    n_failures += 1;
    console.warn(error);
    if (own === run) showFailure();
  } finally {
    if (own === run) {
      clearTimeout(slow);
      found.ariaBusy = null;
    }
  }
};

// The state, which is that of the address

let state = {};
/** The last address that was asked for and not merely typed, for the way back. */
let submitted = "";
let typing = 0;

/** An empty field runs as the page does, a text as its own letters do. */
const turn = () => {
  input.dir = /\p{L}/u.test(input.value) ? "auto" : page.dir;
};

const arrive = () => {
  clearTimeout(typing);
  const all = new URLSearchParams(location.search);
  state = { q: all.get("q") ?? "", all: all.get("lang") === "all", n: PART };
  for (const name of [...FACETS, "sort"]) state[name] = all.get(name) ?? "";
  submitted = location.href;
  input.value = state.q;
  turn();
  update(0);
};

const change = (changes, wait = 0, isNew = false) => {
  clearTimeout(typing);
  Object.assign(state, { n: PART }, changes);
  const all = new URLSearchParams();
  for (const name of ["q", ...FACETS, "sort"]) if (state[name]) all.set(name, state[name]);
  if (state.all) all.set("lang", "all");
  const { href } = new URL(`?${all}`.replace(/^\?$/, location.pathname), location);
  if (isNew && href !== submitted) {
    history.replaceState(null, "", submitted);
    history.pushState(null, "", href);
  } else {
    history.replaceState(null, "", href);
  }
  if (!wait) submitted = href;
  update(wait);
};

input.addEventListener("input", () => {
  turn();
  clearTimeout(typing);
  typing = setTimeout(() => change({ q: input.value }, PAUSE), TYPING);
});
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  change({ q: input.value }, 0, true);
});
addEventListener("popstate", arrive);
for (const [name, select] of Object.entries(selects)) {
  select.addEventListener("change", () => change({ [name]: select.value }));
}
everywhere?.addEventListener("change", () => change({ all: everywhere.checked }));
place("everywhere")?.addEventListener("click", () => {
  change({ all: true });
  input.focus();
});
place("clear").addEventListener("click", () => {
  change(Object.fromEntries(FACETS.map((it) => [it, ""])));
  input.focus();
});
more.addEventListener("click", () => {
  // Another query is on its way: there is no more of what is seen.
  if (found.ariaBusy) return;
  state.n += PART;
  update(0, list.children.length);
});

input.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !list.firstElementChild) return;
  event.preventDefault();
  part(list.firstElementChild, "title").focus();
});
list.addEventListener("keydown", (event) => {
  if (!["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const item = event.target.closest("[data-search-results] > li");
  const isDown = event.key === "ArrowDown";
  const isUp = event.key === "ArrowUp";
  const next = isDown ? item.nextElementSibling : isUp && item.previousElementSibling;
  if (next) part(next, "title").focus();
  else if (!isDown) input.focus();
});

place("filter").open = matchMedia("(min-width: 64rem)").matches;
arrive();
