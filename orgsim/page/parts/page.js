// The page: one moment is looked at, and everything shows it.

/** Look at another moment: any of at, known, id, base. */
function go(changes) {
  set(changes);
  update();
}

function set(changes) {
  Object.assign(moment, changes);
  for (const name of ["at", "known"]) moment[name] = Math.min(Math.max(moment[name], time.first), time.last);
}

/** Choose a person, post or unit, or none; the page then tells its story. */
function choose(id) {
  const isOwn = id !== null && isPost(id) ? (tree.chart.get("post", id)?.[5] ?? null) : null;
  panel.isOutlook = false;
  $("outlook").setAttribute("aria-pressed", "false");
  moment.base = null;
  go({ id: isOwn === null ? id : isOwn });
}

function update({ still = false } = {}) {
  const chart = chartAt(moment.at, moment.known);
  compare.mark();
  tree.show(chart, { still });
  time.draw();
  clearTimeout(update.panel);
  if (still) panel.show();
  else update.panel = setTimeout(() => panel.show(), 40);
  const isAll = moment.known >= time.last;
  $("day").textContent = longDate(moment.at);
  $("asknown").textContent = isAll ? "with all that is known" : `as known on ${longDate(moment.known)}`;
  $("compare").setAttribute("aria-pressed", String(moment.base !== null));
  document.body.classList.toggle("chosen", moment.id !== null || moment.base !== null || Boolean(panel.isOutlook));
  clearTimeout(update.later);
  update.later = setTimeout(settle, 300);
}

/** What can wait until nobody moves any more: telling screen readers, and the address. */
function settle() {
  const chart = tree.chart;
  const people = chart.ids("person").filter((id) => chart.get("person", id)[1].some((job) => job[1])).length;
  $("said").textContent = `${$("day").textContent}, ${$("asknown").textContent}: ${plural(people, "person", "people")} employed, ${plural(chart.ids("post").length, "post")}`;
  const parts = [`at=${toIso(moment.at)}`];
  if (moment.known < time.last) parts.push(`known=${toIso(moment.known)}`);
  if (moment.id !== null) parts.push(`id=${encodeURIComponent(data.ids[moment.id])}`);
  if (moment.base) parts.push(`from=${toIso(moment.base.at)}`);
  history.replaceState(null, "", `#${parts.join("&")}`);
}

/** Read the address: #at=DATE&known=DATE&id=ID&from=DATE. */
function fromAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const day = (name) => (/^\d{4}-\d{2}-\d{2}$/.test(asked.get(name) ?? "") ? toDay(asked.get(name)) : NaN);
  const changes = {};
  if (!Number.isNaN(day("at"))) changes.at = day("at");
  if (!Number.isNaN(day("known"))) changes.known = day("known");
  const id = data.ids.indexOf(asked.get("id"));
  if (id >= 0) changes.id = id;
  if (!Number.isNaN(day("from"))) changes.base = { at: day("from"), known: changes.known ?? moment.known };
  set(changes);
}

// ---------------------------------------------------------------------- search

