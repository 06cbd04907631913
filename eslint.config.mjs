import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Folders and files of src in the order in which data flows: each may import itself and what stands before it. What shares a line may not
 * import each other.
 */
const layers = [
  ['value', 'diagnostic.ts'],
  ['functions'],
  ['schema'],
  ['rule'],
  ['kql'],
  ['plan'],
  ['engine'],
  ['incident'],
  ['settings', 'settings.ts', 'hunt'],
  ['ingest'],
  ['deadline.ts'],
  ['azure', 'local'],
  ['app'],
  ['app.ts', 'ingest-app.ts'],
  ['cli'],
];

/** The exceptions, each with its reason. */
const also = {
  // Reads a user's own schema file, and reports as the reader of rules does.
  schema: ['rule'],
  // The shape of a setting that names KQL.
  settings: ['hunt'],
  'settings.ts': ['settings', 'hunt'],
};

/** Layers without I/O, clock and randomness. */
const pure = ['value', 'functions', 'schema', 'rule', 'kql', 'plan', 'engine', 'incident', 'diagnostic.ts'];

const zones = layers.flatMap((names, index) =>
  names.map((name) => {
    const later = layers.slice(index + 1).flat();
    const beside = names.filter((other) => other !== name);
    const allowed = also[name] ?? [];
    return {
      target: `./src/${name}`,
      from: [
        ...[...later, ...beside].filter((other) => !allowed.includes(other)).map((other) => `./src/${other}`),
        // `npm start` runs the function itself.
        ...(name === 'cli' ? [] : ['./functions']),
        './test',
      ],
      message: `src/${name} may import only what comes before it in the order of the phases (CONTRIBUTING.md).`,
    };
  }),
);

const glob = (name) => (name.endsWith('.ts') ? `src/${name}` : `src/${name}/**/*.ts`);

const packages = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: patterns.map(([group, message]) => ({ group, message })) }],
});

const azure = [['@azure/*', '!@azure/functions', 'rhea-promise'], 'Only src/azure knows the Azure clients.'];
const parser = [['@kusto/*'], 'Only src/kql knows the parser.'];
const node = [['node:*', '!node:crypto'], 'This phase is pure: no I/O.'];

/** no-restricted-imports looks at import declarations alone, and the parser is loaded by import(). */
const parserImport = { selector: 'ImportExpression[source.value=/^@kusto/]', message: 'Only src/kql knows the parser.' };
const clock = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The clock comes in through a port.' };

export default tseslint.config(
  { ignores: ['dist/', 'dist.new-*/', '.hunt/', '.tools/', 'node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.json'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Ports are asynchronous also where an implementation need not wait; code points, not graphemes, are what is meant here.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['src/**/*.ts'], rules: { ...packages(azure, parser), 'no-restricted-syntax': ['error', parserImport] } },
  { files: ['src/azure/**/*.ts', 'src/local/incident-reader.ts'], rules: packages(parser) },
  { files: ['src/kql/**/*.ts'], rules: packages(azure, node) },
  {
    files: pure.filter((name) => name !== 'kql').map(glob),
    rules: packages(azure, parser, node),
  },
  {
    files: [...pure, 'hunt', 'ingest'].map(glob),
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock comes in through a port.' },
        { object: 'Math', property: 'random', message: 'Randomness comes in through a port.' },
        { object: 'process', property: 'env', message: 'Settings come in as values.' },
      ],
      'no-restricted-syntax': ['error', clock, parserImport],
    },
  },
  { files: ['src/kql/**/*.ts'], rules: { 'no-restricted-syntax': ['error', clock] } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Tests hand in what a caller should not, and assert on it; jest's matchers are any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
