/** Shared by the pages: building elements, calling the API, the status light, and notices such as the sign-in form. */

/** Builds an element. `class`, `data-…` and `aria-…` are set as attributes, everything else as properties. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class' || name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Returns the address of a path of the gateway: this script is two folders below them. */
export const gatewayUrl = (path) => new URL(`../../${path}`, import.meta.url).href;

const UNREACHABLE = 'The gateway cannot be reached.';

export const $ = (id) => document.getElementById(id);

/** Calls the API with JSON. Returns the body of the response, or throws as `request` does. */
export async function call(method, path, body) {
  const response = await request(gatewayUrl(path), {
    method,
    headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

/** Fetches a resource. Shows a failure to the user and throws it, so that the caller stops. */
export async function request(path, options) {
  const response = await fetch(path, options).catch(() => {
    throw toast(UNREACHABLE);
  });
  if (response.ok) return response;
  if (response.status === 401) showNotice('sign-in');
  const problem = await response.json().catch(() => ({}));
  throw toast(problem.detail ?? problem.title ?? `The gateway responded with ${response.status}.`);
}

/** A failure that has already been shown to the user. */
class Told extends Error {}

// It only ends the action that failed and need not be reported again.
addEventListener('unhandledrejection', (event) => event.reason instanceof Told && event.preventDefault());

/** Shows a message for six seconds. Returns it as an error. */
export function toast(text) {
  const note = h('p', {}, text);
  $('toasts').append(note);
  setTimeout(() => note.remove(), 6_000);
  return new Told(text);
}

const LIGHTS = {
  connecting: ['Connecting', 'Opening the stream'],
  'real-time': ['Real-time', 'A stream is open: changes arrive as they happen'],
  polling: ['Polling', 'No stream at the moment: the page polls every few seconds and returns to streaming by itself'],
  offline: ['Offline', 'The gateway cannot be reached; retrying'],
  ended: ['Complete', 'Everything has arrived; nothing more will follow'],
};

/** Updates the status light in the header. Suitable as the `onStatus` of a connection. */
export function light(status, reason) {
  const [label, hint] = LIGHTS[status] ?? [status, ''];
  const refused = status === 'offline' && reason !== 'unreachable';
  $('light').dataset.status = status;
  $('light').title = reason === 'busy'
    ? 'The gateway cannot open another stream right now; polling until it can'
    : hint;
  $('light').lastElementChild.textContent = refused && reason === 'sign-in' ? 'Signed out' : label;
  if (refused) showNotice(reason);
  else if (status !== 'connecting') hideNotice();
}

const NOTICES = {
  'sign-in': () => [
    h('h1', {}, 'Sign in'),
    h('p', {}, 'Tidegate printed a link when it started. Open that link in this browser to sign in.'),
    h('p', {}, 'If the link no longer works, create a token in the folder where Tidegate runs and paste it here:'),
    command('target/tidegate token --role publisher'),
    tokenForm(),
    h('p', { class: 'muted' }, 'Restarting Tidegate also prints a new link.'),
  ],
  forbidden: () => [
    h('h1', {}, 'Access denied'),
    h('p', {}, 'You are signed in, but your token does not allow you to read this. Create one that does:'),
    command('target/tidegate token --role publisher'),
    tokenForm(),
  ],
  'not-found': () => [
    h('h1', {}, 'Not found'),
    h('p', {}, 'The content of this page does not exist, or no longer exists.'),
    h('p', {}, h('a', { href: gatewayUrl('') }, 'Back to the overview')),
  ],
  refused: () => [h('h1', {}, 'Request refused'), h('p', {}, 'The gateway did not accept the request of this page.')],
};

/** Replaces a page that cannot show its content with a notice that says what to do. */
export function showNotice(reason) {
  if ($('way-in')?.dataset.reason === reason) return;
  $('way-in')?.remove();
  $('main').hidden = true;
  $('main').after(h('main', { id: 'way-in', class: 'way-in', 'data-reason': reason }, ...NOTICES[reason]()));
}

function hideNotice() {
  $('way-in')?.remove();
  $('main').hidden = false;
}

/**
 * Builds the form that exchanges a token for a ticket. Loading this page with the ticket in its URL sets the cookie.
 * The token itself is never part of a URL, and no script can read the cookie.
 */
function tokenForm() {
  const field = h('input',
    { type: 'password', name: 'token', required: true, autocomplete: 'off', placeholder: 'Token' });
  field.setAttribute('aria-label', 'Token');
  const form = h('form', { class: 'inline' }, field, h('button', { class: 'primary' }, 'Sign in'));
  form.addEventListener('submit', async (submitted) => {
    submitted.preventDefault();
    const headers = { Authorization: `Bearer ${field.value.trim()}` };
    // Sent without the cookie, because an expired cookie must not interfere with the token.
    const options = { method: 'POST', headers, credentials: 'omit' };
    const response = await fetch(gatewayUrl('api/ticket'), options).catch(() => null);
    if (!response?.ok) return toast(response ? 'This token was not accepted.' : UNREACHABLE);
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

/** Copies the text and confirms it on the button. Outside a secure context a browser has no clipboard. */
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

/** Returns an element such as "12 sec. ago", which `tickTimes` keeps up to date. */
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

/** Formats a duration: "8.4 s", "2 min 5 s". */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Returns a function that runs `run` at most once per painted frame; every 250 ms in a hidden tab. */
export function perFrame(run) {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    const go = () => {
      scheduled = false;
      run();
    };
    if (document.hidden) setTimeout(go, 250);
    else requestAnimationFrame(go);
  };
}
