// An esbuild plugin: src/incident/validate-message.ts as code that needs no schema compiler.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const schemaFile = fileURLToPath(new URL('../src/incident/incident.schema.json', import.meta.url));

/** @type {import('esbuild').Plugin} */
export const incidentValidator = {
  name: 'incident-validator',
  setup(build) {
    build.onLoad({ filter: /[\\/]incident[\\/]validate-message\.ts$/ }, async () => {
      const { default: Ajv2020 } = require('ajv/dist/2020');
      const { default: standaloneCode } = require('ajv/dist/standalone');
      const schema = JSON.parse(await readFile(schemaFile, 'utf8'));
      const ajv = new Ajv2020({ allowUnionTypes: true, code: { source: true, esm: true } });
      ajv.addSchema(schema);
      return { contents: standaloneCode(ajv, { validateMessage: schema.$id }), loader: 'js' };
    });
  },
};
