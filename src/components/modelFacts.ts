import type { TranslationBundle } from '@jupyterlab/translation';

import type { LiveModel } from '../api/types';

/**
 * What is known of a model in a kernel, and why it cannot be registered if it cannot.
 */
export function modelFacts(
  model: LiveModel,
  trans: TranslationBundle
): string[] {
  return [
    model.framework,
    ...(model.fitted === false ? [trans.__('not fitted')] : []),
    ...(model.fitted ? [trans.__('fitted')] : []),
    ...(model.example_variable
      ? [trans.__('example %1', model.example_variable)]
      : []),
    ...(model.supported || !model.reason ? [] : [model.reason])
  ];
}
