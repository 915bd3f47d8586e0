// What a reader's words find, from the files of an index (src/search/files.rs).
//
// The rules are those of src/text/fold.rs, spelling.rs, clitics.rs and src/search/query.rs,
// in the same order and under the same names; tests/browser compares both, letter by letter
// and query by query. Nothing here knows what the page looks like.

const ZWNJ = "\u200C";
const HAMZA_ABOVE = "\u0654";

// Character classes, to stand between brackets.
const CONTROLS = "\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069";
const MARKS =
  "\u064B-\u0653\u0655-\u065F\u0670\u0640\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u0610-\u061A" +
  "\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u200D\u00AD\u0300-\u036F\uFEFF";
const ARABIC =
  "\u0620-\u064A\u066E-\u06D3\u06D5\u06E5\u06E6\u06EE\u06EF\u06FA-\u06FC\u06FF" +
  "\u0750-\u077F\u08A0-\u08C9\uFB50-\uFD3D\uFD40-\uFDFF\uFE70-\uFEFC";
const HEBREW = "\u05D0-\u05EA\u05EF-\u05F2\uFB1D-\uFB4F";

const DROPPED = new RegExp(`[${MARKS}${CONTROLS}${ZWNJ}]`, "u");
const ALL_DROPPED = new RegExp(DROPPED.source, "gu");
const IS_ARABIC = new RegExp(`[${ARABIC}]`, "u");
const IS_HEBREW = new RegExp(`[${HEBREW}]`, "u");
const PRESENTATION = /[\uFB1D-\uFDFF\uFE70-\uFEFC]/u;
const AS_IT_IS = /[\0-\x40\x5B-\x7F\u0590-\u07FF]/u;

const WORD = (() => {
  const not = `(?![${MARKS}${CONTROLS}${ZWNJ}${HAMZA_ABOVE}])`;
  const mark = `[${MARKS}${HAMZA_ABOVE}]`;
  const hidden = `[${CONTROLS}${ZWNJ}]*`;
  const arabic = `${not}[${ARABIC}]`;
  const hebrew = `[${HEBREW}]`;
  const neutral = `(?:${not}(?![${ARABIC}${HEBREW}])(?!\\p{Alphabetic})[\\p{N}\\p{M}])`;
  const other = `${not}(?![${ARABIC}${HEBREW}])\\p{Alphabetic}`;
  const run = (letter, more = "") =>
    `${letter}(?:${hidden}(?:${letter}|${neutral}|${mark}${more}))*`;
  const number = `${neutral}(?:${hidden}(?:${neutral}|${mark}))*`;
  const quote = `|["'״׳”’](?=[${HEBREW}])`;
  const word = `(?:${run(arabic)}|${run(hebrew, quote)}|${run(other)})`;
  return new RegExp(`(?:${number}${hidden})?${word}|${number}`, "gu");
})();

const table = (...rows) =>
  new Map(rows.flatMap(([from, to]) => [...from].map((it, at) => [it, [...to][at] ?? to])));

const FOLDS = table(
  ["أإآٱ", "ا"],
  ["ىیې", "ي"],
  ["کڪ", "ك"],
  ["ہھۀةەۂۃ", "ه"],
  ["ۓ", "ے"],
  ["׳‘’", "'"],
  ["״“”", '"'],
  ["٠١٢٣٤٥٦٧٨٩", "0123456789"],
  ["۰۱۲۳۴۵۶۷۸۹", "0123456789"],
);
const FINISHED = table(["ךםןףץ٫", "כמנפצ."], [" ٬,-\u2010\u2011\u05BE\"'", ""]);

/** What one letter becomes. */
const folded = (letter) => {
  const known = FOLDS.get(letter);
  if (known !== undefined) return known;
  if (DROPPED.test(letter)) return "";
  if (AS_IT_IS.test(letter)) return letter;
  const small = [...letter.normalize("NFD")].map((it) => (DROPPED.test(it) ? "" : it.toLowerCase()));
  return small.join("").replace(ALL_DROPPED, "");
};

/** One spelling for all spellings (fold1). */
export const fold = (text) => {
  let out = "";
  for (const letter of text) {
    if (letter === HAMZA_ABOVE) {
      out = out.replace(/[وي]$/u, (it) => (it === "و" ? "ؤ" : "ئ"));
    } else if (PRESENTATION.test(letter)) {
      const parts = [...letter.normalize("NFKC")];
      out += parts.map((it) => (it === letter ? it : folded(it))).join("");
    } else {
      out += folded(letter);
    }
  }
  return out;
};

