// An esbuild plugin: functions of these modules can be replaced while they run, as test/simulation/defect-switch.ts says.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const hunt = fileURLToPath(new URL('../src/hunt/', import.meta.url));
const modules = ['commit', 'due', 'evaluate-bin', 'portion', 'reconcile'].map((name) => join(hunt, `${name}.ts`));
const defectSwitch = fileURLToPath(new URL('../test/simulation/defect-switch.ts', import.meta.url));

/** Of the modules that stand between the real ones and those that import them. */
const REPLACEABLE = 'replaceable';

/** @type {import('esbuild').Plugin} */
export const replaceableModules = {
  name: 'replaceable-modules',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const file = `${join(resolveDir, path)}.ts`;
      return modules.includes(file) ? { path: file, namespace: REPLACEABLE } : undefined;
    });
    build.onLoad({ filter: /^/, namespace: REPLACEABLE }, ({ path }) => {
      const [replaceable, real] = [defectSwitch, path].map((each) => `require(${JSON.stringify(each)})`);
      return { contents: `module.exports = ${replaceable}.replaceable(${real});`, loader: 'js', resolveDir: hunt };
    });
  },
};
