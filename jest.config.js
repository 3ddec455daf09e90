const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// packages of ES modules only: Jest has to compile them
const esModules = [
  '@codemirror',
  '@jupyter/',
  '@jupyterlab/',
  '@microsoft',
  'exenv-es6',
  'lib0',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

module.exports = {
  ...jestJupyterLab(__dirname),
  collectCoverageFrom: ['src/**/*.{ts,tsx}', '!src/**/*.d.ts'],
  // the built copy of package.json has this package's name too
  modulePathIgnorePatterns: [
    '<rootDir>/\\.venv',
    '<rootDir>/jupyter_mlops/',
    '<rootDir>/ui-tests/'
  ],
  reporters: ['default'],
  // the first test that imports something large waits until it is compiled
  testTimeout: 60_000,
  testRegex: 'src/.*/.*\\.spec\\.tsx?$',
  transform: {
    '\\.svg$': '@jupyterlab/testing/lib/jest-raw-loader.js',
    // SWC in place of ts-jest and Babel: 14 s, not 53 s, from a cold cache
    '^.+\\.[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2020'
        },
        module: { type: 'commonjs' }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
