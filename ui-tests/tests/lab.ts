import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const EXAMPLE = resolve(__dirname, '../../examples/breast-cancer');
const STARTED_MS = 180_000;
const STOPPED_MS = 20_000;

/**
 * Where the example lies below the root: with a space and with Korean letters, as users have them.
 */
export const FOLDER = '유방암 실험';

/**
 * A JupyterLab of a test's own on a copy of the example project, so that the test can restart it and end what it leaves
 * behind.
 */
export class Lab {
  /**
   * `settings` are arguments for JupyterLab.
   */
  constructor(port: number, settings: readonly string[] = []) {
    this.port = port;
    this._settings = settings;
    this.root = mkdtempSync(join(tmpdir(), 'mlops-ui-'));
    for (const name of ['README.md', 'breast_cancer.csv', 'train.ipynb']) {
      cpSync(join(EXAMPLE, name), join(this.root, FOLDER, name));
    }
    this._git('init', '--quiet');
    this._git('add', '.');
    this._git('commit', '--quiet', '--message', 'Start');
  }

  readonly port: number;
  readonly root: string;

  get baseURL(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * The last lines that the server has logged.
   */
  get log(): string {
    return readFileSync(this._log, 'utf8').split('\n').slice(-15).join('\n');
  }

  async start(): Promise<void> {
    const log = openSync(this._log, 'a');
    this._server = spawn(
      'jupyter',
      [
        'lab',
        '--config=jupyter_server_test_config.py',
        `--ServerApp.root_dir=${this.root}`,
        ...this._settings
      ],
      {
        cwd: resolve(__dirname, '..'),
        env: { ...process.env, MLOPS_UI_PORT: `${this.port}` },
        stdio: ['ignore', log, log]
      }
    );
    closeSync(log);
    const deadline = Date.now() + STARTED_MS;
    while (!(await this._answers())) {
      if (this._server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`JupyterLab did not start.\n${this.log}`);
      }
      await new Promise(later => setTimeout(later, 100));
    }
  }

  async stop(): Promise<void> {
    const server = this._server;
    if (server && server.exitCode === null) {
      const ended = new Promise(done => server.once('exit', done));
      server.kill('SIGTERM');
      // Jupyter may wait for ever for a thread of AnyIO whose loop has ended
      const late = setTimeout(() => server.kill('SIGKILL'), STOPPED_MS);
      await ended;
      clearTimeout(late);
    }
  }

  /**
   * End the server, the gateway that outlives it, and the folder.
   */
  async dispose(): Promise<void> {
    await this.stop();
    const gateway = join(this.root, '.mlops/gateway/gateway.json');
    if (existsSync(gateway)) {
      process.kill(JSON.parse(readFileSync(gateway, 'utf8')).pid, 'SIGTERM');
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
    rmSync(this._log, { force: true });
  }

  private get _log(): string {
    return `${this.root}.log`;
  }

  private async _answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.baseURL}/login`)).ok;
    } catch {
      return false;
    }
  }

  private _git(...args: string[]): void {
    const identity = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@localhost'
    ];
    execFileSync('git', [...identity, ...args], { cwd: this.root });
  }

  private _server: ChildProcess | null = null;
  private _settings: readonly string[];
}
