/** Polls the list and the open session every second. */
import { countRequest, light, openSession, show, showBlocked } from './page.js';

async function read(path) {
  countRequest();
  const response = await fetch(path);
  if (response.status === 429) throw Number(response.headers.get('Retry-After'));
  return response.ok ? response.json() : {};
}

async function poll() {
  try {
    const { sessions } = await read('/api/sessions');
    const one = sessions.find(({ id }) => id === openSession());
    if (one) Object.assign(one, await read(`/api/sessions/${one.id}`));
    show(sessions);
    light('polling', 'Polling');
    setTimeout(poll, 1_000);
  } catch (failed) {
    const seconds = failed > 0 ? failed : 5;
    if (failed > 0) showBlocked(seconds);
    light('offline', failed > 0 ? 'Too many requests' : 'Offline');
    setTimeout(poll, seconds * 1_000);
  }
}
poll();
