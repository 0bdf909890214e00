// The chart: boxes that move from one date to the next, with folding, pan and zoom.

const TITLE_FONT = fontOf("12px");
const NAME_FONT = fontOf("600 13.5px");
const TAG_FONT = fontOf("500 10.5px");
const MOST_LINES = 5;
const MOST_LEAVES = 60;
const MOST_OPEN = 90;
const MARGIN = 300;
const LEGIBLE = 0.68; // names of nine pixels
const FOOT = 56; // the buttons below the chart
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** What a box says: caption, title, lines of { text, tags }, state, and all of it as one sentence. */
function boxText(id, chart) {
  if (!isPost(id)) {
    const [name, kind] = chart.get("unit", id);
    const isRoot = chart.parent(id) === undefined;
    return { caption: isRoot ? "" : (kind ?? ""), title: name, lines: [], state: isRoot ? "root" : "unit", critical: false };
  }
  const [title, unit, root, critical, , person, heads] = chart.get("post", id);
  const [state, , , , holders, sure] = chart.get("held", id);
  const lines = holders.map(([who, seats, acting, away, , certainty]) => ({
    text: who === null ? plural(seats, "person", "people") + " not named" : chart.name(who),
    named: who !== null,
    tags: [...(acting ? ["acting"] : []), ...(away ? ["on leave"] : []), ...(certainty === "stated" ? [] : [certainty])],
  }));
  if (state === "vacant") lines.push({ text: "vacant", named: false, tags: sure === "stated" ? [] : [sure] });
  if (person !== null) return { caption: "", title: "", lines: lines.length ? lines : [{ text: title, named: true, tags: ["gone"] }], state, critical };
  const team = heads ?? (unit !== root && chart.parent(id) !== unit ? unit : null);
  return { caption: team === null ? "" : chart.name(team), title, lines, state, critical };
}

function shownLines(text) {
  if (text.lines.length <= MOST_LINES) return text.lines;
  const rest = text.lines.length - MOST_LINES + 1;
  return [...text.lines.slice(0, MOST_LINES - 1), { text: `and ${rest} more`, named: false, tags: [] }];
}

/** Whether a name and its tags need two lines. */
function isBroken(line, width) {
  const tags = line.tags.reduce((sum, tag) => sum + widthOf(tag, TAG_FONT) + 18, 0);
  return tags > 0 && widthOf(line.text, NAME_FONT) + tags > width - 26;
}

function boxHeight(text, width) {
  if (text.state === "root") return 38;
  const titles = text.title === "" ? 0 : widthOf(text.title, TITLE_FONT) > width - 25 - (text.critical ? 12 : 0) ? 2 : 1;
  return Math.max(36, 16 + (text.caption ? 14 : 0) + titles * 16 + shownLines(text).reduce((sum, line) => sum + (isBroken(line, width) ? 36 : 19), 0));
}

