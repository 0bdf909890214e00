// Facts are rectangles: a value of a subject that holds on some dates, to whoever knows what was known on some days.
// Everything else on the page asks them one question: what holds on this date, as known on that one?

const data = JSON.parse(document.getElementById("data").textContent);
const MS = 86400000;
const toDay = (iso) => Math.round(Date.parse(iso) / MS);
const toIso = (day) => new Date(day * MS).toISOString().slice(0, 10);
const days = data.days.map(toDay);

/** How many of a sorted list are at most a value. */
function upTo(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of a day among the days on which anything differs; -1 before them all. */
const place = (day) => upTo(days, day) - 1;

class Aspect {
  constructor(columns) {
    this.values = columns.values;
    for (const name of ["subject", "value", "since", "until", "seen", "unseen"]) this[name] = Int32Array.from(columns[name]);
  }

  /** Subject to place of value, for a date and a known date given as places of days. */
  at(on, known) {
    const { subject, value, until, seen, unseen } = this;
    const found = new Map();
    const count = upTo(this.since, on);
    for (let i = 0; i < count; i++) {
      if (on < until[i] && seen[i] <= known && known < unseen[i]) found.set(subject[i], value[i]);
    }
    return found;
  }

  /** The stretches of one subject as known on a day, in order. */
  of(wanted, known) {
    const found = [];
    for (let i = 0; i < this.subject.length; i++) {
      if (this.subject[i] === wanted && this.seen[i] <= known && known < this.unseen[i]) {
        found.push({ since: this.since[i], until: this.until[i], value: this.values[this.value[i]] });
      }
    }
    return found;
  }
}

const facts = Object.fromEntries(Object.entries(data.facts).map(([name, columns]) => [name, new Aspect(columns)]));
const ASPECTS = ["post", "place", "held", "dotted", "unit", "person"];
const isPost = (id) => data.is[id] === "post";
const own = (values) => Object.entries(values);

/** Everything that holds on a date, as known on a day; both are places of days. */
class Chart {
  constructor(on, known) {
    this.on = on;
    this.known = known;
    this.places = Object.fromEntries(ASPECTS.map((name) => [name, facts[name].at(on, known)]));
  }

  /** The value of an aspect of a subject, or undefined. */
  get(aspect, id) {
    const at = this.places[aspect].get(id);
    return at === undefined ? undefined : facts[aspect].values[at];
  }

  has(aspect, id) {
    return this.places[aspect].has(id);
  }

  /** The ids that an aspect tells something of, in the order of the ledger. */
  ids(aspect) {
    return [...this.places[aspect].keys()].sort((a, b) => a - b);
  }

  /** The title of a post, or the name of a person or unit, as it is now; else the latest it ever had. */
  name(id) {
    const told = this.get(data.is[id], id);
    return told === undefined ? data.names[id][0] : told[0];
  }

  /** The box a box hangs below, or undefined. */
  above(id) {
    const told = isPost(id) ? this.get("place", id)?.[0] : this.get("unit", id)?.[2];
    return told === null ? undefined : told;
  }

  /** Which boxes hang below which; a unit has a box of its own where several hang below it, and an organization. */
  get below() {
    if (this._below) return this._below;
    const posts = this.ids("post");
    const managers = new Set(posts.map((id) => this.above(id)));
    const shown = posts.filter((id) => managers.has(id) || this.get("held", id)[0] !== "empty");
    const branches = new Map();
    const hang = (id) => {
      const above = this.above(id);
      if (above === undefined) return;
      if (!branches.has(above)) branches.set(above, new Set());
      branches.get(above).add(id);
      if (!isPost(above)) hang(above);
    };
    for (const id of shown) hang(id);
    const isBox = (id) => isPost(id) || this.above(id) === undefined || branches.get(id).size > 1;
    this.parents = new Map();
    const below = new Map();
    const roots = new Set();
    const stand = (id) => {
      let above = this.above(id);
      while (above !== undefined && !isBox(above)) above = this.above(above);
      if (above === undefined) roots.add(id);
      else if (!this.parents.has(id)) {
        this.parents.set(id, above);
        if (!below.has(above)) below.set(above, []);
        below.get(above).push(id);
        if (!isPost(above)) stand(above);
      }
    };
    for (const id of shown) stand(id);
    for (const list of below.values()) list.sort((a, b) => a - b);
    this._roots = [...roots].map((id) => [this.weight(id, below), id]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, id]) => id);
    this._below = below;
    return below;
  }

  /** The box that a box is drawn below, or undefined. */
  parent(id) {
    return this.below && this.parents.get(id);
  }

  /** The boxes that hang below none, the one with most below it first. */
  get roots() {
    return this.below && this._roots;
  }

  /** How many boxes hang below a box, directly or not. */
  weight(id, below = this.below) {
    let count = 0;
    const open = [id];
    while (open.length) for (const child of below.get(open.pop()) ?? []) open.push(child), count++;
    return count;
  }
}

const kept = new Map();
/** The chart of a date as known on a day, given as numbers of days; the last few are kept. */
function chartAt(at, known) {
  const key = `${place(at)} ${place(known)}`;
  let chart = kept.get(key);
  if (chart === undefined) {
    if (kept.size > 16) kept.delete(kept.keys().next().value);
    chart = new Chart(place(at), place(known));
    kept.set(key, chart);
  }
  return chart;
}

// Events: rows of date in words, place of the day, known from, known until, kind, sentence, certainty, what becomes of
// it, the event it disputes, note, where it stands, sources.
const EVENT = { words: 0, day: 1, known: 2, until: 3, kind: 4, says: 5, certainty: 6, status: 7, rivals: 8, note: 9, where: 10, sources: 11 };
const eventOf = (at) => Object.fromEntries(own(EVENT).map(([name, column]) => [name, data.events[at][column]]));

/** How many events take effect on each day, of those that count as known on a day: place of day to number. */
function happenings(known) {
  const counts = new Map();
  for (const row of data.events) {
    if (row[EVENT.status] === "" && row[EVENT.known] <= known && known < row[EVENT.until]) {
      counts.set(row[EVENT.day], (counts.get(row[EVENT.day]) ?? 0) + 1);
    }
  }
  return counts;
}
