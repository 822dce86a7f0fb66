// Says how large the client is as one minified module, plain and compressed with brotli.

import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
const { outputFiles } = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
const bytes = outputFiles[0].contents;
process.stdout.write(`${bytes.length} bytes minified, ${brotliCompressSync(bytes).length} bytes with brotli\n`);
