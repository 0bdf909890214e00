// Where boxes stand.  Two layouts: a tree from top to bottom, in which boxes without boxes below stand in columns; and
// an indented list.  Each gives every box { x, y, w, h }, and where the line runs that it hangs on, if it runs beside it.

const WIDTH = 176;
const GAP = { x: 18, y: 40, leaf: 9, tree: 26, spine: 18, root: 48 };

/** Ways to arrange trees, the plainest first: how many leaves stand in a row, how many in a column, how far small
    trees stand one below the other, and whether other organizations stand below the first instead of beside it. */
const WAYS = [[3, 6], [1, 6], [3, 6, 1], [1, 6, 1], [1, 6, 1.4], [1, 9, 1], [1, 9, 1, true], [1, 14, 1, true]]
  .map(([few, rows, stack = 0, under = false]) => ({ few, rows, stack, under }));
const MANY = 800;

/** The tree in the way that can be drawn largest in the room; `kids(id)` are the boxes to draw below a box, `height(id)`
    is its height, `group(id)` what stands together. */
function treeLayout(roots, kids, height, group, room) {
  let best;
  for (const way of WAYS) {
    const boxes = arrange(roots, kids, height, group, way, room.width / room.height);
    const around = extent(boxes);
    const k = Math.min(1, room.width / (around.right - around.left), room.height / (around.bottom - around.top));
    if (best === undefined || k > best.k * 1.04) best = { k, boxes };
    if (best.k >= 0.95 || boxes.size > MANY) break;
  }
  return best.boxes;
}

function arrange(roots, kids, height, group, { few, rows: most, stack, under }, shape) {
  const boxes = new Map();
  const place = (id, x, y, more) => boxes.set(id, { x, y, w: WIDTH, h: height(id), ...more });
  const single = (id) => ({ w: WIDTH, h: height(id), anchor: WIDTH / 2, put: (x, y, more) => place(id, x, y, more) });

  /** Parts one below the other, with a line along their left side. */
  const column = (parts, gap) => ({
    w: GAP.spine + Math.max(...parts.map((part) => part.w)),
    h: parts.reduce((sum, part) => sum + part.h + gap, -gap),
    anchor: GAP.spine / 2,
    put(x, y) {
      let top = y;
      for (const part of parts) {
        part.put(x + GAP.spine, top, { spine: x + GAP.spine / 2 });
        top += part.h + gap;
      }
    },
  });

  /** Boxes with nothing below them, in columns. */
  const block = (leaves) => {
    const rows = Math.max(Math.min(leaves.length, most), Math.ceil(Math.sqrt(leaves.length * 1.4)));
    const columns = Math.ceil(leaves.length / rows);
    const length = Math.ceil(leaves.length / columns);
    return Array.from({ length: columns }, (_, i) => column(leaves.slice(i * length, (i + 1) * length).map(single), GAP.leaf)).filter((part) => part.h > 0);
  };

  /** Small trees that follow each other, one below the other, as far as the whole keeps the shape of the room. */
  const stacked = (stems, blocks) => {
    const area = stems.reduce((sum, part) => sum + part.w * part.h, 0);
    const tall = stack * Math.max(Math.sqrt(area / shape), ...stems.map((part) => part.h), ...blocks.map((part) => part.h * 1.2));
    const columns = [];
    for (const part of stems) {
      const last = columns[columns.length - 1];
      const sum = last?.reduce((all, other) => all + other.h + GAP.tree, 0);
      if (last && sum + part.h <= tall) last.push(part);
      else columns.push([part]);
    }
    return columns.map((parts) => (parts.length === 1 ? parts[0] : column(parts, GAP.tree)));
  };

  const measure = (id) => {
    const children = kids(id);
    if (!children.length) return single(id);
    const stems = children.filter((child) => kids(child).length).map(measure);
    const groups = new Map();
    for (const leaf of children.filter((child) => !kids(child).length)) {
      groups.set(group(leaf), [...(groups.get(group(leaf)) ?? []), leaf]);
    }
    const isRow = !stems.length && children.length <= few;
    const blocks = [...groups.values()].flatMap((leaves) => (isRow || leaves.length === 1 ? leaves.map(single) : block(leaves)));
    const parts = [...(stack && stems.length ? stacked(stems, blocks) : stems), ...blocks];
    const total = parts.reduce((sum, part) => sum + part.w + GAP.x, -GAP.x);
    const last = parts[parts.length - 1];
    const middle = (parts[0].anchor + total - last.w + last.anchor) / 2;
    const left = Math.max(0, WIDTH / 2 - middle);
    const anchor = middle + left;
    return {
      w: Math.max(left + total, anchor + WIDTH / 2),
      h: height(id) + GAP.y + Math.max(...parts.map((part) => part.h)),
      anchor,
      put(x, y, more) {
        place(id, x + anchor - WIDTH / 2, y, more);
        let at = x + left;
        for (const part of parts) {
          part.put(at, y + height(id) + GAP.y);
          at += part.w + GAP.x;
        }
      },
    };
  };
  (under ? pile : shelve)(roots.map(measure), shape);
  return boxes;
}

