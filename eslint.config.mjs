import js from '@eslint/js';
import jupyterPlugin from '@jupyter/eslint-plugin';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import prettierRecommended from 'eslint-plugin-prettier/recommended';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Nothing in `target` imports from `from`.
 */
const zone = (target, from, message) => ({
  target: target.map(path => `./src/${path}`),
  from: from.map(path => `./src/${path}`),
  message
});

// index → plugins → commands, panels, tabs → components, hooks, services → api
const zones = [
  {
    target: './src/api',
    from: './src',
    except: ['./api'],
    message: 'src/api imports nothing of ours.'
  },
  {
    target: './src/services',
    from: './src',
    except: ['./api', './services', './tokens.ts'],
    message: 'Services import api and tokens only.'
  },
  {
    target: './src/tokens.ts',
    from: './src',
    except: ['./api', './services'],
    message: 'tokens.ts is a leaf: types of api and services only.'
  },
  zone(
    ['hooks', 'components'],
    ['panels', 'tabs', 'commands', 'plugins', 'index.ts'],
    'Hooks and components know nothing of what is built from them.'
  ),
  zone(
    ['panels', 'tabs', 'commands'],
    ['plugins', 'index.ts'],
    'Panels, tabs and commands are wired by plugins, not the other way round.'
  ),
  zone(['plugins'], ['index.ts'], 'Only index.ts collects the plugins.')
];

export default defineConfig([
  {
    ignores: [
      '**/node_modules',
      'lib',
      'dist',
      'coverage',
      'jupyter_mlops',
      'src/api/schema.ts',
      '**/*.js',
      '**/*.mjs',
      '**/*.d.ts',
      '.venv*',
      'ui-tests'
    ]
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  { plugins: { jupyter: jupyterPlugin } },
  jupyterPlugin.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })
      ]
    },
    languageOptions: {
      globals: { ...globals.browser, ...globals.es2020 },
      parserOptions: { project: 'tsconfig.test.json' }
    },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones }],
      // views and dialogs are chunks of their own; what is left is a few kB
      'jupyter/prefer-lazy-imports': 'off',
      'prefer-arrow-callback': 'error'
    }
  },
  prettierRecommended
]);
