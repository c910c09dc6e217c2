// Draws the beginning of a sheet as a real HTML table; text goes in as text, never as HTML.
const SVG = "http://www.w3.org/2000/svg"
const SHAPES = {
  info: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M8 7.2v4.2M8 4.2v.8"],
  warning: ["M8 1.2 15.4 14.4H.6z", "M8 5.8v4.2M8 12v.6"],
  error: ["M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M5.5 5.5l5 5M10.5 5.5l-5 5"],
}
const WIDE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6]/
const NUMBER = /^[-+(]?[\d.,]+[)%]?$/

const element = (name, className, text) => {
  const node = document.createElement(name)
  if (className) node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

const sign = (severity) => {
  const icon = document.createElementNS(SVG, "svg")
  icon.setAttribute("viewBox", "0 0 16 16")
  icon.setAttribute("class", `sign ${severity}`)
  icon.setAttribute("aria-hidden", "true")
  SHAPES[severity].forEach((path, index) => {
    const line = document.createElementNS(SVG, "path")
    line.setAttribute("d", path)
    line.setAttribute("class", index ? "line" : "shape")
    icon.append(line)
  })
  return icon
}

const letters = (column) => {
  let name = ""
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  }
  return name
}

const length = (text) => {
  let count = 0
  for (const letter of text) count += WIDE.test(letter) ? 1.8 : 1
  return count
}

// Each column as wide as most of what it holds; cells that span columns do not count.
const widths = (grid, spans) => {
  const found = new Array(grid.rows[0]?.length ?? 0).fill(5)
  grid.rows.forEach((line, row) =>
    line.forEach((text, column) => {
      if (text && !spans.has(`${row + 1}:${column + 1}`)) {
        found[column] = Math.max(found[column], Math.min(24, length(text) + 3))
      }
    }),
  )
  return found
}

const spanned = (grid) => {
  const spans = new Map()
  const covered = new Set()
  for (const [top, left, bottom, right] of grid.merged) {
    if (spans.has(`${top}:${left}`) || covered.has(`${top}:${left}`)) continue
    spans.set(`${top}:${left}`, [bottom - top + 1, right - left + 1])
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) covered.add(`${row}:${column}`)
    }
    covered.delete(`${top}:${left}`)
  }
  return { spans, covered }
}

const legend = (data) => {
  const list = element("ul", "legend")
  list.setAttribute("aria-label", data.words.legend)
  for (const { code, word } of Object.values(data.roles)) {
    const count = data.grid.counts[code]
    if (!count) continue
    const item = element("li")
    item.append(element("span", `swatch ${code}`, "12"), element("span", "", `${word} ${count}`))
    list.append(item)
  }
  for (const severity of ["error", "warning", "info"]) {
    const count = data.grid.marks.filter((mark) => mark.severity === severity).length
    if (!count) continue
    const item = element("li")
    item.append(sign(severity), element("span", "", `${data.severities[severity]} ${count}`))
    list.append(item)
  }
  return list
}

