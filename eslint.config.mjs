// Type-aware lint. What is off here is off for a reason given beside it.
import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

export default defineConfig([
  globalIgnores(['dist*', 'node_modules', '.data', 'src/nomenclature/lexicon', '*.config.*', '.dependency-cruiser.cjs']),
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts'],
    extends: [js.configs.recommended, ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
      // Nest's modules are classes without anything inside
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest declares the types of its options as classes
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // numbers in texts and addresses are meant
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // only the settings file reads the environment
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Settings are read in src/config/env.ts only.' }],
      // the texts of people are cleaned of control characters, by name
      'no-control-regex': 'off',
    },
  },
  {
    // decorators need the classes of what is injected at run time
    files: ['src/**/*.{service,controller,guard,module,filter}.{ts,tsx}'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // pure code knows no clock, no chance, no framework
    files: [
      'src/matching/scoring/**',
      'src/digests/window.ts',
      'src/digests/compose.ts',
      'src/mail/outcome.ts',
      'src/mail/report.ts',
      'src/mail/return-path.ts',
      'src/nomenclature/**',
      'src/opportunities/concerns.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'setTimeout', 'setInterval'],
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Pure code takes the time as an argument.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Pure code takes the time as an argument.' },
        { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Pure code takes chance as an argument.' },
      ],
    },
  },
  // typed arrays are read inside their bounds
  { files: ['src/matching/index/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['src/config/env.ts', 'src/main.ts', 'test/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/boot.ts', 'src/open.ts', 'src/tools/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.spec.{ts,tsx}'],
    plugins: { jest },
    rules: {
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', '**.assert', 'assert', 'fc.assert'] }],
      'jest/valid-expect': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
]);
