// `npm run package`: builds, then puts what .funcignore lets through into sentinel-hunt.zip, as azd and func do: the deployment package.
// The same files give the same bytes.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { listedFiles } from './listed-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'sentinel-hunt.zip');

await import('./build.mjs');
if (process.exitCode === undefined) {
  const files = await listedFiles(root, '.funcignore');
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  // The earliest time that a zip file can hold, as it is written in every time zone.
  const zip = zipSync(Object.fromEntries(files.map((file, index) => [file, contents[index]])), { level: 9, mtime: new Date(1980, 0, 1) });
  await writeFile(target, zip);
  const size = contents.reduce((sum, content) => sum + content.length, 0);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
  process.stdout.write(
    `Wrote ${relative(process.cwd(), target)}: ${files.length} files, ${kilobytes(zip.length)} (${kilobytes(size)} unpacked).\n`,
  );
}
