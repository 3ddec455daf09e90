import type { MLOpsClient } from '../api/client';
import type { IRunQuery } from '../api/queries';
import type { Run } from '../api/types';
import { LongList } from './longList';

const PAGE_SIZE = 200;

export type RunSearch = Pick<
  IRunQuery,
  'experimentId' | 'filter' | 'orderBy' | 'automatic'
>;

/**
 * The runs that a search finds.
 */
export class RunList extends LongList<Run, RunSearch> {
  constructor(client: MLOpsClient, search: RunSearch = {}) {
    super(
      {
        load: (wanted, pageToken) =>
          client.runs({ ...wanted, limit: PAGE_SIZE, pageToken }),
        reread: async id => {
          const run = await client.run(id);
          return run.lifecycle_stage === 'active' ? run : null;
        },
        idOf: run => run.run_id
      },
      search
    );
  }
}
