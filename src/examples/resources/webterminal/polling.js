/** Polls the list every second, and the open session every second as well. */
import { asked, light, opened, show, stuck } from './page.js';

async function read(path) {
  asked();
  const response = await fetch(path);
  if (response.status === 429) throw Number(response.headers.get('Retry-After'));
  return response.ok ? response.json() : {};
}

async function poll() {
  try {
    const { sessions } = await read('/api/sessions');
    const one = sessions.find(({ id }) => id === opened());
    if (one) Object.assign(one, await read(`/api/sessions/${one.id}`));
    show(sessions);
    light('polling', 'Polling');
    setTimeout(poll, 1_000);
  } catch (failed) {
    const seconds = failed > 0 ? failed : 5;
    if (failed > 0) stuck(seconds);
    light('offline', failed > 0 ? 'Too many requests' : 'Offline');
    setTimeout(poll, seconds * 1_000);
  }
}
poll();
