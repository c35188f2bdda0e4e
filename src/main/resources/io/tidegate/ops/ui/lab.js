/**
 * The lab: many streams in one tab. Each test event carries its run, its number and the time it was sent, so that every
 * stream can count missing and duplicate events and measure delays.
 */
import { $, call, gatewayUrl, h, light, showNotice } from './app.js';

/**
 * Over HTTP/1.1 a browser opens six connections per origin, shared by all tabs. A stream occupies one of them until it
 * ends, and a seventh request, such as the one that publishes, would wait forever. Two are left free for publishing and
 * for another tab.
 */
const MAX_HTTP1_STREAMS = 4;
/** Minimum milliseconds between two requests. One request carries all events that are due by then. */
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
    this.source.onopen = () => this.#setState('open');
    this.source.onerror = () =>
      this.#setState(this.source.readyState === EventSource.CLOSED ? 'refused' : 'connecting');
    this.source.onmessage = (message) => this.#arrived(JSON.parse(message.data));
    this.source.addEventListener('gateway.busy', () => this.#setState('busy'));
  }

  close() {
    this.source?.close();
    this.#setState('closed');
  }

  reset() {
    this.received = this.twice = this.#highest = 0;
    this.#seen.clear();
    this.delays = [];
    this.last = undefined;
  }

  /**
   * The number of events that were sent before the newest received one and did not arrive. They will not come later,
   * because the order is guaranteed.
   */
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

  #setState(state) {
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

// ---- the totals

let drawing;

/** Draws within 200 ms. Sorting thousands of delays on every frame would affect the measured delays. */
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
  // A stream does not receive events published before it is open.
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
// Browsers support HTTP/2 and later only over TLS, so plain http: is always HTTP/1.1.
const http1 = location.protocol === 'http:' || protocol.startsWith('http/1');

function explain(wanted) {
  const note = $('protocol');
  note.hidden = false;
  if (!http1) {
    note.textContent = `This page was loaded over ${protocol || 'an unknown protocol'}: all streams share one `
      + 'connection, so their number is not limited.';
    return wanted;
  }
  note.textContent = 'This page was loaded over HTTP/1.1. A browser then opens at most six connections to one origin, '
    + 'shared by all tabs, and each stream occupies one. '
    + (wanted > MAX_HTTP1_STREAMS
      ? `Therefore ${MAX_HTTP1_STREAMS} of the ${wanted} streams are opened, and the other connections are left for `
        + 'publishing and for another tab. '
      : '')
    + 'Behind nginx with HTTP/2 all streams share one connection, and this limit does not apply.';
  return Math.min(wanted, MAX_HTTP1_STREAMS);
}

function open(form) {
  topic = form.elements.topic.value;
  const count = explain(form.elements.streams.valueAsNumber);
  const url = gatewayUrl(`api/events?framing=envelope&topics=${encodeURIComponent(topic)}`);
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

/** Checks access with a page, because an EventSource does not expose the status of a refused request. */
async function allowed() {
  const headers = { Accept: 'application/json' };
  const response = await fetch(gatewayUrl('api/events?limit=1'), { headers }).catch(() => null);
  if (response?.status === 401) showNotice('sign-in');
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

/** Sends `count` events at a constant rate, in batches of the events that are due, one request at a time. */
function publish(count, rate, filling) {
  run.id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  run.sent = 0;
  streams.forEach((stream) => stream.reset());
  $('send').textContent = 'Stop';
  const begun = performance.now();
  let sending = false;
  publishing = setInterval(async () => {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1000) * rate) + 1);
    if (sending || due === run.sent) return;
    sending = true;
    // The gateway limits the size of a request. Events that do not fit go into the next one.
    const capacity = Math.max(1, Math.min(500, Math.floor(900_000 / (filling.length + 200))));
    const batch = Array.from({ length: Math.min(capacity, due - run.sent) }, (_, i) => ({
      topic,
      type: 'lab.tick',
      data: { run: run.id, n: run.sent + i + 1, sent: now(), filling },
    }));
    try {
      await call('POST', 'api/events', batch);
      run.sent += batch.length;
      if (run.sent >= count) stop();
    } catch {
      stop();
    }
    sending = false;
    paint();
  }, Math.max(TICK, 1000 / rate));
}
