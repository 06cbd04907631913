import { readFileSync } from 'node:fs';

/** What can be known of the dependencies without asking anyone; known vulnerabilities are asked of the registry in .ci/run. */

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly integrity?: string;
  readonly link?: boolean;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const PERMISSIVE = ['MIT', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'];

it('every direct dependency is one exact version', () => {
  const { dependencies, devDependencies } = readJson('package.json') as Manifest;
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^(?:npm:@?[\w/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
});

it('every package that is installed is one that the lock file knows by its SHA-512', () => {
  const { packages } = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> };
  const fetched = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);
  expect(fetched.length).toBeGreaterThan(100);
  expect(fetched.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path)).toEqual([]);
});

it('every package in the deployed bundle has a permissive licence', () => {
  const { inputs } = readJson('dist/meta.json') as { readonly inputs: Readonly<Record<string, unknown>> };
  const folders = new Set(Object.keys(inputs).flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  expect(folders.size).toBeGreaterThan(10);
  const others = [...folders].flatMap((folder) => {
    const { license } = readJson(`${folder}/package.json`) as { readonly license?: unknown };
    return typeof license === 'string' && PERMISSIVE.includes(license.replace(/^\(|\)$/g, '').split(' OR ')[0] ?? '')
      ? []
      : [[folder, license]];
  });
  expect(others).toEqual([]);
});
