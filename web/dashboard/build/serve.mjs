// Serves dist/ while you work on the dashboard, and passes everything else on to a running server:
//   node dashboard/build/build.mjs --watch
//   node dashboard/build/serve.mjs [address of the server] [port]
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const server = new URL(process.argv[2] ?? 'http://127.0.0.1:9998');
const port = Number(process.argv[3] ?? 9990);
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const policy =
  "default-src 'none'; base-uri 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' ws:";

const own = http.createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/dashboard/assets/')) return sendFile(path.basename(pathname), response);
  const isPage =
    pathname.startsWith('/dashboard') || (pathname === '/' && request.headers.accept?.includes('text/html'));
  if (!isPage) return pass(request, response);
  const page = (await readFile(path.join(dist, 'index.html'), 'utf8')).replace('{base}', '/');
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy }).end(page);
});

async function sendFile(name, response) {
  const file = path.join(dist, 'assets', name);
  try {
    await stat(file);
    response.writeHead(200, { 'Content-Type': types[path.extname(name)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  } catch {
    response.writeHead(404).end();
  }
}

function pass(request, response) {
  const onward = http.request(
    { host: server.hostname, port: server.port, path: request.url, method: request.method, headers: request.headers },
    answer => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.writeHead(502).end());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

own.on('upgrade', (request, socket, head) => {
  const onward = net.connect(Number(server.port), server.hostname, () => {
    const headers = request.rawHeaders.reduce((text, part, i) => text + part + (i % 2 ? '\r\n' : ': '), '');
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
    onward.write(head);
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
});

own.listen(port, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${port}/dashboard, with the server at ${server.origin}`),
);
