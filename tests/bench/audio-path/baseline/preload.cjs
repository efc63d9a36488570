const { ipcRenderer } = require('electron');

ipcRenderer.on('port', (event, data) => window.postMessage({ type: 'port', ...data }, '*', event.ports));
ipcRenderer.on('play', (_event, data) => window.postMessage({ type: 'play', ...data }, '*'));
ipcRenderer.on('flush', () => window.postMessage({ type: 'flush' }, '*'));
window.addEventListener('message', ({ data }) => {
  if (data.type === 'ready') ipcRenderer.send('ready');
});
