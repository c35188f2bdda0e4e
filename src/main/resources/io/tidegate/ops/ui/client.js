/**
 * Tidegate's browser client: one subscription that survives what networks do to it.
 *
 *   import { connect } from '/client.js';
 *   const live = connect({ stream: '/api/sse/sessions', page: '/api/sessions', onEvent: render, onStatus: light });
 *   live.close();
 *
 * It reads the page once, then streams from its cursor. A stream is live once its first event is here, so a proxy that
 * holds streams back is found out. While none is live the page is polled from the same cursor, and the stream is tried
 * again, less and less often. What both bring is handed over once, in order.
 *
 *   stream     URL of an SSE resource of unnamed events (framing=envelope); null polls only
 *   page       its JSON form, {events, cursor, more} or a list such as {sessions, cursor}; null streams only
 *   since      cursor to start after; without it the page decides
 *   interval   milliseconds between polls (3000), up to ten times that while nothing changes
 *   onEvent    (event, cursor): what the stream sends, as JSON. Those of a page are {type, payload, topic, key, time},
 *              or {type: 'sessions', sessions} for a list. After a pause changes come first, their list follows
 *   onStatus   (status, reason)
 *              connecting  not yet, or between two streams
 *              real-time   a stream is live
 *              polling     the page is read instead; reason busy: the server asked for it
 *              offline     unreachable: keeps trying. sign-in, forbidden, not-found, refused: waits until the tab is
 *                          shown again, or for retry()
 *   onGap      (): events are lost for good, read your state anew
 *   onControl  (name, data): gateway.resume, .busy, .goodbye, .auth; they were acted upon
 */
export function connect(options) {
  return new Connection(options);
}

/** Whether position `a` comes after `b`. Positions of two histories have no order: then `a` is news. */
export function after(a, b) {
  if (!a || !b) return true;
  const [x, y] = [a.lastIndexOf('-'), b.lastIndexOf('-')];
  return a.slice(0, x) !== b.slice(0, y) || BigInt(a.slice(x + 1)) > BigInt(b.slice(y + 1));
}

/** How long a lost stream may take to come back before polling begins. */
const GRACE = 3_000;
/** Failures in a row after which our retries replace the browser's, which never slow down. */
const PATIENCE = 3;
const SLOWEST = 120_000;
const CONTROLS = ['gateway.resume', 'gateway.busy', 'gateway.goodbye', 'gateway.auth'];
const REASONS = { 401: 'sign-in', 403: 'forbidden', 404: 'not-found' };
const none = () => {};
const DEFAULTS = { interval: 3_000, onEvent: none, onStatus: none, onGap: none, onControl: none };

class Connection {
  status = 'connecting';
  reason;
  cursor;

  #use;
  #source; // live or not
  #live = false;
  #errors = 0; // of this EventSource in a row
  #attempts = 0; // streams that came to nothing
  #openTimer;
  #pollTimer;
  #busy; // 'busy' while the server wants us to poll
  #reading = false;
  #seen = false; // the page has answered
  #halted = false; // the server said no for good
  #paged = false; // the page takes `since`
  #listed; // the cursor of the last list
  #etag = {};
  #quiet = 0; // polls in a row without news
  #failures = 0; // polls that failed, in a row
  #end = new AbortController();

