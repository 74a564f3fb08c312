import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const forbid = (group, message) => ({ group, message });
const actions = forbid(['@actions/*'], 'Only src/action may import @actions/*.');
const azure = forbid(['@azure/*', '@azure-rest/*'], 'Only src/azure may import @azure/*.');
const sandbox = forbid(['**/test/**'], 'src/ knows nothing of the tests and the sandbox.');
const layer = (name) => forbid([`**/${name}/**`], `This layer may not import src/${name}.`);
/** The edges: each implements what the domain declares, and knows none of the others. */
const EDGES = ['action', 'azure', 'directory', 'hashing'];
const edges = (own) => EDGES.filter((name) => name !== own).map(layer);

const SEEDED = 'Draw from test/seed.ts, so that a failure can be replayed.';

const STANDS_ALONE = 'The domain stands alone.';

/** One layer of the house: what the files of a folder may not import. */
const layerRule = (folder, ...patterns) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, sandbox] }] },
});

export default tseslint.config(
  { ignores: ['node_modules/', 'lib/', 'dist/', 'coverage/', '.sandbox/', '.demo/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_$' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
      complexity: ['error', 15],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name everywhere.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'VariableDeclaration'],
        },
      ],
      'jsdoc/require-description': 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [actions, azure, sandbox] }] } },
  layerRule('transfer/*', actions, azure, ...edges(), forbid(['../../*.ts'], STANDS_ALONE)),
  {
    files: ['src/transfer/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [actions, azure, ...edges(), forbid(['../*.ts'], STANDS_ALONE), sandbox] },
      ],
    },
  },
  layerRule('action', azure, ...edges('action')),
  layerRule('azure', actions, ...edges('azure')),
  layerRule('directory', actions, azure, ...edges('directory')),
  layerRule('hashing', actions, azure, ...edges('hashing')),
  // A list of texts, not logic: it is one file so that every failure is found in one place.
  { files: ['src/transfer/catalogue.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['test/**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['scripts/postinstall.js'], extends: [tseslint.configs.disableTypeChecked] },
  // The local clouds draw keys and ids, and a live test needs names that no other run has: none of that is to be replayed.
  {
    files: ['test/**/*.ts'],
    ignores: ['test/live/**', 'test/sandbox/**/!(*.test).ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: SEEDED }],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:crypto', 'crypto'].map((name) => ({
            name,
            importNames: ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'webcrypto'],
            message: SEEDED,
          })),
        },
      ],
    },
  },
  { files: ['*.config.js'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-restricted-syntax': 'off' } },
);
