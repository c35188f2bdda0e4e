/**
 * Tidegate's browser client: one subscription that survives network failures.
 *
 *   import { connect } from '/_tidegate/client.js';
 *   const live = connect({ stream: '/api/sse/sessions', page: '/api/sessions', onEvent: render, onStatus: light });
 *   live.close();
 *
 * It reads the page once, then streams from its cursor. A stream is live once its first event arrives, which detects
 * buffering proxies. While none is live, the page is polled from the same cursor and the stream is retried with
 * back-off. Each event is delivered once, in order.
 *
 *   stream     URL of an SSE resource of unnamed events (framing=envelope); null: poll only
 *   page       its JSON form, {events, cursor, more} or a list such as {sessions, cursor}; null: stream only
 *   since      cursor to start after; default: the cursor of the page
 *   interval   milliseconds between polls (3000), up to ten times that while nothing changes
 *   onEvent    (event, cursor): an event of the stream, parsed. Events of a page are {type, payload, topic, key, time},
 *              a list is {type: 'sessions', sessions}. After a pause the changes come first, then the list
 *   onStatus   (status, reason)
 *              connecting  at first, or between two streams
 *              real-time   a stream is live
 *              polling     the page is polled instead; reason busy: the server requested it
 *              offline     unreachable: keeps retrying. sign-in, forbidden, not-found, refused: waits until the tab is
 *                          shown again, or for retry()
 *   onGap      (): events were lost; load your state again
 *   onControl  (name, data): gateway.resume, .busy, .goodbye, .auth; already handled
 */
export function connect(options) {
  return new Connection(options);
}

/** Returns whether cursor `a` comes after `b`. `a` counts as newer if their epochs differ. */
export function after(a, b) {
  if (!a || !b) return true;
  const [x, y] = [a.lastIndexOf('-'), b.lastIndexOf('-')];
  return a.slice(0, x) !== b.slice(0, y) || BigInt(a.slice(x + 1)) > BigInt(b.slice(y + 1));
}

/** Milliseconds that a lost stream has to reconnect before polling starts. */
const GRACE = 3_000;
/** Consecutive errors after which our retries replace the browser's, which do not back off. */
const MAX_ERRORS = 3;
const MAX_DELAY = 120_000;
const CONTROLS = ['gateway.resume', 'gateway.busy', 'gateway.goodbye', 'gateway.auth'];
const REASONS = { 401: 'sign-in', 403: 'forbidden', 404: 'not-found' };
const none = () => {};
const DEFAULTS = { interval: 3_000, onEvent: none, onStatus: none, onGap: none, onControl: none };

class Connection {
  status = 'connecting';
  reason;
  cursor;

  #opts;
  #source; // live or not
  #live = false;
  #errors = 0; // consecutive, of this EventSource
  #attempts = 0; // consecutive streams that failed
  #openTimer;
  #pollTimer;
  #busy; // 'busy' while the server requests polling
  #reading = false;
  #loaded = false; // the page was read
  #halted = false; // the server refused permanently
  #paged = false; // the page accepts `since`
  #listed; // the cursor of the last list
  #etag = {};
  #quiet = 0; // consecutive polls without news
  #failures = 0; // consecutive failed polls
  #end = new AbortController();

