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

  /** For each subject the place of its value, or -1, on a date and a known date given as places of days. */
  at(on, known) {
    const { subject, value, until, seen, unseen } = this;
    const found = new Int32Array(data.ids.length).fill(-1);
    const count = upTo(this.since, on);
    for (let i = 0; i < count; i++) {
      if (on < until[i] && seen[i] <= known && known < unseen[i]) found[subject[i]] = value[i];
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
    return facts[aspect].values[this.places[aspect][id]];
  }

  has(aspect, id) {
    return this.places[aspect][id] >= 0;
  }

  /** The ids that an aspect tells something of, in the order of the ledger. */
  ids(aspect) {
    const places = this.places[aspect];
    const found = [];
    for (let id = 0; id < places.length; id++) if (places[id] >= 0) found.push(id);
    return found;
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
    const hanging = new Map(); // unit -> what hangs on it, were every unit a box
    const below = new Map();
    const add = (map, key, id) => (map.has(key) ? map.get(key).push(id) : map.set(key, [id]));
    this.parents = new Map();
    const hang = (id) => {
      const above = this.above(id);
      if (above === undefined) return;
      if (isPost(above)) {
        this.parents.set(id, above);
        add(below, above, id);
      } else {
        const isFirst = !hanging.has(above);
        add(hanging, above, id);
        if (isFirst) hang(above);
      }
    };
    const isEmpty = (id) => this.get("held", id)[0] === "empty";
    for (const id of posts) if (!isEmpty(id)) hang(id);
    for (const id of posts) if (isEmpty(id) && below.has(id)) hang(id);
    const isBox = (unit) => this.above(unit) === undefined || hanging.get(unit).length > 1;
    for (const [unit, ids] of hanging) {
      for (const id of isBox(unit) ? ids : []) {
        let inner = id; // a unit that is no box stands for the one box below it
        while (!isPost(inner) && !isBox(inner)) [inner] = hanging.get(inner);
        this.parents.set(inner, unit);
        add(below, unit, inner);
      }
      below.get(unit)?.sort((a, b) => a - b);
    }
    const roots = [...hanging.keys()].filter((unit) => this.above(unit) === undefined);
    const weights = new Map(roots.map((id) => [id, this.weight(id, below)]));
    this._roots = roots.sort((a, b) => weights.get(b) - weights.get(a) || a - b);
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
// it, the event it disputes, note, where it stands, sources, the last day it may have happened if its day
// is not sure, and the events that confirm one that is only expected.
const EVENT = { words: 0, day: 1, known: 2, until: 3, kind: 4, says: 5, certainty: 6, status: 7, rivals: 8, note: 9, where: 10, sources: 11, last: 12, confirmed: 13 };
const eventOf = (at) => Object.fromEntries(own(EVENT).map(([name, column]) => [name, data.events[at][column]]));

/** Whether an event is told of a date or an earlier one, as known on a day; both are places of days. */
const isTold = (row, on, known) => row[EVENT.day] <= on && row[EVENT.known] <= known && known < row[EVENT.until];
/** Whether it has then taken effect. */
const counts = (row, on, known) => row[EVENT.status] === "" && isTold(row, on, known);
/** Whether it was only expected, and nothing tells that it came about. */
const isOutstanding = (row, on, known) =>
  counts(row, on, known) && row[EVENT.certainty] === "expected" && !row[EVENT.confirmed].some((at) => isTold(data.events[at], on, known));

/** How many events take effect on each day, of those that count as known on a day: place of day to number. */
function happenings(known) {
  const found = new Map();
  for (const row of data.events) {
    if (counts(row, row[EVENT.day], known)) found.set(row[EVENT.day], (found.get(row[EVENT.day]) ?? 0) + 1);
  }
  return found;
}
