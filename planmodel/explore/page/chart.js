"use strict";
// One figure: the scenario as it was behind, the answer over it, the record as marks, values where the pointer is.
Explorer.HEIGHT = 220;
Explorer.COLOURS = 6;

Explorer.Chart = class {
  constructor(quantity, state, changed) {
    this.quantity = quantity;
    this.state = state;
    this.at = null;
    this.canvas = Explorer.element("div", { class: "canvas" });
    this.tip = Explorer.element("div", { class: "tip", hidden: true, "aria-live": "polite" });
    this.versions = this.makeVersions(changed);
    const place = state.begin.regions.find(([label]) => label === quantity.region);
    this.title = quantity.title + (place ? `, ${place[1]}` : "");
    const unit = quantity.unit + (quantity.split ? ", years from July" : "");
    const caption = Explorer.element("figcaption", {}, this.title, " ",
      Explorer.element("span", { class: "unit", textContent: unit }));
    if (quantity.said) caption.append(Explorer.element("span", { class: "hint", textContent: ` (${quantity.said})` }));
    this.unit = unit;
    this.figure = Explorer.element("figure", { "data-key": quantity.key }, caption, this.canvas);
    if (this.versions) this.figure.append(this.versions);
    this.canvas.append(this.tip);
  }

  makeVersions(changed) {
    const all = Object.keys(this.quantity.record);
    if (!all.length) return null;
    const summary = Explorer.element("summary");
    const tell = () => {
      const ticked = this.state.ticked(this.quantity.key);
      summary.textContent = `Record: ${ticked.size} of ${all.length} version${all.length > 1 ? "s" : ""}`;
    };
    const ticks = all.map((version, i) => {
      const box = Explorer.element("input", {
        type: "checkbox", checked: this.state.ticked(this.quantity.key).has(version), value: version });
      box.addEventListener("change", () => {
        const ticked = new Set(this.state.ticked(this.quantity.key));
        if (box.checked) ticked.add(version);
        else ticked.delete(version);
        this.state.versions.set(this.quantity.key, ticked);
        tell();
        changed();
      });
      const swatch = Explorer.svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, this.mark(i, 7, 7));
      return Explorer.element("label", { class: "tick" }, box, swatch, version.replaceAll("_", " "));
    });
    tell();
    return Explorer.element("details", { class: "versions" }, summary, ...ticks);
  }

  // Shapes and colours in turn, so that versions differ in print too.
  mark(i, x, y) {
    const said = { class: `mark c${i % Explorer.COLOURS}` };
    const r = 4;
    const shape = i % 4;
    if (shape === 0) return Explorer.svg("circle", { ...said, cx: x, cy: y, r });
    if (shape === 1) return Explorer.svg("rect", { ...said, x: x - r + 0.5, y: y - r + 0.5, width: 2 * r - 1, height: 2 * r - 1 });
    const up = shape === 2 ? 1 : -1;
    return Explorer.svg("path", { ...said, d: `M${x - r} ${y + up * r}H${x + r}L${x} ${y - up * r}Z` });
  }

  points() {
    const ticked = this.state.ticked(this.quantity.key);
    return Object.entries(this.quantity.record).flatMap(([version, points], i) =>
      ticked.has(version) ? points.map(([label, start, end, value, low, high]) =>
        ({ version, i, label, start, end, value, low, high, middle: (start + end) / 2 })) : []);
  }

  scales(points) {
    const width = Math.max(240, this.canvas.clientWidth || 300);
    const known = [...this.base.flat(), ...this.now.flat(), ...points.flatMap(({ low, high }) => [low, high])]
      .filter((value) => value !== null);
    let [low, high] = [Math.min(...known), Math.max(...known)];
    if (low >= 0 && low < 0.6 * high) low = 0;
    const step = Explorer.niceStep((high - low || Math.abs(high) || 1) / 4);
    low = Math.floor(low / step + 1e-9) * step;
    high = Math.max(Math.ceil(high / step - 1e-9) * step, low + step);
    const ticks = [];
    for (let i = 0; low + i * step <= high + step / 2; i += 1) ticks.push(low + i * step);
    const digits = Explorer.decimals(step);
    const labels = ticks.map((tick) => tick.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
    const left = 12 + 7 * Math.max(...labels.map((label) => label.length));
    const { years } = this.state.begin;
    const [first, last] = [years[0], years.at(-1) + 1];
    const [top, bottom] = [8, Explorer.HEIGHT - 24];
    return {
      width, left, top, bottom, ticks, labels, right: width - 8,
      x: (time) => left + ((time - first) / (last - first)) * (width - 8 - left),
      y: (value) => bottom - ((value - low) / (high - low)) * (bottom - top),
    };
  }

  draw(base, now, estimated) {
    [this.base, this.now, this.estimated] = [base, now, estimated];
    const points = this.points();
    const s = this.scales(points);
    this.scale = s;
    const { years } = this.state.begin;
    const label = `${this.title}, ${this.unit}, ${years[0]} to ${years.at(-1)}; arrow keys read the values`;
    const svg = Explorer.svg("svg", {
      width: s.width, height: Explorer.HEIGHT, viewBox: `0 0 ${s.width} ${Explorer.HEIGHT}`, tabindex: 0, role: "img",
      "aria-label": label, class: estimated ? "estimate" : "" });
    s.ticks.forEach((tick, i) => svg.append(
      Explorer.svg("line", { class: "grid", x1: s.left, x2: s.right, y1: s.y(tick), y2: s.y(tick) }),
      Explorer.svg("text", { x: s.left - 6, y: s.y(tick) + 4, "text-anchor": "end" }, s.labels[i])));
    const every = Math.ceil((years.length * 40) / (s.right - s.left));
    years.forEach((year, i) => {
      if (i % every) return;
      svg.append(Explorer.svg("text", { x: s.x(year + 0.5), y: s.bottom + 17, "text-anchor": "middle" }, String(year)));
    });
    svg.append(Explorer.svg("line", { class: "axis", x1: s.left, x2: s.right, y1: s.bottom, y2: s.bottom }));
    for (const [lines, kind] of [[base, "behind"], [now, "now"]]) {
      svg.append(Explorer.svg("path", { class: `band-${kind}`, d: this.band(lines) }));
    }
    for (const [lines, kind] of [[base, "behind"], [now, "now"]]) {
      svg.append(Explorer.svg("path", { class: `line-${kind}`, d: this.path(lines[1]) }));
    }
    for (const point of points) svg.append(...this.drawn(point));
    this.cursor = Explorer.svg("line", { class: "at", y1: s.top, y2: s.bottom, visibility: "hidden" });
    svg.append(this.cursor);
    svg.addEventListener("pointermove", (event) => this.point(event.clientX - svg.getBoundingClientRect().left));
    svg.addEventListener("pointerleave", () => this.leave());
    svg.addEventListener("blur", () => this.leave());
    svg.addEventListener("keydown", (event) => this.key(event));
    const focused = document.activeElement !== null && document.activeElement === this.svg;
    this.svg?.remove();
    this.svg = svg;
    this.canvas.prepend(svg);
    if (focused) svg.focus();
    if (this.at !== null) this.tell(this.at);
  }

  path(values) {
    let d = "";
    let open = false;
    values.forEach((value, i) => {
      if (value === null) open = false;
      else {
        d += `${open ? "L" : "M"}${this.scale.x(this.quantity.at[i]).toFixed(1)} ${this.scale.y(value).toFixed(1)}`;
        open = true;
      }
    });
    return d;
  }

  band([low, , high]) {
    const known = low.map((value, i) => i).filter((i) => low[i] !== null && high[i] !== null);
    const at = (i, value) => `${this.scale.x(this.quantity.at[i]).toFixed(1)} ${this.scale.y(value).toFixed(1)}`;
    const there = known.map((i) => at(i, low[i]));
    const back = known.reverse().map((i) => at(i, high[i]));
    return there.length ? `M${[...there, ...back].join("L")}Z` : "";
  }

  drawn({ i, start, end, middle, value, low, high }) {
    const { x, y } = this.scale;
    const colour = `bar c${i % Explorer.COLOURS}`;
    const parts = [];
    if (high > low) parts.push(Explorer.svg("line", { class: colour, x1: x(middle), x2: x(middle), y1: y(low), y2: y(high) }));
    if (end - start > 1.5) parts.push(Explorer.svg("line", { class: colour, x1: x(start), x2: x(end), y1: y(value), y2: y(value) }));
    return [...parts, this.mark(i, x(middle), y(value))];
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") this.leave();
    if (!step) return;
    event.preventDefault();
    const last = this.quantity.at.length - 1;
    this.tell(this.at === null ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, this.at + step)));
  }

  point(x) {
    const away = this.quantity.at.map((time) => Math.abs(this.scale.x(time) - x));
    this.tell(away.indexOf(Math.min(...away)));
  }

  // Values of a year, in words.
  tell(i) {
    this.at = i;
    const year = this.state.begin.years[i];
    const time = this.quantity.at[i];
    const said = ([low, middle, high]) => middle[i] === null ? "not known"
      : `${Explorer.number(middle[i])} (${Explorer.number(low[i])} to ${Explorer.number(high[i])})`;
    const lines = [String(year) + (this.quantity.split ? `/${String(year + 1).slice(2)}` : ""),
      `${this.estimated ? "estimate" : "now"} ${said(this.now)}`, `before ${said(this.base)}`];
    for (const { version, label, value, low, high, start, end, middle } of this.points()) {
      const near = end - start > 1.5 ? start <= time && time <= end : Math.abs(middle - time) <= 0.5;
      const range = high > low ? ` (${Explorer.number(low)} to ${Explorer.number(high)})` : "";
      const mean = this.quantity.flow && end - start > 1.5 ? " a year" : "";
      if (near) lines.push(`${version.replaceAll("_", " ")}, ${label.replace("..", "-")}: ${Explorer.number(value)}${range}${mean}`);
    }
    this.tip.replaceChildren(...lines.map((textContent) => Explorer.element("p", { textContent })));
    this.tip.hidden = false;
    const x = this.scale.x(time);
    for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, x);
    this.cursor.setAttribute("visibility", "visible");
    const right = x > this.scale.width / 2;
    this.tip.style.left = right ? "auto" : `${x + 8}px`;
    this.tip.style.right = right ? `${this.scale.width - x + 8}px` : "auto";
  }

  leave() {
    this.at = null;
    this.tip.hidden = true;
    this.cursor.setAttribute("visibility", "hidden");
  }
};

Explorer.niceStep = (step) => {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 2.5, 5, 10].find((n) => n * power >= step * 0.999) ?? 10) * power;
};
