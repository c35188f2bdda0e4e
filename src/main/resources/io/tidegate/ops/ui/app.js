/** What the pages share: building elements, calling the API, the status light, the way in. */

/** Builds an element. Properties are set as such; `class`, `data-…` and `aria-…` as attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class' || name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const UNREACHABLE = 'The gateway cannot be reached.';

export const $ = (id) => document.getElementById(id);

/** Calls the API with JSON; gives the answer's body, or throws as `ask` does. */
export async function call(method, path, body) {
  const response = await ask(path, {
    method,
    headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

/** Fetches; what is refused is shown and thrown, so that the caller stops. */
export async function ask(path, options) {
  const response = await fetch(path, options).catch(() => {
    throw toast(UNREACHABLE);
  });
  if (response.ok) return response;
  if (response.status === 401) showWayIn('sign-in');
  const answer = await response.json().catch(() => ({}));
  throw toast(answer.detail ?? answer.title ?? `The gateway answered ${response.status}.`);
}

/** A failure that its reader has seen already. */
class Told extends Error {}

// It ends what was under way; nobody above needs to hear of it again.
addEventListener('unhandledrejection', (event) => event.reason instanceof Told && event.preventDefault());

/** Shows a message for some seconds; gives it as an error. */
export function toast(text) {
  const note = h('p', {}, text);
  $('toasts').append(note);
  setTimeout(() => note.remove(), 6_000);
  return new Told(text);
}

const LIGHTS = {
  connecting: ['Connecting', 'Looking for the stream'],
  'real-time': ['Real-time', 'A stream is open: changes arrive as they happen'],
  polling: ['Polling', 'No stream at the moment: the page asks every few seconds, and returns to streaming by itself'],
  offline: ['Offline', 'The gateway cannot be reached; trying again'],
  ended: ['Complete', 'Everything has arrived; nothing more will come'],
};

/** The light in the header; made to be the `onStatus` of a connection. */
export function light(status, reason) {
  const [label, hint] = LIGHTS[status] ?? [status, ''];
  const refused = status === 'offline' && reason !== 'unreachable';
  $('light').dataset.status = status;
  $('light').title = reason === 'busy' ? 'The gateway has no stream to spare right now; polling until it has' : hint;
  $('light').lastElementChild.textContent = refused && reason === 'sign-in' ? 'Signed out' : label;
  if (refused) showWayIn(reason);
  else if (status !== 'connecting') hideWayIn();
}

const WAYS_IN = {
  'sign-in': () => [
    h('h1', {}, 'Sign in'),
    h('p', {}, 'Tidegate printed a link when it started: open that link in this browser and you are in.'),
    h('p', {}, 'The link is gone or no longer works? In the folder where Tidegate runs, make a token and paste it here:'),
    command('target/tidegate token --role publisher'),
    tokenForm(),
    h('p', { class: 'muted' }, 'Restarting Tidegate prints a new link as well.'),
  ],
  forbidden: () => [
    h('h1', {}, 'This token does not reach here'),
    h('p', {}, 'You are signed in, but your token does not allow to read this. One that does:'),
    command('target/tidegate token --role publisher'),
    tokenForm(),
  ],
  'not-found': () => [
    h('h1', {}, 'Nothing is here'),
    h('p', {}, 'What this page shows does not exist, or no longer.'),
    h('p', {}, h('a', { href: '/' }, 'Back to the overview')),
  ],
  refused: () => [h('h1', {}, 'The gateway refused'), h('p', {}, 'It did not accept what this page asked for.')],
};

/** Puts what to do in the place of a page that can show nothing. */
export function showWayIn(reason) {
  if ($('way-in')?.dataset.reason === reason) return;
  $('way-in')?.remove();
  $('main').hidden = true;
  $('main').after(h('main', { id: 'way-in', class: 'way-in', 'data-reason': reason }, ...WAYS_IN[reason]()));
}

function hideWayIn() {
  $('way-in')?.remove();
  $('main').hidden = false;
}

/**
 * A token becomes a ticket, and the ticket in this page's address becomes the cookie: the token itself is never part of
 * an address, and no script can read the cookie.
 */
function tokenForm() {
  const field = h('input', { type: 'password', name: 'token', required: true, autocomplete: 'off', placeholder: 'Token' });
  field.setAttribute('aria-label', 'Token');
  const form = h('form', { class: 'inline' }, field, h('button', { class: 'primary' }, 'Sign in'));
  form.addEventListener('submit', async (submitted) => {
    submitted.preventDefault();
    const headers = { Authorization: `Bearer ${field.value.trim()}` };
    // Without the cookie: an old one that no longer holds must not speak against the token.
    const response = await fetch('/api/ticket', { method: 'POST', headers, credentials: 'omit' }).catch(() => null);
    if (!response?.ok) return toast(response ? 'This token is not accepted.' : UNREACHABLE);
    const { ticket } = await response.json();
    location.replace(`${location.pathname}?ticket=${encodeURIComponent(ticket)}`);
  });
  return form;
}

function command(text) {
  const copy = h('button', { type: 'button', class: 'quiet' }, 'Copy');
  copy.addEventListener('click', () => copied(copy, text));
  return h('div', { class: 'command' }, h('code', {}, text), copy);
}

/** Copies and says so on the button. Browsers without a secure context have no clipboard: then it says that. */
export async function copied(button, text) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed here';
  }
  setTimeout(() => (button.textContent = before), 1_500);
}

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

/** "12 sec. ago", kept up to date by `tickTimes`. */
export function ago(time) {
  const element = h('time', { dateTime: time ?? '', title: time ? new Date(time).toLocaleString() : '' });
  refresh(element);
  return element;
}

function refresh(element) {
  const seconds = Math.round((Date.parse(element.dateTime) - Date.now()) / 1000);
  if (Number.isNaN(seconds)) element.textContent = '';
  else if (seconds > -5) element.textContent = 'now';
  else if (seconds > -60) element.textContent = RELATIVE.format(seconds, 'second');
  else if (seconds > -3600) element.textContent = RELATIVE.format(Math.trunc(seconds / 60), 'minute');
  else if (seconds > -86400) element.textContent = RELATIVE.format(Math.trunc(seconds / 3600), 'hour');
  else element.textContent = RELATIVE.format(Math.trunc(seconds / 86400), 'day');
}

export function tickTimes() {
  setInterval(() => document.hidden || document.querySelectorAll('time').forEach(refresh), 5_000);
}

/** "8.4 s", "2 min 5 s". */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Runs something once per painted frame, however often it is asked for; in a hidden tab still, but rarely. */
export function perFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const go = () => {
      asked = false;
      run();
    };
    if (document.hidden) setTimeout(go, 250);
    else requestAnimationFrame(go);
  };
}
