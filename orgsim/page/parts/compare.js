// What differs between two moments: the facts of one that are not facts of the other.

const MOST_TOLD = 4;

const compare = {
  /** What a fact of each aspect says, as text; equal texts are no difference worth telling. */
  says: {
    post: (chart, id, [title, unit, , critical, seats, , heads, level]) => [
      ["title", title], ["unit", chart.name(unit)], ["critical", critical ? "critical" : ""], ["seats", seats === 1 ? "" : String(seats)],
      ["heads", heads === null ? "" : chart.name(heads)], ["level", level ?? ""],
    ],
    place: (chart, id, [to, how]) => [["reports to", how === "line" ? chart.name(to) : how === "top" ? "nobody" : how === "unknown" ? "not known" : ""]],
    held: (chart, id, [state, , , , holders]) => [["held by", state === "vacant" ? "vacant" : holders.map(([who, seats, acting, away]) =>
      [who === null ? `${plural(seats, "person", "people")} not named` : chart.name(who), acting ? " (acting)" : "", away ? " (on leave)" : ""].join("")).join(", ")]],
    dotted: (chart, id, lines) => [["dotted lines to", lines.map(([to]) => chart.name(to)).join(", ")]],
    unit: (chart, id, [name, kind, parent]) => [["name", name], ["kind", kind ?? ""], ["part of", parent === null ? "" : chart.name(parent)]],
    person: (chart, id, [name, jobs, away]) => [["name", name], ["works for", jobs.map(([unit, , , , , fte]) => `${chart.name(unit)}${share(fte)}`).join(", ")], ["on leave", away === null ? "" : "yes"]],
  },

  told(chart, aspect, id) {
    const value = chart.get(aspect, id);
    return value === undefined ? [] : this.says[aspect](chart, id, value);
  },

  /** Subject to what changed: [label, before, after], with `is` new, gone or other. */
  changes(old, chart) {
    const found = new Map();
    for (const aspect of ASPECTS) {
      const [was, is] = [old.places[aspect], chart.places[aspect]];
      for (let id = 0; id < is.length; id++) {
        // Where a box hangs is told with its name, which may differ although the place is the same.
        if (was[id] === is[id] && (aspect !== "place" || is[id] < 0)) continue;
        const before = new Map(this.told(old, aspect, id));
        const after = new Map(this.told(chart, aspect, id));
        const rows = [...new Set([...before.keys(), ...after.keys()])]
          .map((label) => [label, before.get(label) ?? "", after.get(label) ?? ""])
          .filter(([, one, other]) => one !== other);
        if (rows.length) found.set(id, [...(found.get(id) ?? []), ...rows]);
      }
    }
    return new Map([...found].map(([id, rows]) => {
      const kind = data.is[id];
      const [was, is] = [old.has(kind, id), chart.has(kind, id)];
      return [id, { is: was && is ? "other" : is ? "new" : "gone", rows }];
    }));
  },

  /** Compare with the moment before, or stop. */
  toggle() {
    go({ base: moment.base ? null : { at: moment.at, known: moment.known } });
  },

  mark() {
    tree.changed.clear();
    if (!moment.base) return;
    this.base = chartAt(moment.base.at, moment.base.known);
    this.found = this.changes(this.base, chartAt(moment.at, moment.known));
    for (const [id, { is }] of this.found) if (is !== "gone") tree.changed.set(id, is === "new" ? "new" : "other");
  },

  report() {
    const chart = tree.chart;
    const isOwnPost = (id) => isPost(id) && (chart.get("post", id) ?? this.base.get("post", id))[5] !== null;
    const groups = { person: [], post: [], unit: [] };
    for (const [id, change] of [...this.found].sort(([a], [b]) => a - b)) if (!isOwnPost(id)) groups[data.is[id]].push([id, change]);
    const field = (name, label, min) => h("label", {}, label, " ", h("input", {
      type: "date", min: toIso(time.first), max: toIso(time.last), value: moment.base[name] >= time.last && name === "known" ? "" : toIso(moment.base[name]),
      change: (event) => {
        const day = toDay(event.target.value);
        go({ base: { ...moment.base, [name]: Number.isNaN(day) ? time.last : day } });
      },
    }));
    const sections = [["person", "People"], ["post", "Posts"], ["unit", "Units"]].filter(([kind]) => groups[kind].length);
    return page("compare",
      heading("compare", "Compare", "What changed", () => go({ base: null })),
      h("div", { class: "dates" }, field("at", "from"), field("known", "as known on")),
      h("p", { class: "note" }, `to ${longDate(moment.at)}${moment.known >= time.last ? "" : `, as known on ${longDate(moment.known)}`}; move the sliders to change it.`),
      sections.length ? sections.map(([kind, title]) => [h("h3", {}, title), this.table(groups[kind], chart)]) : h("p", {}, "Nothing differs."),
      this.unsure(chart));
  },

  /** The events of a story that only one of the moments counts: they tell when it changed, and how sure that is. */
  between(id, chart) {
    const isOdd = (row) => counts(row, this.base.on, this.base.known) !== counts(row, chart.on, chart.known);
    return data.stories[id].filter((at) => isOdd(data.events[at]));
  },

  /** What counts by the earlier day and may have happened after it. */
  unsure(chart) {
    const [day, from] = moment.base.at <= moment.at ? [moment.base.at, this.base] : [moment.at, chart];
    const isUnsure = (row) => counts(row, from.on, from.known) && row[EVENT.last] && toDay(row[EVENT.last]) > day;
    const found = moment.base.at === moment.at ? [] : [...data.events.keys()].filter((at) => isUnsure(data.events[at]));
    return linesOf(`Counted by ${shortDate(day)}, and perhaps later`, found);
  },

  table(changes, chart) {
    const shown = changes.slice(0, 200);
    return [
      h("ul", { class: "changes" }, shown.map(([id, { is, rows }]) =>
        h("li", { class: is }, link(id, chart.has(data.is[id], id) ? chart.name(id) : this.base.name(id)), is === "other" ? "" : h("span", { class: `tag ${is}` }, is),
          rows.filter(([label]) => is === "other" || (label !== "title" && label !== "name")).map(([label, before, after]) =>
            h("div", { class: "change" }, h("span", { class: "what" }, label), " ",
              before ? h("del", { dir: "auto" }, before) : null, before && after ? " → " : null, after ? h("ins", { dir: "auto" }, after) : null)),
          this.between(id, chart).slice(-MOST_TOLD).map((at) => eventLine(at))))),
      changes.length > shown.length ? h("p", { class: "note" }, `and ${(changes.length - shown.length).toLocaleString("en-US")} more`) : null,
    ];
  },
};
