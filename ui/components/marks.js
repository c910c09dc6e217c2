// What our components share: elements whose text goes in as text, never as HTML, and the status mark.
const SVG = "http://www.w3.org/2000/svg"
const SHAPES = {
  green: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M4.8 8.3 7.1 10.6 11.4 5.8"],
  amber: ["M8 1.2 15.4 14.4H.6z", "M8 5.8v4.2M8 12v.6"],
  red: ["M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M5.5 5.5l5 5M10.5 5.5l-5 5"],
  none: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M5 8h6"],
}

const element = (name, className, text) => {
  const node = document.createElement(name)
  if (className) node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

const svg = (name, attributes) => {
  const node = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  return node
}

const status = (cell) => {
  const chip = element("span", `status ${cell.code}`)
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" })
  const [shape, sign] = SHAPES[cell.code]
  icon.append(svg("path", { d: shape, class: "shape" }), svg("path", { d: sign, class: "sign" }))
  chip.append(icon, element("span", "", cell.text))
  return chip
}

