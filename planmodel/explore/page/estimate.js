"use strict";
// The answer at once: the scenario as it was, moved along the slopes of the drawn members.
Explorer.DAY = 86400000;
Explorer.MOST_LATER = 2; // years by which a decree may be moved along its slope

Explorer.estimate = (begin, drawn, question) => {
  const products = Explorer.products(drawn.sliders, question.sliders);
  const effects = Explorer.effects(begin, drawn.decrees, question.decrees);
  const found = {};
  begin.quantities.forEach(({ key }, row) => {
    const [low, middle, high] = begin.base[key];
    const slopes = drawn.sliders.slopes?.[key];
    const moved = middle.map((_, year) => {
      let sum = 0;
      if (products) for (let term = 0; term < products.length; term += 1) sum += products[term] * slopes[year][term];
      for (const [times, effect] of effects) sum += times * (effect[key]?.[year] ?? 0);
      return sum * drawn.finest[row];
    });
    const floor = Math.min(...low.filter((value) => value !== null)) < 0 ? -Infinity : 0;
    found[key] = [low, middle, high].map((line) =>
      line.map((value, year) => (value === null ? null : Math.max(floor, value + moved[year]))));
  });
  return found;
};

// Whether something was drawn for every decree that is changed.
Explorer.knows = (begin, drawn, { decrees }) => Object.entries(decrees).every(([name, { on, date }]) => {
  const of = begin.decrees.find((decree) => decree.name === name);
  const effect = drawn.decrees[name];
  return effect && (on === of.on || effect.other) && (!(on && of.on && date) || effect.later);
});

// What each term of the surface is where the sliders stand; null where none has moved.
Explorer.products = (surface, sliders) => {
  if (!surface.names || !Object.keys(sliders).length) return null;
  const moved = surface.names.map((name, i) =>
    ((sliders[name] ?? surface.at[i]) - surface.at[i]) / (surface.high[i] - surface.low[i]));
  return surface.terms.map((term) => term.reduce((product, i) => product * moved[i], 1));
};

// What each changed decree comes to: how many times an effect is counted, and the effect.
Explorer.effects = (begin, known, decrees) => {
  const found = [];
  for (const [name, { on, date }] of Object.entries(decrees)) {
    const of = begin.decrees.find((decree) => decree.name === name);
    const effect = known[name] ?? {};
    if (on !== of.on) found.push([1, effect.other ?? {}]);
    if (on && of.on && date && effect.later) {
      const years = (Date.parse(date) - Date.parse(of.date)) / Explorer.DAY / 365;
      if (Number.isFinite(years)) {
        found.push([Math.max(-Explorer.MOST_LATER, Math.min(Explorer.MOST_LATER, years)), effect.later]);
      }
    }
  }
  return found;
};