/** The search fold of a word (fold2). */
export const form = (word) => [...fold(word)].map((it) => FINISHED.get(it) ?? it).join("");

const MAX_WORD = 120;
const utf8 = new TextEncoder();

/** The words of a text: `{ start, end, parts }` with `parts` of the same shape. */
export const tokens = (text) => {
  const found = [];
  for (const match of text.matchAll(WORD)) {
    const end = match.index + match[0].length;
    // Arabic and Hebrew letters before a number are no part of it.
    const number = script(match[0]) === "other" ? 0 : match[0].search(/\p{N}/u);
    const cut = number > 0 ? [match.index, match.index + number, end] : [match.index, end];
    for (let at = 1; at < cut.length; at += 1) {
      const range = { start: cut[at - 1], end: cut[at] };
      const last = found.at(-1);
      if (last && isJoint(text, last.end, range.start)) {
        if (!last.parts.length) last.parts.push({ start: last.start, end: last.end });
        last.parts.push(range);
        last.end = range.end;
      } else {
        found.push({ ...range, parts: [] });
      }
    }
  }
  for (const token of found) {
    if (!text.slice(token.start, token.end).includes(ZWNJ)) continue;
    const parts = token.parts.length ? token.parts : [token];
    token.parts = parts.flatMap((part) => {
      let { start } = part;
      return text.slice(part.start, part.end).split(ZWNJ).flatMap((piece) => {
        const range = { start, end: start + piece.length };
        start = range.end + 1;
        return piece ? [range] : [];
      });
    });
  }
  return found.filter((it) => utf8.encode(text.slice(it.start, it.end)).length <= MAX_WORD);
};

const isJoint = (text, from, to) => {
  const between = text.slice(from, to);
  if (/^[-\u2010\u2011\u05BE]$/u.test(between)) return true;
  return /^[.,٫٬]$/u.test(between) && /\p{N}$/u.test(text.slice(0, from)) && /^\p{N}/u.test(text.slice(to));
};

/** The script of the first letter of a word. */
const script = (word) => {
  for (const letter of word) {
    if (DROPPED.test(letter) || letter === HAMZA_ABOVE) continue;
    if (IS_ARABIC.test(letter)) return "arabic";
    if (IS_HEBREW.test(letter)) return "hebrew";
    if (/\p{Alphabetic}/u.test(letter)) return "other";
  }
  return "other";
};

/** The keys of a form: a hamza as its seat, and on its own. */
const keys = (form) => ({
  seat: form.replaceAll("ؤ", "و").replaceAll("ئ", "ي"),
  hamza: form.replace(/[ؤئ]/gu, "ء"),
});

const matchBy = (a, b, isAlike) => isAlike(a.seat, b.seat) || isAlike(a.hamza, b.hamza);

const both = (it) => (it.seat === it.hamza ? [it.seat] : [it.seat, it.hamza]);

const stemsOf = (key, lang) => {
  const name = script(key);
  if (name === "hebrew") return "hebrew";
  if (name === "other") return /^[a-z]*$/u.test(key) ? "english" : "none";
  const [primary] = lang.split("-");
  if (primary === "ur") return "urdu";
  return primary === "fa" || primary === "prs" ? "persian" : "arabic";
};

const nLetters = (key) => [...key].length;

const withoutEnding = (key, ending, nLeft) => {
  const rest = key.slice(0, -ending.length);
  return key.endsWith(ending) && nLeft <= nLetters(rest) ? rest : key;
};

const withoutPrefix = (key, prefix, nLeft) => {
  const rest = key.slice(prefix.length);
  return key.startsWith(prefix) && nLeft <= nLetters(rest) ? rest : key;
};

/** A key without the article. */
const nameStem = (key, stems) => {
  if (stems === "arabic") return withoutPrefix(key, key.startsWith("وال") ? "وال" : "ال", 2);
  return stems === "hebrew" ? withoutPrefix(key, "ה", 2) : key;
};

/** An Arabic key without a و that may be «and». */
const withoutAnd = (key, stems) => {
  if (stems !== "arabic" || !key.startsWith("و")) return undefined;
  const rest = key.slice(1);
  return 3 <= nLetters(rest) && !rest.startsWith("ال") ? rest : undefined;
};

