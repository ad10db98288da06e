// Fields of forms: a list to choose from, and boxes to tick.

/**
 * @template {string | number} T
 * @param {string} label
 * @param {T[]} options
 * @param {T} current
 * @param {(option: string) => void} choose
 * @param {(option: T) => string} words
 */
function choice(label, options, current, choose, words = String) {
  const entries = options.map((option) => el("option", { value: option, selected: option === current }, words(option)));
  const select = el("select", { onchange: () => choose(select.value) }, entries);
  return el("label", { class: "field" }, label, select);
}

/** @param {string} label @param {boolean} ticked @param {(ticked: boolean) => void} tick */
function tickBox(label, ticked, tick) {
  const box = el("input", { type: "checkbox", onchange: () => tick(box.checked) });
  box.checked = ticked;
  return el("label", { class: "field" }, box, label);
}

/**
 * Boxes by which names of the state are shown or not, each with a mark before its name and one after it.
 * @param {string} legend
 * @param {string[]} names
 * @param {"families" | "classes"} key
 * @param {(name: string) => Child} before
 * @param {(name: string) => Child} after
 */
function chips(legend, names, key, before, after = () => null) {
  return el("fieldset", {}, el("legend", {}, legend), names.map((name) => {
    const box = el("input", { type: "checkbox", value: name, onchange: () => update({ [key]: toggled(state[key], name) }) });
    box.checked = state[key].has(name);
    return el("label", { class: "chip" }, box, before(name), name, after(name));
  }));
}