const search = {
  start() {
    const input = $("search");
    input.addEventListener("input", () => this.show());
    input.addEventListener("focus", () => this.show());
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    input.addEventListener("keydown", (event) => this.key(event));
  },

  /** Every id with its names; people's own posts are found by their names already. */
  get names() {
    const own = new Set(facts.post.values.flatMap((value, at) => (value[5] === null ? [] : [at])));
    const owned = new Set(facts.post.subject.filter((_, at) => own.has(facts.post.value[at])));
    const all = data.ids.map((id, at) => [at, [...data.names[at], id].map((name) => [name, folded(name)])]);
    const names = all.filter(([at]) => !owned.has(at));
    Object.defineProperty(this, "names", { value: names });
    return names;
  },

  find(text) {
    const wanted = folded(text.trim());
    if (!wanted) return [];
    const rank = (name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(` ${wanted}`) ? 2 : 3);
    const found = [];
    for (const [id, names] of this.names) {
      const hits = names.filter(([, name]) => name.includes(wanted));
      if (hits.length) found.push([Math.min(...hits.map(([, name]) => rank(name))), id, hits[0][0]]);
    }
    return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 12);
  },

  show() {
    const found = this.find($("search").value);
    this.found = found.map(([, id]) => id);
    this.at = found.length ? 0 : -1;
    const nothing = $("search").value.trim() ? [h("li", { class: "none" }, "Nothing is called so.")] : [];
    $("found").replaceChildren(...(found.length ? found.map(([, id, hit], i) => this.item(id, hit, i)) : nothing));
    this.point();
    $("found").hidden = !$("found").children.length;
    $("search").setAttribute("aria-expanded", String(!$("found").hidden));
  },

  item(id, hit, i) {
    const name = tree.chart.name(id);
    return h("li", { role: "option", id: `found-${i}`, mousedown: (event) => event.preventDefault(), click: () => this.take(i) },
      h("bdi", {}, name), hit === name ? "" : [" ", h("small", {}, h("bdi", {}, hit))],
      h("span", { class: "tag" }, tree.chart.has(data.is[id], id) ? data.is[id] : `${data.is[id]}, not on this date`));
  },

  point() {
    [...$("found").children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.at)));
    fill($("search"), { "aria-activedescendant": this.at >= 0 ? `found-${this.at}` : "" }, []);
  },

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = Math.min(Math.max(this.at + (event.key === "ArrowDown" ? 1 : -1), 0), this.found.length - 1);
      this.point();
      event.preventDefault();
    } else if (event.key === "Enter" && this.at >= 0) this.take(this.at);
    else if (event.key === "Escape") {
      $("search").value = "";
      this.close();
      $("search").blur();
    }
  },

  take(i) {
    const id = this.found[i];
    choose(id);
    const boxes = data.is[id] === "person" ? (tree.chart.get("person", id)?.[3] ?? []) : [id];
    if (boxes.length) tree.reveal(boxes[0]);
    this.close();
    $("search").value = "";
    $("panel").focus({ preventScroll: true });
  },

  close() {
    $("found").hidden = true;
    $("search").setAttribute("aria-expanded", "false");
  },
};

// ---------------------------------------------------------------------- keys, printing, starting

const KEYS = [
  ["Space", "play or pause", () => time.play()],
  [",", "previous event", () => time.step(-1)],
  [".", "next event", () => time.step(1)],
  ["[", "as known one piece of news earlier", () => time.stepKnown(-1)],
  ["]", "as known one piece of news later", () => time.stepKnown(1)],
  ["/", "search", () => $("search").focus()],
  ["c", "compare with this moment", () => compare.toggle()],
  ["f", "fit the chart", () => tree.fit()],
  ["+", "zoom in", () => tree.zoom(1.25)],
  ["-", "zoom out", () => tree.zoom(0.8)],
  ["l", "tree or list", () => reshape(!tree.isList)],
  ["?", "keys and signs", () => $("keys").showModal()],
  ["Escape", "close the story", () => choose(null)],
];

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || $("keys").open) return;
  const isTyping = event.target.matches("input:not([type=range]), textarea, select");
  const name = event.key === " " ? "Space" : event.key;
  const found = KEYS.find(([key]) => key === name);
  if (!found || (isTyping && name !== "Escape") || (name === "Space" && event.target.matches("button, summary, a"))) return;
  event.preventDefault();
  found[2]();
}

function keysDialog() {
  const sign = (name, text) => h("li", {}, h("span", { class: `sign ${name}` }), text);
  $("keys").append(
    heading("keys", "", "Keys and signs", () => $("keys").close()),
    h("dl", { class: "keylist" }, KEYS.map(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)]),
      h("dt", {}, h("kbd", {}, "← →")), h("dd", {}, "on a slider: a day; in the chart: fold, unfold, up and down the tree"),
      h("dt", {}, h("kbd", {}, "Ctrl"), " + wheel"), h("dd", {}, "zoom the chart, or the time axis")),
    h("ul", { class: "signs" }, sign("held", "held"), sign("acting", "somebody acts; no substantive holder"), sign("vacant", "vacant"), sign("unknown", "not known"),
      sign("unsure", "fades in: the day it began is not sure"), sign("expected", "only expected; nothing tells that it came about"),
      sign("dash", "whom the post reports to is not known"), sign("dots", "a dotted line"), sign("crit", "a critical post")));
  $("keys").addEventListener("click", (event) => event.target === $("keys") && $("keys").close());
}

