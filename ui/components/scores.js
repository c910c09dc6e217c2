// Draws scores as cards: how much, how judged, what changed, the way so far and where it is heading.
const [WIDTH, HEIGHT, PAD] = [160, 40, 4]

// The way so far as a line that ends in a dot; beyond it the year-end that is expected, between P10 and P90.
const trend = (card) => {
  const known = card.trend.filter((y) => y !== null)
  const ahead = card.ahead ?? []
  const figure = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "trend", role: "img", "aria-label": card.said })
  const [low, high] = [Math.min(...known, ...ahead), Math.max(...known, ...ahead)]
  const last = card.trend.length - (ahead.length ? 0 : 1)
  const x = (index) => PAD + (index * (WIDTH - 2 * PAD)) / last
  const y = (value) => HEIGHT - PAD - ((value - low) * (HEIGHT - 2 * PAD)) / (high - low || 1)
  const points = card.trend.map((value, index) => [index, value]).filter(([, value]) => value !== null)
  const path = points.map(([index, value], at) => `${at ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
  figure.append(svg("path", { d: path.join(""), class: "past" }))
  const [index, value] = points.at(-1)
  if (ahead.length) {
    const [least, middle, most] = ahead.map(y)
    figure.append(svg("path", { d: `M${x(index)} ${y(value)}L${x(last)} ${middle}`, class: "ahead" }))
    figure.append(svg("path", { d: `M${x(last)} ${least}V${most}`, class: "range" }))
    figure.append(svg("circle", { cx: x(last), cy: middle, r: 2.6, class: "expected" }))
  }
  figure.append(svg("circle", { cx: x(index), cy: y(value), r: 2.6, class: "last" }))
  return figure
}

const scoreCard = (card) => {
  const box = element("section", card.main ? "card main" : "card")
  box.setAttribute("aria-label", card.label)
  const head = element("div", "head")
  head.append(element("span", "score", card.score))
  if (card.code) head.append(status({ code: card.code, text: card.word }))
  box.append(element("div", "label", card.label), head)
  if (!card.code) box.append(element("div", "change", card.word))
  if (card.change) {
    const change = element("div", "change")
    change.append(element("strong", "", card.change), " ", card.change_note)
    box.append(change)
  }
  if (card.trend.filter((y) => y !== null).length > 1) box.append(trend(card))
  const list = element("dl")
  for (const [word, figure] of card.lines) {
    const line = element("div")
    line.append(element("dt", "", word), element("dd", "", figure))
    list.append(line)
  }
  box.append(list)
  return box
}

export default function ({ data, parentElement }) {
  parentElement.querySelector(".root").replaceChildren(...data.cards.map(scoreCard))
}
