// The strip: who held each leading post, day by day, with acting and vacant stretches; below the sliders, on their axis.

const LABEL_FONT = fontOf("11px");
const STATES = { held: "held", acting: "acting", uncovered: "vacant", unknown: "not known" };

const strip = {
  draw() {
    const known = place(moment.known);
    const rows = data.leaders.map((id) => [id, facts.cover.of(id, known)]).filter(([, stretches]) => stretches.length);
    $("strip").replaceChildren(
      ...rows.map(([id, stretches]) =>
        h("div", { class: "row", role: "listitem" },
          h("button", { class: "label", type: "button", dir: "auto", title: this.title(id), click: () => choose(id) }, this.title(id)),
          h("div", { class: "track" }, stretches.map((stretch) => this.stretch(id, stretch))))),
    );
    $("strip").hidden = !rows.length;
  },

  title(id) {
    return chartAt(moment.at, moment.known).name(id);
  },

  stretch(id, { since, until, value: [state, people, unnamed] }) {
    const [start, end] = [days[since], days[until] ?? time.last];
    const [left, right] = [Math.max(0, time.share(start)), Math.min(100, time.share(end))];
    if (right <= left || left >= 100) return null;
    const who = [...people.map((person) => data.names[person][0]), ...(unnamed ? [`${plural(unnamed, "person", "people")} not named`] : [])];
    const name = who.length ? who.join(", ") : STATES[state];
    const sentence = `${this.title(id)}: ${who.length ? `${name}${state === "acting" ? ", acting" : ""}` : STATES[state]}, from ${shortDate(start)}${days[until] === undefined ? "" : ` to ${shortDate(end - 1)}`}`;
    const jump = () => {
      go({ at: Math.max(start, time.first), id });
    };
    const element = h("button", { class: `stretch ${state}`, type: "button", title: sentence, "aria-label": sentence, click: jump }, this.fits(name, right - left) ? h("bdi", {}, name) : null);
    element.style.left = `${left}%`;
    element.style.width = `${right - left}%`;
    return element;
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
