/** Shows the list of sessions and updates it live. */
import { connect } from '/_tidegate/client.js';
import { countRequest, light, show } from './page.js';

// This page sends two requests: one for the list and one for the stream.
countRequest();
countRequest();
connect({
  stream: '/api/sse/sessions',
  page: '/api/sessions',
  onEvent: ({ sessions }) => sessions && show(sessions),
  onStatus: (status) =>
    light(status, { 'real-time': 'Real-time', polling: 'Polling', offline: 'Offline' }[status] ?? 'Connecting'),
});
