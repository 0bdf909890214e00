// The outlook: a fan of simulated values after what was, and how long gaps last, each with its uncertainty.

function outlookReport(result) {
  return page("outlook",
    heading("outlook", "Outlook", result.title, () => toggleOutlook(false)),
    h("h3", {}, result.measure),
    fanPlot(result),
    ...(result.gaps.length ? [h("h3", {}, "Days the posts stand empty, in all: share of the runs"), gapPlot(result.gaps)] : []),
    result.note ? h("p", { class: "note", dir: "auto" }, result.note) : null);
}

function toggleOutlook(on = !panel.isOutlook) {
  panel.isOutlook = on;
  $("outlook").setAttribute("aria-pressed", String(on));
  if (on) moment.base = null;
  update();
}

/** Round numbers from below the least to above the most. */
function ticksOf(low, high, count = 4) {
  const raw = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw);
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

const percent = (share) => `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: 1 })}%`;

function fanPlot({ dates, quantiles, history, measure }) {
  const [width, height, left, right, top, bottom] = [360, 220, 40, 52, 8, 24];
  const xs = dates.map(toDay);
  const past = history.map(([iso, value]) => [toDay(iso), value]);
  const all = [...quantiles.flatMap(([, values]) => values), ...past.map(([, value]) => value)];
  const ticks = ticksOf(...ends(all));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const [start, end] = [past.length ? past[0][0] : xs[0], xs[xs.length - 1]];
  const x = (day) => left + ((day - start) / (end - start || 1)) * (width - left - right);
  const y = (value) => height - bottom - ((value - low) / (high - low || 1)) * (height - top - bottom);
  const line = (points) => points.map(([day, value], i) => `${i ? "L" : "M"}${x(day).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const bands = [];
  for (let i = 0, j = quantiles.length - 1; i < j; i++, j--) {
    const [[low, lower], [high, upper]] = [quantiles[i], quantiles[j]];
    const edge = [...xs.map((day, at) => [day, upper[at]]), ...xs.map((day, at) => [day, lower[at]]).reverse()];
    bands.push(s("path", { class: "band", d: `${line(edge)}Z` }, s("title", {}, `${percent(high - low)} of the runs`)));
  }
  const middle = quantiles[quantiles.length >> 1];
  const last = xs.length - 1;
  const labels = quantiles.map(([chance, values]) => [y(values[last]), percent(chance)]).sort((a, b) => a[0] - b[0]);
  labels.forEach((label, i) => { if (i) label[0] = Math.max(label[0], labels[i - 1][0] + 11); });
  const said = `${measure}: ${quantiles.map(([chance, values]) => `${percent(chance)} quantile ${values[last]}`).join(", ")} on ${dates[last]}`;
  return s("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said },
    ticks.map((value) => [s("path", { class: "grid", d: `M${left} ${y(value)}H${width - right}` }), s("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toLocaleString("en-US"))]),
    bands,
    quantiles.length % 2 ? s("path", { class: "median", d: line(xs.map((day, at) => [day, middle[1][at]])) }) : null,
    past.length ? s("path", { class: "history", d: line(past) }) : null,
    labels.map(([at, text]) => s("text", { x: width - right + 5, y: at + 4 }, text)),
    s("text", { x: left, y: height - 6 }, shortDate(start)),
    s("text", { x: width - right, y: height - 6, "text-anchor": "end" }, shortDate(end)));
}

function gapPlot(bars) {
  const [width, row, left] = [360, 20, 100];
  const most = Math.max(...bars.map((bar) => bar[4]), 0.01);
  const x = (share) => left + (share / most) * (width - left - 46);
  const name = ([low, high]) => (high === null ? `${low}+ days` : `${low}–${high - 1} days`);
  return s("svg", { class: "plot", viewBox: `0 0 ${width} ${bars.length * row + 4}`, role: "img", "aria-label": bars.map((bar) => `${name(bar)}: ${percent(bar[2])}`).join("; ") },
    bars.map((bar, i) => {
      const y = i * row + 3;
      return [
        s("text", { x: left - 6, y: y + 12, "text-anchor": "end" }, name(bar)),
        s("rect", { class: "bar", x: left, y: y + 1, width: Math.max(0, x(bar[2]) - left), height: row - 7 }),
        s("path", { class: "whisker", d: `M${x(bar[3])} ${y + 7}H${x(bar[4])}M${x(bar[3])} ${y + 3}v8M${x(bar[4])} ${y + 3}v8` }),
        s("text", { x: x(bar[4]) + 6, y: y + 12 }, percent(bar[2])),
      ];
    }));
}