const firstShorter = (key, all) => all.find((it) => it.length < key.length) ?? key;

const endings = (key, all, nLeft) => all.reduce((it, end) => withoutEnding(it, end, nLeft), key);

/** A key without article, conjunction and endings. */
const lightStem = (key, stems) => {
  switch (stems) {
    case "arabic": {
      const prefixes = ["ال", "وال", "بال", "كال", "فال", "لل"];
      const bare = firstShorter(key, prefixes.map((it) => withoutPrefix(key, it, 2)));
      const noun = endings(bare, ["هما", "هم", "نا"], 4);
      return endings(noun, ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"], 2);
    }
    case "persian":
      return endings(key, ["هايي", "هاي", "ها"], 3);
    case "urdu":
      return endings(key, ["وں", "يں"], 3);
    case "hebrew":
      return endings(withoutPrefix(key, "ה", 2), ["ימ", "ות"], 3);
    case "english":
      if (key.endsWith("ss") || key.endsWith("us")) return key;
      return firstShorter(key, ["ies", "y", "s"].map((it) => withoutEnding(key, it, 3)));
    default:
      return key;
  }
};

/** The light stem of an Arabic word without the ت that ة becomes before an ending. */
const withoutTaa = (key, stems) => {
  const light = lightStem(key, stems);
  if (stems !== "arabic" || !light.endsWith("ت") || key.endsWith(light)) return undefined;
  const rest = light.slice(0, -1);
  return 3 <= nLetters(rest) ? rest : undefined;
};

const isSameLight = (a, aStems, b, bStems) => {
  const [mine, theirs] = [lightStem(a, aStems), lightStem(b, bStems)];
  return mine === theirs || withoutTaa(a, aStems) === theirs || withoutTaa(b, bStems) === mine;
};

/** The beginning that all shapes of a word share. */
const commonBeginning = (key, stems) => {
  let rest = lightStem(key, stems);
  while (/[اويهיוהeis]$/u.test(rest) && 2 < nLetters(rest) - 1) rest = rest.slice(0, -1);
  return rest;
};

const MIN_BARE = 4;
const MIN_PREFIX = 3;

const arabicReadings = (key) => {
  const found = [];
  if (key.endsWith("ا")) {
    const bare = key.slice(0, -1);
    found.push(bare);
    if (/^[وف]/u.test(bare)) found.push(bare.slice(1));
  }
  const preposition = (rest) => {
    if (!/^[بكل]/u.test(rest)) return;
    found.push(rest.slice(1));
    if (rest.startsWith("لل")) found.push(`ال${rest.slice(2)}`, `الل${rest.slice(2)}`);
  };
  preposition(key);
  if (/^[وف]/u.test(key)) {
    found.push(key.slice(1));
    preposition(key.slice(1));
  }
  return found;
};

const hebrewReadings = (key) => {
  const found = [];
  const add = (bare, preposition) => {
    const isAfterVav = key.slice(0, key.length - bare.length) === "ו";
    if (!bare.startsWith("ו") || bare.startsWith("וו") || isAfterVav) found.push(bare);
    if (bare.startsWith("וו")) found.push(bare.slice(1));
    if (/^[בכל]$/u.test(preposition)) found.push(`ה${bare}`);
  };
  for (const vav of ["", "ו"]) {
    for (const before of ["", "ש", "כש", "מש", "לכש"]) {
      const prefix = vav + before;
      if (!key.startsWith(prefix)) continue;
      const rest = key.slice(prefix.length);
      if (prefix) add(rest, "");
      if (/^[בכלמ]/u.test(rest)) add(rest.slice(1), rest[0]);
    }
  }
  return found;
};

const persianReadings = (key) => (/[او]ي$/u.test(key) ? [key.slice(0, -1)] : []);

/** What a key may be with letters joined to it. */
const readings = (key, stems) => {
  const all = { arabic: arabicReadings, hebrew: hebrewReadings, persian: persianReadings };
  const found = all[stems]?.(key) ?? [];
  return [...new Set(found)].filter((it) => it !== key && MIN_BARE <= nLetters(it));
};

const TIERS = { slip: 0.3, prefix: 0.4, clitic: 0.7, stem: 0.8, exact: 1 };
const TOPIC = 0.85;
const BOTH = 0.3;
const MIN_COVERAGE = 0.6;
const MIN_OF_BEST = 0.75;
const MIN_SLIP = 5;
const MIN_LONG = 7;
const N_SURE = 3;
const MAX_WORDS = 12;
const MAX_SHARDS = 6;

/** A word of a query. */
class Word {
  constructor(written, lang) {
    this.written = written;
    this.lang = lang;
    this.keys = keys(form(written));
    this.stems = stemsOf(this.keys.seat, lang);
    this.bare = both(this.keys).flatMap((it) => {
      const rest = withoutAnd(it, this.stems);
      return [...readings(it, this.stems), ...(rest === undefined ? [] : [rest])];
    });
    this.shapes = [...both(this.keys), ...this.bare];
    this.parts = [];
  }

  /** Beginnings of keys, and whole keys, under which a match can stand. */
  places() {
    const { keys, shapes, stems } = this;
    return {
      beginnings: both(keys).flatMap((it) => [commonBeginning(it, stems), nameStem(it, stems)]),
      whole: shapes
        .flatMap((it) => [lightStem(it, stems), nameStem(it, stems), withoutTaa(it, stems)])
        .filter((it) => it !== undefined),
    };
  }

  tier(form, isKnown) {
    const its = keys(form);
    const stems = stemsOf(its.seat, this.lang);
    const light = (a, b) =>
      nameStem(a, this.stems) === nameStem(b, stems) ||
      (!isKnown && isSameLight(a, this.stems, b, stems));
    if (matchBy(this.keys, its, (a, b) => a === b)) return "exact";
    const withAnd = (a, b) => {
      const [mine, theirs] = [withoutAnd(a, this.stems), withoutAnd(b, stems)];
      return (
        light(a, b) ||
        (mine !== undefined && light(mine, b)) ||
        (theirs !== undefined && light(a, theirs))
      );
    };
    if (matchBy(this.keys, its, withAnd)) return "stem";
    const withJoined = (a, b) => {
      const theirs = [b, ...readings(b, stems)];
      return [a, ...readings(a, this.stems)].some((mine, at) =>
        theirs.some((it, other) => at + other > 0 && light(mine, it)),
      );
    };
    return matchBy(this.keys, its, withJoined) ? "clitic" : undefined;
  }

  isBeginning(form) {
    const its = keys(form);
    const stems = stemsOf(its.seat, this.lang);
    const isLong = (it) => MIN_PREFIX <= nLetters(it);
    return matchBy(this.keys, its, (a, b) => {
      const [bare, rest] = [nameStem(a, this.stems), nameStem(b, stems)];
      return (
        (isLong(a) && (b.startsWith(a) || rest.startsWith(a))) ||
        (isLong(bare) && rest.startsWith(bare))
      );
    });
  }

  isName(stem) {
    return this.shapes.some((it) => nameStem(it, this.stems) === stem);
  }

  isKnown(lines) {
    return lines.some((line) => {
      if (line.names) return line.isProper && line.names.length === 1 && this.isName(line.key);
      if (line.known !== "*") return false;
      const its = keys(line.form);
      const stems = stemsOf(its.seat, this.lang);
      return both(its).some((it) => this.isName(nameStem(it, stems)));
    });
  }
}

/** Whether one word is another with a letter missing, added, wrong, or two swapped. */
const isSlip = (from, to, stems, isKnown) => {
  const [typed, word] = [[...from], [...to]];
  const least = Math.min(typed.length, word.length);
  if (least < MIN_SLIP || Math.abs(typed.length - word.length) > 1) return false;
  let before = 0;
  while (before < least && typed[before] === word[before]) before += 1;
  let after = 0;
  while (after < least - before && typed.at(-1 - after) === word.at(-1 - after)) after += 1;
  if (before < N_SURE || after === 0) return false;
  const a = typed.slice(before, typed.length - after);
  const b = word.slice(before, word.length - after);
  const isLatin = stems === "english" || stems === "none";
  const isVowel = (it) => (isLatin ? "aeiouyh" : "اويאוי").includes(it);
  const isDoubled = (it) => typed[before - 1] === it || word[before - 1] === it;
  const makesWords = !isLatin && least < MIN_LONG;
  if (a.length === 2 && b.length === 2) return a[0] === b[1] && a[1] === b[0];
  if (a.length + b.length === 1) {
    const [it] = [...a, ...b];
    return isDoubled(it) || (isKnown ? isVowel(it) : !(makesWords && isVowel(it)));
  }
  if (a.length !== 1 || b.length !== 1) return false;
  const areVowels = isVowel(a[0]) && isVowel(b[0]);
  return isKnown ? areVowels : !(makesWords && areVowels);
};

const rarity = (nWith, nTotal) => Math.log(1 + nTotal / Math.max(nWith, 1));

/** Rising numbers, from distances in base 32. */
const numbers = (text) => {
  const found = [];
  let [next, value, shift] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 63;
    value += (digit & 31) * 2 ** shift;
    if (digit & 32) {
      shift += 5;
    } else {
      found.push(next + value);
      next += value + 1;
      [value, shift] = [0, 0];
    }
  }
  return found;
};

