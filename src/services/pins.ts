import type { INotebookModel } from '@jupyterlab/notebook';

// of the notebook, so that pins go with it wherever it goes
const METADATA = 'mlops';

interface IOwnMetadata {
  metrics?: unknown;
}

/**
 * The names of the numbers that someone made metrics of the notebook, the main one first.
 */
export function pinnedMetrics(model: INotebookModel): string[] {
  const names = own(model).metrics;
  return Array.isArray(names)
    ? names.filter(name => typeof name === 'string')
    : [];
}

/**
 * Make a number a metric of the notebook's snapshots, or leave that to the code again.
 */
export function setPinned(
  model: INotebookModel,
  name: string,
  isPinned: boolean
): void {
  const others = pinnedMetrics(model).filter(other => other !== name);
  const metrics = isPinned ? [...others, name] : others;
  const rest = { ...own(model) };
  delete rest.metrics;
  if (metrics.length > 0) {
    model.setMetadata(METADATA, { ...rest, metrics });
  } else if (Object.keys(rest).length > 0) {
    model.setMetadata(METADATA, rest);
  } else {
    model.deleteMetadata(METADATA);
  }
}

function own(model: INotebookModel): IOwnMetadata {
  const metadata: unknown = model.getMetadata(METADATA);
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}
