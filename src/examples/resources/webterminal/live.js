/** Shows the list, updated live. */
import { connect } from '/_tidegate/client.js';
import { countRequest, light, show } from './page.js';

// Counts two requests: the list once, and the stream.
countRequest();
countRequest();
connect({
  stream: '/api/sse/sessions',
  page: '/api/sessions',
  onEvent: ({ sessions }) => sessions && show(sessions),
  onStatus: (status) =>
    light(status, { 'real-time': 'Real-time', polling: 'Polling', offline: 'Offline' }[status] ?? 'Connecting'),
});
