"use strict";
// What can be moved: sliders, rules and decrees, places and quantities.
Explorer.Controls = class {
  constructor(state, changed, looked) {
    [this.state, this.changed, this.looked] = [state, changed, looked];
    this.shown = [];
    this.makeSliders();
    this.makeDecrees();
    this.makeChoices();
    document.getElementById("back").addEventListener("click", () => {
      state.clearScenario();
      this.changed();
    });
    document.getElementById("filter").addEventListener("input", (event) => this.filter(event.target.value));
    document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  }

  // Set every control to what the state says.
  show() {
    for (const one of this.shown) one();
  }

  makeSliders() {
    const groups = new Map();
    for (const slider of this.state.begin.sliders) {
      if (!groups.has(slider.group)) {
        groups.set(slider.group, Explorer.element("fieldset", {}, Explorer.element("legend", { textContent: slider.group })));
      }
      groups.get(slider.group).append(this.makeSlider(slider));
    }
    document.getElementById("sliders").append(...groups.values());
  }

  makeSlider(slider) {
    const id = `slider-${slider.id}`;
    const input = Explorer.element("input", { type: "range", id, "aria-describedby": `${id}-about` });
    // First the ends, then the place: a browser holds the place within the ends that it knows.
    Object.assign(input, { min: slider.low, max: slider.high, step: "any", value: slider.value });
    const output = Explorer.element("output", {});
    output.htmlFor = id;
    const whole = Explorer.element("div", { class: "slider" },
      Explorer.element("div", { class: "head" }, Explorer.element("label", { htmlFor: id, textContent: slider.title }), output),
      input, Explorer.element("p", { class: "hint", id: `${id}-about`, textContent: slider.about }));
    const tell = () => {
      const now = this.state.sliders.get(slider.id) ?? slider.value;
      output.textContent = Explorer.sliderText(slider, now);
      input.setAttribute("aria-valuetext", output.textContent);
      whole.classList.toggle("moved", this.state.sliders.has(slider.id));
      return now;
    };
    input.addEventListener("input", () => {
      this.state.slide(slider.id, Number(input.value));
      tell();
      this.changed();
    });
    this.shown.push(() => { input.value = tell(); });
    return whole;
  }

  makeDecrees() {
    for (const decree of this.state.begin.decrees) {
      const place = document.querySelector(decree.when ? "#rules .list" : "#decrees .list");
      place.append(this.makeDecree(decree));
    }
    document.getElementById("rules").hidden = !this.state.begin.decrees.some(({ when }) => when);
  }

  makeDecree(decree) {
    const box = Explorer.element("input", { type: "checkbox", name: decree.name });
    const [first, last] = this.state.begin.period;
    const day = Explorer.element("input", { type: "date", min: first, max: last, name: `${decree.name}.date` });
    const whole = Explorer.element("div", { class: "entry", "data-name": decree.name },
      Explorer.element("label", {}, box, Explorer.element("span", { textContent: decree.title })));
    if (decree.when) whole.append(Explorer.element("p", { class: "hint", textContent: `when ${decree.when}` }));
    whole.append(
      Explorer.element("label", { class: "day" }, decree.when ? "not before" : "on", day),
      Explorer.element("p", { class: "hint", textContent: `sets ${decree.effects}. ${decree.source}` }));
    box.addEventListener("change", () => {
      this.state.decree(decree.name, { on: box.checked });
      this.changed();
    });
    day.addEventListener("change", () => {
      if (!day.value) day.value = decree.date;
      this.state.decree(decree.name, { date: day.value });
      this.changed();
    });
    this.shown.push(() => {
      const now = this.state.decreeNow(decree.name);
      [box.checked, day.value, day.disabled] = [now.on, now.date, !now.on];
      whole.classList.toggle("moved", this.state.decrees.has(decree.name));
    });
    return whole;
  }

  filter(text) {
    const wanted = text.trim().toLowerCase();
    for (const entry of document.querySelectorAll("#decrees .entry")) {
      entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    }
  }

  makeChoices() {
    const { begin } = this.state;
    const names = new Map(begin.regions);
    this.choose("#places .list", this.state.places, (place) => (place ? names.get(place) : "The whole country"),
      () => this.state.at, (chosen) => { this.state.at = chosen.length ? chosen : [""]; });
    document.getElementById("places").hidden = !begin.regions.length;
    const titles = new Map(begin.quantities.map(({ name, title }) => [name, title]));
    this.choose("#shown .list", this.state.names, (name) => titles.get(name),
      () => this.state.shown, (chosen) => { this.state.shown = chosen; });
  }

  choose(place, all, title, held, keep) {
    const boxes = all.map((value) => Explorer.element("input", { type: "checkbox", value: value || "country" }));
    document.querySelector(place).append(...boxes.map((box, i) =>
      Explorer.element("label", { class: "tick" }, box, title(all[i]))));
    const show = () => boxes.forEach((box, i) => { box.checked = held().includes(all[i]); });
    for (const box of boxes) {
      box.addEventListener("change", () => {
        keep(all.filter((_, i) => boxes[i].checked));
        show();
        this.looked();
      });
    }
    this.shown.push(show);
  }
};

Explorer.sliderText = (slider, value) => {
  const digits = Explorer.decimals(slider.step);
  const onStep = Math.abs(value - Number(value.toFixed(digits))) < slider.step / 1000;
  const text = onStep ? value.toFixed(digits) : String(Number(value.toPrecision(3)));
  if (slider.unit === "times") return `× ${text}`;
  const unit = Explorer.unit(slider.unit);
  return (slider.low < 0 && value > 0 ? "+" : "") + text + (unit ? ` ${unit}` : "");
};
