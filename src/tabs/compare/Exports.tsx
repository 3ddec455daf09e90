import { Clipboard, Notification } from '@jupyterlab/apputils';
import * as React from 'react';

import type { Comparison } from '../../api/types';
import { csvOf } from '../../components/csv';
import { download } from '../../components/download';
import { useMLOps } from '../../hooks/context';
import { matches } from './find';
import { markdownOf, tableOf } from './exported';
import type { Choose } from './sections';

const SHOWN_MS = 3000;

/**
 * Takes the table elsewhere: into a message or a report, into a spreadsheet.
 */
export function Exports(props: {
  comparison: Comparison;
  names: readonly string[];
  chosen: Choose;

  /**
   * What the rows are called like, empty for all.
   */
  text: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { chosen, comparison, names, text } = props;
  const table = () => {
    const [head, ...lines] = tableOf(comparison, names, chosen, trans);
    return [head, ...lines.filter(([, name]) => matches(`${name}`, text))];
  };
  return (
    <span className="jp-MLOpsRun-buttons">
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() => {
          Clipboard.copyToSystem(markdownOf(table()));
          Notification.success(trans.__('Table copied'), {
            autoClose: SHOWN_MS
          });
        }}
      >
        {trans.__('Copy as Markdown')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() => download('comparison.csv', 'text/csv', csvOf(table()))}
      >
        {trans.__('Export CSV')}
      </button>
    </span>
  );
}
