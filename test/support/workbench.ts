import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder for the tests of one file, removed after them. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'hunt-cli-'));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file, and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** The text without the folder's own name, which is another in each run. */
  relative(text: string): string {
    return text.replaceAll(`${this.folder}/`, '');
  }
}
