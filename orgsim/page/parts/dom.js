// Elements are made, never parsed: texts become text nodes, whatever they say.

const $ = (id) => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** An HTML element: attributes, listeners (functions), and children (elements or texts). */
const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
/** An SVG element. */
const s = (tag, attributes = {}, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const long = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const short = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const longDate = (day) => long.format(day * MS);
const shortDate = (day) => short.format(day * MS);
const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
const digits = (number) => Number(number.toFixed(9));
/** The share of a full-time job, where it is not a whole one. */
const share = (fte) => (fte === 1 ? "" : ` (${digits(fte)} FTE)`);

/** A font of the page, for measuring. */
const fontOf = (style) => `${style} ${getComputedStyle(document.documentElement).fontFamily}`;
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();
/** How wide a text is in a font, in pixels. */
function widthOf(text, font) {
  const key = `${font}\n${text}`;
  if (!widths.has(key)) {
    pen.font = font;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

/** Text for comparing names: case, width and accents do not matter. */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