const build = (root, data) => {
  const { grid } = data
  const { spans, covered } = spanned(grid)
  const marks = new Map(grid.marks.map((mark) => [`${mark.row}:${mark.column}`, mark]))
  const hiddenRows = new Set(grid.hidden_rows)
  const hiddenColumns = new Set(grid.hidden_columns)
  const columns = grid.rows[0]?.length ?? 0
  const cells = new Map()

  const table = element("table")
  table.append(element("caption", "", data.label))
  const sizes = element("colgroup")
  const first = element("col")
  first.style.width = "3.1rem"
  sizes.append(first)
  let total = 3.1
  for (const width of widths(grid, spans)) {
    const size = element("col")
    const rem = width * 0.5 + 0.7
    total += rem
    size.style.width = `${rem}rem`
    sizes.append(size)
  }
  table.style.width = `${total}rem`
  const head = element("tr")
  head.append(element("td", "corner"))
  for (let column = 1; column <= columns; column += 1) {
    const unseen = hiddenColumns.has(column)
    const cell = element("th", unseen ? "unseen" : "", letters(column) + (unseen ? " ⊘" : ""))
    cell.scope = "col"
    if (unseen) cell.title = data.words.hidden
    head.append(cell)
  }
  const top = element("thead")
  top.append(head)

  const body = element("tbody")
  grid.rows.forEach((line, index) => {
    const row = index + 1
    const drawn = element("tr")
    const unseenRow = hiddenRows.has(row)
    const number = element("th", unseenRow ? "unseen" : "", `${row}${unseenRow ? " ⊘" : ""}`)
    number.scope = "row"
    if (unseenRow) number.title = data.words.hidden
    drawn.append(number)
    line.forEach((text, at) => {
      const place = `${row}:${at + 1}`
      if (covered.has(place)) return
      const role = data.roles[grid.roles[index][at]]?.code ?? ""
      const cell = element("td", role)
      if (NUMBER.test(text)) cell.classList.add("number")
      if (role === "line" && !line[at + 1]) cell.classList.add("spill")
      if (unseenRow || hiddenColumns.has(at + 1)) cell.classList.add("unseen")
      cell.dataset.place = place
      const span = spans.get(place)
      if (span) [cell.rowSpan, cell.colSpan] = span
      const mark = marks.get(place)
      if (mark) {
        cell.classList.add("marked", mark.severity)
        cell.tabIndex = 0
        cell.title = mark.said.join("\n")
        cell.setAttribute("aria-label", [`${letters(at + 1)}${row}`, text, ...mark.said].join(", "))
        cell.append(sign(mark.severity))
      }
      cell.append(text)
      cells.set(place, cell)
      drawn.append(cell)
    })
    body.append(drawn)
  })
  table.append(sizes, top, body)

  const frame = element("div", "frame")
  frame.tabIndex = 0
  frame.setAttribute("role", "region")
  frame.setAttribute("aria-label", data.label)
  frame.append(table)

  const address = element("span", "address")
  const said = element("span", "said", data.words.nothing_chosen)
  said.setAttribute("aria-live", "polite")
  const steps = element("span", "steps")
  const bar = element("div", "bar")
  bar.append(address, said, steps)
  root.replaceChildren(legend(data), bar, frame)

  const order = [...marks.values()].map((mark) => `${mark.row}:${mark.column}`)
  let chosen = ""

  // Bring a cell to the middle of the frame unless it can be seen beside the row numbers and below the letters.
  const reveal = (place) => {
    const outer = frame.getBoundingClientRect()
    const inner = cells.get(place).getBoundingClientRect()
    const corner = head.firstChild.getBoundingClientRect()
    const beside = inner.left >= corner.right && inner.right <= outer.left + frame.clientWidth
    const below = inner.top >= corner.bottom && inner.bottom <= outer.top + frame.clientHeight
    if (!beside) frame.scrollLeft += inner.left - outer.left - frame.clientWidth / 2 + inner.width / 2
    if (!below) frame.scrollTop += inner.top - outer.top - frame.clientHeight / 2 + inner.height / 2
  }

  const choose = (place) => {
    const cell = cells.get(place)
    if (!cell) return false
    cells.get(chosen)?.classList.remove("chosen")
    chosen = place
    cell.classList.add("chosen")
    const [row, column] = place.split(":").map(Number)
    address.textContent = `${letters(column)}${row}`
    const role = data.roles[grid.roles[row - 1][column - 1]]?.word
    const text = grid.rows[row - 1][column - 1] || data.words.empty_cell
    said.replaceChildren(element("span", "text", text), element("span", "role", role ?? ""))
    const mark = marks.get(place)
    if (mark) {
      const list = element("span", `messages ${mark.severity}`)
      mark.said.forEach((words) => list.append(element("span", "", words)))
      said.append(list)
    }
    return true
  }

  const step = (by) => {
    const at = order.indexOf(chosen)
    const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length
    choose(order[next])
    reveal(order[next])
  }

  if (order.length) {
    for (const [by, mark, word] of [[-1, "‹", data.words.previous_finding], [1, "›", data.words.next_finding]]) {
      const button = element("button", "", mark)
      button.type = "button"
      button.title = word
      button.setAttribute("aria-label", word)
      button.onclick = () => step(by)
      steps.append(button)
    }
  }
  const pick = (event) => {
    const cell = event.target.closest("td[data-place]")
    if (cell) choose(cell.dataset.place)
  }
  table.onclick = pick
  table.addEventListener("focusin", pick)
  return { choose, reveal }
}

const drawn = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root")
  let state = drawn.get(root)
  if (state?.version !== data.version) {
    const frame = root.querySelector(".frame")
    const kept = state?.label === data.label && frame ? [frame.scrollTop, frame.scrollLeft] : [0, 0]
    state = { version: data.version, label: data.label, ...build(root, data) }
    root.querySelector(".frame").scrollTo({ top: kept[0], left: kept[1] })
    drawn.set(root, state)
  }
  if (!data.focus) return
  const place = `${data.focus.row}:${data.focus.column}`
  if (state.choose(place) && data.focus.move) {
    state.reveal(place)
    root.scrollIntoView({ block: "center", behavior: "auto" })
  }
}
