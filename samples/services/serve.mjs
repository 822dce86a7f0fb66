// What the services beside this file share: a JSON server on 127.0.0.1. PORT is the port, 0 takes a free one.
import { createServer } from "node:http";

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function serve(name, port, routes) {
  const server = createServer(async (request, response) => {
    const answer = (status, value) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    try {
      const url = new URL(request.url, "http://localhost");
      const route = routes[`${request.method} ${url.pathname}`];
      if (!route) throw new Refusal(404, "There is no such route.");
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      answer(200, await route(Buffer.concat(chunks), url.searchParams, request.headers));
    } catch (error) {
      answer(error.status ?? 500, { error: { message: error.message } });
    }
  });
  server.listen(Number(process.env.PORT ?? port), "127.0.0.1", () =>
    console.log(`${name} is ready at http://127.0.0.1:${server.address().port}`));
}
