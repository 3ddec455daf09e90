import type { TranslationBundle } from '@jupyterlab/translation';

import { formatBytes } from '../../components/size';

/**
 * A fact that the server names, in the user's words.
 */
export function factTitle(name: string, trans: TranslationBundle): string {
  const titles: Record<string, string> = {
    language: trans.__('Language'),
    implementation: trans.__('Implementation'),
    platform: trans.__('Platform'),
    machine: trans.__('Machine'),
    cpu_model: trans.__('Processor'),
    cpu_count: trans.__('CPUs'),
    memory_bytes: trans.__('Memory'),
    gpus: trans.__('GPUs'),
    executable: trans.__('Interpreter'),
    commit: trans.__('Commit'),
    branch: trans.__('Branch'),
    diff: trans.__('Uncommitted changes'),
    seeds: trans.__('Seeds')
  };
  return titles[name] ?? name;
}

/**
 * What it is, in the user's units.
 */
export function factValue(name: string, value: string | null): string | null {
  return name === 'memory_bytes' && value !== null
    ? formatBytes(Number(value))
    : value;
}
