/**
 * The overview. It keeps the three lists itself and feeds them from one stream of everything: over HTTP/1.1 a browser
 * has six connections for all its tabs, so a page that took one per list would leave nothing for the next tab.
 */
import { after, connect } from './client.js';
import { $, ago, ask, call, h, light, perFrame, tickTimes } from './app.js';

const ROWS = 50;
const FEED = 60;

/** One list: what is in it, up to which cursor, and how it is shown. */
class List {
  #kind;
  #row;
  #counts;
  #items = new Map();
  #rows = new Map();
  #cursor;
  #late; // changes that wait for the list
  #again = false;
  #paint = perFrame(() => this.#render());

  constructor(kind, row, counts = () => true) {
    this.#kind = kind;
    this.#row = row;
    this.#counts = counts;
  }

  /** Whether it was read, or is being read. */
  loaded = false;

  /** Reads the list; what happens meanwhile waits, because the answer may be older. */
  async load() {
    if (this.#late) return void (this.#again = true);
    this.loaded = true;
    this.#late = [];
    const body = await this.#read();
    // The connection meets the same refusal, shows it, and comes back here when it is over.
    this.loaded = body !== null;
    if (body) {
      this.#cursor = body.cursor;
      this.#items = new Map(body[this.#kind].map((item) => [item.id, item]));
      this.#paint();
    }
    const late = this.#late;
    this.#late = undefined;
    late.forEach((change) => this.apply(...change));
    if (this.#again) this.load();
    this.#again = false;
  }

  async #read() {
    try {
      const response = await fetch(`/api/${this.#kind}`, { headers: { Accept: 'application/json' } });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** One event: what the member is now, and whether that is its end. */
  apply(item, ended, cursor) {
    if (this.#late) return void this.#late.push([item, ended, cursor]);
    if (!after(cursor, this.#cursor)) return;
    if (ended) this.#items.delete(item?.id);
    else if (item?.id) this.#items.set(item.id, item);
    else return void this.load(); // an event that does not hold the whole: the list does
    this.#paint();
  }

  #render() {
    const all = [...this.#items.values()].sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
    const shown = all.slice(0, ROWS);
    const rows = new Map();
    for (const item of shown) {
      const before = this.#rows.get(item.id);
      const same = before?.item === item;
      rows.set(item.id, same ? before : { item, element: this.#row(item) });
    }
    // Only what changed is touched: focus, selection and animations of the other rows survive.
    const list = $(this.#kind);
    for (const [id, { element }] of this.#rows) if (rows.get(id)?.element !== element) element.remove();
    [...rows.values()].forEach(({ element }, place) => {
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    });
    this.#rows = rows;
    list.dataset.more = all.length > ROWS ? `and ${all.length - ROWS} more` : '';
    $(`count-${this.#kind}`).textContent = all.filter(this.#counts).length;
  }
}

const badge = (status) => h('span', { class: 'badge', 'data-status': status ?? 'unknown' }, status ?? 'unknown');

function sessionRow(session) {
  const end = h('button', { type: 'button', class: 'quiet' }, 'End');
  end.setAttribute('aria-label', `End session ${session.name ?? session.id}`);
  end.addEventListener('click', () => {
    end.disabled = true;
    call('DELETE', `/api/sessions/${encodeURIComponent(session.id)}`).catch(() => (end.disabled = false));
  });
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, session.name ?? session.id), session.name ? h('code', {}, session.id) : null),
    badge(session.status ?? 'active'), ago(session.updated_at ?? session.created_at), end);
}

function deployRow(deploy) {
  const link = h('a', { href: `/deployment/${encodeURIComponent(deploy.id)}` }, deploy.name ?? deploy.recipe ?? deploy.id);
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, link), h('code', {}, deploy.id)),
    badge(deploy.status), ago(deploy.finished_at ?? deploy.created_at));
}

function instanceRow(instance) {
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, instance.name ?? instance.id), instance.name ? h('code', {}, instance.id) : null),
    badge(instance.status ?? 'up'), ago(instance.updated_at ?? instance.created_at));
}

const lists = {
  session: new List('sessions', sessionRow),
  deploy: new List('deploys', deployRow, (deploy) => deploy.status === 'running'),
  instance: new List('instances', instanceRow),
};
const loadAll = () => Object.values(lists).forEach((list) => list.load());

function apply({ type, payload }, cursor) {
  const [kind, verb] = String(type).split('_');
  if (lists[kind] && type !== 'deploy_log') {
    lists[kind].apply(payload, verb === 'terminated' || verb === 'removed', cursor);
  }
}

// ---- recent activity

const waiting = [];
let newest; // the line on top, where events that only repeat its kind gather

function summary({ topic, payload }) {
  const text = payload?.line ?? payload?.name ?? payload?.title ?? payload?.id ?? payload?.part;
  if (text !== undefined) return String(text);
  return payload === undefined ? (topic ?? '') : JSON.stringify(payload);
}

function feedLine(event) {
  const count = h('span', { class: 'times' });
  const text = h('span', { class: 'text' }, summary(event));
  const time = ago(event.time);
  const head = h('summary', {},
    h('span', { class: 'type', 'data-kind': String(event.type).split(/[_.]/)[0] }, event.type ?? 'message'), text, count,
    time);
  const element = h('li', {}, h('details', {}, head));
  // Most lines are never opened: their text is made when they are.
  head.parentElement.addEventListener('toggle', () => {
    element.querySelector('pre')?.remove();
    if (head.parentElement.open) head.after(h('pre', {}, JSON.stringify(line.event, null, 2)));
  });
  const line = { event, element, text, count, time, merged: 1 };
  return line;
}

/** What many events in a row have in common that are one line: the log of one deploy, or a type that is no list's. */
function series({ type, payload }) {
  if (type === 'deploy_log') return `log ${payload?.deploy_id}`;
  return lists[String(type).split('_')[0]] ? undefined : `type ${type}`;
}

const paintFeed = perFrame(() => {
  const feed = $('activity');
  for (const event of waiting.splice(0).slice(-FEED * 10)) {
    const one = series(event);
    if (newest && one && series(newest.event) === one) {
      newest.event = event;
      newest.time.dateTime = event.time;
      newest.text.textContent = summary(event);
      newest.count.textContent = `${++newest.merged} ${event.type === 'deploy_log' ? 'lines' : 'times'}`;
    } else {
      newest = feedLine(event);
      feed.prepend(newest.element);
    }
  }
  while (feed.childElementCount > FEED) feed.lastElementChild.remove();
});

// ---- events per second, over a minute

const seconds = new Array(60).fill(0);

function drawPulse() {
  const top = Math.max(4, ...seconds);
  const points = seconds.map((count, x) => `${x + 0.5},${(19 - (count / top) * 17).toFixed(2)}`).join(' L');
  $('pulse').querySelector('.line').setAttribute('d', `M${points}`);
  $('pulse').querySelector('.area').setAttribute('d', `M0.5,20 L${points} L59.5,20 Z`);
  $('count-events').textContent = seconds.reduce((sum, count) => sum + count, 0);
}

setInterval(() => {
  seconds.shift();
  seconds.push(0);
  drawPulse();
}, 1_000);

// ---- the connection

let caughtUp = false;

connect({
  stream: '/api/events?framing=envelope',
  page: '/api/events?limit=50',
  onEvent: (event, cursor) => {
    apply(event, cursor);
    waiting.push({ ...event, time: event.time ?? new Date().toISOString() });
    // What the first page brings is history.
    if (caughtUp) seconds[59]++;
    paintFeed();
  },
  onGap: loadAll,
  onStatus: (status, reason) => {
    light(status, reason);
    if (status !== 'real-time' && status !== 'polling') return;
    caughtUp = true;
    Object.values(lists).forEach((list) => list.loaded || list.load());
  },
});
loadAll();
drawPulse();
document.querySelectorAll('.origin').forEach((place) => (place.textContent = location.origin));
tickTimes();

$('start').addEventListener('click', async () => {
  $('start').disabled = true;
  try {
    // The gateway knows its default recipe, and redirects to the page of the deploy.
    const response = await ask('/start', { method: 'POST' });
    location.assign(response.url);
  } finally {
    $('start').disabled = false;
  }
});

$('create').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const form = submitted.target;
  await call('POST', '/api/sessions', { name: form.elements.name.value.trim() });
  form.reset();
  form.elements.name.focus();
});
