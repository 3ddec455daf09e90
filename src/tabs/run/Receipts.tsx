import * as React from 'react';

import { errorMessage } from '../../api/request';
import type { Receipt } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { because, refuse } from '../../commands/notify';
import { formatDuration } from '../../components/duration';
import {
  isUnfinished,
  progressText,
  verdictWord
} from '../../components/receipt';
import { RelativeTime } from '../../components/RelativeTime';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useLooks } from '../../hooks/looks';
import { useRequest } from '../../hooks/request';
import { ReceiptTables } from './ReceiptTables';

const LOOK_MS = 1500;

/**
 * How the snapshot was run again, newest first; nothing where it never was.
 */
export function Receipts(props: {
  snapshotId: string;
  openCell: (index: number) => void;
}): JSX.Element | null {
  const { mlops, trans } = useMLOps();
  const { openCell, snapshotId } = props;
  const [isRunning, setRunning] = React.useState(false);
  const [looks] = useLooks(isRunning, LOOK_MS);
  const changes = useChangeCount('snapshots', snapshotId);
  const { data, error } = useRequest(
    () => mlops.client.receipts(snapshotId),
    [snapshotId, changes, looks]
  );
  React.useEffect(() => {
    setRunning(data?.items.some(isUnfinished) ?? false);
  }, [data]);
  // a server that restarts will answer again, and what runs meanwhile goes on
  const failure = error !== null && (
    <p className="jp-MLOpsRun-hint">
      {trans.__('The receipts cannot be read: %1', error)}
    </p>
  );
  if (data === null || data.items.length === 0) {
    return failure || null;
  }
  return (
    <section aria-label={trans.__('Receipts')} className="jp-MLOpsReceipts">
      <h3>{trans.__('Reproduced?')}</h3>
      {failure}
      {data.items.map(receipt => (
        <ReceiptView
          key={receipt.receipt_id}
          receipt={receipt}
          openCell={openCell}
        />
      ))}
    </section>
  );
}

function ReceiptView(props: {
  receipt: Receipt;
  openCell: (index: number) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { receipt } = props;
  if (isUnfinished(receipt)) {
    return <Running receipt={receipt} />;
  }
  const { kind, sign, word } = verdictWord(receipt, trans);
  const { summary } = receipt;
  // of what was reproduced only what is remarkable: random cells, how it fails
  const isTold = receipt.verdict !== 'reproduced' || summary?.includes(';');
  return (
    <details className="jp-MLOpsReceipt">
      <summary>
        <span className={`jp-MLOpsReceipt-verdict jp-mod-${kind}`}>
          <span aria-hidden="true">{sign}</span> {word}
        </span>{' '}
        <RelativeTime value={receipt.created_at} />{' '}
        {trans.__('by %1', receipt.author)}
        {receipt.duration_seconds !== null &&
          ` · ${formatDuration(receipt.duration_seconds * 1000, trans)}`}
        {isTold && <span className="jp-MLOpsReceipt-summary">{summary}</span>}
      </summary>
      <Rebuild receipt={receipt} />
      <ReceiptTables {...props} />
    </details>
  );
}

function Running({ receipt }: { receipt: Receipt }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const [isStopping, setStopping] = React.useState(false);
  const { progress } = receipt;
  const stop = () => {
    setStopping(true);
    mlops.client.stopReproduction(receipt.receipt_id).catch(reason => {
      setStopping(false);
      const what = trans.__('The reproduction was not cancelled');
      refuse(because(trans, what, errorMessage(reason)));
    });
  };
  return (
    <div className="jp-MLOpsReceipt" role="status">
      <span>{progressText(receipt, trans)}</span>
      <progress
        aria-label={trans.__('Cells that ran')}
        max={progress?.cells || undefined}
        value={progress?.cells ? progress.cell - 1 : undefined}
      />
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        disabled={isStopping}
        onClick={stop}
      >
        {trans.__('Cancel')}
      </button>
    </div>
  );
}

/**
 * Offered where the interpreter is not what it was.
 */
function Rebuild({ receipt }: { receipt: Receipt }): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const { environment, snapshot_id: snapshotId, state } = receipt;
  if (state !== 'failed' || !environment?.differences.length) {
    return null;
  }
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-accept"
      onClick={() =>
        void commands.execute(CommandIDs.reproduceSnapshot, {
          snapshotId,
          environment: 'rebuild'
        })
      }
    >
      {trans.__('Rebuild the environment…')}
    </button>
  );
}