const tree = {
  chart: null,
  boxes: new Map(), // id -> where it stands, or goes
  from: new Map(), // id -> where it comes from
  gone: new Map(), // id -> where it was
  elements: new Map(),
  folds: new Map(), // id -> whether somebody folded it, or unfolded it
  whole: new Set(), // boxes of which every box below is shown
  openDepth: 0,
  camera: { x: 0, y: 0, k: 1 },
  isFree: false, // whether somebody moved the camera
  isWhole: false, // whether somebody asked for all of it, however small
  isList: false,
  focused: null,
  changed: new Map(), // id -> how it differs from the chart compared with

  paper: null, // the room on paper, while it is printed

  /** The room there is, in pixels; asking the browser each time would make it lay out the page. */
  get room() {
    return this.paper ?? this.size;
  },

  start() {
    this.view = $("chart");
    this.world = $("world");
    this.solid = s("path", { class: "line" });
    this.unsure = s("path", { class: "line unknown" });
    this.dotted = s("path", { class: "line dotted" });
    this.world.before((this.lines = h("div", { class: "lines", "aria-hidden": "true" }, s("svg", {}, this.solid, this.unsure, this.dotted))));
    listenToPointers(this);
    const look = () => (this.size = { width: this.view.clientWidth, height: this.view.clientHeight });
    look();
    new ResizeObserver(() => look() && this.resized()).observe(this.view);
  },

  // ------------------------------------------------------------------ which boxes

  kids(id) {
    const children = this.chart.below.get(id) ?? [];
    if (!children.length || this.isFolded(id)) return [];
    if (this.whole.has(id) || children.length <= MOST_LEAVES) return children;
    return [...children.slice(0, MOST_LEAVES), -id - 1];
  },

  isFolded(id) {
    return this.folds.get(id) ?? this.depth(id) >= this.openDepth;
  },

  depth(id) {
    let depth = 0;
    for (let above = this.chart.parent(id); above !== undefined; above = this.chart.parent(above)) depth++;
    return depth;
  },

  /** How deep to unfold at first: as deep as it stays easy to look at. */
  measure() {
    let level = this.chart.roots;
    let open = level.length;
    for (this.openDepth = 0; level.length; this.openDepth++) {
      open += level.reduce((sum, id) => sum + Math.min(MOST_LEAVES, (this.chart.below.get(id) ?? []).length), 0);
      if (this.openDepth >= 2 && open > MOST_OPEN) break;
      level = level.flatMap((id) => this.chart.below.get(id) ?? []);
    }
  },

  text(id) {
    if (id >= 0) return boxText(id, this.chart);
    const rest = this.chart.below.get(-id - 1).length - MOST_LEAVES;
    return { caption: "", title: "", lines: [{ text: `${rest.toLocaleString("en-US")} more`, named: false, tags: [] }], state: "more", critical: false };
  },

  // ------------------------------------------------------------------ showing

  /** Show a chart, and look where `goal` says: a function that gives a camera, or null to leave it. */
  show(chart, { still = false, goal = () => (this.isFree ? null : this.aim()) } = {}) {
    const isNew = this.chart !== chart;
    this.chart = chart;
    this.from = this.current();
    const before = this.boxes;
    if (!this.openDepth) this.measure();
    this.texts = new Map();
    const say = (id) => this.texts.get(id) ?? this.texts.set(id, this.text(id)).get(id);
    const room = this.room;
    const height = (id) => boxHeight(say(id), this.isList ? room.width - 60 : WIDTH);
    const kids = (id) => this.kids(id);
    const group = (id) => (id >= 0 && isPost(id) ? chart.get("place", id)[1] === "unknown" : false);
    this.boxes = this.isList ? listLayout(chart.roots, kids, height, room.width - 24) : treeLayout(chart.roots, kids, height, group, { width: room.width - 48, height: room.height - FOOT - 24 });
    this.gone = new Map([...before].filter(([id]) => !this.boxes.has(id)).map(([id]) => [id, this.from.get(id)]));
    this.order = this.preorder();
    $("nothing").hidden = this.boxes.size > 0;
    this.goal = goal();
    this.begin(still || (isNew && calm.matches));
  },

  preorder() {
    const order = [];
    const walk = (id, depth, place, siblings) => {
      const kids = this.kids(id);
      order.push({ id, depth, place, siblings, hidden: (this.chart.below.get(id) ?? []).length && !kids.length });
      kids.forEach((child, i) => walk(child, depth + 1, i + 1, kids.length));
    };
    this.chart.roots.forEach((root, i) => walk(root, 1, i + 1, this.chart.roots.length));
    return order;
  },

  /** Where the boxes are at this moment, perhaps on their way. */
  current() {
    const t = this.progress ?? 1;
    return t >= 1 ? this.boxes : new Map([...this.boxes].map(([id, box]) => [id, this.between(id, box, t)]));
  },

  between(id, box, t) {
    const old = this.from.get(id);
    if (t >= 1 || old === undefined) return box;
    const x = old.x + (box.x - old.x) * t;
    return { ...box, x, y: old.y + (box.y - old.y) * t, spine: box.spine === undefined ? undefined : box.spine + x - box.x };
  },

  begin(still) {
    cancelAnimationFrame(this.frame);
    const started = performance.now();
    const source = { ...this.camera };
    const length = still || calm.matches ? 0 : 380;
    const step = (now) => {
      const t = length ? Math.min(1, Math.max(0, (now - started) / length)) : 1;
      this.progress = 1 - (1 - t) ** 3;
      if (this.goal) {
        for (const key of ["x", "y", "k"]) this.camera[key] = source[key] + (this.goal[key] - source[key]) * this.progress;
      }
      if (t >= 1) this.gone.clear();
      this.draw();
      if (t < 1) this.frame = requestAnimationFrame(step);
      else this.goal = null;
    };
    step(started);
  },

  redraw() {
    if ((this.progress ?? 1) >= 1) this.draw();
  },

  // ------------------------------------------------------------------ drawing

  draw() {
    const { x, y, k } = this.camera;
    const camera = `translate(${x}px, ${y}px) scale(${k})`;
    this.world.style.transform = camera;
    this.lines.style.transform = camera;
    const t = this.progress;
    const seen = {
      left: (-x - MARGIN) / k, right: (this.room.width - x + MARGIN) / k,
      top: (-y - MARGIN) / k, bottom: (this.room.height - y + MARGIN) / k,
    };
    const isSeen = (box) => box.x < seen.right && box.x + box.w > seen.left && box.y < seen.bottom && box.y + box.h > seen.top;
    const wanted = new Set();
    const where = new Map();
    for (const [id, box] of this.boxes) where.set(id, this.between(id, box, t));
    let after = this.world.firstChild;
    for (const item of this.order) {
      const box = where.get(item.id);
      if (!isSeen(box) && item.id !== this.focused) continue;
      wanted.add(item.id);
      const element = this.element(item, box);
      const opacity = this.from.has(item.id) || this.from.size === 0 ? 1 : t;
      element.style.opacity = opacity;
      element.style.transform = `translate(${box.x}px, ${box.y}px)`;
      if (element === after) after = after.nextSibling;
      else {
        const hasFocus = element === document.activeElement;
        this.world.insertBefore(element, after);
        if (hasFocus) element.focus({ preventScroll: true });
      }
    }
    for (const [id, element] of this.elements) {
      if (wanted.has(id)) continue;
      if (this.gone.has(id) && t < 1) {
        element.style.opacity = 1 - t;
        element.removeAttribute("role");
      } else {
        element.remove();
        this.elements.delete(id);
      }
    }
    this.drawLines(where, isSeen);
  },

  drawLines(where, isSeen) {
    let [solid, unsure, dotted] = ["", "", ""];
    for (const { id } of this.order) {
      const box = where.get(id);
      const above = id < 0 ? -id - 1 : this.chart.parent(id);
      const top = where.get(above);
      if (top !== undefined && (isSeen(box) || isSeen(top))) {
        const path = linePath(box, top, this.isList);
        if (id >= 0 && isPost(id) && this.chart.get("place", id)[1] === "unknown") unsure += path;
        else solid += path;
      }
      for (const [to] of (id >= 0 && this.chart.get("dotted", id)) || []) {
        const goal = where.get(to);
        if (goal !== undefined && (isSeen(box) || isSeen(goal))) dotted += dottedPath(box, goal);
      }
    }
    this.solid.setAttribute("d", solid);
    this.unsure.setAttribute("d", unsure);
    this.dotted.setAttribute("d", dotted);
  },

  /** The element of a box, made or brought up to date. */
  element(item, box) {
    const { id, depth, place: among, siblings, hidden } = item;
    const text = this.texts.get(id) ?? this.text(id);
    const count = (this.chart.below.get(id) ?? []).length;
    const fold = id < 0 || !count ? "" : hidden ? "folded" : "open";
    const mark = this.changed.get(id) ?? "";
    const chosen = id === moment.id || (id >= 0 && isPost(id) && this.holds(id, moment.id));
    const key = JSON.stringify([text, fold, mark, chosen, count, depth, box.w, box.h, among, siblings]);
    let element = this.elements.get(id);
    if (element?.key === key) return element;
    if (element === undefined) {
      element = h("div", { class: "box", role: "treeitem", tabindex: "-1", "data-id": data.ids[id] ?? "more" });
      element.box = id;
      this.elements.set(id, element);
    }
    element.key = key;
    element.className = ["box", text.state, mark, chosen ? "chosen" : "", text.critical ? "critical" : ""].join(" ");
    element.style.width = `${box.w}px`;
    element.style.height = `${box.h}px`;
    const sentence = [text.title, text.caption, ...text.lines.map((line) => [line.text, ...line.tags].join(", ")), mark].filter(Boolean).join("; ");
    fill(element, {
      role: "treeitem", "aria-level": depth, "aria-posinset": among, "aria-setsize": siblings, "aria-label": sentence,
      "aria-selected": String(chosen), title: sentence,
    }, []);
    if (fold) element.setAttribute("aria-expanded", String(fold === "open"));
    else element.removeAttribute("aria-expanded");
    element.tabIndex = id === (this.focused ?? this.order[0].id) ? 0 : -1;
    element.replaceChildren(
      ...(text.caption ? [h("div", { class: "caption", dir: "auto" }, text.caption)] : []),
      ...(text.title ? [h("div", { class: "title", dir: "auto" }, text.title)] : []),
      ...shownLines(text).map((line) =>
        h("div", { class: `who${line.named ? "" : " nobody"}${isBroken(line, box.w) ? " broken" : ""}` }, h("bdi", {}, line.text), line.tags.map((tag) => h("span", { class: `tag ${tag.replace(" ", "-")}` }, tag)))),
      ...(fold ? [h("span", { class: "fold", "aria-hidden": "true" }, fold === "open" ? "–" : count.toLocaleString("en-US"))] : []),
    );
    return element;
  },

  holds(post, person) {
    return person !== null && data.is[person] === "person" && this.chart.get("held", post)[4].some((holder) => holder[0] === person);
  },

  // ------------------------------------------------------------------ folding, moving

  fold(id, isFolded) {
    if (id < 0) this.whole.add(-id - 1);
    else this.folds.set(id, isFolded ?? !this.isFolded(id));
    const was = this.boxes.get(id);
    const { x, y, k } = this.camera;
    this.show(this.chart, {
      goal: () => {
        const now = this.boxes.get(id);
        return now && (this.isFree || this.isList) ? { k, x: x + (was.x - now.x) * k, y: y + (was.y - now.y) * k } : this.aim();
      },
    });
  },

  /** Unfold whatever hides a box, look at it, and give it the focus if asked. */
  reveal(id, { focus = false } = {}) {
    for (let above = this.chart.parent(id); above !== undefined; above = this.chart.parent(above)) {
      this.folds.set(above, false);
      if ((this.chart.below.get(above) ?? []).length > MOST_LEAVES) this.whole.add(above);
    }
    this.show(this.chart, { goal: () => this.glance(id) });
    if (focus) this.focus(id);
  },

  /** A camera that has a box in sight; null if the present one has, or there is no such box. */
  glance(id) {
    const box = this.boxes.get(id);
    const { x, y, k } = this.camera;
    const { width, height } = this.room;
    if (box === undefined) return null;
    const [left, top, right, bottom] = [box.x * k + x, box.y * k + y, (box.x + box.w) * k + x, (box.y + box.h) * k + y];
    if (left > 0 && top > 0 && right < width && bottom < height) return null;
    this.isFree = true;
    const scale = this.isList ? k : Math.max(k, 0.8);
    return { k: scale, x: this.isList ? x : width / 2 - (box.x + box.w / 2) * scale, y: height / 2 - (box.y + box.h / 2) * scale };
  },

  focus(id) {
    const old = this.elements.get(this.focused);
    if (old) old.tabIndex = -1;
    this.focused = id;
    this.redraw();
    const element = this.elements.get(id);
    if (element) {
      element.tabIndex = 0;
      element.focus({ preventScroll: true });
    }
  },

  /** A camera that has all boxes in sight, as far as they can be read then; however small, if that was asked for. */
  aim() {
    const around = extent(this.boxes);
    const { width, height } = this.room;
    if (around.left === Infinity) return null;
    if (this.isList) return { k: 1, x: 12, y: 12 };
    const [w, h] = [around.right - around.left, around.bottom - around.top];
    const k = Math.min(1, Math.max(this.isWhole || this.paper ? 0.3 : LEGIBLE, Math.min((width - 48) / w, (height - FOOT - 24) / h)));
    const root = this.boxes.get(this.chart.roots[0]).x;
    const isFarOff = (root + WIDTH - around.left) * k > width - 48; // too far to the right to begin at the left
    const x = w * k <= width - 20 ? (width - w * k) / 2 - around.left * k : isFarOff ? width / 2 - (root + WIDTH / 2) * k : 24 - around.left * k;
    const y = h * k > height - FOOT ? 20 : Math.max(20, (height - FOOT - h * k) / 2) - around.top * k;
    return { k, x, y };
  },

  fit() {
    [this.isFree, this.isWhole] = [false, true];
    this.show(this.chart);
  },

  zoom(factor, x = this.room.width / 2, y = this.room.height / 2) {
    const k = Math.min(2.5, Math.max(0.08, this.camera.k * factor));
    const real = k / this.camera.k;
    this.isFree = true;
    this.goal = null;
    this.camera = { k, x: x - (x - this.camera.x) * real, y: y - (y - this.camera.y) * real };
    this.redraw();
  },

  pan(dx, dy) {
    this.isFree = true;
    this.goal = null;
    this.camera = { ...this.camera, x: this.camera.x + (this.isList ? 0 : dx), y: this.camera.y + dy };
    if (this.isList) {
      const around = extent(this.boxes);
      this.camera.y = Math.min(12, Math.max(this.camera.y, Math.min(12, this.room.height - around.bottom * this.camera.k - 12)));
    }
    this.redraw();
  },

  resized() {
    if (!this.chart || this.paper) return;
    if (this.isList) this.show(this.chart, { still: true });
    else if (!this.isFree) this.show(this.chart, { still: true });
    else this.redraw();
  },

  // ------------------------------------------------------------------ keys

  key(event) {
    const at = this.order.findIndex((item) => item.id === event.target.box);
    if (at < 0) return;
    const { id } = this.order[at];
    const kids = this.kids(id);
    const above = this.chart.parent(id);
    const moves = {
      ArrowDown: () => this.order[at + 1]?.id,
      ArrowUp: () => this.order[at - 1]?.id,
      Home: () => this.order[0].id,
      End: () => this.order[this.order.length - 1].id,
      ArrowRight: () => (kids.length ? kids[0] : void ((this.chart.below.get(id) ?? []).length && this.fold(id, false))),
      ArrowLeft: () => (kids.length ? void this.fold(id, true) : above),
    };
    if (event.key === "Enter" || event.key === " ") id < 0 ? this.fold(id) : choose(id);
    else if (moves[event.key]) {
      const next = moves[event.key]();
      if (next !== undefined) this.reveal(next, { focus: true });
      else this.focus(id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  },
};

/** Drag to pan, pinch or wheel to zoom, click to choose. */
function listenToPointers(tree) {
  const view = tree.view;
  const fingers = new Map();
  let moved = 0;
  view.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".zoom")) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = 0;
  });
  addEventListener("pointermove", (event) => {
    const old = fingers.get(event.pointerId);
    if (old === undefined) return;
    const [dx, dy] = [event.clientX - old.x, event.clientY - old.y];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4) view.classList.add("dragging");
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y);
      const corner = view.getBoundingClientRect();
      const factor = apart({ x: event.clientX, y: event.clientY }) / Math.max(1, apart(old));
      if (!tree.isList) tree.zoom(factor, (event.clientX + other.x) / 2 - corner.left, (event.clientY + other.y) / 2 - corner.top);
    } else if (moved > 4) tree.pan(dx, dy);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    if (!fingers.size) view.classList.remove("dragging");
  };
  addEventListener("pointerup", lift);
  addEventListener("pointercancel", lift);
  view.addEventListener("click", (event) => {
    const element = event.target.closest(".box");
    if (element === null || moved > 4) return;
    tree.focus(element.box);
    if (event.target.closest(".fold") || element.box < 0) tree.fold(element.box);
    else choose(element.box);
  });
  view.addEventListener("dblclick", (event) => {
    const element = event.target.closest(".box");
    if (element && (tree.chart.below.get(element.box) ?? []).length) tree.fold(element.box);
  });
  view.addEventListener("keydown", (event) => tree.key(event));
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    const corner = view.getBoundingClientRect();
    const scale = event.deltaMode === 1 ? 18 : 1;
    if ((event.ctrlKey || event.metaKey) && !tree.isList) {
      tree.zoom(Math.exp(-event.deltaY * scale * 0.01), event.clientX - corner.left, event.clientY - corner.top);
    } else tree.pan(-event.deltaX * scale, -event.deltaY * scale);
  }, { passive: false });
}
