import type { Run } from '../../api/types';

/**
 * What a run can be drawn by. Values are numbers if all of them are.
 */
export interface IField {
  id: string;
  title: string;
  isNumeric: boolean;
  valueOf: (run: Run) => number | string | null;
}

/**
 * The metrics and parameters that the runs have, metrics first. A parameter is a number if it is one in every run.
 */
export function fieldsOf(runs: readonly Run[]): IField[] {
  const metrics = namesOf(runs, run => run.metrics).map((key): IField => ({
    id: `metrics.${key}`,
    title: key,
    isNumeric: true,
    valueOf: run => run.metrics[key] ?? null
  }));
  const params = namesOf(runs, run => run.params).map((key): IField => {
    const isNumeric = runs.every(
      ({ params: { [key]: value } }) => value === undefined || isNumber(value)
    );
    return {
      id: `params.${key}`,
      title: key,
      isNumeric,
      valueOf: ({ params: { [key]: value } }) =>
        value === undefined ? null : isNumeric ? Number(value) : value
    };
  });
  return [...metrics, ...params];
}

/**
 * Those in which the runs differ.
 */
export function differing(
  fields: readonly IField[],
  runs: readonly Run[]
): IField[] {
  return fields.filter(
    ({ valueOf }) => new Set(runs.map(run => valueOf(run))).size > 1
  );
}

function namesOf(
  runs: readonly Run[],
  pairsOf: (run: Run) => object
): string[] {
  return [...new Set(runs.flatMap(run => Object.keys(pairsOf(run))))].sort();
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
