/**
 * The lab: many streams in one tab. Each test event carries the run it belongs to, its number and when it was sent, so
 * that every stream can tell what it misses, what came twice, and how long it took.
 */
import { $, call, h, light, showWayIn } from './app.js';

/**
 * Over HTTP/1.1 a browser opens six connections per origin, for all tabs together. A stream takes one of them until it
 * ends; the seventh request, be it the publishing one, would wait for ever. Two are left for it and for another tab.
 */
const OVER_HTTP1 = 4;
/** Events in one request: as many as a publisher with that rate would have at hand in 50 ms. */
const TICK = 50;

const run = { id: '', sent: 0 };
let streams = [];
let publishing;
let topic;

// ---- one stream

class Stream {
  state = 'connecting';
  received = 0;
  twice = 0;
  last;
  delays = [];
  #highest = 0;
  #seen = new Set();

  constructor(number) {
    this.number = number;
    this.row = h('tr', {}, ...Array.from({ length: 8 }, () => h('td')));
    this.row.firstElementChild.textContent = number;
  }

  open(url) {
    this.source = new EventSource(url);
    this.source.onopen = () => this.#is('open');
    this.source.onerror = () => this.#is(this.source.readyState === EventSource.CLOSED ? 'refused' : 'connecting');
    this.source.onmessage = (message) => this.#arrived(JSON.parse(message.data));
    this.source.addEventListener('gateway.busy', () => this.#is('busy'));
  }

  close() {
    this.source?.close();
    this.#is('closed');
  }

  reset() {
    this.received = this.twice = this.#highest = 0;
    this.#seen.clear();
    this.delays = [];
    this.last = undefined;
  }

  /** What was sent before the newest that arrived and did not arrive itself; order holds, so it will not come. */
  get missing() {
    return this.#highest - this.#seen.size;
  }

  #arrived({ payload }) {
    if (payload?.run !== run.id) return;
    if (this.#seen.has(payload.n)) this.twice++;
    this.#seen.add(payload.n);
    this.#highest = Math.max(this.#highest, payload.n);
    this.received++;
    this.last = Math.max(0, now() - payload.sent);
    this.delays.push(this.last);
    paint();
  }

  #is(state) {
    this.state = state;
    paint();
  }

  show() {
    const sorted = this.delays.slice().sort((a, b) => a - b);
    const texts = [this.state, this.received, this.missing, this.twice, ms(this.last), ms(at(sorted, 0.5)),
      ms(sorted.at(-1))];
    texts.forEach((text, column) => (this.row.children[column + 1].textContent = text));
    this.row.dataset.state = this.state;
    this.row.dataset.trouble = this.missing > 0 || this.twice > 0;
  }
}

const now = () => performance.timeOrigin + performance.now();
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const ms = (value) => (value === undefined ? '–' : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);

// ---- what all of them show

let drawing;

/** Draws soon. Not with every frame: sorting thousands of delays that often would show in the delays themselves. */
function paint() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    draw();
  }, 200);
}

const BARS = [1, 2, 5, 10, 20, 50, 100, 200, 500, Infinity];

function draw() {
  streams.forEach((stream) => stream.show());
  const delays = streams.flatMap((stream) => stream.delays).sort((a, b) => a - b);
  const sum = (member) => streams.reduce((total, stream) => total + stream[member], 0);
  $('opened').textContent = `${streams.filter((stream) => stream.state === 'open').length}`;
  $('published').textContent = run.sent.toLocaleString();
  $('received').textContent = sum('received').toLocaleString();
  $('missing').textContent = sum('missing').toLocaleString();
  $('missing').parentElement.dataset.trouble = sum('missing') > 0;
  $('median').textContent = ms(at(delays, 0.5));
  $('slowest').textContent = ms(at(delays, 0.99));
  drawHistogram(delays);
  lightUp();
  // What is published before a stream is open is not meant for it.
  $('send').disabled = !streams.length || streams.some((stream) => stream.state === 'connecting');
}

function drawHistogram(delays) {
  const counts = BARS.map(() => 0);
  let bar = 0;
  for (const delay of delays) {
    while (delay >= BARS[bar]) bar++;
    counts[bar]++;
  }
  const top = Math.max(1, ...counts);
  const histogram = $('histogram');
  if (!histogram.childElementCount) {
    histogram.append(...BARS.map((limit, i) => h('div', {}, h('b'), h('i'),
      h('span', {}, limit === Infinity ? `≥ ${BARS[i - 1]}` : `< ${limit}`))));
  }
  counts.forEach((count, i) => {
    const [label, fill] = histogram.children[i].children;
    label.textContent = count ? count.toLocaleString() : '';
    fill.style.height = `${(count / top) * 100}%`;
  });
}