  constructor(options) {
    this.#use = { ...DEFAULTS, ...options };
    this.cursor = options.since;
    this.#paged = !!options.since;
    const wake = () => document.hidden || this.retry();
    document.addEventListener('visibilitychange', wake, this.#end);
    addEventListener('online', wake, this.#end);
    // Not at once: the caller holds the connection before the first callback.
    queueMicrotask(() => (options.page ? this.#poll() : this.#open()));
  }

  /** Ends the subscription; nothing is called any more. */
  close() {
    this.#end.abort();
    this.#hangUp();
    clearTimeout(this.#pollTimer);
    clearTimeout(this.#openTimer);
  }

  /** Asks again now, for instance after a sign-in. */
  retry() {
    this.#halted = false;
    this.#failures = 0;
    if (!this.#live) this.#poll();
  }

  get #over() {
    return this.#end.signal.aborted;
  }

  #open() {
    this.#openTimer = clearTimeout(this.#openTimer);
    if (this.#over || this.#halted || this.#source || !this.#use.stream || !globalThis.EventSource) return;
    const source = new EventSource(at(this.#use.stream, this.cursor));
    this.#source = source;
    this.#errors = 0;
    source.onmessage = (e) => {
      this.#proved();
      this.#deliver(parse(e.data), e.lastEventId);
    };
    source.onerror = () => this.#broke(source.readyState === EventSource.CLOSED);
    for (const name of CONTROLS) source.addEventListener(name, (e) => this.#control(name, parse(e.data)));
    if (!this.#use.page) source.onopen = () => this.#proved();
  }

  #proved() {
    this.#errors = this.#attempts = 0;
    this.#busy = undefined;
    if (this.#live) return;
    this.#live = true;
    clearTimeout(this.#pollTimer);
    this.#tell('real-time');
  }

  #control(name, data) {
    if (name === 'gateway.busy') {
      this.#busy = 'busy';
      this.#use.page ??= data.poll;
      this.#reopenIn(data.retryAfterMs ?? 5_000);
      this.#poll();
    } else {
      this.#proved();
    }
    if (data.status === 'gap') {
      this.#use.onGap();
      if (!this.#paged) this.#poll();
    }
    this.#use.onControl(name, data);
  }

  #broke(forGood) {
    if (this.#live) {
      this.#live = false;
      this.#tell('connecting');
    }
    if (forGood || ++this.#errors >= PATIENCE) {
      this.#reopenIn(Math.min(SLOWEST, 2_000 * 2 ** this.#attempts++));
      this.#poll();
    } else if (this.#errors === 1) {
      this.#pollIn(GRACE);
    }
  }

  #reopenIn(milliseconds) {
    this.#hangUp();
    clearTimeout(this.#openTimer);
    this.#openTimer = setTimeout(() => this.#open(), jitter(milliseconds));
  }

  #hangUp() {
    this.#source?.close();
    this.#source = undefined;
    this.#live = false;
  }

  #pollIn(milliseconds) {
    clearTimeout(this.#pollTimer);
    this.#pollTimer = setTimeout(() => this.#poll(), milliseconds);
  }

  async #poll() {
    clearTimeout(this.#pollTimer);
    // A hidden tab has no reader; it is polled once as soon as it is shown.
    if (this.#over || this.#reading || !this.#use.page || (document.hidden && this.#seen)) return;
    this.#reading = true;
    const wait = await this.#read().catch(() => this.#failed(0));
    this.#reading = false;
    if (this.#over || this.#halted) return;
    if (this.#seen && !this.#openTimer) this.#open();
    if (!this.#live) this.#pollIn(wait);
  }

  /** Reads the page once; gives the milliseconds until the next time. */
  async #read() {
    const url = at(this.#use.page, this.#paged && this.cursor);
    const headers = { Accept: 'application/json' };
    if (this.#etag.url === url) headers['If-None-Match'] = this.#etag.value;
    const response = await fetch(url, { headers, cache: 'no-store', signal: AbortSignal.timeout(30_000) });
    const { status } = response;
    const rest = retryAfter(response);
    if (status >= 500 || [408, 425, 429].includes(status)) return this.#failed(rest);
    if (status >= 400) return this.#refused(status);
    const body = status === 200 ? await response.json() : {};
    // The first page is the way in, not yet the fallback.
    if ((this.#seen || !this.#use.stream) && !this.#live) this.#tell('polling', this.#busy);
    this.#seen = true;
    this.#failures = 0;
    if (status === 200) this.#etag = { url, value: response.headers.get('ETag') ?? '' };
    this.#quiet = status === 200 && this.#take(body) ? 0 : this.#quiet + 1;
    if (body.more) return 0;
    return Math.max(rest, jitter(this.#use.interval * Math.min(10, 1.4 ** this.#quiet)));
  }

  /** Hands over what a page holds; whether there was news. */
  #take(body) {
    const before = this.cursor;
    if (Array.isArray(body.events)) {
      if (body.gap && this.#paged) this.#use.onGap();
      this.#paged = true;
      for (const { cursor, data, ...event } of body.events) this.#deliver({ ...event, payload: data }, cursor);
      // The page may have looked further than its last event.
      if (body.cursor && after(body.cursor, this.cursor)) this.cursor = body.cursor;
    } else {
      const type = Object.keys(body).find((name) => Array.isArray(body[name]));
      this.#deliver({ type, ...body }, body.cursor);
    }
    return this.cursor !== before;
  }

  #refused(status) {
    this.#halted = true;
    this.#hangUp();
    this.#tell('offline', REASONS[status] ?? 'refused');
  }

  #failed(rest) {
    if (!this.#live) this.#tell('offline', 'unreachable');
    return Math.max(rest, jitter(Math.min(SLOWEST, this.#use.interval * 2 ** this.#failures++)));
  }

  /** Hands over what is after the cursor; the rest was here before. A list may share the cursor of the last change. */
  #deliver(event, cursor) {
    const list = Object.values(event ?? 0).some(Array.isArray);
    const owed = list && cursor === this.cursor && cursor !== this.#listed;
    if (this.#over || (cursor && !owed && !after(cursor, this.cursor))) return;
    if (list) this.#listed = cursor;
    if (cursor) this.cursor = cursor;
    try {
      this.#use.onEvent(event, this.cursor);
    } catch (mistake) {
      reportError(mistake); // the caller's, not the network's
    }
  }

  #tell(status, reason) {
    if (this.#over || (status === this.status && reason === this.reason)) return;
    this.status = status;
    this.reason = reason;
    this.#use.onStatus(status, reason);
  }
}

/** Those who lost one server must not return at one instant. */
const jitter = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);

function at(url, cursor) {
  const result = new URL(url, location.href);
  if (cursor) result.searchParams.set('since', cursor);
  return result.href;
}

/** Milliseconds of a Retry-After, seconds or a date (RFC 9110, 10.2.3); 0 without one. */
function retryAfter(response) {
  const value = response.headers.get('Retry-After') ?? 0;
  return (value >= 0 ? value * 1000 : Date.parse(value) - Date.now()) || 0;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
