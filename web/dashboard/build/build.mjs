// Builds the dashboard into dist/: hashed files, each compressed with brotli, and a page that names them.
//   node dashboard/build/build.mjs          for a release
//   node dashboard/build/build.mjs --watch  while you work on it, beside serve.mjs
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, context } from 'esbuild';
import { entryOf, filesOfPages, imports } from './pages.mjs';
import { firstLoad, firstLoadLimit, listLoadLimit } from './size.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const dist = path.join(root, 'dist');
const assets = path.join(dist, 'assets');

const options = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.tsx' },
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  // The client's own sources, which are built with the page.
  conditions: ['source'],
  minify: true,
  metafile: true,
  legalComments: 'none',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  outdir: assets,
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

function compress(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** The script that runs before the others: in one piece, and with the names of the files that each page needs. */
async function buildStart(pageFiles) {
  const { metafile } = await build({
    ...options,
    entryPoints: { start: 'src/start.ts' },
    splitting: false,
    format: 'iife',
    define: { ...options.define, pageFiles: JSON.stringify(pageFiles) },
  });
  return metafile.outputs;
}

/** Writes the page and the compressed files; returns the bytes of each, and adds the script that runs first to esbuild's account. */
async function write(metafile) {
  const main = entryOf(metafile, 'src/main.tsx');
  const atOnce = imports(metafile, main.file);
  const router = await readFile(path.join(root, 'src/app/router.tsx'), 'utf8');
  Object.assign(metafile.outputs, await buildStart(filesOfPages(metafile, router, atOnce)));
  const icon = await readFile(path.join(root, 'src/icon.svg'));
  const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase()}.svg`;
  await writeFile(path.join(assets, iconName), icon);

  const page = (await readFile(path.join(root, 'index.html'), 'utf8'))
    .replace('{icon}', iconName)
    .replace('{style}', path.basename(main.output.cssBundle))
    .replace('{start}', path.basename(entryOf(metafile, 'src/start.ts').file))
    .replace('{main}', path.basename(main.file))
    .replace('{preload}', atOnce.slice(1).map(preloadLink).join('\n'));
  await writeFile(path.join(dist, 'index.html'), page);

  const sizes = {};
  for (const file of await readdir(assets)) {
    const compressed = compress(await readFile(path.join(assets, file)));
    await writeFile(path.join(assets, `${file}.br`), compressed);
    sizes[file] = compressed.length;
  }
  return sizes;
}

function preloadLink(file) {
  return `  <link rel="modulepreload" href="dashboard/assets/${path.basename(file)}">`;
}

async function buildOnce() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  const { metafile } = await build(options);
  const sizes = await write(metafile);
  checkLoad('overview', firstLoad(metafile, sizes, 'overview'), firstLoadLimit);
  checkLoad('jobs', firstLoad(metafile, sizes, 'jobs'), listLoadLimit);
  checkLoad('tasks', firstLoad(metafile, sizes, 'tasks'), listLoadLimit);
}

function checkLoad(page, bytes, limit) {
  const kilobytes = Math.ceil(bytes / 1024);
  console.log(`The first load of the page ${page} is ${kilobytes} KB of at most ${limit / 1024} KB with brotli.`);
  if (bytes <= limit) return;
  throw new Error(`The first load of ${page} is too large: ${kilobytes} KB. Load what it does not need with import().`);
}

async function watch() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  const rewrite = {
    name: 'page',
    setup(setup) {
      setup.onEnd(async result => {
        if (result.metafile) await write(result.metafile);
        console.log(`${result.errors.length} errors`);
      });
    },
  };
  const watching = await context({ ...options, minify: false, sourcemap: 'inline', plugins: [rewrite] });
  await watching.watch();
}

await (process.argv.includes('--watch') ? watch() : buildOnce());
