import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';

/**
 * The files under a folder that an ignore file, in the syntax of .gitignore, lets through: paths with `/`, sorted. Folders that it names are
 * not entered, and .git never.
 */
export async function listedFiles(root, ignoreFile) {
  const rules = ignore().add(await readFile(join(root, ignoreFile), 'utf8'));
  const files = [];
  const enter = async (folder) => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder + entry.name;
      if (path === '.git') continue;
      if (entry.isDirectory()) {
        if (!rules.ignores(`${path}/`)) await enter(`${path}/`);
      } else if (entry.isFile() && !rules.ignores(path)) files.push(path);
    }
  };
  await enter('');
  return files.sort();
}
