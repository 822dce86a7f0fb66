// Writes src/generated/api.ts from the document of a running server:
//   npm run types -- http://127.0.0.1:9998   (or a file; the default is STASHAI_URL, then http://127.0.0.1:9998)
// With --check it writes nothing, and fails when the file differs from the document.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const target = fileURLToPath(new URL('../src/generated/api.ts', import.meta.url));
const isCheck = process.argv.includes('--check');
const source =
  process.argv.slice(2).find(argument => !argument.startsWith('--')) ??
  process.env.STASHAI_URL ??
  'http://127.0.0.1:9998';

const document = JSON.parse(/^https?:/.test(source) ? await fetchText(source) : await readFile(source, 'utf8'));
const text = `// Made by \`npm run types\` from the OpenAPI document of the server; do not edit.\n${astToString(await openapiTS(plain(document)))}`;

if (!isCheck) {
  await writeFile(target, text);
} else if (text !== (await readFile(target, 'utf8'))) {
  process.stderr.write(
    'src/generated/api.ts differs from the document of the server. Run `npm run types` in web/client and commit the file.\n',
  );
  process.exitCode = 1;
}

async function fetchText(server) {
  const response = await fetch(new URL('openapi.json', server.endsWith('/') ? server : `${server}/`));
  if (!response.ok) throw new Error(`${server} answered with status ${response.status}.`);
  return response.text();
}

// The part that every server has: without its declared services, without examples, and without what only these refer to.
function plain(document) {
  for (const [path, methods] of Object.entries(document.paths)) {
    if (Object.values(methods).some(operation => operation.operationId?.startsWith('service.')))
      delete document.paths[path];
  }
  removeExamples(document);
  const { schemas } = document.components;
  const used = new Set();
  const { schemas: _, ...others } = document.components;
  collect([document.paths, others]);
  for (const name of Object.keys(schemas)) {
    if (!used.has(name)) delete schemas[name];
  }
  return document;

  function collect(value) {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      collect(schemas[name]);
    }
  }
}

function removeExamples(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    // A schema may have a property of this name; its value is a schema, and stands in `properties`.
    if ((name === 'example' || name === 'examples') && isPlaceOfExample(value)) delete value[name];
    else removeExamples(member);
  }
}

function isPlaceOfExample(value) {
  return (
    'schema' in value || 'type' in value || '$ref' in value || 'anyOf' in value || 'oneOf' in value || 'in' in value
  );
}
