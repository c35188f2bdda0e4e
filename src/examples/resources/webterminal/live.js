/** The list as it changes. */
import { connect } from '/client.js';
import { asked, light, show } from './page.js';

// The list once, and the stream.
asked();
asked();
connect({
  stream: '/api/sse/sessions',
  page: '/api/sessions',
  onEvent: ({ sessions }) => sessions && show(sessions),
  onStatus: (status) => light(status, { 'real-time': 'Real-time', polling: 'Polling', offline: 'Offline' }[status] ?? 'Connecting'),
});
