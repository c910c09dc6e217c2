// Three buttons that behave as one choice: arrow keys move, as in any group of radio buttons.
const KEPT = "scorecast-appearance"
const THEMES = { system: "System", light: "Light", dark: "Dark" }
const ICONS = {
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.1 1.1M11.9 11.9 13 13M13 3l-1.1 1.1M4.1 11.9 3 13",
  dark: "M13 9.8A5.6 5.6 0 0 1 6.2 3a5.6 5.6 0 1 0 6.8 6.8z",
}

const icon = (mode) => {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  drawing.setAttribute("viewBox", "0 0 16 16")
  drawing.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", ICONS[mode])
  drawing.append(path)
  return drawing
}

const keep = (mode) => {
  if (mode === (localStorage.getItem(KEPT) ?? "system")) return
  localStorage.setItem(KEPT, mode)
  location.reload() // the platform reads the choice once, before it draws
}

export default function ({ data, parentElement }) {
  document.documentElement.lang = data.language
  const root = parentElement.querySelector(".root")
  root.setAttribute("aria-label", data.label)
  const chosen = localStorage.getItem(KEPT) ?? "system"
  const buttons = Object.keys(THEMES).map((mode) => {
    const button = document.createElement("button")
    button.type = "button"
    button.setAttribute("role", "radio")
    button.setAttribute("aria-checked", String(mode === chosen))
    button.tabIndex = mode === chosen ? 0 : -1
    button.append(icon(mode), data.modes[mode])
    button.onclick = () => keep(mode)
    return button
  })
  root.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const at = buttons.indexOf(event.target)
    buttons[(at + step + buttons.length) % buttons.length].focus()
  }
  root.replaceChildren(...buttons)
}
