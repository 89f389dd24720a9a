"use strict";
// What the reader has set: as the question that the model is asked, and as the end of a link.
Explorer.State = class {
  constructor(begin) {
    this.begin = begin;
    this.sliderOf = new Map(begin.sliders.map((s) => [s.id, s]));
    this.decreeOf = new Map(begin.decrees.map((d) => [d.name, d]));
    this.quantityOf = new Map(begin.quantities.map((q) => [q.key, q]));
    this.names = [...new Set(begin.quantities.map((q) => q.name))];
    this.places = ["", ...begin.regions.map(([label]) => label)];
    this.clear();
  }

  clear() {
    this.clearScenario();
    this.at = [""];
    this.shown = this.begin.shown.first.filter((name) => this.names.includes(name));
    this.versions = new Map();
  }

  clearScenario() {
    this.sliders = new Map();
    this.decrees = new Map();
  }

  slide(id, number) {
    const { low, high, step, value } = this.sliderOf.get(id);
    const near = Math.abs(number - value) < step / 2;
    const rounded = Number((Math.round(number / step) * step).toFixed(Explorer.decimals(step)));
    if (near) this.sliders.delete(id);
    else this.sliders.set(id, Math.min(high, Math.max(low, rounded)));
  }

  decree(name, change) {
    const of = this.decreeOf.get(name);
    const now = { on: of.on, date: of.date, ...this.decrees.get(name), ...change };
    if (now.on === of.on && now.date === of.date) this.decrees.delete(name);
    else this.decrees.set(name, now);
  }

  decreeNow(name) {
    const { on, date } = this.decreeOf.get(name);
    return { on, date, ...this.decrees.get(name) };
  }

  ticked(key) {
    const { used } = this.quantityOf.get(key);
    return this.versions.get(key) ?? new Set(used);
  }

  get changed() {
    return this.sliders.size + this.decrees.size > 0;
  }

  // The question: only what is not as the scenario has it; the day of a decree that is off says nothing.
  question() {
    const decrees = {};
    for (const [name, now] of this.decrees) {
      const of = this.decreeOf.get(name);
      if (now.on === of.on && !now.on) continue;
      decrees[name] = { on: now.on };
      if (now.on && now.date !== of.date) decrees[name].date = now.date;
    }
    return { sliders: Object.fromEntries(this.sliders), decrees };
  }

  looks() {
    const found = [];
    for (const place of this.at) {
      for (const name of this.names) {
        const one = this.quantityOf.get(place ? `${name}@${place}` : name);
        if (one && this.shown.includes(name)) found.push(one);
      }
    }
    return found;
  }

  hash() {
    const said = new URLSearchParams();
    said.set("scenario", this.begin.scenario.name);
    for (const [id, number] of this.sliders) said.set(id, number);
    for (const [name, { on, date }] of this.decrees) said.set(`decree.${name}`, `${on ? "on" : "off"},${date}`);
    if (this.at.join() !== "") said.set("at", this.at.map((place) => place || "country").join());
    if (this.shown.join() !== this.begin.shown.first.join()) said.set("show", this.shown.join());
    for (const [key, versions] of this.versions) said.set(`record.${key}`, [...versions].join());
    return `#${said}`;
  }

  // Take a link; return what of it could not be taken, a line each.
  read(hash) {
    const wrong = [];
    this.clear();
    for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
      if (key === "scenario") {
        if (value !== this.begin.scenario.name) wrong.push(`it is of the scenario '${value}'`);
      } else if (!this.take(key, value)) wrong.push(`'${key}' is not known here, or '${value}' is not allowed`);
    }
    return wrong;
  }

  take(key, value) {
    const list = value ? value.split(",") : [];
    if (this.sliderOf.has(key)) {
      const { low, high } = this.sliderOf.get(key);
      const number = Number(value);
      if (value.trim() === "" || !(number >= low && number <= high)) return false;
      this.slide(key, number);
      return true;
    }
    if (key.startsWith("decree.")) {
      const name = key.slice(7);
      const [on, date] = list;
      if (!this.decreeOf.has(name) || !["on", "off"].includes(on) || !/^\d{4}-\d\d-\d\d$/.test(date ?? "")) return false;
      this.decree(name, { on: on === "on", date });
      return true;
    }
    if (key === "at") {
      const places = list.map((place) => (place === "country" ? "" : place));
      if (!places.length || !places.every((place) => this.places.includes(place))) return false;
      this.at = this.places.filter((place) => places.includes(place));
      return true;
    }
    if (key === "show") {
      if (!list.every((name) => this.names.includes(name))) return false;
      this.shown = list;
      return true;
    }
    const quantity = this.quantityOf.get(key.replace(/^record\./, ""));
    if (!key.startsWith("record.") || !quantity || !list.every((v) => Object.hasOwn(quantity.record, v))) return false;
    this.versions.set(quantity.key, new Set(list));
    return true;
  }
};
