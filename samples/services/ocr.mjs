// Tesseract behind HTTP: POST a picture's bytes to /ocr?language=eng.
import { spawn } from "node:child_process";
import { Refusal, serve } from "./serve.mjs";

function tesseract(picture, language) {
  return new Promise((resolve, reject) => {
    const program = spawn("tesseract", ["stdin", "stdout", "-l", language], { env: { ...process.env, OMP_THREAD_LIMIT: "1" } });
    let [text, complaint] = ["", ""];
    program.stdout.on("data", (data) => (text += data));
    program.stderr.on("data", (data) => (complaint += data));
    program.on("error", reject);
    program.on("close", (code) => (code === 0 ? resolve(text) : reject(new Refusal(422, `This is no picture that can be read: ${complaint.trim()}`))));
    program.stdin.on("error", () => {}); // It ends early when it cannot read the picture; its exit code says so.
    program.stdin.end(picture);
  });
}

serve("ocr", 8630, {
  "GET /health": () => ({ status: "ok" }),
  "POST /ocr": async (body, query) => {
    const language = query.get("language") ?? "eng";
    if (!/^[A-Za-z_+]{2,40}$/.test(language)) throw new Refusal(400, "language must be a name such as eng or deu+fra.");
    if (body.length === 0) throw new Refusal(400, "Send the picture as the body.");
    return { text: (await tesseract(body, language)).trim() };
  },
});
