// The panel: what happened on a day, and the story of a person, a post or a unit with its evidence.

const panel = {
  show() {
    if (moment.base) fillPanel(compare.report());
    else if (this.isOutlook) fillPanel(outlookReport(data.result));
    else if (moment.id !== null) fillPanel(storyOf(moment.id));
    else fillPanel(overview());
  },
};

function fillPanel(content) {
  const element = $("panel");
  const top = element.scrollTop;
  const isSame = element.dataset.subject === content.dataset.subject;
  element.dataset.subject = content.dataset.subject;
  element.replaceChildren(content);
  element.scrollTop = isSame ? top : 0;
}

function heading(subject, kind, title, close) {
  return h("div", { class: "heading" },
    h("div", {}, kind ? h("p", { class: "kind" }, kind) : null, h("h2", { dir: "auto" }, title)),
    close ? h("button", { type: "button", class: "close", "aria-label": "Close", title: "Close", click: close }, "✕") : null);
}

const page = (subject, ...children) => h("div", { "data-subject": subject }, ...children);
const link = (id, text) => h("button", { type: "button", class: "link", dir: "auto", click: () => choose(id) }, text);
const tag = (text) => (text && text !== "stated" ? h("span", { class: `tag ${text.replace(" ", "-")}` }, text) : null);

// ---------------------------------------------------------------------- the day

