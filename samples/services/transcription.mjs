// Pocketsphinx behind OpenAI's POST /v1/audio/transcriptions: multipart with file (16 kHz mono WAV) and model.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Refusal, serve } from "./serve.mjs";

serve("transcription", 8610, {
  "GET /health": () => ({ status: "ok" }),
  "POST /v1/audio/transcriptions": async (body, query, headers) => {
    const form = await new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } }).formData().catch(() => {
      throw new Refusal(400, "Send multipart/form-data with a part named file.");
    });
    const file = form.get("file");
    if (!file?.arrayBuffer) throw new Refusal(400, "The part file is missing.");
    const bytes = Buffer.from(await file.arrayBuffer());
    if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE") throw new Refusal(400, "file must be a WAV recording, 16 kHz and mono.");
    const folder = await mkdtemp(join(tmpdir(), "transcription-"));
    try {
      // The name that the client gave goes nowhere: the file has one of its own.
      const path = join(folder, "speech.wav");
      await writeFile(path, bytes);
      const { stdout } = await promisify(execFile)("pocketsphinx_continuous", ["-infile", path, "-logfn", "/dev/null"], { timeout: 300_000, killSignal: "SIGKILL" }).catch(() => {
        throw new Refusal(422, "This recording could not be read: it must be WAV, 16 kHz and mono.");
      });
      return { text: stdout.trim().split(/\s+/).join(" ") };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});