/** The largest tree stands first; the others beside it, one below the other as far as they are no taller. */
function shelve(trees, shape) {
  if (!trees.length) return;
  const [first, ...rest] = trees;
  first.put(-first.anchor, 0);
  const tall = Math.max(first.h, Math.min(900, first.w / shape));
  let x = first.w - first.anchor + GAP.root;
  let y = 0;
  let wide = 0;
  for (const tree of rest) {
    if (y > 0 && y + tree.h > tall) {
      x += wide + GAP.root;
      y = wide = 0;
    }
    tree.put(x, y);
    y += tree.h + GAP.y;
    wide = Math.max(wide, tree.w);
  }
}

/** The largest tree stands first; the others below it, side by side as far as they are no wider. */
function pile(trees) {
  let [x, y, tall] = [0, 0, 0];
  const wide = trees[0]?.w ?? 0;
  for (const tree of trees) {
    if (x > 0 && x + tree.w > wide) {
      y += tall + GAP.root;
      x = tall = 0;
    }
    tree.put(x, y);
    x += tree.w + GAP.root;
    tall = Math.max(tall, tree.h);
  }
}

/** The list, as wide as there is room. */
function listLayout(roots, kids, height, room) {
  const boxes = new Map();
  let y = 0;
  const put = (id, depth) => {
    const x = Math.min(depth, 8) * 18;
    boxes.set(id, { x, y, w: Math.max(180, room - x), h: height(id) });
    y += height(id) + 6;
    for (const child of kids(id)) put(child, depth + 1);
  };
  for (const root of roots) {
    put(root, 0);
    y += 14;
  }
  return boxes;
}

/** The line from a box to the one above it, as a path. */
function linePath(box, above, isList) {
  const middle = above.x + above.w / 2;
  const bottom = above.y + above.h;
  if (isList) return `M${above.x + 9} ${bottom}V${box.y + box.h / 2}H${box.x}`;
  if (box.spine === undefined) return `M${middle} ${bottom}V${box.y - GAP.y / 2}H${box.x + box.w / 2}V${box.y}`;
  return `M${middle} ${bottom}V${bottom + GAP.y / 2}H${box.spine}V${box.y + Math.min(22, box.h / 2)}H${box.x}`;
}

/** A dotted line between two boxes, as a path. */
function dottedPath(from, to) {
  const [x1, y1, x2, y2] = [from.x + from.w / 2, from.y, to.x + to.w / 2, to.y + to.h];
  const bend = Math.max(40, Math.abs(y2 - y1) / 2);
  return `M${x1} ${y1}C${x1} ${y1 - bend} ${x2} ${y2 + bend} ${x2} ${y2}`;
}

/** The rectangle around all boxes. */
function extent(boxes) {
  const around = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const box of boxes.values()) {
    around.left = Math.min(around.left, box.x);
    around.top = Math.min(around.top, box.y);
    around.right = Math.max(around.right, box.x + box.w);
    around.bottom = Math.max(around.bottom, box.y + box.h);
  }
  return around;
}