function overview() {
  const chart = tree.chart;
  const counts = new Map(chart.roots.map((id) => [id, { employed: 0, posts: 0, vacant: 0, acting: 0 }]));
  for (const post of chart.ids("post")) {
    const [, , root, , , person] = chart.get("post", post);
    const [state] = chart.get("held", post);
    const row = counts.get(root);
    if (!row || person !== null || state === "empty") continue;
    row.posts++;
    if (state === "vacant" || state === "acting") row.vacant++; // as everywhere: who acts does not fill a post
    if (state === "acting") row.acting++;
  }
  for (const person of chart.ids("person")) {
    for (const [unit, counted] of chart.get("person", person)[1]) if (counted && counts.has(unit)) counts.get(unit).employed++;
  }
  const rows = [...counts].map(([id, row]) => [id, ...Object.values(row)]);
  const list = time.eventDays();
  const day = list[upTo(list, moment.at) - 1];
  const told = day === undefined ? [] : eventsOn(day);
  const isToday = day === moment.at;
  return page("overview",
    heading("overview", "On this date", longDate(moment.at)),
    rows.length
      ? h("table", { class: "counts" },
          h("thead", {}, h("tr", {}, ["", "employed", "posts", "vacant", "acting"].map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, rows.map(([id, ...numbers]) => h("tr", {}, h("th", { scope: "row" }, link(id, chart.name(id))), numbers.map((number) => h("td", {}, number.toLocaleString("en-US")))))))
      : null,
    told.length ? h("h3", {}, isToday ? "What happens on this day" : `What happened last, on ${longDate(day)}`) : null,
    told.length ? h("ol", { class: "events" }, told.slice(0, 60).map((at) => eventItem(at))) : null,
    told.length > 60 ? h("p", { class: "note" }, `and ${(told.length - 60).toLocaleString("en-US")} more`) : null,
    linesOf("Only expected; nothing tells that it came about", [...data.events.keys()].filter((at) => isOutstanding(data.events[at], chart.on, chart.known))),
    h("p", { class: "note" }, "Choose a box for its story and its evidence."));
}

function eventsOn(day) {
  const [on, known] = [place(day), place(moment.known)];
  const found = [];
  data.events.forEach((row, at) => {
    if (row[EVENT.day] === on && counts(row, on, known)) found.push(at);
  });
  return found;
}

// ---------------------------------------------------------------------- a story

function storyOf(id) {
  const chart = tree.chart;
  const kind = data.is[id];
  const isThere = chart.has(kind, id);
  const known = place(moment.known);
  const events = data.stories[id].filter((at) => data.events[at][EVENT.known] <= known);
  const past = events.filter((at) => data.events[at][EVENT.day] <= chart.on);
  const later = events.filter((at) => data.events[at][EVENT.day] > chart.on);
  const others = data.names[id].slice(1).filter((name) => name !== chart.name(id));
  const now = isThere ? { person: personNow, post: postNow, unit: unitNow }[kind](id, chart) : [];
  const first = events.find((at) => data.events[at][EVENT.status] === "");
  return page(`story ${id}`,
    heading(id, { person: "Person", post: "Post", unit: "Unit" }[kind], chart.name(id), () => choose(null)),
    others.length ? h("p", { class: "aka" }, "also ", others.map((name, i) => [i ? ", " : "", h("bdi", {}, name)])) : null,
    isThere ? h("dl", { class: "now" }, now) : h("p", { class: "note" }, `Not in the chart on ${longDate(moment.at)}, as far as was known. `,
      first === undefined ? null : h("button", { type: "button", class: "link", click: () => go({ at: days[data.events[first][EVENT.day]] }) }, "Go to where the story begins")),
    past.length ? h("h3", {}, "Story") : null,
    past.length ? h("ol", { class: "events" }, past.map((at) => eventItem(at))) : null,
    later.length ? h("h3", {}, "Later") : null,
    later.length ? h("ol", { class: "events later" }, later.map((at) => eventItem(at))) : null,
    events.length ? null : h("p", { class: "note" }, "Nothing was known yet."));
}

/** One thing that is so, with who says it. */
function fact(term, said, since, certainty, told, lastEvidence) {
  const [events, rivals] = told ?? [[], []];
  return [
    h("dt", {}, term),
    h("dd", {}, h("div", {}, said, " ", tag(certainty)), since ? h("div", { class: "since" }, since) : null,
      lastEvidence && events.length > 1 ? h("div", { class: "since" }, `last told of ${longDate(toDay(lastEvidence))}`) : null,
      events.length ? h("details", {}, h("summary", {}, `Evidence (${events.length}${rivals.length ? `, and ${rivals.length} against` : ""})`),
        h("ol", { class: "events" }, events.map((at) => eventItem(at, true)), rivals.map((at) => eventItem(at, true)))) : null),
  ];
}

function postNow(id, chart) {
  const [, unit, root, critical, seats, person, heads, level] = chart.get("post", id);
  const [, , vacantSince, vacantTold, holders, sure] = chart.get("held", id);
  const found = holders.map(([who, count, acting, away, since, certainty, last, told]) =>
    fact(acting ? "Acting" : "Held by", [who === null ? `${plural(count, "person", "people")} not named` : link(who, chart.name(who)), away ? [" ", tag("on leave")] : ""], since, certainty, told, last));
  if (vacantSince) found.unshift(fact("Vacant", holders.length ? "no substantive holder" : "nobody holds it", vacantSince, sure, vacantTold));
  return [
    ...found.flat(),
    ...lineNow(id, chart),
    ...fact("In", [link(unit, chart.name(unit)), ...(unit === root ? [] : [", ", link(root, chart.name(root))])]),
    ...(heads === null ? [] : fact("Heads", link(heads, chart.name(heads)))),
    ...(level === null ? [] : fact("Level", level)),
    ...(seats === 1 || person !== null ? [] : fact("Seats", seats === "any" ? "any number" : String(seats))),
    ...(critical ? fact("Critical", "its gaps are leadership gaps") : []),
    ...reportsNow([id], chart),
  ];
}

function lineNow(id, chart) {
  const [to, how, since, certainty, told] = chart.get("place", id);
  const dotted = (chart.get("dotted", id) ?? []).flatMap(([end, from, sure, by]) => fact("Dotted line to", boxLink(end, chart), from, sure, by));
  if (how === "member") return dotted;
  if (how === "unknown") return [...fact("Reports to", h("em", {}, "not known")), ...dotted];
  return [...fact("Reports to", how === "top" ? "nobody" : boxLink(to, chart), since, certainty, told), ...dotted];
}

/** A post with whoever answers for it, or a unit. */
function boxLink(id, chart) {
  const who = isPost(id) ? chart.get("held", id)?.[1] : undefined;
  if (isPost(id) && (chart.get("post", id)?.[5] ?? null) !== null) return link(id, chart.name(id));
  return [link(id, chart.name(id)), who === undefined ? "" : who === null ? " (nobody)" : [" (", link(who, chart.name(who)), ")"]];
}

function reportsNow(ids, chart) {
  const below = ids.flatMap((id) => chart.below.get(id) ?? []);
  if (!below.length) return [];
  const shown = below.slice(0, 30).map((id, i) => [i ? ", " : "", boxLink(id, chart)]);
  return fact(plural(below.length, "report"), [shown, below.length > 30 ? ", …" : ""]);
}

function personNow(id, chart) {
  const [, jobs, away, posts] = chart.get("person", id);
  const found = jobs.flatMap(([unit, counted, since, certainty, told, fte, change]) => [
    ...fact(counted ? "Works for" : "Contractor of", [link(unit, chart.name(unit)), change ? "" : share(fte)], since, certainty, told),
    ...(change ? fact("Works", `${digits(fte)} FTE for ${chart.name(unit)}`, ...change) : [])]);
  if (away !== null) found.push(...fact("On leave", away[1] === "unknown" ? "" : away[1], away[0], away[3], away[2]));
  for (const post of posts) {
    const isOwn = chart.get("post", post)[5] !== null;
    const mine = chart.get("held", post)[4].find((holder) => holder[0] === id);
    if (!isOwn) found.push(...fact(mine[2] ? "Acting as" : "Holds", link(post, chart.name(post)), mine[4], mine[5], mine[7], mine[6]));
    found.push(...lineNow(post, chart));
  }
  return [...found, ...reportsNow(posts, chart)];
}

function unitNow(id, chart) {
  const [, kind, parent, heads] = chart.get("unit", id);
  const posts = chart.ids("post").filter((post) => chart.get("post", post)[1] === id && chart.get("post", post)[5] === null);
  return [
    ...(kind ? fact("Kind", kind) : []),
    ...(parent === null ? [] : fact("Part of", link(parent, chart.name(parent)))),
    ...heads.flatMap((post) => fact("Headed by", boxLink(post, chart))),
    ...(posts.length ? fact("Posts", posts.slice(0, 40).map((post, i) => [i ? ", " : "", boxLink(post, chart)])) : []),
  ];
}

// ---------------------------------------------------------------------- an event

const MOST_LINED = 12;
const EXPLAINED = { "rival account": "another account; not applied", assertion: "seen to be so" };

function eventItem(at, isEvidence = false) {
  const event = eventOf(at);
  const isGone = event.until <= place(moment.known);
  const marks = [tag(event.certainty), EXPLAINED[event.status] ? h("span", { class: "tag status" }, EXPLAINED[event.status]) : null,
    isGone ? h("span", { class: "tag gone" }, `retracted ${shortDate(days[event.until])}`) : null];
  return h("li", { class: isGone ? "event retracted" : "event" },
    h("button", { type: "button", class: "when", title: "Go to this date", click: () => go({ at: days[event.day] }) }, event.words),
    h("div", { class: "says", dir: "auto" }, event.says.slice(0, 1).toUpperCase() + event.says.slice(1), " ", marks),
    event.rivals === null || isEvidence ? null : h("div", { class: "note" }, "against: ", h("bdi", {}, data.events[event.rivals][EVENT.says])),
    event.sources.map(([source, line, where, quote]) => sourceLine(data.sources[source], line, where, quote)),
    event.note ? h("div", { class: "note", dir: "auto" }, event.note) : null,
    h("div", { class: "place" }, [event.where, event.known === event.day ? "" : `known from ${shortDate(days[event.known])}`].filter(Boolean).join(" · ")));
}

/** A heading with events beneath it; nothing if there are none. */
function linesOf(title, found) {
  if (!found.length) return null;
  const more = found.length > MOST_LINED ? h("p", { class: "note" }, `and ${(found.length - MOST_LINED).toLocaleString("en-US")} more`) : null;
  return [h("h3", {}, title), h("ul", {}, found.slice(0, MOST_LINED).map((at) => h("li", {}, eventLine(at)))), more];
}

/** An event in one line: when, what, and how sure. */
function eventLine(at) {
  const { day, words, says, certainty } = eventOf(at);
  return h("div", { class: "note", dir: "auto" },
    h("button", { type: "button", class: "when", title: "Go to this date", click: () => go({ at: days[day] }) }, words), " ", says, " ", tag(certainty));
}

function sourceLine([id, title, publisher, published, language, file, url], line, where, quote) {
  const locator = [line === null ? "" : `line ${line}`, where ? `page ${where}` : ""].filter(Boolean).join(", ");
  const name = title || file || id;
  const when = !published ? "" : shortDate(toDay(published)) + (toDay(published) > moment.known ? ", published later" : "");
  const details = [publisher, when, locator].filter(Boolean).join(", ");
  return h("div", { class: "source" },
    quote ? h("q", { dir: "auto", lang: language || false }, quote) : null,
    h("cite", {}, url ? h("a", { href: url, rel: "noreferrer noopener", dir: "auto" }, name) : h("bdi", {}, name), details ? ` (${details})` : ""));
}
