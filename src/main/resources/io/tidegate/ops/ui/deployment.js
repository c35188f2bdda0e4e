/** The page of one deploy: its status and its log, from the first line and live until the end. */
import { connect } from './client.js';
import { $, call, copied, duration, gatewayUrl, h, light, perFrame } from './app.js';

const id = decodeURIComponent(location.pathname.split('/').pop());
const path = `api/deploys/${encodeURIComponent(id)}`;
const log = $('log');

/** Lines per block. The browser skips the layout of blocks that are out of sight, which keeps long logs fast. */
const BLOCK = 200;
/** Escape sequences for colour and cursor (ECMA-48), which are removed. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;

let deploy;
let lines = 0;
let lastNumber = 0;
let firstTime;
let following = true;
const pending = [];

$('id').textContent = id;

// ---- the status

const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

function show(next) {
  deploy = { ...deploy, ...next };
  const { status, name, recipe, created_at: created, exit_code: exit } = deploy;
  $('name').textContent = name ?? recipe ?? 'Deploy';
  $('status').textContent = status;
  $('status').dataset.status = status;
  $('started').textContent = created ? new Date(created).toLocaleTimeString() : '–';
  $('exit').textContent = exit ?? '–';
  $('cancel').hidden = ENDED.has(status);
  document.title = `${status} · ${name ?? recipe ?? id} · Tidegate`;
  showTime();
}

function showTime() {
  if (!deploy?.created_at) return;
  const end = deploy.finished_at ? Date.parse(deploy.finished_at) : Date.now();
  $('took').textContent = duration(Math.max(0, end - Date.parse(deploy.created_at)));
}

const clock = setInterval(() => {
  if (ENDED.has(deploy?.status)) clearInterval(clock);
  showTime();
}, 100);

async function loadStatus() {
  const headers = { Accept: 'application/json' };
  const response = await fetch(gatewayUrl('api/deploys'), { headers }).catch(() => null);
  if (!response?.ok) return;
  const found = (await response.json()).deploys.find((one) => one.id === id);
  // The stream may have been faster; a final status from it is kept.
  if (found && !ENDED.has(deploy?.status)) show(found);
}

// ---- the log

function lineOf({ line, stream, time, truncated }) {
  firstTime ??= Date.parse(time);
  const since = Number.isNaN(firstTime) ? '' : `+${((Date.parse(time) - firstTime) / 1000).toFixed(2)}`;
  return h('div', { class: stream === 'stderr' ? 'line err' : 'line' },
    h('span', { class: 'number' }, String(++lines)),
    h('span', { class: 'since', title: time ?? '' }, since),
    h('span', { class: 'mark', title: stream }, stream === 'stderr' ? 'err' : ''),
    h('span', { class: 'said' }, String(line ?? '').replace(ESCAPES, '') + (truncated ? ' …' : '')));
}

const paint = perFrame(() => {
  let block = log.lastElementChild;
  for (const entry of pending.splice(0)) {
    if (!block || block.childElementCount >= BLOCK) {
      block = h('div', { class: 'block' });
      log.append(block);
    }
    block.append(lineOf(entry));
  }
  $('lines').textContent = lines;
  if (following) log.scrollTop = log.scrollHeight;
  else $('latest').hidden = false;
});

function follow(yes) {
  following = yes;
  if (!yes) return;
  $('latest').hidden = true;
  log.scrollTop = log.scrollHeight;
}

// Scrolling up stops following the log; scrolling to the bottom resumes it.
log.addEventListener('scroll', () => {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  if (atEnd !== following) follow(atEnd);
}, { passive: true });
$('latest').addEventListener('click', () => follow(true));

for (const name of ['wrap', 'times']) {
  $(name).addEventListener('change', () => log.classList.toggle(name, $(name).checked));
}
$('errors').addEventListener('change', () => log.classList.toggle('errors', $('errors').checked));
$('copy').addEventListener('click', () =>
  copied($('copy'), [...log.querySelectorAll('.said')].map((said) => said.textContent).join('\n')));

// ---- the connection

const live = connect({
  stream: gatewayUrl(`events/${encodeURIComponent(id)}`),
  page: gatewayUrl(`${path}/logs`),
  onEvent: ({ type, payload }) => {
    if (type === 'deploy_log') {
      // A line is committed twice if the first commit was not confirmed. Both copies have the same number.
      if (payload.n <= lastNumber) return;
      lastNumber = payload.n ?? lastNumber;
      pending.push(payload);
      paint();
    } else if (type === 'deploy_status' || type === 'deploy_created') {
      show(payload);
      if (ENDED.has(payload.status)) finish();
    }
  },
  onStatus: (status, reason) => {
    light(status, reason);
    if (!deploy && status !== 'offline') loadStatus();
  },
});

/** Closes the connection. The final status is the last event of a deploy, and reconnects would get a 204. */
function finish() {
  live.close();
  light('ended');
}

loadStatus();

$('cancel').addEventListener('click', async () => {
  $('cancel').disabled = true;
  await call('DELETE', path).catch(() => {});
  $('cancel').disabled = false;
});
