/** What a chart's classes give its parts; a picture outside of the page has no classes. */
const styles = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "text-anchor",
];
const titleHeight = 30;
const lineHeight = 20;
const space = "http://www.w3.org/2000/svg";

export interface KeyEntry {
  readonly label: string;
  /** Index of the shift: its colour and dash. */
  readonly index: number;
}

/** A drawn chart as an SVG file of its own: styles written out as they are computed, with title, key and background. */
export function standaloneSvg(chart: SVGSVGElement, title: string, key: readonly KeyEntry[]): string {
  const width = chart.width.baseVal.value;
  const drawn = chart.height.baseVal.value;
  const height = titleHeight + drawn + 10 + key.length * lineHeight;
  const root = element("svg", { xmlns: space, width, height, viewBox: `0 ${-titleHeight} ${width} ${height}` });
  const page = getComputedStyle(document.body);
  root.append(element("rect", { x: 0, y: -titleHeight, width, height, fill: page.backgroundColor }));
  root.append(label(title, { x: 8, y: -10, "font-size": 14, "font-weight": 600 }, page));
  for (const part of chart.children) {
    if (!part.matches(".pointer, .dot")) root.append(styledCopy(part));
  }
  for (const [line, { label: name, index }] of key.entries()) {
    const y = drawn + 10 + line * lineHeight;
    const mark = chart.querySelector(`.curve.s${index % 6}, .bar.s${index % 6}`);
    if (mark !== null) {
      const { stroke, fill, strokeDasharray } = getComputedStyle(mark);
      const colour = stroke === "none" ? fill : stroke;
      root.append(
        element("line", {
          x1: 8,
          x2: 30,
          y1: y,
          y2: y,
          stroke: colour,
          "stroke-width": 2.5,
          "stroke-dasharray": strokeDasharray,
        }),
      );
    }
    root.append(label(name, { x: 38, y: y + 4, "font-size": 12 }, page));
  }
  return new XMLSerializer().serializeToString(root);
}

function styledCopy(source: Element): Element {
  const copy = source.cloneNode(false) as Element;
  const computed = getComputedStyle(source);
  copy.removeAttribute("class");
  for (const name of styles) copy.setAttribute(name, computed.getPropertyValue(name));
  for (const child of source.childNodes) copy.append(child instanceof Element ? styledCopy(child) : child.cloneNode());
  return copy;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const made = document.createElementNS(space, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (attribute !== "xmlns") made.setAttribute(attribute, String(value));
  }
  return made;
}

function label(text: string, place: Readonly<Record<string, string | number>>, page: CSSStyleDeclaration): Element {
  const made = element("text", { ...place, fill: page.color, "font-family": page.fontFamily });
  made.textContent = text;
  return made;
}
