import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticsPage, documentedCodes } from '../support/diagnostics-page';

const PAGE = 'docs/diagnostics.md';

const sourceFiles = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const source = sourceFiles.map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
/** As texts, and as members of a table. Those of Microsoft's parser are a family of their own. */
const CODE = /'((?!KS)[A-Z]{3,}\d{3})'|^ {2}((?!KS)[A-Z]{3,}\d{3}):/gm;
const codesInSource = new Set([...source.matchAll(CODE)].map(([, text, member]) => text ?? member));

describe('docs/diagnostics.md', () => {
  it('is what the tables of codes say; RECORD_DOCS=1 writes it', () => {
    if (process.env['RECORD_DOCS'] === '1') {
      mkdirSync('docs', { recursive: true });
      writeFileSync(PAGE, diagnosticsPage());
    }
    expect(readFileSync(PAGE, 'utf8')).toBe(diagnosticsPage());
  });

  it('has every code that the source gives, and no other', () => {
    expect([...documentedCodes].sort()).toEqual([...codesInSource].sort());
  });

  it('has each code once', () => {
    expect(new Set(documentedCodes).size).toBe(documentedCodes.length);
  });
});
