"use strict";
// Numbers and elements. Everything that is shown is set as text, never as markup.
// Scripts and not modules: a browser loads no module of a page that lies in a folder of this machine.
window.Explorer = {};

Explorer.number = (value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "\u2013";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  if (size !== 0 && size < 0.0005) return value < 0 ? "-0" : "0";
  return String(Number(value.toPrecision(3)));
};

Explorer.signed = (value) => (value > 0 ? "+" : "") + Explorer.number(value);

// The decimals that a step has.
Explorer.decimals = (step) => {
  const whole = (power) => Math.abs(step * power - Math.round(step * power)) < 1e-6 * step * power;
  return [0, 1, 2, 3, 4, 5, 6].find((digits) => whole(10 ** digits)) ?? 6;
};

Explorer.unit = (unit) => ({ 1: "", share: "", times: "" })[unit] ?? unit;

Explorer.element = (name, said = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(said)) {
    if (key === "class") made.className = value;
    else if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
};

Explorer.svg = (name, said = {}, ...inside) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(said)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
