import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Compares a text with the file of that name in test/cli/golden. RECORD_GOLDEN=1 writes the file instead. */
export function expectGolden(name: string, text: string): void {
  const file = join('test', 'cli', 'golden', name);
  if (process.env['RECORD_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}
