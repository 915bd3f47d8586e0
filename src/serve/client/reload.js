// The preview's part in an open page: it loads the page again when what it shows has
// changed, and lays mistakes of the sources over it. No build holds this file.
'use strict'
{
  const script = document.currentScript
  const page = script.dataset.page
  let styles = script.dataset.styles.split(' ').filter(Boolean)
  let shown = null
  let stream = null
  const key = 'mujaz-scroll'

  const remember = (path) => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ path, left: scrollX, top: scrollY }))
    } catch {
      // Without a store the browser's own memory has to do.
    }
  }

  const restore = () => {
    try {
      const { path, left, top } = JSON.parse(sessionStorage.getItem(key)) ?? {}
      sessionStorage.removeItem(key)
      if (path !== location.pathname) return
      const scroll = () => scrollTo({ left, top, behavior: 'instant' })
      scroll()
      // Pictures and fonts may have moved it.
      if (document.readyState !== 'complete') addEventListener('load', scroll, { once: true })
    } catch {
      // The same.
    }
  }

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name)
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
    made.append(...children)
    return made
  }

  // A value in backticks may be in any script, so it stands by itself.
  const sentence = (text) =>
    text.split('`').map((it, at) => (at % 2 ? element('bdi', { class: 'value' }, it) : it))

  // Segments in different scripts keep their order only when each stands by itself.
  const place = ({ path, line, column }) => {
    const segments = path.split('/').flatMap((it, at) => [at ? '/' : '', element('bdi', { dir: 'ltr' }, it)])
    return element('span', { class: 'place' }, ...segments, line ? `:${line}:${column}` : '')
  }

  const problem = (it) => {
    const made = element(
      'li',
      { class: it.severity },
      element(
        'p',
        { class: 'message' },
        element('strong', {}, it.severity),
        it.code ? ` [${it.code}] ` : ' ',
        ...sentence(it.message),
      ),
    )
    if (it.place) made.append(element('p', {}, place(it.place)))
    if (it.line) {
      const [before, at, after] = it.line
      made.append(element('pre', { dir: 'auto' }, before, element('mark', {}, at), after))
    }
    for (const { words, place: other } of it.related ?? []) {
      made.append(element('p', {}, ...sentence(words), ': ', place(other)))
    }
    if (it.help) made.append(element('p', { class: 'help' }, 'help: ', ...sentence(it.help)))
    return made
  }

  const hide = () => document.querySelector('mujaz-problems')?.remove()

  const show = ({ problems, more }) => {
    hide()
    if (!problems.length) return
    const close = element('button', { type: 'button' }, 'Hide')
    close.addEventListener('click', hide)
    const count = problems.length + more
    const panel = element(
      'section',
      { lang: 'en', dir: 'ltr', role: 'alert' },
      element('header', {}, element('h2', {}, count === 1 ? '1 error' : `${count} errors`), close),
      element('p', {}, 'The page stays as it was until this is mended.'),
      element('ol', {}, ...problems.map(problem)),
    )
    if (more) panel.append(element('p', {}, `and ${more} more; the terminal lists them all`))
    const host = element('mujaz-problems', {})
    const style = element('link', { rel: 'stylesheet', href: '/.mujaz/overlay.css' })
    host.attachShadow({ mode: 'open' }).append(style, panel)
    document.documentElement.append(host)
  }

  const restyle = (next) => {
    const links = [...document.querySelectorAll('link[rel~=stylesheet]')]
    next.forEach((address, at) => {
      if (address === styles[at]) return
      const [old] = styles[at].split('?')
      const link = links.find((it) => it.getAttribute('href').split('?')[0] === old)
      if (!link) return
      const changed = link.cloneNode()
      // The old one goes when the new one is there, so that the page is never bare.
      changed.addEventListener('load', () => link.remove(), { once: true })
      changed.href = address
      link.after(changed)
    })
    styles = next
  }

  const take = async (state) => {
    if (state.moved) {
      stream.close()
      const { pathname } = new URL(state.moved, location)
      remember(pathname)
      location.replace(state.moved + location.search + location.hash)
      return
    }
    if (state.page !== page || state.styles.length !== styles.length) {
      stream.close()
      remember(location.pathname)
      location.reload()
      return
    }
    restyle(state.styles)
    if (state.problems === shown) return
    shown = state.problems
    if (!shown) return hide()
    const answer = await fetch('/.mujaz/problems')
    if (answer.ok && state.problems === shown) show(await answer.json())
  }

  // A browser has six connections to a host, so only pages that somebody sees keep one.
  const listen = () => {
    if (document.hidden) {
      stream?.close()
      stream = null
      return
    }
    if (stream && stream.readyState !== EventSource.CLOSED) return
    const opened = new EventSource(`/.mujaz/events?page=${encodeURIComponent(location.pathname)}`)
    stream = opened
    opened.addEventListener('state', (event) => take(JSON.parse(event.data)))
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED) setTimeout(listen, 2000)
    })
  }

  addEventListener('keydown', (event) => event.key === 'Escape' && hide())
  document.addEventListener('visibilitychange', listen)
  addEventListener('pageshow', listen)
  restore()
  listen()
}
