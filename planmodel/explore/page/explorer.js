"use strict";
// The page: takes what it is told, asks at once, then asks the model.
Explorer.QUIET = 120; // milliseconds without a change before the model is asked

Explorer.Page = class {
  constructor(begin, drawn, live) {
    [this.begin, this.drawn, this.live] = [begin, drawn, live];
    this.state = new Explorer.State(begin);
    this.now = begin.base;
    this.estimated = false;
    this.charts = [];
    this.running = false;
    this.controls = new Explorer.Controls(this.state, () => this.moved(), () => this.look());
    this.head();
    this.buttons();
    window.addEventListener("hashchange", () => { if (location.hash !== this.hash) this.take(); });
    let width = 0;
    new ResizeObserver(([{ contentRect }]) => {
      if (Math.abs(contentRect.width - width) > 1) this.draw();
      width = contentRect.width;
    }).observe(document.getElementById("looks"));
    document.getElementById("work").hidden = false;
    this.take();
    this.tellDrawn();
    if (live && !drawn) this.waitForDrawn();
  }

  head() {
    const { scenario, members } = this.begin;
    document.getElementById("title").textContent = `Explorer: ${scenario.name}`;
    document.title = `${scenario.name} - planmodel explorer`;
    document.getElementById("about").textContent = scenario.title;
    if (this.live) return;
    const where = document.getElementById("where");
    where.textContent = "This page has no model behind it: it answers from members drawn beforehand, which is an estimate "
      + `(see "How to read it"). Where planmodel is installed, planmodel explore opens it with the model: each answer is then a run of ${members} members.`;
    where.hidden = false;
    document.getElementById("take-toml").disabled = true;
    document.getElementById("toml-hint").textContent = "The scenario as a file is written where the model is: open the link's end "
      + "(from # on) behind the address of planmodel explore.";
  }

  // Take the link that the page was opened with.
  take() {
    const wrong = this.state.read(location.hash);
    this.look();
    this.moved();
    if (wrong.length) this.say(`of the link was left out: ${wrong.join("; ")}`, true);
  }

  // Something was changed: answer at once, and ask the model.
  moved() {
    this.since = performance.now();
    this.question = this.state.question();
    this.asked = JSON.stringify(this.question);
    this.controls.show();
    this.keepLink();
    const changed = Object.keys(this.question.sliders).length + Object.keys(this.question.decrees).length > 0;
    if (!changed) {
      this.answer(this.begin.base, false);
      this.say(`The scenario as it was: ${this.begin.members} members.`);
    } else {
      if (this.drawn && Explorer.knows(this.begin, this.drawn, this.question)) {
        this.answer(Explorer.estimate(this.begin, this.drawn, this.question), true);
        document.body.dataset.estimateMs = Math.round(performance.now() - this.since);
      }
      this.say(this.how());
      clearTimeout(this.timer);
      if (this.live) this.timer = setTimeout(() => this.run(), Explorer.QUIET);
    }
    this.tellChanges();
  }

  how() {
    const known = this.drawn && Explorer.knows(this.begin, this.drawn, this.question);
    const from = known ? `Estimate from ${this.drawn.sliders.members ?? 0} drawn members` : "No drawn member says yet what this comes to";
    return this.live ? `${from}; a run of ${this.begin.members} members is under way ...` : `${from}.`;
  }

  // How far an estimate may be believed.
  tellDrawn() {
    const share = this.drawn?.sliders.explained;
    document.getElementById("estimate-hint").textContent = "Dashed: an estimate from members drawn beforehand. Effects of sliders "
      + "are read off a surface of second order, those of decrees are added to it, as if one did not hang on the other; the band is moved along."
      + (share ? ` Of drawn members that it was not fitted to, the surface holds ${Math.round(100 * share)} % of the variance, in the middle number.` : "");
  }

  answer(now, estimated) {
    [this.now, this.estimated] = [now, estimated];
    this.draw();
    document.body.dataset.answer = estimated ? "estimate" : "run";
  }

  async run() {
    if (this.running) return; // asked again when this one is back
    this.running = true;
    const [asked, since] = [this.asked, this.since];
    const { status, text } = await Explorer.ask("door/run", asked);
    this.running = false;
    if (asked !== this.asked) {
      if (Object.values(this.question).some((part) => Object.keys(part).length)) this.run();
      return;
    }
    if (status !== 200) {
      this.say(text, true);
      return;
    }
    const { answer, seconds } = JSON.parse(text);
    this.answer(answer, false);
    document.body.dataset.runMs = Math.round(performance.now() - since);
    this.say(`Run of ${this.begin.members} members, ${seconds.toFixed(1)} s.`);
    this.tellChanges();
  }

  // Other quantities or places are looked at.
  look() {
    this.charts = this.state.looks().map((quantity) => new Explorer.Chart(quantity, this.state, () => this.look1(quantity)));
    document.getElementById("looks").replaceChildren(...this.charts.map(({ figure }) => figure));
    this.controls.show();
    this.keepLink();
    this.draw();
    this.tellChanges();
  }

  // Other versions of the record of one quantity are looked at.
  look1({ key }) {
    this.keepLink();
    for (const chart of this.charts) if (chart.quantity.key === key) this.drawOne(chart);
  }

  drawOne(chart) {
    const { key } = chart.quantity;
    chart.draw(this.begin.base[key], this.now[key], this.estimated);
  }

  draw() {
    for (const chart of this.charts) this.drawOne(chart);
    const of = (answer, { quantity, year }) => answer[quantity]?.[1][this.begin.years.indexOf(year)];
    document.getElementById("keys").replaceChildren(...this.begin.keys.map((key) => {
      const [before, now] = [of(this.begin.base, key), of(this.now, key)].map(Explorer.number);
      return Explorer.element("div", {}, Explorer.element("dt", { textContent: key.title }),
        Explorer.element("dd", { textContent: before === now ? now : `${before} → ${now}` }));
    }));
  }

  say(text, wrong = false) {
    const status = document.getElementById("status");
    status.textContent = text;
    status.classList.toggle("wrong", wrong);
  }

  keepLink() {
    this.hash = this.state.hash();
    const plain = !this.state.changed && this.hash === `#scenario=${encodeURIComponent(this.begin.scenario.name)}`;
    if (!plain || location.hash) history.replaceState(null, "", plain ? location.pathname + location.search : this.hash);
    document.getElementById("link").value = location.href.replace(/#.*/, "") + this.hash;
  }

  changes() {
    const found = [];
    for (const [id, number] of this.state.sliders) {
      const slider = this.state.sliderOf.get(id);
      const [before, now] = [slider.value, number].map((value) => Explorer.sliderText(slider, value));
      found.push([`${slider.title}: ${before} → ${now}`, () => this.state.sliders.delete(id)]);
    }
    for (const [name, { on, date }] of this.state.decrees) {
      const { title, on: was, date: day } = this.state.decreeOf.get(name);
      const what = on !== was ? (on ? `in force from ${date} on` : "left out") : `${day} → ${date}`;
      found.push([`${title}: ${what}`, () => this.state.decrees.delete(name)]);
    }
    return found;
  }

  tellChanges() {
    const changes = this.changes().map(([text, undo]) => {
      const button = Explorer.element("button", { type: "button", textContent: "undo", "aria-label": `undo: ${text}` });
      button.addEventListener("click", () => { undo(); this.moved(); });
      return Explorer.element("li", {}, text, button);
    });
    document.getElementById("changes").replaceChildren(...(changes.length ? changes : [Explorer.element("li", { textContent: "nothing yet" })]));
    document.getElementById("changed").replaceChildren(this.table());
  }

  table() {
    const years = this.begin.shown.years.map((year) => [year, this.begin.years.indexOf(year)]).filter(([, i]) => i >= 0);
    const heads = ["", "year", "before", this.estimated ? "estimate" : "now", "difference"];
    const made = Explorer.element("table", {}, Explorer.element("caption", { textContent: "Medians of the quantities that are looked at" }),
      Explorer.element("thead", {}, Explorer.element("tr", {}, ...heads.map((textContent) =>
        Explorer.element("th", { scope: "col", textContent })))));
    for (const { quantity, title } of this.charts) {
      const body = Explorer.element("tbody");
      years.forEach(([year, i], row) => {
        const [before, now] = [this.begin.base, this.now].map((answer) => answer[quantity.key][1][i]);
        const moved = before !== null && now !== null && Explorer.number(before) !== Explorer.number(now);
        const cells = [year, Explorer.number(before), Explorer.number(now), moved ? Explorer.signed(now - before) : "0"]
          .map((textContent) => Explorer.element("td", { textContent }));
        if (moved) cells[3].className = "moved";
        const line = Explorer.element("tr", {}, ...cells);
        if (!row) {
          const unit = Explorer.unit(quantity.unit);
          line.prepend(Explorer.element("th", { scope: "rowgroup", rowSpan: years.length, textContent: title + (unit ? `, ${unit}` : "") }));
        }
        body.append(line);
      });
      made.append(body);
    }
    return made;
  }

  buttons() {
    const name = `${this.begin.scenario.name}_explored`;
    const on = (id, act) => document.getElementById(id).addEventListener("click", act);
    const how = () => this.state.changed
      ? (this.estimated ? "an estimate from drawn members" : `a run of ${this.begin.members} members, seed ${this.begin.seed}`) : "the scenario as it was";
    on("copy", async () => {
      document.getElementById("link").select();
      try {
        await navigator.clipboard.writeText(document.getElementById("link").value);
        this.say("The link is copied.");
      } catch {
        this.say("The link is marked: copy it by hand.");
      }
    });
    on("take-figure", () => Explorer.save(`${name}.svg`, "image/svg+xml", Explorer.figureText(this.charts, [
      `${this.begin.scenario.title} (${this.begin.scenario.name})`, ...this.changes().map(([text]) => text),
      `coloured: ${how()}; grey: before; bands: nine of ten members; marks: the record; planmodel ${this.begin.version}`])));
    on("take-data", () => Explorer.save(`${name}.csv`, "text/csv", Explorer.dataText(this.begin,
      this.charts.map(({ quantity }) => quantity), this.now, how())));
    on("take-toml", async () => {
      const { status, text } = await Explorer.ask("door/toml", this.asked);
      if (status === 200) Explorer.save(`${name}.toml`, "application/toml", text);
      else this.say(text, true);
    });
  }

  async waitForDrawn() {
    for (let stage = 0; ;) {
      const { status, text } = await Explorer.ask(`door/drawn?after=${stage}`);
      if (status !== 200) return;
      const drawn = JSON.parse(text);
      if (drawn.finest) {
        this.drawn = drawn;
        stage = drawn.stage;
        document.body.dataset.drawn = stage === 2 ? "yes" : "sliders";
        this.tellDrawn();
        if (stage === 2) return;
      }
      await new Promise((resolve) => { setTimeout(resolve, 700); });
    }
  }
};

// Ask the program behind the page; what goes wrong is a line of text.
Explorer.ask = async (where, body) => {
  const said = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body };
  try {
    const answer = await fetch(where, said);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "The program behind this page has ended: start planmodel explore again." };
  }
};

Explorer.start = async () => {
  const held = window.EXPLORED;
  if (held) {
    Explorer.page = new Explorer.Page(held.begin, held.drawn, false);
    return;
  }
  const { status, text } = await Explorer.ask("door/begin");
  if (status === 200) Explorer.page = new Explorer.Page(JSON.parse(text), null, true);
  else document.getElementById("status").textContent = text;
};

Explorer.start();
