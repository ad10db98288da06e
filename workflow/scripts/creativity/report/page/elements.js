// Makes and finds the elements of the page; text is always set as text, never as markup, for names are the user's own.

/** @type {(id: string) => HTMLElement} */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * The first part of an element that a selector names; it must be there.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {Element} element
 * @param {string} selector
 * @returns {E}
 */
const inside = (element, selector) => /** @type {E} */ (element.querySelector(selector));

/**
 * @template {HTMLElement | SVGElement} E
 * @param {E} element
 * @param {Record<string, Attribute>} attributes  a function under "onclick" listens to clicks
 * @param {(Child | Child[])[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice("on".length), value);
    else if (name === "style") element.style.cssText = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Attribute>} attributes
 * @param {...(Child | Child[])} children
 */
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Attribute>} attributes
 * @param {...(Child | Child[])} children
 */
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
