"use strict";
// What a reader takes along: figures, data, a scenario.
Explorer.save = (name, kind, content) => {
  const address = URL.createObjectURL(new Blob([content], { type: kind }));
  const link = Explorer.element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

Explorer.STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family"];

// A drawing that stands alone: what the style sheet says is written into each element.
Explorer.alone = (svg) => {
  const copy = svg.cloneNode(true);
  const [there, here] = [copy.querySelectorAll("*"), svg.querySelectorAll("*")];
  here.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of Explorer.STYLES) there[i].setAttribute(name, style.getPropertyValue(name));
    there[i].removeAttribute("class");
  });
  for (const name of ["tabindex", "class", "role"]) copy.removeAttribute(name);
  return copy;
};

// All figures that are shown, in two columns, with what was changed above them.
Explorer.figureText = (charts, lines) => {
  const [gap, head] = [24, 26];
  const columns = charts.length > 1 ? 2 : 1;
  const width = Math.max(...charts.map(({ scale }) => scale.width));
  const top = 16 + 16 * lines.length;
  const rows = Math.ceil(charts.length / columns);
  const [w, h] = [columns * (width + gap) + gap, top + rows * (Explorer.HEIGHT + head + gap)];
  const paper = getComputedStyle(document.body);
  const sheet = Explorer.svg("svg", { width: w, height: h, viewBox: `0 0 ${w} ${h}` });
  sheet.append(Explorer.svg("rect", { width: w, height: h, fill: paper.backgroundColor }));
  const text = (x, y, said, weight, size) => Explorer.svg("text", {
    x, y, fill: paper.color, "font-size": size, "font-weight": weight, "font-family": "sans-serif" }, said);
  lines.forEach((line, i) => sheet.append(text(gap, 20 + 16 * i, line, i ? "normal" : "bold", 12)));
  charts.forEach((chart, i) => {
    const [x, y] = [gap + (i % columns) * (width + gap), top + Math.floor(i / columns) * (Explorer.HEIGHT + head + gap)];
    const copy = Explorer.alone(chart.svg);
    copy.setAttribute("x", x);
    copy.setAttribute("y", y + head);
    sheet.append(text(x, y + 16, `${chart.title} (${chart.unit})`, "bold", 12), copy);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(sheet)}\n`;
};

Explorer.cell = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

// One row a quantity, place and year: before and now.
Explorer.dataText = (begin, looks, now, how) => {
  const head = ["quantity", "region", "unit", "year", "before_5", "before_50", "before_95", "now_5", "now_50", "now_95", "now_is"];
  const rows = looks.flatMap(({ key, name, region, unit }) => begin.years.map((year, i) => [
    name, region, unit, year, ...begin.base[key].map((line) => line[i]), ...now[key].map((line) => line[i]), how]));
  return [head, ...rows].map((row) => row.map(Explorer.cell).join(",")).join("\n") + "\n";
};
