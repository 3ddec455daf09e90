import config from './playwright.config';

const root = process.env.MLOPS_BENCH_ROOT;

if (!root) {
  throw new Error('Call it as: python -m benchmarks table');
}

/**
 * The same browser on a store that `python -m benchmarks table` has filled.
 */
export default {
  ...config,
  testDir: 'benchmarks',
  retries: 0,
  reporter: 'line',
  webServer: {
    ...(config.webServer as object),
    command: `jupyter lab --config jupyter_server_test_config.py --ServerApp.root_dir="${root}"`
  }
};
