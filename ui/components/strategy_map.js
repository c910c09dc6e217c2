// Draws the strategy map: a button for each objective, arrows behind them; text goes in as text, never as HTML.
const SVG = "http://www.w3.org/2000/svg"
const TIP = 7

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

const mark = (when, { code, word, score }, shapes) => {
  const line = element("span", `mark ${code}`)
  const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" })
  const [shape, sign] = shapes[code]
  icon.append(svg("path", { d: shape, class: "shape" }), svg("path", { d: sign, class: "sign" }))
  const said = element("span", "word")
  said.append(icon, element("span", "", word))
  line.append(element("span", "when", `${when} `), said, element("span", "score", ` ${score}`))
  return line
}

const card = (node, data, choose) => {
  const button = element("button", "card")
  button.type = "button"
  button.dataset.code = node.code
  button.setAttribute("aria-pressed", String(node.code === data.chosen))
  const marks = element("span", "marks")
  marks.append(mark(data.words.now, node.now, data.shapes), mark(data.words.ahead, node.ahead, data.shapes))
  button.append(element("span", "name", node.name), marks)
  for (const [word, names] of [[data.words.leads, node.leads], [data.words.driven, node.driven]]) {
    if (names.length) button.append(element("span", "linked", `${word} ${names.join(data.words.comma)}`))
  }
  button.onclick = () => choose(node.code)
  return button
}

const level = (row, data, choose) => {
  const section = element("section", "level")
  const title = element("h2", "title", row.title)
  title.id = `level-${row.code}`
  section.setAttribute("aria-labelledby", title.id)
  const cards = element("div", "cards")
  cards.append(...row.nodes.map((node) => card(node, data, choose)))
  if (!row.nodes.length) cards.append(element("span", "nothing", data.words.nothing))
  section.append(title, cards)
  return section
}

const curve = (x, y, toX, toY) => {
  const half = (y + toY) / 2
  return `C${x} ${half} ${toX} ${half} ${toX} ${toY}`
}

// Where things stand now, in pixels from the corner of the map.
const measured = (root, data) => {
  const origin = root.getBoundingClientRect()
  const boxes = {}
  for (const button of root.querySelectorAll(".card")) {
    const { left, right, top, bottom } = button.getBoundingClientRect()
    const [x, y] = [left - origin.left, top - origin.top]
    boxes[button.dataset.code] = { left: x, right: right - origin.left, top: y, bottom: bottom - origin.top }
  }
  const row = {}
  data.map.levels.forEach((each, at) => each.nodes.forEach((node) => (row[node.code] = at)))
  return { boxes, row }
}

// Arrows that meet a card on one side are spread over it in the order of where they come from.
const port = (arrow, end, arrows, { boxes, row }) => {
  const other = end === "cause" ? "effect" : "cause"
  const middle = (code) => (boxes[code].left + boxes[code].right) / 2
  const beside = arrows.filter((each) => each[end] === arrow[end] && row[each.cause] !== row[each.effect])
  const order = [...beside].sort((a, b) => middle(a[other]) - middle(b[other]))
  const box = boxes[arrow[end]]
  return box.left + ((box.right - box.left) * (order.indexOf(arrow) + 1)) / (order.length + 1)
}

const gap = (nodes, at, boxes, width) => {
  if (!nodes.length) return width / 2
  if (at === 0) return boxes[nodes[0].code].left - 14
  if (at === nodes.length) return boxes[nodes.at(-1).code].right + 14
  return (boxes[nodes[at - 1].code].right + boxes[nodes[at].code].left) / 2
}

const way = (arrow, data, places, sections, width) => {
  const { boxes, row } = places
  const [cause, effect] = [boxes[arrow.cause], boxes[arrow.effect]]
  if (row[arrow.cause] === row[arrow.effect]) {
    const rightward = cause.left < effect.left
    const [start, end, step] = rightward ? [cause.right, effect.left, TIP] : [cause.left, effect.right, -TIP]
    const y = (cause.top + cause.bottom) / 2
    return [`M${start} ${y}L${end - step} ${y}`, `M${end} ${y}l${-step} -4v8z`]
  }
  let [x, y] = [port(arrow, "cause", data.map.arrows, places), cause.top]
  let line = `M${x} ${y}`
  const upward = row[arrow.effect] < row[arrow.cause]
  const first = Math.min(row[arrow.effect], row[arrow.cause]) + 1
  const passed = arrow.via.map((at, index) => [first + index, at])
  if (!upward) y = cause.bottom
  if (!upward) line = `M${x} ${y}`
  for (const [at, which] of upward ? passed.reverse() : passed) {
    const over = gap(data.map.levels[at].nodes, which, boxes, width)
    const { top, bottom } = sections[at]
    const [near, far] = upward ? [bottom, top] : [top, bottom]
    line += `${curve(x, y, over, near)}L${over} ${far}`
    ;[x, y] = [over, far]
  }
  const end = port(arrow, "effect", data.map.arrows, places)
  const [under, tip] = upward ? [effect.bottom, TIP] : [effect.top, -TIP]
  return [line + curve(x, y, end, under + tip), `M${end} ${under}l-4 ${tip}h8z`]
}

const drawArrows = (root, data) => {
  const picture = root.querySelector("svg.arrows")
  const { width, height, top: origin } = root.getBoundingClientRect()
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`)
  picture.replaceChildren()
  if (getComputedStyle(picture).display === "none" || !width) return
  const places = measured(root, data)
  const sections = [...root.querySelectorAll(".cards")].map((each) => {
    const { top, bottom } = each.getBoundingClientRect()
    return { top: top - origin, bottom: bottom - origin }
  })
  for (const arrow of data.map.arrows) {
    const own = [arrow.cause, arrow.effect].includes(data.chosen)
    const group = svg("g", { class: own ? "arrow own" : "arrow" })
    const [line, tip] = way(arrow, data, places, sections, width)
    const title = svg("title", {})
    title.textContent = arrow.reason
    group.append(title, svg("path", { d: line, class: "line" }), svg("path", { d: tip, class: "tip" }))
    picture.append(group)
  }
}

const states = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root")
  const focused = root.getRootNode().activeElement?.dataset?.code
  const narrow = () => getComputedStyle(root.querySelector("svg.arrows")).display === "none"
  const choose = (code) => {
    setTriggerValue("chosen", code)
    if (narrow()) document.querySelector(`.st-key-${data.detail}`)?.scrollIntoView({ block: "start" })
  }
  root.setAttribute("role", "group")
  root.setAttribute("aria-label", data.map.label)
  const picture = svg("svg", { class: "arrows", "aria-hidden": "true" })
  root.replaceChildren(picture, ...data.map.levels.map((row) => level(row, data, choose)))
  if (focused) root.querySelector(`[data-code="${focused}"]`)?.focus({ preventScroll: true })
  states.get(root)?.disconnect()
  const watcher = new ResizeObserver(() => drawArrows(root, data))
  watcher.observe(root)
  states.set(root, watcher)
  drawArrows(root, data)
}
