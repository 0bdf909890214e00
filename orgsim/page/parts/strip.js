// The strip: who held each leading post, day by day, with acting and vacant stretches; below the sliders, on their axis.

const LABEL_FONT = fontOf("11px");
/** The kinds of event by which a post comes to be held, covered or empty. */
const HOLDING = ["create-post", "appoint", "vacate", "hire", "depart", "abolish-post"];
const STATES = { held: "held", acting: "acting", uncovered: "vacant", unknown: "not known" };

const strip = {
  draw() {
    const known = place(moment.known);
    const rows = data.leaders.map((id) => [id, facts.cover.of(id, known)]).filter(([, stretches]) => stretches.length);
    $("strip").replaceChildren(
      ...rows.map(([id, stretches]) =>
        h("div", { class: "row", role: "listitem" },
          h("button", { class: "label", type: "button", dir: "auto", title: this.title(id), click: () => choose(id) }, this.title(id)),
          h("div", { class: "track" }, stretches.map((stretch) => this.stretch(id, stretch, known))))),
    );
    $("strip").hidden = !rows.length;
  },

  title(id) {
    return chartAt(moment.at, moment.known).name(id);
  },

  /** The event that made a stretch begin or end on a day, the vaguest of several; undefined if that is sure. */
  unsure(id, on, known) {
    const found = data.stories[id].map((at) => data.events[at]).filter((row) =>
      row[EVENT.day] === on && HOLDING.includes(row[EVENT.kind]) && counts(row, on, known) && (row[EVENT.last] || isOutstanding(row, days.length - 1, known)));
    return found.sort((a, b) => (a[EVENT.last] < b[EVENT.last] ? 1 : -1))[0];
  },

  stretch(id, { since, until, value: [state, people, unnamed] }, known) {
    const [start, end] = [days[since], days[until] ?? time.last];
    const [left, right] = [Math.max(0, time.share(start)), Math.min(100, time.share(end))];
    if (right <= left || left >= 100) return null;
    const who = [...people.map((person) => data.names[person][0]), ...(unnamed ? [`${plural(unnamed, "person", "people")} not named`] : [])];
    const name = who.length ? who.join(", ") : STATES[state];
    const [first, last] = [this.unsure(id, since, known), this.unsure(id, until, known)];
    const isExpected = first !== undefined && isOutstanding(first, days.length - 1, known);
    const span = `from ${dayOf(first, start, 0)}${days[until] === undefined ? "" : `${first?.[EVENT.last] ? "," : ""} to ${dayOf(last, end, 1)}`}${isExpected ? ", only expected" : ""}`;
    const sentence = `${this.title(id)}: ${who.length ? `${name}${state === "acting" ? ", acting" : ""}` : STATES[state]}, ${span}`;
    const jump = () => {
      go({ at: Math.max(start, time.first), id });
    };
    const element = h("button", { class: `stretch ${state}${isExpected ? " expected" : ""}`, type: "button", title: sentence, "aria-label": sentence, click: jump },
      this.fade(first, start, left, right), this.fits(name, right - left) ? h("bdi", {}, name) : null);
    element.style.left = `${left}%`;
    element.style.width = `${right - left}%`;
    return element;
  },

  /** What covers the days on which a stretch may not have begun yet; of one that was only seen to be so, its edge. */
  fade(first, start, left, right) {
    if (!first?.[EVENT.last]) return null;
    const element = h("i", {});
    const end = Math.min(right, time.share(toDay(first[EVENT.last]) + 1));
    element.style.width = toDay(first[EVENT.last]) === start ? "10px" : `${((end - left) / (right - left)) * 100}%`;
    return end > left ? element : null;
  },

  /** Whether a name can be read in a stretch: all of it, or enough of it. */
  fits(name, share) {
    const room = ($("axis").clientWidth * share) / 100 - 10;
    return room > Math.min(64, widthOf(name, LABEL_FONT));
  },

  /** Put the cursors where the sliders are. */
  point() {
    for (const [name, day] of [["now", moment.at], ["then", moment.known]]) {
      const cursor = document.querySelector(`.cursors .${name}`);
      const share = time.share(day);
      cursor.hidden = share < 0 || share > 100 || (name === "then" && moment.known >= time.last);
      cursor.style.left = `${share}%`;
    }
  },
};

/** The day on which an event made a stretch begin, or the one before, on which another ends; and how far that is not sure. */
function dayOf(row, day, less) {
  const last = row?.[EVENT.last] ? toDay(row[EVENT.last]) : null;
  return shortDate(day - less) + (last === null ? "" : last === day ? ", or before" : `, or as late as ${shortDate(last - less)}`);
}
