/**
 * The overview. It maintains the three lists itself from one stream of all events. Over HTTP/1.1 a browser has six
 * connections for all its tabs, so a page with one stream per list would leave none for the next tab.
 */
import { after, connect } from './client.js';
import { $, ago, call, gatewayUrl, h, light, perFrame, request, tickTimes } from './app.js';

const ROWS = 50;
const FEED = 60;

/** One list of the page: its members, the cursor that they reflect, and their rows. */
class List {
  #kind;
  #row;
  #counts;
  #items = new Map();
  #rows = new Map();
  #cursor;
  #late; // changes that arrived while the list is being read
  #again = false;
  #paint = perFrame(() => this.#render());

  constructor(kind, row, counts = () => true) {
    this.#kind = kind;
    this.#row = row;
    this.#counts = counts;
  }

  /** Whether the list was read or is being read. */
  loaded = false;

  /** Reads the list. Changes that arrive meanwhile are applied afterwards, because the response may be older. */
  async load() {
    if (this.#late) return void (this.#again = true);
    this.loaded = true;
    this.#late = [];
    const body = await this.#read();
    // The connection gets the same refusal, shows it, and calls this again when the refusal ends.
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
      const response = await fetch(gatewayUrl(`api/${this.#kind}`), { headers: { Accept: 'application/json' } });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** Applies one event: the member after the change, and whether the event ended it. */
  apply(item, ended, cursor) {
    if (this.#late) return void this.#late.push([item, ended, cursor]);
    if (!after(cursor, this.#cursor)) return;
    if (ended) this.#items.delete(item?.id);
    else if (item?.id) this.#items.set(item.id, item);
    else return void this.load(); // the event does not contain the whole member
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
    // Only changed rows are replaced, so that the others keep their focus, selection and animation.
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
    call('DELETE', `api/sessions/${encodeURIComponent(session.id)}`).catch(() => (end.disabled = false));
  });
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, session.name ?? session.id), session.name ? h('code', {}, session.id) : null),
    badge(session.status ?? 'active'), ago(session.updated_at ?? session.created_at), end);
}

function deployRow(deploy) {
  const link = h('a', { href: gatewayUrl(`deployment/${encodeURIComponent(deploy.id)}`) },
    deploy.name ?? deploy.recipe ?? deploy.id);
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, link), h('code', {}, deploy.id)),
    badge(deploy.status), ago(deploy.finished_at ?? deploy.created_at));
}

function instanceRow(instance) {
  return h('li', {},
    h('div', { class: 'who' }, h('b', {}, instance.name ?? instance.id),
      instance.name ? h('code', {}, instance.id) : null),
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

const pending = [];
let newest; // the line on top, which absorbs further events of the same series

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
    h('span', { class: 'type', 'data-kind': String(event.type).split(/[_.]/)[0] }, event.type ?? 'message'),
    text, count, time);
  const element = h('li', {}, h('details', {}, head));
  // Most lines are never opened, so their text is created on opening.
  head.parentElement.addEventListener('toggle', () => {
    element.querySelector('pre')?.remove();
    if (head.parentElement.open) head.after(h('pre', {}, JSON.stringify(line.event, null, 2)));
  });
  const line = { event, element, text, count, time, merged: 1 };
  return line;
}

/** Returns the series of an event; consecutive events of one series share a line. Undefined for events of the lists. */
function series({ type, payload }) {
  if (type === 'deploy_log') return `log ${payload?.deploy_id}`;
  return lists[String(type).split('_')[0]] ? undefined : `type ${type}`;
}

const paintFeed = perFrame(() => {
  const feed = $('activity');
  for (const event of pending.splice(0).slice(-FEED * 10)) {
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
  stream: gatewayUrl('api/events?framing=envelope'),
  page: gatewayUrl('api/events?limit=50'),
  onEvent: (event, cursor) => {
    apply(event, cursor);
    pending.push({ ...event, time: event.time ?? new Date().toISOString() });
    // The events of the first page are history and are not counted.
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
document.querySelectorAll('.path').forEach((place) => {
  place.textContent = new URL(gatewayUrl(place.textContent.slice(1))).pathname;
});
document.querySelectorAll('.origin').forEach((place) => (place.textContent = location.origin));
tickTimes();

$('start').addEventListener('click', async () => {
  $('start').disabled = true;
  try {
    // The gateway starts its default recipe and redirects to the page of the deploy.
    const response = await request(gatewayUrl('start'), { method: 'POST' });
    location.assign(response.url);
  } finally {
    $('start').disabled = false;
  }
});

$('create').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const form = submitted.target;
  await call('POST', 'api/sessions', { name: form.elements.name.value.trim() });
  form.reset();
  form.elements.name.focus();
});