function reshape(isList) {
  tree.isList = isList;
  $("chart").classList.toggle("list", isList);
  $("shape").textContent = isList ? "Tree" : "List";
  tree.isFree = false;
  if (tree.chart) tree.show(tree.chart, { still: true });
}

function changeTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
}

/** What the facts say of a date, for the console and for tests: orgsim.chart("2024-01-31", "2024-02-29"). */
function tell(at, known) {
  const chart = chartAt(toDay(at), known === undefined ? time.last : toDay(known));
  const id = (number) => (number === null || number === undefined ? null : data.ids[number]);
  const above = (post) => {
    const [to, how] = chart.get("place", post);
    return how === "line" && isPost(to) ? to : null;
  };
  const posts = chart.ids("post").map((post) => {
    const [title, unit, root, critical, seats, person, heads, level] = chart.get("post", post);
    const [state, answers, , , holders, sure] = chart.get("held", post);
    return [id(post), {
      title, unit: id(unit), organization: id(root), critical, seats, personal: id(person), heads: id(heads), level, reports_to: id(above(post)),
      line: { line: "stated", top: "none" }[chart.get("place", post)[1]] ?? "unknown", vacant: state !== "held", vacancy_certainty: sure, answers: id(answers),
      holders: holders.map(([who, count, acting, away, since, certainty, last]) => ({ person: id(who), seats: count, acting, on_leave: away, since, certainty, last_evidence: last })),
      dotted: (chart.get("dotted", post) ?? []).map(([to]) => id(to)),
    }];
  });
  const people = chart.ids("person").map((person) => {
    const [name, jobs, away, held] = chart.get("person", person);
    const boss = held.length && above(held[0]) !== null ? chart.get("held", above(held[0]))[1] : null;
    return [id(person), {
      name, employers: jobs.map((job) => id(job[0])), fte: jobs.map((job) => job[5]), employee: jobs.some((job) => job[1]), on_leave: away !== null, posts: held.map(id), manager: boss === person ? null : id(boss),
    }];
  });
  const units = chart.ids("unit").map((unit) => {
    const [name, kind, parent, heads] = chart.get("unit", unit);
    return [id(unit), { name, kind, parent: id(parent), heads: heads.map(id) }];
  });
  return { posts: Object.fromEntries(posts), units: Object.fromEntries(units), people: Object.fromEntries(people) };
}

/** On paper the chart is drawn as large as the sheet allows; its room is that of `page.css`. */
function forPaper() {
  forPaper.before = { camera: { ...tree.camera }, isFree: tree.isFree, isList: tree.isList };
  tree.paper = { width: 945, height: 408 };
  reshape(false);
}

function fromPaper() {
  tree.paper = null;
  reshape(forPaper.before.isList);
  Object.assign(tree, { camera: forPaper.before.camera, isFree: forPaper.before.isFree });
  tree.redraw();
}

time.start();
fromAddress();
tree.start();
search.start();
keysDialog();
$("compare").addEventListener("click", () => compare.toggle());
$("outlook").hidden = data.result === null;
$("outlook").addEventListener("click", () => toggleOutlook());
$("shape").addEventListener("click", () => reshape(!tree.isList));
$("theme").addEventListener("click", changeTheme);
$("help").addEventListener("click", () => $("keys").showModal());
$("closer").addEventListener("click", () => tree.zoom(1.25));
$("farther").addEventListener("click", () => tree.zoom(0.8));
$("fit").addEventListener("click", () => tree.fit());
addEventListener("keydown", onKey);
addEventListener("hashchange", () => {
  fromAddress();
  update();
});
addEventListener("beforeprint", forPaper);
addEventListener("afterprint", fromPaper);
if (matchMedia("(max-width: 640px)").matches) reshape(true);
update({ still: true });
globalThis.orgsim = { chart: tell, go: (at, known) => go({ at: toDay(at), known: known === undefined ? time.last : toDay(known) }) };
