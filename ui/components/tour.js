// One card at a time; Escape or the cross ends it for good in this browser. It takes no focus that nobody gave it.
const KEPT = "scorecast-tour"
let answered = 0 // how often the visitor asked to see it again, as far as that was done

const button = (text, className, act) => {
  const node = document.createElement("button")
  node.type = "button"
  node.className = className
  node.textContent = text
  node.onclick = act
  return node
}

const text = (name, className, words) => {
  const node = document.createElement(name)
  node.className = className
  node.textContent = words
  return node
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root")
  const seen = localStorage.getItem(KEPT)
  const asked = data.asked > answered
  answered = data.asked
  if (asked) root.dataset.at = 0
  else if (seen && !root.firstChild) return

  const end = () => {
    localStorage.setItem(KEPT, "seen")
    root.replaceChildren()
  }
  const show = (at, focus) => {
    root.dataset.at = at
    const stop = data.stops[at]
    const last = at === data.stops.length - 1
    const card = document.createElement("section")
    card.className = "card"
    card.setAttribute("aria-label", data.words.label)
    const close = button("×", "close", end)
    close.setAttribute("aria-label", data.words.close)
    const foot = text("div", "foot", "")
    foot.append(text("span", "count", `${at + 1} / ${data.stops.length}`))
    if (at) foot.append(button(data.words.back, "quiet", () => show(at - 1, true)))
    const on = button(last ? data.words.done : data.words.next, "main", () => (last ? end() : show(at + 1, true)))
    foot.append(on)
    card.append(close, text("strong", "title", stop.title), text("p", "text", stop.text), foot)
    card.onkeydown = (event) => event.key === "Escape" && end()
    root.replaceChildren(card)
    if (focus) on.focus()
  }
  show(Number(root.dataset.at ?? 0), asked)
}
