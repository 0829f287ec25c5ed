"use strict";
// The attention of a text, head by head. Everything is in the page: `data` has the tokens, the heads as [layer, number], and their
// weights, which weights.js reads; map.js draws them all.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { tokens, heads } = data;
  const n = tokens.length;
  const element = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const names = heads.map(([layer, number]) => `L${layer}H${number}`);
  const layers = [...new Set(heads.map(([layer]) => layer))];
  const numbers = [...new Set(heads.map(([, number]) => number))].sort((a, b) => a - b);

  const { reads, readBy, rest } = attentionWeights(data);
  const text = (weight) => (weight >= 0.0995 ? weight.toFixed(2) : weight >= 0.00995 ? weight.toFixed(3) : weight.toPrecision(1));

  // MARK: What is chosen

  const chosen = new Set(heads.keys());
  let direction = "reads";
  let current = null;
  let pinned = data.focus ?? (n > 0 ? n - 1 : null);

  /** Of each head what a token reads, or what reads it, as [token, weight]; once for all that is shown of them. */
  let around = { position: null, direction: null, edges: [] };

  function edgesOf(position) {
    if (around.position !== position || around.direction !== direction) {
      const visitor = direction === "reads" ? reads : readBy;
      const edges = heads.map((_, head) => {
        const found = [];
        visitor(head, position, (other, weight) => found.push([other, weight]));
        return found.sort((a, b) => b[1] - a[1]);
      });
      around = { position, direction, edges };
    }
    return around.edges;
  }

  /** Hues far apart for neighbours: of heads where one layer is chosen, else of layers. */
  function color(head) {
    const [layer, number] = heads[head];
    const shownLayers = new Set([...chosen].map((each) => heads[each][0]));
    const [index, count] = shownLayers.size > 1
      ? [layers.indexOf(layer), layers.length] : [numbers.indexOf(number), numbers.length];
    return `hsl(${Math.round((index * 360) / Math.max(count, 1))} 70% 50%)`;
  }

  // MARK: Text

  const spans = tokens.map((token, position) => {
    const span = make("span", { className: "token", tabIndex: position === 0 ? 0 : -1 }, token);
    span.append(make("sub", { textContent: position }));
    span.setAttribute("aria-label", `${token}, position ${position}`);
    span.setAttribute("role", "option");
    return span;
  });
  for (const span of spans) element("tokens").append(span, " ");

  function point(position) {
    current = position;
    update();
  }

  for (const [position, span] of spans.entries()) {
    span.addEventListener("pointerenter", () => point(position));
    span.addEventListener("focus", () => {
      for (const other of spans) other.tabIndex = other === span ? 0 : -1;
      point(position);
    });
    span.addEventListener("click", () => {
      if (!window.getSelection().isCollapsed) return;
      pinned = pinned === position ? null : position;
      update();
    });
  }
  element("text").addEventListener("pointerleave", () => point(null));
  element("tokens").addEventListener("focusout", () => point(null));
  element("tokens").addEventListener("keydown", (event) => {
    const position = spans.indexOf(document.activeElement);
    if (position < 0) return;
    const places = { ArrowRight: position + 1, ArrowLeft: position - 1, Home: 0, End: n - 1 };
    if (event.key in places) spans[places[event.key]]?.focus();
    else if (event.key === "Enter" || event.key === " ") spans[position].click();
    else if (event.key === "Escape") pinned = null;
    else return;
    event.preventDefault();
    update();
  });

  function shadeText(position) {
    const sums = new Float64Array(n);
    if (position !== null) {
      for (const head of chosen) for (const [other, weight] of edgesOf(position)[head]) sums[other] += weight;
    }
    const greatest = sums.reduce((a, b) => Math.max(a, b), 0);
    for (const [other, span] of spans.entries()) {
      const share = greatest > 0 ? sums[other] / greatest : 0;
      span.style.background = share > 0.004 ? `rgba(var(--mark), ${share.toFixed(3)})` : "";
      span.style.color = share > 0.6 ? "var(--mark-ink)" : "";
      span.classList.toggle("current", other === position);
      span.title = position === null ? "" : `mean weight ${text(sums[other] / Math.max(chosen.size, 1))}`;
    }
    element("greatest").textContent = chosen.size ? text(greatest / chosen.size) : "0";
  }

  // MARK: Lines

  const mostLines = 60;

  function draw(position) {
    const [box, svg] = [element("text"), element("lines")];
    svg.replaceChildren();
    svg.setAttribute("width", box.clientWidth);
    svg.setAttribute("height", box.scrollHeight);
    if (position === null || !element("drawn").checked) return;
    const frame = box.getBoundingClientRect();
    const above = (span) => {
      const place = span.getBoundingClientRect();
      return [place.x + place.width / 2 - frame.x, place.y - frame.y + box.scrollTop];
    };
    const [x, y] = above(spans[position]);
    const found = [...chosen].flatMap((head) => edgesOf(position)[head].filter(([other, weight]) => weight >= 0.02 && other !== position)
      .map(([other, weight]) => ({ head, other, weight })));
    for (const { head, other, weight } of found.sort((a, b) => b.weight - a.weight).slice(0, mostLines)) {
      const [toX, toY] = above(spans[other]);
      // Edges of the same tokens by several heads bow apart.
      const bow = 12 + 44 * ((numbers.indexOf(heads[head][1]) + 0.5) / numbers.length);
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", `M${x} ${y} Q${(x + toX) / 2} ${Math.min(y, toY) - bow} ${toX} ${toY}`);
      line.setAttribute("fill", "none");
      line.setAttribute("stroke", color(head));
      line.setAttribute("stroke-width", (0.6 + 3.4 * weight).toFixed(2));
      line.setAttribute("stroke-opacity", (0.3 + 0.6 * weight).toFixed(2));
      svg.append(line);
    }
  }

  // MARK: Edges by head

  const [mostHeads, mostEdges] = [40, 6];

  function list(position) {
    const body = element("edges").tBodies[0];
    body.replaceChildren();
    element("what").textContent = position === null
      ? "Point at a token, or move to it with Tab and the arrow keys."
      : direction === "reads" ? `what “${tokens[position]}” (${position}) reads` : `what reads “${tokens[position]}” (${position})`;
    if (position === null) return;
    const rows = [...chosen].map((head) => ({ head, found: edgesOf(position)[head] }))
      .sort((a, b) => (b.found[0]?.[1] ?? 0) - (a.found[0]?.[1] ?? 0) || a.head - b.head);
    for (const { head, found } of rows.slice(0, mostHeads)) {
      const cell = make("td", { className: "reads" });
      for (const [other, weight] of found.slice(0, mostEdges).filter(([, weight]) => weight >= 0.0005)) {
        const edge = make("span", { className: "edge" }, `${tokens[other]} `);
        edge.append(make("span", { className: "weight" }, `${other}: ${text(weight)}`));
        cell.append(edge);
      }
      const elsewhere = direction === "reads"
        ? found.slice(mostEdges).reduce((sum, [, weight]) => sum + weight, rest(head, position)) : 0;
      if (elsewhere >= 0.005) cell.append(make("span", { className: "weight" }, `elsewhere ${text(elsewhere)}`));
      const name = make("td", {}, make("span", { className: "swatch" }), names[head]);
      name.firstChild.style.background = color(head);
      body.append(make("tr", {}, name, cell));
    }
    if (rows.length > mostHeads) {
      body.append(make("tr", {}, make("td", {}), make("td", { className: "soft" },
        `${rows.length - mostHeads} more heads whose edges are weaker: choose fewer to see them`)));
    }
  }

  // MARK: Heads

  const buttons = heads.map(([layer, number], head) => {
    const button = make("button", { type: "button", tabIndex: head === 0 ? 0 : -1 });
    button.addEventListener("click", (event) => {
      if (event.shiftKey || event.altKey) chosen.clear();
      toggle([head]);
    });
    button.addEventListener("dblclick", () => { chosen.clear(); toggle([head]); });
    return button;
  });
  const button = (layer, number) => heads.findIndex(([a, b]) => a === layer && b === number);

  /** All of some heads on, or off where all are on. */
  function toggle(some) {
    const areOn = some.every((head) => chosen.has(head));
    for (const head of some) areOn ? chosen.delete(head) : chosen.add(head);
    choose();
  }

  function table() {
    const heading = (name, some, label) => {
      const made = make("button", { type: "button", title: label }, name, make("span", { className: "swatch" }));
      made.addEventListener("click", (event) => {
        if (event.shiftKey || event.altKey) chosen.clear();
        toggle(some);
      });
      return make("th", {}, made);
    };
    const all = [...heads.keys()];
    const top = make("tr", {}, make("th", {}), ...numbers.map((number) => heading(
      `H${number}`, all.filter((head) => heads[head][1] === number), `head ${number} of every layer`)));
    element("heads").append(make("thead", {}, top), make("tbody", {}, ...layers.map((layer) => make("tr", {},
      heading(`L${layer}`, all.filter((head) => heads[head][0] === layer), `every head of layer ${layer}`),
      ...numbers.map((number) => {
        const head = button(layer, number);
        return make("td", {}, ...(head < 0 ? [] : [buttons[head]]));
      })))));
    element("heads").classList.toggle("narrow", numbers.length > 16 || layers.length > 16);
  }

  element("heads").addEventListener("keydown", (event) => {
    const head = buttons.indexOf(document.activeElement);
    if (head < 0) return;
    const [layer, number] = [layers.indexOf(heads[head][0]), numbers.indexOf(heads[head][1])];
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [0, 0];
    if (!down && !right) return;
    const next = button(layers[layer + down], numbers[number + right]);
    event.preventDefault();
    if (next < 0) return;
    for (const other of buttons) other.tabIndex = -1;
    buttons[next].tabIndex = 0;
    buttons[next].focus();
  });

  /** Without a token: how much a head's tokens read of what they read most, in the mean. */
  let concentration = null;

  function strongest(position) {
    if (position === null) {
      concentration ??= heads.map((_, head) => {
        let sum = 0;
        for (let query = 0; query < n; query++) {
          let most = 0;
          reads(head, query, (_, weight) => { most = Math.max(most, weight); });
          sum += most;
        }
        return sum / Math.max(n, 1);
      });
      return concentration;
    }
    return edgesOf(position).map((edges) => edges[0]?.[1] ?? 0);
  }

  function shadeHeads(position) {
    const shares = strongest(position);
    const used = new Set((data.patterns ?? []).filter((pattern) => pattern.position === position)
      .flatMap((pattern) => pattern.heads.map(([layer, number]) => button(layer, number))));
    for (const [head, each] of buttons.entries()) {
      each.style.background = `rgba(var(--mark), ${shares[head].toFixed(3)})`;
      each.setAttribute("aria-pressed", chosen.has(head));
      each.classList.toggle("pattern", used.has(head));
      each.title = `${names[head]}: ${position === null ? "mean of the strongest weights" : "strongest weight"} ${text(shares[head])}`
        + (used.has(head) ? ", on the path of the word's pattern" : "");
      each.setAttribute("aria-label", each.title);
    }
    element("shade").textContent = position === null
      ? "shade: mean of each token's strongest weight" : "shade: the head's strongest weight for the token";
    const several = new Set([...chosen].map((head) => heads[head][0])).size > 1;
    for (const swatch of element("heads").querySelectorAll("thead .swatch")) {
      const number = numbers[[...swatch.closest("tr").children].indexOf(swatch.closest("th")) - 1];
      swatch.style.background = several ? "transparent" : `hsl(${Math.round((numbers.indexOf(number) * 360) / numbers.length)} 70% 50%)`;
    }
    for (const swatch of element("heads").querySelectorAll("tbody .swatch")) {
      const layer = [...element("heads").tBodies[0].rows].indexOf(swatch.closest("tr"));
      swatch.style.background = several ? `hsl(${Math.round((layer * 360) / layers.length)} 70% 50%)` : "transparent";
    }
  }

  // MARK: Map

  const map = attentionMap(
    element("map"), n, reads,
    (query, key, weight) => {
      element("readout").textContent = `${query} ${tokens[query]} reads ${key} ${tokens[key]}: ${text(weight)}`;
    },
    (query) => {
      [pinned, direction] = [query, "reads"];
      document.querySelector("input[name=direction][value=reads]").checked = true;
      update();
    });

  function paint() {
    const greatest = map.paint(chosen);
    element("mapped").textContent = chosen.size === 1 ? names[[...chosen][0]] : `mean of ${chosen.size} heads`;
    element("mapscale").textContent = `shade by the square root, strongest ${text(greatest)}`;
  }

  // MARK: Everything

  const pattern = document.querySelector(".patterns");
  const view = pattern ? patternView(pattern, (position) => { current = position; update(); }) : null;

  function update() {
    const position = current ?? pinned;
    shadeText(position);
    draw(position);
    list(position);
    shadeHeads(position);
    view?.show(position);
  }

  function choose() {
    paint();
    update();
  }

  for (const input of document.querySelectorAll("input[name=direction]")) {
    input.addEventListener("change", () => { direction = input.value; update(); });
  }
  element("drawn").addEventListener("change", update);
  element("all").addEventListener("click", () => { for (const head of heads.keys()) chosen.add(head); choose(); });
  element("none").addEventListener("click", () => { chosen.clear(); choose(); });
  map.dark.addEventListener("change", choose);
  window.addEventListener("resize", update);
  table();
  choose();
  if (pinned !== null) element("text").scrollTop = spans[pinned].offsetTop - element("text").clientHeight / 2;
})();
