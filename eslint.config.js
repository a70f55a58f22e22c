import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** Lint rules: strict and type-aware for the TypeScript, Svelte's own for the renderer. */
export default ts.config(
  {
    ignores: [
      'node_modules',
      'dist',
      'release',
      'test-results',
      'native-models',
      '*.config.*',
      '.dependency-cruiser.cjs',
    ],
  },
  {
    files: ['electron/**/*.ts', 'tests/**/*.ts', 'build/**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        project: ['./tsconfig.json', './tests/e2e/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['renderer/src/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: ['./renderer/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: { '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }] },
  },
  ...svelte.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? ['renderer/**/*.svelte'],
  })),
  {
    files: ['renderer/**/*.svelte', 'renderer/**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
  },
);
