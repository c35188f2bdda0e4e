/** The elements and actions that both pages share, that is, everything except fetching the list. */
const $ = (id) => document.getElementById(id);

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class' || name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

// ---- status

const requests = [];
let seen;

/** Counts a request that this page has sent. */
export function countRequest() {
  requests.push(Date.now());
  tick();
}

export function light(status, label) {
  $('light').dataset.status = status;
  $('light').lastElementChild.textContent = label;
}

/** Shows that the server refuses requests for this many seconds. */
export function showBlocked(seconds) {
  const until = Date.now() + seconds * 1_000;
  $('stuck').hidden = false;
  $('stuck').textContent =
    'The server refuses requests of this page, because it sent too many within a minute. '
    + `The list is not updated until ${new Date(until).toLocaleTimeString()}.`;
}

function tick() {
  while (requests.length && requests[0] < Date.now() - 60_000) requests.shift();
  $('requests').textContent = requests.length;
  const age = seen === undefined ? undefined : Math.floor((Date.now() - seen) / 1_000);
  const live = $('light').dataset.status === 'real-time';
  $('age').textContent = age === undefined ? '–' : live || age < 2 ? 'now' : `${age} s`;
  $('age').parentElement.dataset.trouble = !live && age > 3;
}
setInterval(tick, 500);

function toast(text) {
  const note = h('p', {}, text);
  $('toasts').append(note);
  setTimeout(() => note.remove(), 6_000);
}

async function call(method, path, body) {
  countRequest();
  const response = await fetch(path, {
    method,
    headers: body && { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  }).catch(() => null);
  if (response?.ok) return response.status === 204 ? {} : response.json();
  const problem = await response?.json().catch(() => ({}));
  toast(problem?.error ?? problem?.detail
    ?? (response ? `The server responded with ${response.status}.` : 'The server cannot be reached.'));
  return null;
}

// ---- the list

const rows = new Map();

/** Replaces the list with these sessions. */
export function show(sessions) {
  seen = Date.now();
  $('stuck').hidden = true;
  $('count').textContent = sessions.length;
  const gone = new Set(rows.keys());
  for (const session of sessions) {
    gone.delete(session.id);
    if (!rows.has(session.id)) {
      rows.set(session.id, row(session));
      $('sessions').append(rows.get(session.id).element);
    }
    rows.get(session.id).fill(session);
  }
  for (const id of gone) {
    rows.get(id).element.remove();
    rows.delete(id);
  }
  tick();
}

function row({ id, name }) {
  const size = h('code');
  const badge = h('span', { class: 'badge' });
  const open = h('button', { type: 'button', class: 'quiet', 'aria-label': `Open ${name}` }, 'Open');
  const end = h('button', { type: 'button', class: 'quiet', 'aria-label': `End ${name}` }, 'End');
  const element = h('li', { 'data-id': id }, h('div', { class: 'who' }, h('b', {}, name), size), badge, open, end);
  open.addEventListener('click', () => attach({ id, name }));
  end.addEventListener('click', async () => {
    end.disabled = true;
    if (!(await call('DELETE', `/api/sessions/${id}`))) end.disabled = false;
  });
  return {
    element,
    fill(session) {
      size.textContent = session.size;
      badge.textContent = session.status;
      badge.dataset.status = session.status;
    },
  };
}

$('create').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const form = submitted.target;
  const created = await call('POST', '/api/sessions', { name: form.elements.name.value, ...fitting() });
  if (!created) return;
  form.reset();
  attach(created);
});

// ---- the terminal

let terminal;
let socket;
let current;

/** Returns the ID of the open session. */
export const openSession = () => current;

function build() {
  $('screen').replaceChildren();
  // The text is rendered as DOM elements so that screen readers can read it.
  terminal = new Terminal({
    rendererType: 'dom', screenReaderMode: true, cursorBlink: true, fontSize: 14, lineHeight: 1.15, scrollback: 5_000,
    fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
    theme: { background: '#0a161c', foreground: '#d9e7ec', cursor: '#5fcfe1', selection: '#5fcfe144' },
  });
  terminal.open($('screen'));
  terminal.onData((text) => send(new TextEncoder().encode(text)));
  terminal.onBinary((text) => send(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  terminal.onResize(({ cols, rows }) => send(JSON.stringify({ cols, rows })));
  new ResizeObserver(() => terminal.resize(...Object.values(fitting()))).observe($('screen'));
}

/** Returns the number of columns and rows that fit on the screen. */
function fitting() {
  if (!terminal) return { cols: 80, rows: 24 };
  const screen = $('screen').querySelector('.xterm-screen');
  const style = getComputedStyle($('screen'));
  const [width, height] = [screen.clientWidth / terminal.cols, screen.clientHeight / terminal.rows];
  const wide = $('screen').clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
  const high = $('screen').clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  return { cols: Math.max(20, Math.floor(wide / width)), rows: Math.max(5, Math.floor(high / height)) };
}

function send(data) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(data);
}

function state(status, text) {
  $('state').hidden = false;
  $('state').dataset.status = status;
  $('state').textContent = text;
}

function attach({ id, name }) {
  if (!terminal) build();
  socket?.close();
  current = id;
  terminal.reset();
  $('terminal-title').textContent = name;
  document.querySelectorAll('#sessions li').forEach((li) => li.toggleAttribute('aria-current', li.dataset.id === id));
  state('running', 'connecting');
  const mine = new WebSocket(new URL(`/ws/sessions/${id}`, location.href.replace(/^http/, 'ws')));
  socket = mine;
  mine.binaryType = 'arraybuffer';
  mine.onopen = () => {
    state('active', 'connected');
    const { cols, rows } = fitting();
    terminal.resize(cols, rows);
    send(JSON.stringify({ cols, rows }));
    terminal.focus();
  };
  mine.onmessage = ({ data }) => mine === socket && terminal.write(new Uint8Array(data));
  mine.onclose = ({ code, reason }) => {
    if (mine !== socket) return;
    current = undefined;
    state('failed', reason || (code === 1000 ? 'closed' : 'disconnected'));
  };
}