function lightUp() {
  const open = streams.filter((stream) => stream.state === 'open').length;
  if (!streams.length) [$('light').dataset.status, $('light').lastElementChild.textContent] = ['idle', 'Idle'];
  else if (open) light('real-time');
  else if (streams.every((stream) => stream.state === 'refused')) light('offline', 'unreachable');
  else light('connecting');
}

// ---- opening and closing

const protocol = performance.getEntriesByType('navigation')[0]?.nextHopProtocol ?? '';
// Browsers speak HTTP/2 and later over TLS alone, so without it there is nothing to ask.
const http1 = location.protocol === 'http:' || protocol.startsWith('http/1');

function explain(wanted) {
  const note = $('protocol');
  note.hidden = false;
  if (!http1) {
    note.textContent = `This page came over ${protocol || 'a protocol that the browser does not name'}: all streams share `
      + 'one connection, so a tab may hold as many as it likes.';
    return wanted;
  }
  note.textContent = 'This page came over HTTP/1.1. There a browser opens at most six connections to one origin, all tabs '
    + 'together, and each stream keeps one. '
    + (wanted > OVER_HTTP1
      ? `So ${OVER_HTTP1} of the ${wanted} streams are open, and the last connections are left for publishing and for `
        + 'another tab. '
      : '')
    + 'Behind nginx with HTTP/2 every stream shares one connection and the limit is gone.';
  return Math.min(wanted, OVER_HTTP1);
}

function open(form) {
  topic = form.elements.topic.value;
  const count = explain(form.elements.streams.valueAsNumber);
  const url = `/api/events?framing=envelope&topics=${encodeURIComponent(topic)}`;
  run.id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  run.sent = 0;
  streams = Array.from({ length: count }, (_, i) => new Stream(i + 1));
  $('streams').replaceChildren(...streams.map((stream) => stream.row));
  streams.forEach((stream) => stream.open(url));
}

function close() {
  clearInterval(publishing);
  publishing = undefined;
  streams.forEach((stream) => stream.close());
  draw();
  streams = [];
  lightUp();
}

$('open').addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const form = submitted.target;
  if (streams.length) close();
  else if (await allowed()) open(form);
  const opened = streams.length > 0;
  $('toggle').textContent = opened ? 'Close streams' : 'Open streams';
  form.elements.topic.disabled = form.elements.streams.disabled = opened;
  $('send').textContent = 'Publish';
  draw();
});

/** An EventSource cannot tell why it is refused; a page can. */
async function allowed() {
  const response = await fetch('/api/events?limit=1', { headers: { Accept: 'application/json' } }).catch(() => null);
  if (response?.status === 401) showWayIn('sign-in');
  return response?.status !== 401;
}

// ---- publishing

$('publish').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  if (publishing) return stop();
  const { events, rate, bytes } = submitted.target.elements;
  publish(events.valueAsNumber, rate.valueAsNumber, 'x'.repeat(bytes.valueAsNumber));
});

function stop() {
  clearInterval(publishing);
  publishing = undefined;
  $('send').textContent = 'Publish';
}

/** Sends `count` events at an even pace, in as many requests as the pace needs and never two at a time. */
function publish(count, rate, filling) {
  run.id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  run.sent = 0;
  streams.forEach((stream) => stream.reset());
  $('send').textContent = 'Stop';
  const begun = performance.now();
  let asking = false;
  publishing = setInterval(async () => {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * rate) + 1);
    if (asking || due === run.sent) return;
    asking = true;
    // A request is bounded by the gateway; what does not fit goes into the next one.
    const room = Math.max(1, Math.min(500, Math.floor(900_000 / (filling.length + 200))));
    const batch = Array.from({ length: Math.min(room, due - run.sent) }, (_, i) => ({
      topic,
      type: 'lab.tick',
      data: { run: run.id, n: run.sent + i + 1, sent: now(), filling },
    }));
    try {
      await call('POST', '/api/events', batch);
      run.sent += batch.length;
      if (run.sent >= count) stop();
    } catch {
      stop();
    }
    asking = false;
    paint();
  }, Math.max(TICK, 1000 / rate));
}
