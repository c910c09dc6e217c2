// Draws a heat map as a real HTML table: one stop for the tab key, arrows from cell to cell, each cell a link.
const toned = (shades) => (node, tone, mark) => {
  if (tone in shades) {
    node.classList.add("shade")
    node.style.setProperty("--at", shades[tone])
  } else if (tone in SHAPES) node.classList.add("tint", tone)
  else node.classList.add({ 0: "same", partial: "partial" }[tone] ?? "nothing")
  if (mark) node.classList.add(mark)
  return node
}

const legend = (data, paint) => {
  const list = element("ul", "legend")
  list.setAttribute("aria-label", data.words.legend)
  for (const { tone, text, mark } of data.legend) {
    const line = element("li")
    if (tone in SHAPES) line.append(status({ code: tone, text }))
    else line.append(paint(element("span", "swatch"), tone, mark), element("span", "", text))
    list.append(line)
  }
  return list
}

export default function ({ data: { drawn, ...links }, parentElement, setTriggerValue }) {
  const data = { ...JSON.parse(drawn), ...links }
  const root = parentElement.querySelector(".root")
  root.lang = data.language
  const paint = toned(data.shades)
  const grid = [] // rows of what can be focused
  const choose = (kind, ...codes) => setTriggerValue("chosen", [kind, ...codes].join(" "))
  const stop = (node, row, at, label, act) => {
    node.tabIndex = -1
    node.dataset.at = at
    node.title = label
    node.setAttribute("aria-label", label)
    node.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      act()
    }
    row.push(node)
    return node
  }

  const head = (column, row, className) => {
    const cell = element("th", className)
    cell.scope = "col"
    cell.setAttribute("role", "columnheader")
    cell.setAttribute("aria-sort", column.sorted || "none")
    const button = element("button", `head${className.includes("unit") ? " flat" : ""}${column.sorted ? " sorted" : ""}`)
    button.type = "button"
    button.append(element("span", "label", column.short))
    if (column.sorted) button.append(element("span", "way", column.sorted === "ascending" ? "▲" : "▼"))
    cell.append(stop(button, row, `head ${column.key}`, column.full, () => choose("sort", column.key)))
    return cell
  }

  const heads = () => {
    const [groups, names, row] = [element("tr", "group"), element("tr", "heads"), []]
    const corner = element("th", "unit")
    corner.setAttribute("role", "presentation")
    groups.append(corner)
    names.append(head(data.names, row, "unit"))
    for (const group of data.groups) {
      const title = element("th", group.title ? "first" : "", group.title)
      title.colSpan = group.columns.length
      title.title = group.title
      title.setAttribute("role", group.title ? "columnheader" : "presentation")
      if (group.title) title.scope = "colgroup"
      groups.append(title)
      group.columns.forEach((column, index) => names.append(head(column, row, group.title && !index ? "first" : "")))
    }
    grid.push(row)
    const top = element("thead")
    top.append(groups, names)
    return top
  }

  const unit = (line, row, className) => {
    const cell = element("th", "unit")
    cell.scope = "row"
    cell.setAttribute("role", "rowheader")
    const link = element("a")
    link.href = `${line.below ? data.unitLink : data.cardLink}&unit=${line.key}`
    link.append(element("span", "label", line.name))
    if (line.below && className !== "top") link.append(element("span", "count", `${line.below} ›`))
    const said = line.below && className !== "top" ? `${line.name}: ${data.words.below.replace("#", line.below)}` : line.name
    cell.append(stop(link, row, `unit ${line.key}`, said, () => choose(line.below ? "unit" : "card", line.key)))
    return cell
  }

  const field = (line, column, values, row, className) => {
    const cell = element("td", className)
    cell.setAttribute("role", "gridcell")
    const [text, full, note, tone, mark, partial] = values
    const link = element("a", `cell${partial ? " partial" : ""}`)
    const isScore = column.key === data.score
    link.href = `${isScore ? data.cardLink : `${data.kpiLink}&kpi=${column.key}`}&unit=${line.key}`
    if (tone in SHAPES) link.append(status({ code: tone, text }))
    else link.textContent = text
    if (!isScore) paint(link, tone, mark)
    const said = `${line.name}, ${column.full}: ${full}${note ? `, ${note}` : ""}`
    const act = () => (isScore ? choose("card", line.key) : choose("kpi", column.key, line.key))
    cell.append(stop(link, row, `cell ${line.key} ${column.key}`, said, act))
    return cell
  }

  const row = (line, className) => {
    const [drawn, stops] = [element("tr", `row ${className}${line.chosen ? " chosen" : ""}`), []]
    drawn.append(unit(line, stops, className))
    let at = 0
    for (const group of data.groups)
      group.columns.forEach((column, index) => {
        const classes = column.key === data.score ? "score" : group.title && !index ? "first" : ""
        drawn.append(field(line, column, line.cells[at++], stops, classes))
      })
    grid.push(stops)
    return drawn
  }

  const sizes = () => {
    const columns = element("colgroup")
    const add = (className) => columns.append(element("col", className))
    add("name")
    for (const group of data.groups) for (const column of group.columns) add(column.key === data.score ? "narrow" : "kpi")
    return columns
  }

  const table = element("table")
  table.setAttribute("role", "grid")
  table.setAttribute("aria-label", data.label)
  const body = element("tbody")
  table.append(sizes(), heads())
  body.append(row(data.top, "top"), ...data.rows.map((line) => row(line, "")))
  table.append(body)
  const box = element("div", "box")
  box.append(table)

  const enter = (line, column) => {
    const row = grid[Math.max(0, Math.min(grid.length - 1, line))]
    const next = row[Math.max(0, Math.min(row.length - 1, column))]
    grid.flat().forEach((node) => (node.tabIndex = node === next ? 0 : -1))
    return next
  }
  table.onkeydown = (event) => {
    const line = grid.findIndex((row) => row.includes(event.target))
    const column = line < 0 ? -1 : grid[line].indexOf(event.target)
    const steps = { ArrowUp: [line - 1, column], ArrowDown: [line + 1, column], ArrowLeft: [line, column - 1], ArrowRight: [line, column + 1], Home: [line, 0], End: [line, Infinity] }
    if (line < 0 || !(event.key in steps)) return
    event.preventDefault()
    enter(...steps[event.key]).focus()
  }
  const focused = root.getRootNode().activeElement?.dataset?.at
  const scrolled = root.querySelector(".box")?.scrollLeft ?? 0
  root.replaceChildren(legend(data, paint), box)
  box.scrollLeft = scrolled
  const again = focused && grid.flat().find((node) => node.dataset.at === focused)
  enter(1, 0)
  if (again) {
    const line = grid.findIndex((row) => row.includes(again))
    enter(line, grid[line].indexOf(again)).focus()
  }
}