/** Postings: number of a briefing and level. */
const postings = (text) =>
  [...text.matchAll(/([!-,])([?-~]+)/gu)].flatMap(([, sign, list]) =>
    numbers(list).map((it) => [it, sign.charCodeAt(0) - 32]),
  );

/** Those of a line, read once. */
const decoded = (line) => (line.decoded ??= postings(line.postings));

const lines = (text) => {
  let key = "";
  return text.split("\n").slice(0, -1).map((line) => {
    const [own, form, rest, address] = line.split("\t");
    key = own || key;
    if (address !== undefined) return { key, title: form, postings: rest, address };
    const name = /^=(=?)(.*)$/u.exec(form);
    if (name) return { key, names: name[2].split(" "), isProper: name[1] !== "", topic: rest };
    const known = /[*+]$/u.exec(form)?.[0] ?? "";
    return { key, known, form: form.slice(0, form.length - known.length) || key, postings: rest };
  });
};

/** The files of a small site are worth having before they are asked for, in bytes. */
const MAX_PRELOAD = 400_000;

class Index {
  #files = new Map();
  #folder;
  #directory;
  #starts;
  #shards;
  #records;

  constructor(url, directory) {
    this.#folder = url.replace(/[^/]*$/u, "");
    this.#directory = directory;
    const rows = directory.shards.split("\n").slice(0, -1).map((it) => it.split("\t"));
    this.#starts = rows.map(([start]) => start);
    this.#shards = rows.map(([, hash]) => `${hash}.txt`);
    this.#records = directory.records.split(" ").filter(Boolean).map((it) => `${it}.txt`);
    this.lang = directory.lang;
    this.n = directory.n;
  }

