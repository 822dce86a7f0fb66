// What the services beside this file share: a JSON server on 127.0.0.1. PORT is the port, 0 takes a free one.
import { createServer } from "node:http";

/** The most bytes of a request; more is a 413. */
const MAX_BODY = 64 * 1024 * 1024;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** True for the names of this machine: a web page cannot come in under a name that its owner points here. */
const isLocal = (host) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host ?? "");

async function read(request) {
  const tooLarge = () => new Refusal(413, `A request has at most ${MAX_BODY >> 20} MB.`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) throw tooLarge();
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function serve(name, port, routes) {
  const server = createServer(async (request, response) => {
    const answer = (status, value) => {
      response.writeHead(status, { "content-type": "application/json", ...(status === 413 && { connection: "close" }) });
      response.end(JSON.stringify(value));
    };
    try {
      if (!isLocal(request.headers.host)) throw new Refusal(403, "Call this service as 127.0.0.1 or localhost.");
      const url = new URL(request.url, "http://localhost");
      const route = Object.hasOwn(routes, `${request.method} ${url.pathname}`) && routes[`${request.method} ${url.pathname}`];
      if (!route) throw new Refusal(404, "There is no such route.");
      answer(200, await route(await read(request), url.searchParams, request.headers));
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      answer(error.status ?? 500, { error: { message: error instanceof Refusal ? error.message : "The engine failed; its log says why." } });
    }
  });
  server.listen(Number(process.env.PORT ?? port), "127.0.0.1", () =>
    console.log(`${name} is ready at http://127.0.0.1:${server.address().port}`));
}