  constructor(options) {
    this.#opts = { ...DEFAULTS, ...options };
    this.cursor = options.since;
    this.#paged = !!options.since;
    const wake = () => document.hidden || this.retry();
    document.addEventListener('visibilitychange', wake, this.#end);
    addEventListener('online', wake, this.#end);
    // The caller needs the connection before the first callback.
    queueMicrotask(() => (options.page ? this.#poll() : this.#open()));
  }

  /** Ends the subscription and all callbacks. */
  close() {
    this.#end.abort();
    this.#hangUp();
    clearTimeout(this.#pollTimer);
    clearTimeout(this.#openTimer);
  }

  /** Retries immediately, for example after a sign-in. */
  retry() {
    this.#halted = false;
    this.#failures = 0;
    if (!this.#live) this.#poll();
  }

  get #closed() {
    return this.#end.signal.aborted;
  }

  #open() {
    this.#openTimer = clearTimeout(this.#openTimer);
    if (this.#closed || this.#halted || this.#source || !this.#opts.stream || !globalThis.EventSource) return;
    const source = new EventSource(at(this.#opts.stream, this.cursor));
    this.#source = source;
    this.#errors = 0;
    source.onmessage = (e) => {
      this.#markLive();
      this.#deliver(parse(e.data), e.lastEventId);
    };
    source.onerror = () => this.#onError(source.readyState === EventSource.CLOSED);
    for (const name of CONTROLS) source.addEventListener(name, (e) => this.#control(name, parse(e.data)));
    if (!this.#opts.page) source.onopen = () => this.#markLive();
  }

  #markLive() {
    this.#errors = this.#attempts = 0;
    this.#busy = undefined;
    if (this.#live) return;
    this.#live = true;
    clearTimeout(this.#pollTimer);
    this.#notify('real-time');
  }

  #control(name, data) {
    if (name === 'gateway.busy') {
      this.#busy = 'busy';
      this.#opts.page ??= data.poll;
      this.#reopenIn(data.retryAfterMs ?? 5_000);
      this.#poll();
    } else {
      this.#markLive();
    }
    if (data.status === 'gap') {
      this.#opts.onGap();
      if (!this.#paged) this.#poll();
    }
    this.#opts.onControl(name, data);
  }

  #onError(permanent) {
    if (this.#live) {
      this.#live = false;
      this.#notify('connecting');
    }
    if (permanent || ++this.#errors >= MAX_ERRORS) {
      this.#reopenIn(Math.min(MAX_DELAY, 2_000 * 2 ** this.#attempts++));
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
    // A hidden tab polls once when it is shown.
    if (this.#closed || this.#reading || !this.#opts.page || (document.hidden && this.#loaded)) return;
    this.#reading = true;
    const wait = await this.#read().catch(() => this.#failed(0));
    this.#reading = false;
    if (this.#closed || this.#halted) return;
    if (this.#loaded && !this.#openTimer) this.#open();
    if (!this.#live) this.#pollIn(wait);
  }

  /** Reads the page once. Returns the milliseconds until the next poll. */
  async #read() {
    const url = at(this.#opts.page, this.#paged && this.cursor);
    const headers = { Accept: 'application/json' };
    if (this.#etag.url === url) headers['If-None-Match'] = this.#etag.value;
    const response = await fetch(url, { headers, cache: 'no-store', signal: AbortSignal.timeout(30_000) });
    const { status } = response;
    const minimum = retryAfter(response);
    if (status >= 500 || [408, 425, 429].includes(status)) return this.#failed(minimum);
    if (status >= 400) return this.#refused(status);
    const body = status === 200 ? await response.json() : {};
    // The first page is part of connecting, not the fallback.
    if ((this.#loaded || !this.#opts.stream) && !this.#live) this.#notify('polling', this.#busy);
    this.#loaded = true;
    this.#failures = 0;
    if (status === 200) this.#etag = { url, value: response.headers.get('ETag') ?? '' };
    this.#quiet = status === 200 && this.#deliverPage(body) ? 0 : this.#quiet + 1;
    if (body.more) return 0;
    return Math.max(minimum, jitter(this.#opts.interval * Math.min(10, 1.4 ** this.#quiet)));
  }

  /** Delivers the content of a page. Returns whether there was news. */
  #deliverPage(body) {
    const before = this.cursor;
    if (Array.isArray(body.events)) {
      if (body.gap && this.#paged) this.#opts.onGap();
      this.#paged = true;
      for (const { cursor, data, ...event } of body.events) this.#deliver({ ...event, payload: data }, cursor);
      // It may be beyond the last event.
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
    this.#notify('offline', REASONS[status] ?? 'refused');
  }

  #failed(minimum) {
    if (!this.#live) this.#notify('offline', 'unreachable');
    return Math.max(minimum, jitter(Math.min(MAX_DELAY, this.#opts.interval * 2 ** this.#failures++)));
  }

  /** Delivers an event once. A list may have the cursor of the last change. */
  #deliver(event, cursor) {
    const list = Object.values(event ?? 0).some(Array.isArray);
    const missing = list && cursor === this.cursor && cursor !== this.#listed;
    if (this.#closed || (cursor && !missing && !after(cursor, this.cursor))) return;
    if (list) this.#listed = cursor;
    if (cursor) this.cursor = cursor;
    try {
      this.#opts.onEvent(event, this.cursor);
    } catch (mistake) {
      reportError(mistake); // a bug of the caller
    }
  }

  #notify(status, reason) {
    if (this.#closed || (status === this.status && reason === this.reason)) return;
    this.status = status;
    this.reason = reason;
    this.#opts.onStatus(status, reason);
  }
}

/** Spreads the retries of clients that lost the same server. */
const jitter = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);

function at(url, cursor) {
  const result = new URL(url, location.href);
  if (cursor) result.searchParams.set('since', cursor);
  return result.href;
}

/** Returns a Retry-After, seconds or a date (RFC 9110, 10.2.3), in milliseconds, or 0. */
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
