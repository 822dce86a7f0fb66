// Tesseract behind HTTP: POST a picture's bytes to /ocr?language=eng.
import { spawn } from "node:child_process";
import { Refusal, serve } from "./serve.mjs";

const LONGEST = 60_000; // milliseconds
const MOST_TEXT = 4 * 1024 * 1024;

// Tesseract takes whatever is no picture for a list of files to read, and would show them. So the first bytes must be a picture's.
const SIGNATURES = [
  (bytes) => bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")),
  (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff, // JPEG
  (bytes) => ["GIF87a", "GIF89a"].includes(bytes.toString("latin1", 0, 6)),
  (bytes) => ["II*\0", "MM\0*"].includes(bytes.toString("latin1", 0, 4)), // TIFF
  (bytes) => /^P[4-6]\s+\d{1,6}\s+\d{1,6}\s/.test(bytes.toString("latin1", 0, 24)), // PBM, PGM, PPM
  (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
];

function tesseract(picture, language) {
  return new Promise((resolve, reject) => {
    const program = spawn("tesseract", ["stdin", "stdout", "-l", language], { env: { ...process.env, OMP_THREAD_LIMIT: "1" }, timeout: LONGEST, killSignal: "SIGKILL" });
    let [text, complaint] = ["", ""];
    program.stdout.on("data", (data) => {
      text += data;
      if (text.length > MOST_TEXT) program.kill("SIGKILL");
    });
    program.stderr.on("data", (data) => (complaint = (complaint + data).slice(0, 300)));
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
    if (!/^[A-Za-z_]{2,20}(\+[A-Za-z_]{2,20}){0,4}$/.test(language)) throw new Refusal(400, "language must be a name such as eng or deu+fra.");
    if (body.length === 0) throw new Refusal(400, "Send the picture as the body.");
    if (!SIGNATURES.some((matches) => matches(body))) throw new Refusal(422, "This is no picture that can be read: send PNG, JPEG, TIFF, GIF, WebP or PNM.");
    return { text: (await tesseract(body, language)).trim() };
  },
});
