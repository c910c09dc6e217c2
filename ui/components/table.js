// Draws the rows it is given as a real HTML table.
const CROWDED = 9 // columns beyond which they stand closer

const bar = (cell) => {
  const box = element("span", "bar")
  box.append(element("span", "bar-text", cell.text))
  const track = element("span", "track")
  const fill = element("span", `fill ${cell.code}`)
  fill.style.width = `${Math.max(0, Math.min(1, cell.share)) * 100}%`
  const mark = element("span", "mark")
  mark.style.left = `${cell.mark * 100}%`
  track.append(fill, mark)
  box.append(track)
  if (cell.note) box.append(element("span", "note", cell.note))
  return box
}

const line = (points) =>
  points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("")

// Past values solid, plan as a thin grey line, forecast dashed inside its band.
const spark = (cell) => {
  const [width, height, pad] = [112, 30, 4]
  const all = [...cell.actual, ...cell.target, ...cell.low, ...cell.high].filter((y) => y !== null)
  const figure = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "spark", role: "img", "aria-label": cell.text })
  if (all.length < 2) return figure
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const count = cell.actual.length
  const x = (index) => pad + (index * (width - 2 * pad)) / Math.max(1, count - 1)
  const y = (value) => height - pad - ((value - low) * (height - 2 * pad)) / (high - low || 1)
  const known = (values) => values.map((value, index) => [index, value]).filter(([, value]) => value !== null)
  const points = (values) => known(values).map(([index, value]) => [x(index), y(value)])
  const band = [...points(cell.high), ...points(cell.low).reverse()]
  if (band.length > 2) figure.append(svg("path", { d: `${line(band)}Z`, class: "band" }))
  figure.append(svg("path", { d: line(points(cell.target)), class: "target" }))
  const past = points(cell.actual)
  const ahead = points(cell.forecast)
  if (ahead.length) figure.append(svg("path", { d: line([...past.slice(-1), ...ahead]), class: "ahead" }))
  figure.append(svg("path", { d: line(past), class: "past" }))
  if (past.length) figure.append(svg("circle", { cx: past.at(-1)[0], cy: past.at(-1)[1], r: 2.4, class: "last" }))
  return figure
}

const text = (cell) => {
  const box = element("span", "text")
  box.append(element("span", "main", cell.text))
  if (cell.note) box.append(element("span", "note", cell.note))
  if (cell.title) {
    box.title = cell.title
    box.classList.add("hint")
  }
  return box
}

// A figure with the question it answers behind it.
const action = (cell, row, tell) => {
  const button = element("button", "action", cell.text)
  button.type = "button"
  button.setAttribute("aria-label", `${cell.text} · ${cell.label}`)
  button.setAttribute("aria-haspopup", "dialog")
  button.title = cell.label
  button.dataset.focus = `action ${cell.action}`
  button.onclick = () => tell("asked", cell.action)
  return button
}

const DRAW = { text, status, bar, spark, action }

const body = (row, column, tell) => {
  const cell = row.cells[column.key] ?? { kind: "text", text: "" }
  const drawn = DRAW[cell.kind](cell, row, tell)
  if (!(column.link && row.href)) return drawn
  const link = element("a", "link")
  link.href = row.href
  link.dataset.focus = `row ${row.key}`
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    tell("chosen", row.key)
  }
  link.append(drawn)
  return link
}

const heading = (group, columns) => {
  const head = element("tr", "group")
  const cell = element("th")
  cell.colSpan = columns.length
  cell.scope = "colgroup"
  cell.append(element("span", "group-title", group.title))
  if (group.note) cell.append(element("span", "group-note", group.note))
  if (group.code) cell.append(status({ code: group.code, text: group.word }))
  head.append(cell)
  return head
}

const section = (group, columns, tell) => {
  const rows = element("tbody")
  if (group.title) rows.append(heading(group, columns))
  for (const row of group.rows) {
    const line = element("tr", row.level ? `level level-${row.level}` : row.chosen ? "row chosen" : "row")
    for (const column of columns) {
      const cell = element(column.head ? "th" : "td", `cell ${column.align} col-${column.key}`)
      if (column.head) cell.scope = row.level ? "rowgroup" : "row"
      if (!row.cells[column.key]) cell.classList.add("empty")
      cell.dataset.title = column.title
      cell.append(body(row, column, tell))
      line.append(cell)
    }
    rows.append(line)
  }
  return rows
}

const title = (column, tell) => {
  const cell = element("th", column.align)
  cell.scope = "col"
  if (column.help) cell.title = column.help
  if (!column.sort) {
    cell.textContent = column.title
    return cell
  }
  cell.setAttribute("aria-sort", column.sort)
  const button = element("button", `sort ${column.sort}`, column.title)
  button.type = "button"
  button.dataset.focus = `sort ${column.key}`
  button.onclick = () => tell("sorted", column.key)
  cell.append(button)
  return cell
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root")
  const held = root.getRootNode().activeElement?.dataset.focus
  const table = element("table", data.columns.length > CROWDED ? "dense" : "")
  table.append(element("caption", "", data.label))
  const head = element("tr")
  for (const column of data.columns) head.append(title(column, setTriggerValue))
  const top = element("thead")
  top.append(head)
  table.append(top, ...data.groups.map((group) => section(group, data.columns, setTriggerValue)))
  root.replaceChildren(table)
  // The rows are drawn anew after each click: whoever walks by keyboard stays where they were.
  if (held) [...root.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === held)?.focus()
}