  /** A file, read once; one that failed is asked for again. */
  #read(name, parse) {
    if (!this.#files.has(name)) {
      const read = fetch(this.#folder + name).then(async (answer) => {
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
        return parse(await answer.text());
      });
      this.#files.set(name, read);
      read.catch(() => this.#files.delete(name));
    }
    return this.#files.get(name);
  }

  /** Names of the shards that have the keys with some letters at the beginning. */
  #shardsFrom(beginning) {
    const first = Math.max(this.#starts.findLastIndex((it) => it <= beginning), 0);
    const isOther = (it, at) => at > first && !it.startsWith(beginning);
    const end = this.#starts.findIndex(isOther);
    return this.#shards.slice(first, end < 0 ? undefined : end);
  }

  async #linesIn(names, isWanted) {
    const shards = await Promise.all(names.map((it) => this.#read(it, lines)));
    return shards.flat().filter(isWanted);
  }

  /** Lines whose key begins with some letters, unless they fill too many shards. */
  async #linesFrom(beginning) {
    const names = this.#shardsFrom(beginning);
    if (names.length > MAX_SHARDS) return [];
    return this.#linesIn(names, (it) => it.key.startsWith(beginning));
  }

  async #linesOf(key) {
    return this.#linesIn(this.#shardsFrom(key).slice(0, 1), (it) => it.key === key);
  }

  async #linesFor(word) {
    const { beginnings, whole } = word.places();
    const found = await Promise.all([
      ...beginnings.map((it) => this.#linesFrom(it)),
      ...whole.map((it) => this.#linesOf(it)),
    ]);
    return [...new Set(found.flat())];
  }

  async #matches(word) {
    const all = await this.#linesFor(word);
    const isName = word.isKnown(all);
    const found = new Map();
    for (const line of all) {
      if (!line.form) continue;
      const isKnown = isName || line.known !== "";
      const isBeginning = () => (!isName && word.isBeginning(line.form) ? "prefix" : undefined);
      const tier = word.tier(line.form, isKnown) ?? isBeginning();
      if (tier) found.set(line.form, { form: line.form, tier, line });
    }
    return [...found.values()];
  }

  async #slips(word) {
    const own = nameStem(word.keys.seat, word.stems);
    if (nLetters(own) <= N_SURE) return [];
    const sure = [...own].slice(0, N_SURE).join("");
    const found = new Map();
    for (const line of await this.#linesFrom(sure)) {
      if (!line.form) continue;
      const { seat } = keys(line.form);
      const stems = stemsOf(seat, this.lang);
      if (isSlip(own, nameStem(seat, stems), stems, line.known !== "")) {
        found.set(line.form, { form: line.form, tier: "slip", line });
      }
    }
    return [...found.values()];
  }

  /** The longest name at the beginning of some words, and the topics that it names. */
  async #nameAt(words) {
    const [first] = words;
    const stems = new Set(first.shapes.map((it) => nameStem(it, first.stems)));
    const all = await Promise.all([...stems].map((it) => this.#linesOf(it)));
    let [nWords, topics] = [0, new Set()];
    for (const { names, topic } of all.flat()) {
      const isHere =
        names &&
        names.length <= words.length &&
        names.every((name, at) => {
          const its = keys(name);
          const stems = stemsOf(its.seat, this.lang);
          const word = words[at];
          const isSame = (a, b) => nameStem(a, word.stems) === nameStem(b, stems);
          return at === 0 || matchBy(word.keys, its, isSame);
        });
      if (!isHere || names.length < nWords) continue;
      if (nWords < names.length) [nWords, topics] = [names.length, new Set()];
      topics.add(topic);
    }
    return [nWords, [...topics]];
  }

  async #units(words) {
    const units = [];
    for (let at = 0; at < words.length; ) {
      const [nWords, topics] = await this.#nameAt(words.slice(at));
      units.push({ words: words.slice(at, at + Math.max(nWords, 1)), topics });
      at += Math.max(nWords, 1);
    }
    const ignored = new Set(this.#directory.ignored.split(" "));
    const isEmpty = (it) => !it.topics.length && it.words.every((word) => ignored.has(word.keys.seat));
    return units.every(isEmpty) ? units : units.filter((it) => !isEmpty(it));
  }

  /** What a unit is worth in each briefing. */
  async #weigh(unit, found) {
    const ofTopics = new Map();
    const raise = (values, number, value) => values.set(number, Math.max(values.get(number) ?? 0, value));
    for (const id of unit.topics) {
      const [line] = await this.#linesOf(`#${id}`);
      if (!line) continue;
      const list = postings(line.postings);
      for (const [number, level] of list) raise(ofTopics, number, TOPIC * level);
      const href = line.address && this.#directory.base.replace(/\/$/u, "") + line.address;
      found.topics.set(id, { id, title: line.title, href, count: list.length });
    }
    const groups = [];
    for (const word of unit.words) {
      let matches = await this.#matches(word);
      if (!matches.length && word.parts.length) {
        for (const part of word.parts) groups.push(await this.#matches(part));
        continue;
      }
      if (!matches.length && !unit.topics.length) {
        matches = await this.#slips(word);
        const n = (it) => decoded(it.line).length;
        const [first] = matches.sort((a, b) => n(b) - n(a) || (a.form < b.form ? -1 : 1));
        if (first) found.corrected.push({ from: word.written, to: first.form });
      }
      groups.push(matches);
    }
    const words = groups.map((matches) => {
      const values = new Map();
      for (const { form, tier, line } of matches) {
        found.forms.add(form);
        for (const [number, level] of decoded(line)) raise(values, number, TIERS[tier] * level);
      }
      return { rarity: rarity(values.size, this.n), values };
    });
    const topicMass = ofTopics.size ? words.length * rarity(ofTopics.size, this.n) : 0;
    const mass = Math.max(words.reduce((sum, it) => sum + it.rarity, 0), topicMass);
    return { words, ofTopics, topicMass, mass };
  }

  /** What a query finds; see the end for what is in it. */
  async search(text) {
    const of = (range) => new Word(text.slice(range.start, range.end), this.lang);
    const words = tokens(text)
      .slice(0, MAX_WORDS)
      .map((it) => Object.assign(of(it), { parts: it.parts.map(of) }))
      .filter((it) => it.keys.seat);
    // Files are asked for all at once, not word by word.
    await Promise.all(words.map((it) => this.#linesFor(it)));
    const found = { corrected: [], forms: new Set(), topics: new Map() };
    const scores = new Map();
    let [total, isLiteral] = [0, false];
    for (const unit of await this.#units(words)) {
      const weighed = await this.#weigh(unit, found);
      total += weighed.mass;
      isLiteral ||= weighed.words.some((it) => it.values.size);
      const all = [...weighed.words.map((it) => it.values), weighed.ofTopics];
      for (const number of new Set(all.flatMap((it) => [...it.keys()]))) {
        let [score, mass] = [0, 0];
        for (const { rarity, values } of weighed.words) {
          if (!values.has(number)) continue;
          score += rarity * values.get(number);
          mass += rarity;
        }
        if (weighed.ofTopics.has(number)) {
          const ofTopics = weighed.topicMass * weighed.ofTopics.get(number);
          score = Math.max(score, ofTopics) + BOTH * Math.min(score, ofTopics);
          mass = weighed.mass;
        }
        const sum = scores.get(number) ?? [0, 0];
        scores.set(number, [sum[0] + score, sum[1] + mass]);
      }
    }
    const coverage = (mass) => (total === 0 ? 0 : mass / total);
    const rows = [...scores].map(([doc, [score, mass]]) => ({ doc, score, share: coverage(mass) }));
    const best = rows.reduce((it, { share }) => Math.max(it, share), 0);
    const hasAll = 0.999 <= best;
    const least = (hasAll ? MIN_COVERAGE : best * MIN_OF_BEST) - 1e-9;
    const hits = rows
      .filter(({ share }) => least <= share)
      .map(({ doc, score, share }) => ({ doc, score: Math.round(score * share * share * 1000) }))
      .sort((a, b) => b.score - a.score || b.doc - a.doc);
    const topics = [...found.topics.values()];
    const names = topics.flatMap((it) => {
      const words = tokens(it.title);
      return words.length === 1 ? [form(it.title.slice(words[0].start, words[0].end))] : [];
    });
    return {
      hits,
      partial: !hasAll && scores.size > 0,
      literal: isLiteral,
      topics,
      topicIds: new Set(found.topics.keys()),
      corrected: found.corrected,
      marks: (it) => marks(it, found.forms, names, this.lang),
    };
  }

  /** What results can be narrowed down by. */
  facets() {
    return this.#read(`${this.#directory.facets}.json`, (text) => {
      const base = this.#directory.base.replace(/\/$/u, "");
      const row = ([id, title, list, address]) => ({
        id,
        title,
        docs: new Set(numbers(list)),
        href: address && base + address,
      });
      const all = JSON.parse(text);
      return Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows.map(row)]));
    });
  }

  /** What is shown of some briefings. */
  async records(docs) {
    const { perRecord, base } = this.#directory;
    const read = async (doc) => {
      const name = this.#records[Math.floor(doc / perRecord)];
      const rows = await this.#read(name, (it) => it.split("\n"));
      const [address, title, iso, date, kind] = rows[doc % perRecord].split("\t");
      return { href: base.replace(/\/$/u, "") + address, title, iso, date, kind };
    };
    return Promise.all(docs.map(read));
  }

  /** Reads everything of a small site, so that it can be searched without a network. */
  async preload() {
    if (this.#directory.size > MAX_PRELOAD) return;
    await this.facets();
    for (const name of this.#shards) await this.#read(name, lines);
    for (const name of this.#records) await this.#read(name, (it) => it.split("\n"));
  }
}

/** Where the whole words stand that were found. */
const marks = (text, forms, names, lang) =>
  tokens(text).flatMap((token) => {
    const ranges = [token, ...token.parts];
    const isFound = ranges.some(({ start, end }) => {
      const own = form(text.slice(start, end));
      if (forms.has(own)) return true;
      const { seat } = keys(own);
      return [seat, ...readings(seat, stemsOf(seat, lang))].some((it) => names.includes(it));
    });
    return isFound ? [[token.start, token.end]] : [];
  });

/** Opens the index of a language by the address of its directory. */
export const openIndex = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return new Index(new URL(url, location.href).href, await answer.json());
};
