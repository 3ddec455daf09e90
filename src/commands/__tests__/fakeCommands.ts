import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../ids';

/**
 * All commands of ours, which only remember that they were called.
 */
export class FakeCommands extends CommandRegistry {
  constructor() {
    super();
    for (const id of Object.values(CommandIDs)) {
      this.addCommand(id, {
        execute: args => void this.executed.push([id, args]),
        describedBy: { args: null }
      });
    }
  }

  readonly executed: [string, ReadonlyPartialJSONObject][] = [];
}
