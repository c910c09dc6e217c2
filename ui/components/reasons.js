// Draws groups of links, each with a name, a quieter note and its reason; the whole of it is one link.
const reason = (item, choose) => {
  const link = element("a", "item")
  link.href = item.href
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    choose(item.key)
  }
  const head = element("span", "head")
  head.append(element("span", "name", item.name), " ", element("span", "note", item.note))
  link.append(head, " ", element("span", "reason", item.reason))
  const place = element("li")
  place.append(link)
  return place
}

const group = (part, choose) => {
  const box = element("section")
  const head = element("h3", "title")
  head.append(status({ code: part.code, text: part.title }), element("span", "count", part.count))
  const list = element("ul")
  list.append(...part.items.map((item) => reason(item, choose)))
  box.append(head, list)
  if (part.more) box.append(element("p", "more", part.more))
  return box
}

export default function ({ data, parentElement, setTriggerValue }) {
  const choose = (key) => setTriggerValue("chosen", key)
  parentElement.querySelector(".root").replaceChildren(...data.groups.map((part) => group(part, choose)))
}
