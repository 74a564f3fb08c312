import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const RESULT = 'Use ok() and failed() of transfer/errors: there is one type for a value or its problem.';
const SEEDED = 'Draw from test/seed.ts, so that a failure can be replayed.';

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'No default exports: a thing has one name everywhere.',
};

// The layers of src/, entry points and cycles: scripts/lint/import-rules.ts.
export default tseslint.config(
  { ignores: ['node_modules/', 'lib/', 'dist/', 'coverage/', '.sandbox/', '.demo/', 'assembly/'] },
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
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT],
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
  {
    files: ['src/**/*.ts'],
    // The messages of hashing workers are a protocol between threads.
    ignores: ['src/transfer/errors/result.ts', 'src/hashing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        NO_DEFAULT_EXPORT,
        { selector: 'ObjectExpression > Property[key.name="ok"][value.raw=/^(?:true|false)$/]', message: RESULT },
      ],
    },
  },
  // Tables of texts, not logic.
  { files: ['src/transfer/errors/catalog-*.ts'], rules: { 'max-lines': 'off' } },
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
