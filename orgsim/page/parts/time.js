// Time: the two sliders, what happened when, playing, and the stretch of time that is shown.

/** What is looked at: a date, what was known on a day, an id or null, and the moment compared with or null. */
const moment = { at: 0, known: 0, id: null, base: null };

const time = {
  first: 0, // of everything
  last: 0,
  left: 0, // of the stretch shown
  right: 0,
  timer: null,

  start() {
    const happened = data.events.map((row) => days[row[EVENT.day]]);
    const learned = [...new Set(data.events.map((row) => row[EVENT.known]))].sort((a, b) => a - b).map((at) => days[at]);
    const [low, high] = ends([...happened, ...learned]);
    const pad = Math.max(7, Math.round((high - low) * 0.015));
    [this.first, this.last] = [Math.max(low - pad, toDay("0001-01-01")), Math.min(high + pad, toDay("9999-12-31"))];
    // Where most of it happened late, begin there: the first tenth of the events is beyond the left end.
    happened.sort((a, b) => a - b);
    const most = happened[Math.floor(happened.length / 10)] - pad;
    [this.left, this.right] = [this.last - most < 0.75 * (this.last - this.first) ? most : this.first, this.last];
    this.learned = learned;
    moment.known = this.last;
    moment.at = learned.length ? learned[learned.length - 1] : this.last;
    $("at").addEventListener("input", () => go({ at: Number($("at").value) }));
    $("known").addEventListener("input", () => go({ known: this.snapKnown(Number($("known").value)) }));
    for (const name of ["at", "known"]) {
      $(`${name}-date`).addEventListener("change", (event) => {
        const day = toDay(event.target.value);
        if (!Number.isNaN(day)) go({ [name]: day });
      });
    }
    $("play").addEventListener("click", () => this.play());
    $("before").addEventListener("click", () => this.step(-1));
    $("after").addEventListener("click", () => this.step(1));
    $("narrower").addEventListener("click", () => this.scale(0.4));
    $("wider").addEventListener("click", () => this.scale(2.5));
    $("all").addEventListener("click", () => this.look(this.first, this.last));
    const wheel = (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const track = $("axis").getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - track.left) / track.width));
      this.scale(Math.exp(event.deltaY * 0.004), this.left + share * (this.right - this.left));
    };
    document.querySelector(".time").addEventListener("wheel", wheel, { passive: false });
    new ResizeObserver(() => {
      this.drawn = null;
      this.draw();
    }).observe($("axis"));
  },

  /** The far right means everything. */
  snapKnown(day) {
    return day >= this.right && this.right >= this.last ? this.last : day;
  },

  /** The days on which something takes effect, as known, in order. */
  eventDays() {
    const known = place(moment.known);
    if (this.countedFor !== known) {
      this.countedFor = known;
      this.counts = happenings(known);
      this.happened = [...this.counts.keys()].sort((a, b) => a - b).map((at) => days[at]);
    }
    return this.happened;
  },

  step(by, least = 1) {
    const list = this.eventDays();
    const at = by > 0 ? upTo(list, moment.at) + least - 1 : upTo(list, moment.at - 1) - least;
    const day = list[Math.min(Math.max(at, 0), list.length - 1)];
    if (day !== undefined) go({ at: day });
    return at >= 0 && at < list.length - 1;
  },

  stepKnown(by) {
    const list = [...this.learned, this.last];
    const at = by > 0 ? upTo(list, moment.known) : upTo(list, moment.known - 1) - 1;
    go({ known: list[Math.min(Math.max(at, 0), list.length - 1)] });
  },

  /** Play from event to event; of very many, some at a time. From the end it begins again. */
  play(on = this.timer === null) {
    clearInterval(this.timer);
    this.timer = null;
    if (on) {
      const list = this.eventDays();
      if (moment.at >= (list[list.length - 1] ?? moment.at)) go({ at: list[0] ?? moment.at });
      const least = Math.max(1, Math.ceil(list.length / 90));
      this.timer = setInterval(() => this.step(1, least) || this.play(false), 1000);
    }
    const word = this.timer === null ? "Play" : "Pause";
    $("play").textContent = this.timer === null ? "▶" : "❚❚";
    fill($("play"), { "aria-label": word, title: word, "aria-pressed": String(this.timer !== null) }, []);
  },

  // ------------------------------------------------------------------ the stretch shown

  /** A longer or shorter stretch, with the date in its middle, or with a day where it was. */
  scale(factor, around = null) {
    const length = Math.min(this.last - this.first, Math.max(14, (this.right - this.left) * factor));
    const share = around === null ? 0.5 : (around - this.left) / (this.right - this.left);
    const left = (around ?? moment.at) - length * share;
    this.look(left, left + length);
  },

  look(left, right) {
    const length = Math.min(this.last - this.first, Math.round(right - left));
    this.left = Math.round(Math.min(Math.max(left, this.first), this.last - length));
    this.right = this.left + length;
    this.draw();
  },

  /** Where a day is between the two ends, in percent. */
  share(day) {
    return ((day - this.left) / (this.right - this.left)) * 100;
  },

  draw() {
    if (moment.at < this.left || moment.at > this.right) {
      const half = (this.right - this.left) / 2;
      this.left = Math.round(Math.min(Math.max(moment.at - half, this.first), this.last - 2 * half));
      this.right = Math.round(this.left + 2 * half);
    }
    for (const name of ["at", "known"]) {
      const input = $(name);
      [input.min, input.max] = [this.left, this.right];
      input.value = moment[name];
      const isAll = name === "known" && moment.known >= this.last;
      input.setAttribute("aria-valuetext", isAll ? "everything known today" : longDate(moment[name]));
      const field = $(`${name}-date`);
      [field.min, field.max] = [toIso(this.first), toIso(this.last)];
      if (field !== document.activeElement) field.value = isAll ? "" : toIso(moment[name]);
    }
    $("known-all").hidden = moment.known < this.last;
    const key = `${this.left} ${this.right} ${place(moment.known)}`;
    if (this.drawn !== key) {
      this.drawn = key;
      this.eventDays();
      drawMarks($("marks"), [...this.counts].map(([at, count]) => [days[at], count]));
      drawMarks($("news"), this.learned.map((day) => [day, 1]));
      this.drawAxis();
      strip.draw();
    }
    strip.point();
  },

  drawAxis() {
    const width = $("axis").clientWidth;
    if (!width || this.right <= this.left) return;
    const perDay = width / (this.right - this.left);
    const [unit, count] = STEPS.find(([, , length, label]) => length * perDay >= label) ?? STEPS[STEPS.length - 1];
    const labels = [];
    const date = new Date(this.left * MS);
    date.setUTCDate(1);
    if (unit === "day") date.setTime(this.left * MS);
    else if (unit === "year") date.setUTCFullYear(Math.floor(date.getUTCFullYear() / count) * count, 0, 1);
    else date.setUTCMonth(Math.floor(date.getUTCMonth() / count) * count);
    for (let i = 0; date.getTime() / MS <= this.right && i < 400; i++) {
      const day = Math.round(date.getTime() / MS);
      const share = this.share(day);
      if (share >= 0 && share <= 97) {
        const label = h("span", { class: "tick" }, TICK[unit](date));
        label.style.left = `${share}%`;
        labels.push(label);
      }
      if (unit === "day") date.setUTCDate(date.getUTCDate() + count);
      else if (unit === "year") date.setUTCFullYear(date.getUTCFullYear() + count);
      else date.setUTCMonth(date.getUTCMonth() + count);
    }
    $("axis").replaceChildren(...labels);
  },
};

/** The smallest and largest of a list, however long; of none, two days of no meaning. */
function ends(list) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of list) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return list.length ? [low, high] : [0, 1];
}

/** A step of the axis: unit, how many, its length in days, and the room its label needs in pixels. */
const STEPS = [["day", 1, 1, 58], ["day", 2, 2, 58], ["day", 7, 7, 58], ["month", 1, 30, 66], ["month", 3, 91, 66], ["month", 6, 182, 66],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((years) => ["year", years, years * 365, 44])];
const format = (options) => {
  const made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  return (date) => made.format(date);
};
const TICK = { day: format({ month: "short", day: "numeric" }), month: format({ month: "short", year: "numeric" }), year: (date) => String(date.getUTCFullYear()) };

/** Short upright marks, taller where more happened; those that would stand on one spot are one. */
function drawMarks(where, counts) {
  const sums = new Map();
  for (const [day, count] of counts) {
    const x = Math.round(time.share(day) * 5) * 2;
    if (x >= 0 && x <= 1000) sums.set(x, (sums.get(x) ?? 0) + count);
  }
  const path = [...sums].map(([x, count]) => `M${x} 20V${(20 - Math.min(20, 6 + 3.5 * Math.log2(count))).toFixed(1)}`).join("");
  where.replaceChildren(s("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none" }, s("path", { d: path, "vector-effect": "non-scaling-stroke" })));
}
